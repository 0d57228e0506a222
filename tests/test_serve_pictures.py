"""Tiles, proposals and exports: what is seen is what the painting is, to the pixel."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from inkwash import project
from inkwash.document import render
from inkwash.export import encode_png
from inkwash.geometry import Box, Size
from inkwash.painter import Painter, PaintRequest
from inkwash.serve.changes import changed_regions
from inkwash.serve.drawing import (
    TILE,
    Ink,
    count_levels,
    draw,
    draw_small,
    halved,
    tile_box,
)
from inkwash.session import Session
from inkwash.sketch import Sketch
from load import colour_hint
from serving import DISC, LEFT, RIGHT, Served, expect_problem, serving, wait_until
from sketches import draw_rooms
from tiny_net import tiny_runtime

WIDE = encode_png(draw_rooms(1300, 700, line=5))  # 3 × 2 tiles, three levels


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture(scope="module")
def wide(served: Served) -> str:
    return served.open(WIDE, "wide.png", style="shaded")


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def tile(served: Served, sketch: str, layer: str, level: int, column: int, row: int) -> np.ndarray:
    answer = served.get(f"{sketch}/tiles/{layer}/{level}/{column}/{row}.webp")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    return pixels(answer.content)


def page(served: Served, sketch: str, layer: str) -> np.ndarray:
    """All tiles of level 0 side by side."""
    rows = [[tile(served, sketch, layer, 0, x, y) for x in range(3)] for y in range(2)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])


def over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    alpha = above[..., 3:] / 255
    return above[..., :3] * alpha + below * (1 - alpha)


@pytest.fixture(scope="module", params=["plain", "coloured"])
def painted(request) -> tuple[Session, Ink]:
    """A shaded page with hinted and cleared regions, its ink black or coloured."""
    ink = draw_rooms(1301, 700, line=5)
    if request.param == "coloured":
        ink = np.dstack([ink, np.maximum(ink, 40), np.maximum(ink, 90)])
    session = Session.start(
        Painter(tiny_runtime()), Sketch(ink=ink), PaintRequest(style="shaded", paper="paint")
    )
    from inkwash.serve.bodies import hints_of
    from inkwash.serve.schemas import HintsBody

    for place, kind in (((200, 150), "colour"), ((385, 350), "clear")):
        body = HintsBody.model_validate(colour_hint(place, "#d06030", kind))
        session.hint(*hints_of(body, session.origin.sketch.size).items)
    return session, Ink(ink)


def test_tiles_of_level_0_are_the_picture_byte_for_byte(served: Served, wide: str):
    exported = pixels(served.get(f"{wide}/export?format=png").content)
    assert np.array_equal(page(served, wide, "picture"), exported)
    assert np.array_equal(page(served, wide, "sketch")[..., 0], draw_rooms(1300, 700, line=5))


def test_a_hint_is_seen_as_exactly_its_colour(served: Served):
    sketch = served.open(WIDE, "wide.png")
    served.post(f"{sketch}/hints", json=colour_hint((200, 120), "#12ab34"))
    assert tile(served, sketch, "picture", 0, 0, 0)[120, 200].tolist() == [0x12, 0xAB, 0x34]
    assert tile(served, sketch, "flats", 1, 0, 0)[60, 100].tolist() == [0x12, 0xAB, 0x34]


def test_layers_over_each_other_look_like_the_picture(painted):
    session, ink = painted
    box = Box(0, 0, 1301, 700)
    layers = {
        name: draw(session.painting, ink, name, 0, box)
        for name in ("flats", "shade", "line", "picture")
    }
    stacked = over(layers["line"], over(layers["shade"], layers["flats"].astype(float)))
    difference = np.abs(stacked - layers["picture"])
    if ink.level(0).ndim == 2:
        assert difference.max() <= 4
    else:  # coloured lines look on colours as they do on white, not multiplied
        difference = difference[session.origin.sketch.lines > 250]
        assert difference.max() <= 4
    assert layers["shade"][..., 3].any()


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("layer", ["picture", "flats", "sketch"])
def test_smaller_levels_look_like_the_picture_made_smaller(painted, layer, level):
    session, ink = painted
    box = Box(0, 0, 1301, 700)
    small = draw(session.painting, ink, layer, level, box)
    expected = draw(session.painting, ink, layer, 0, box)
    for _ in range(level):
        expected = halved(expected)
    assert small.shape == expected.shape == (-(-700 >> level), -(-1301 >> level), 3)
    assert np.abs(small.astype(int) - expected).mean() < 2


def test_tiles_of_a_level_fit_together(painted):
    session, ink = painted
    size = Size(1301, 700)
    for level in range(count_levels(size)):
        whole = draw(session.painting, ink, "picture", level, Box(0, 0, 1301, 700))
        for row, column in np.ndindex(2, 3):
            box = tile_box(size, level, column, row)
            if box is None:
                assert column * TILE << level >= 1301 or row * TILE << level >= 700
                continue
            part = draw(session.painting, ink, "picture", level, box)
            there = whole[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            assert np.array_equal(part, there)


def test_numbers_of_regions_survive_as_three_bytes(painted):
    session, ink = painted
    for level in (0, 1):
        drawn = draw(session.painting, ink, "regions", level, Box(0, 0, 1301, 700)).astype(int)
        numbers = drawn[..., 0] + 256 * drawn[..., 1] + 65536 * drawn[..., 2]
        labels = session.origin.regions.labels
        assert np.array_equal(numbers, labels[:: 1 << level, :: 1 << level])


@pytest.mark.parametrize(
    ("size", "levels"),
    [((1, 1), 1), ((512, 3), 1), ((513, 3), 2), ((1024, 1024), 2), ((6000, 4000), 5)],
)  # fmt: skip
def test_levels_go_on_until_one_tile_shows_all(size, levels):
    assert count_levels(Size(*size)) == levels
    assert tile_box(Size(*size), levels - 1, 0, 0) == Box(0, 0, *size)
    assert tile_box(Size(*size), levels, 0, 0) is None


@pytest.mark.parametrize("size", [(513, 1), (3, 1025), (515, 514), (1030, 7)])
def test_odd_pages_have_all_their_tiles(size):
    width, height = size
    page = np.full((height, width), 255, np.uint8)
    session = Session.start(Painter(tiny_runtime()), Sketch(ink=page), PaintRequest(style="shaded"))
    for level in range(count_levels(Size(width, height))):
        for layer in ("picture", "flats", "shade", "line", "sketch", "regions"):
            drawn = draw(session.painting, Ink(page), layer, level, Box(0, 0, width, height))
            assert drawn.shape[:2] == (-(-height >> level), -(-width >> level))


def test_only_tiles_that_changed_are_sent_again(served: Served):
    sketch = served.open(WIDE, "wide.png", style="shaded")
    places = [(column, row) for row in range(2) for column in range(3)]
    paths = [f"{sketch}/tiles/picture/0/{column}/{row}.webp" for column, row in places]
    tags = [served.get(path).headers["etag"] for path in paths]

    def sent_again() -> list[tuple[int, int]]:
        answers = [
            served.get(path, headers={"If-None-Match": tag})
            for path, tag in zip(paths, tags, strict=True)
        ]
        assert all(a.status_code == 200 or not a.content for a in answers)
        return [p for p, a in zip(places, answers, strict=True) if a.status_code == 200]

    assert sent_again() == []
    state = served.post(f"{sketch}/hints", json=colour_hint((1100, 300), "#12ab34")).json()
    changed = state["changed"]
    assert changed["left"] >= TILE
    assert sent_again() == [(1, 0), (2, 0), (1, 1), (2, 1)]
    served.post(f"{sketch}/style", json={"style": "flat"})
    assert sent_again() == places
    still = f"{sketch}/tiles/line/0/0/0.webp"
    tag = served.get(still).headers["etag"]
    served.post(f"{sketch}/style", json={"style": "shaded"})
    assert served.get(still, headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304


def test_a_choice_under_shading_is_seen_and_undone_exactly(served: Served, wide: str):
    before = page(served, wide, "picture")
    state = served.get(wide).json()
    served.post(f"{wide}/choices", json={"x": 900, "y": 300, "proposal": state["pick"] % 9 + 1})
    after = page(served, wide, "picture")
    assert not np.array_equal(before, after)
    exported = pixels(served.get(f"{wide}/export").content)
    assert np.array_equal(after, exported)
    served.post(f"{wide}/undo")
    assert np.array_equal(page(served, wide, "picture"), before)


@pytest.mark.parametrize("path", ["5/0/0", "0/3/0", "0/0/2", "2/1/0"])
def test_tiles_outside_the_page(served: Served, wide: str, path):
    expect_problem(served.get(f"{wide}/tiles/picture/{path}.webp"), 404, "not-found")


@pytest.mark.parametrize("path", ["picture/-1/0/0", "picture/0/x/0", "alpha/0/0/0", "picture/0/0"])
def test_tiles_that_are_none(served: Served, wide: str, path):
    answer = served.get(f"{wide}/tiles/{path}.webp")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_proposals_small_and_large(served: Served, wide: str):
    small = served.get(f"{wide}/proposals/3.webp?size=200")
    assert pixels(small.content).shape == (107, 200, 3)
    full = pixels(served.get(f"{wide}/proposals/3.png").content)
    assert full.shape == (700, 1300, 3)
    again = served.get(
        f"{wide}/proposals/3.webp?size=200", headers={"If-None-Match": small.headers["etag"]}
    )
    assert again.status_code == 304
    for wrong in ("10.webp", "0.webp", "x.webp", "1.gif", "1.webp?size=0", "1.webp?size=x"):
        assert served.get(f"{wide}/proposals/{wrong}").status_code in (404, 422)


@pytest.mark.parametrize("style", ["flat", "shaded"])
def test_a_proposal_is_shown_as_it_is_when_picked(served: Served, style: str):
    sketch = served.open(style=style)
    other = served.get(sketch).json()["pick"] % 9 + 1
    path = f"{sketch}/proposals/{other}.png"
    bare = served.get(path)
    for what, body in (
        ("choices", {"x": DISC[0], "y": DISC[1], "proposal": other % 9 + 1}),
        ("hints", colour_hint(RIGHT, "#12ab34")),
        ("hints", {"hints": [{"kind": "lock", "shape": "dot", "x": LEFT[0], "y": LEFT[1]}]}),
    ):
        before = served.get(path)
        assert served.post(f"{sketch}/{what}", json=body).is_success
        after = served.get(path)
        assert after.headers["etag"] != before.headers["etag"]
    shown = pixels(after.content)
    served.post(f"{sketch}/pick", json={"proposal": other})
    assert np.array_equal(pixels(served.get(f"{sketch}/export").content), shown)
    while served.post(f"{sketch}/undo").is_success:
        pass
    assert served.get(path).content == bare.content


def test_a_proposal_is_not_looked_at_in_the_middle_of_a_change(served: Served, monkeypatch):
    sketch, going, goes_on = served.open(), threading.Event(), threading.Event()

    def held(*given):
        going.set()
        assert goes_on.wait(20)
        return changed_regions(*given)

    monkeypatch.setattr("inkwash.serve.opened.changed_regions", held)
    hint = colour_hint(LEFT, "#123456")
    change = threading.Thread(target=served.post, args=(f"{sketch}/hints",), kwargs={"json": hint})
    change.start()
    try:
        assert going.wait(20)
        with served.another() as other, pytest.raises(httpx.ReadTimeout):
            other.get(f"{sketch}/proposals/1.png", timeout=0.3)
    finally:
        goes_on.set()
        change.join(20)
    shown = pixels(served.get(f"{sketch}/proposals/1.png").content)
    assert shown[LEFT[1], LEFT[0]].tolist() == [0x12, 0x34, 0x56]


def test_small_pictures_are_like_large_ones_made_smaller(painted):
    session, ink = painted
    full = render(session.painting, 2)[..., :3]
    small = draw_small(session.painting, 2, ink, 163)
    expected = np.asarray(Image.fromarray(full).resize((163, 87), Image.Resampling.BOX))
    assert np.abs(small.astype(int) - expected).mean() < 3
    assert np.array_equal(draw_small(session.painting, 2, ink, None), full)


@pytest.fixture(scope="module")
def edited(served: Served) -> str:
    sketch = served.open(name="page 1 頁.png")
    served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
    return sketch


def test_exports_open_in_other_programs(served: Served, edited: str):
    shown = pixels(served.get(f"{edited}/export?format=png").content)
    assert shown[30, 35].tolist() == [0x12, 0xAB, 0x34]
    psd = PSDImage.open(io.BytesIO(served.get(f"{edited}/export?format=psd").content))
    assert psd.size == (240, 160)
    assert np.array_equal(np.asarray(psd.topil())[..., :3], shown)
    ora = zipfile.ZipFile(io.BytesIO(served.get(f"{edited}/export?format=ora").content))
    merged = pixels(ora.read("mergedimage.png"))
    assert np.array_equal(merged, shown)


def test_an_exported_project_is_this_project(served: Served, edited: str, tmp_path):
    answer = served.get(f"{edited}/export?format=project")
    (tmp_path / "x.inkwash").write_bytes(answer.content)
    session = project.read(tmp_path / "x.inkwash")
    assert session.done == 1
    assert "page%201%20%E9%A0%81.inkwash" in answer.headers["content-disposition"]


def test_all_exports_in_one_zip(served: Served, edited: str):
    for query, names in (
        ("format=all", {"page 1 頁.png", "page 1 頁.psd", "page 1 頁.ora", "page 1 頁.inkwash"}),
        ("format=png&pick=all", {f"page 1 頁-{number}.png" for number in range(1, 10)}),
    ):
        answer = served.get(f"{edited}/export?{query}")
        assert answer.headers["content-type"] == "application/zip"
        assert set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist()) == names
    wait_until(lambda: not list((served.data / "incoming").iterdir()))


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=999999999-", "rubbish"])
def test_an_export_is_sent_whole_and_leaves_nothing(served: Served, edited: str, wanted):
    answer = served.get(f"{edited}/export?format=png", headers={"Range": wanted})
    assert answer.status_code == 200
    assert pixels(answer.content).shape == (160, 240, 3)
    wait_until(lambda: not list((served.data / "incoming").iterdir()))


def test_an_export_in_another_style_changes_nothing_here(served: Served, edited: str):
    before = served.get(edited).json()
    flat = served.get(f"{edited}/export?format=png").content
    shaded = served.get(f"{edited}/export?format=png&style=shaded&pick=4&layers=single").content
    assert not np.array_equal(pixels(flat), pixels(shaded))
    assert served.get(edited).json() == before


@pytest.mark.parametrize("query", ["format=gif", "pick=0", "pick=77", "layers=all", "style=oils"])
def test_exports_that_cannot_be(served: Served, edited: str, query):
    answer = served.get(f"{edited}/export?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["", "?x=1", "?x=1&y=nan", "?x=1&y=inf", "?x=a&y=b"])
def test_points_that_are_none(served: Served, edited: str, query):
    expect_problem(served.get(f"{edited}/at{query}"), 422, "invalid")


def test_points_outside_the_page(served: Served, edited: str):
    for x, y in ((-1, 0), (0, 160), (240, 0), ("1e308", 0)):
        expect_problem(served.get(f"{edited}/at?x={x}&y={y}"), 422, "bad-config")
