"""Finished pages as they come: pictures, pairs, projects, and what is wrong with some."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="these tests need torch; install inkwash[train]")

from inkwash import project  # noqa: E402
from inkwash.adapt import MOST_PAGES, Page, page_palettes, read_pages  # noqa: E402
from inkwash.adapt.palettes import palette_for  # noqa: E402
from inkwash.adapt.roles import seen_roles  # noqa: E402
from inkwash.data.roles import ROLES  # noqa: E402
from inkwash.errors import BadData, BadProject, BadSketch  # noqa: E402
from inkwash.hints import Dot, Hint  # noqa: E402
from inkwash.painter import Painter, PaintRequest  # noqa: E402
from inkwash.palettes import Palette, Swatch  # noqa: E402
from inkwash.session import Session  # noqa: E402
from sketches import rooms_sketch  # noqa: E402
from tiny_net import TINY, tiny_net, tiny_runtime  # noqa: E402
from training import draw, write_pictures  # noqa: E402

SIDE = 128


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_pictures(tmp_path / "pages", 3, SIDE)


def write(path: Path, picture: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = picture[..., ::-1] if picture.ndim == 3 else picture
    cv2.imwrite(str(path), np.ascontiguousarray(colours))
    return path


def page_of(number: int, **changes) -> Page:
    rgb, lines = draw(number, SIDE)
    return Page(**{"name": str(number), "lines": lines, "rgb": rgb, **changes})


def test_pairs_of_a_folder_keep_their_own_lines(folder):
    pages = read_pages([folder])
    assert len(pages) == 3
    for number, page in enumerate(pages):
        rgb, lines = draw(number, SIDE)
        assert np.array_equal(page.rgb, rgb)
        assert np.array_equal(page.lines, lines)
        assert not page.extracted


def test_a_colour_picture_alone_gets_lines_of_its_own(tmp_path):
    rgb, lines = draw(1, SIDE)
    (page,) = read_pages([write(tmp_path / "page.png", rgb)])
    assert page.extracted
    drawn = cv2.dilate(255 - page.lines, np.ones((5, 5), np.uint8)) > 60
    assert drawn[lines < 128].mean() > 0.8  # where the drawing has ink, there are lines
    assert (page.lines < 128).mean() < 0.2


def test_two_named_files_are_a_page(tmp_path):
    rgb, lines = draw(2, SIDE)
    pair = write(tmp_path / "inks.png", lines), write(tmp_path / "done.png", rgb)
    (page,) = read_pages([], [pair])
    assert np.array_equal(page.lines, lines)
    assert np.array_equal(page.rgb, rgb)


def test_a_finished_file_finds_the_sketch_beside_it(folder):
    (page,) = read_pages([folder / "1_color.png"])
    assert np.array_equal(page.lines, draw(1, SIDE)[1])


def test_large_pages_are_kept_small(tmp_path):
    rgb, lines = draw(0, 1200)
    write(tmp_path / "a_color.png", rgb[:, :900])
    write(tmp_path / "a_line.png", lines[:, :900])
    (page,) = read_pages([tmp_path])
    assert page.rgb.shape == (683, 512, 3)
    assert page.lines.shape == (683, 512)


def test_transparent_ink_is_read_as_ink(tmp_path):
    rgb, lines = draw(0, SIDE)
    ink = np.dstack([np.zeros_like(rgb), 255 - lines])
    cv2.imwrite(str(tmp_path / "a_line.png"), ink)
    write(tmp_path / "a_color.png", rgb)
    (page,) = read_pages([tmp_path])
    assert np.array_equal(page.lines, lines)


def test_a_project_is_a_page_with_its_corrections_and_roles(tmp_path):
    palette = Palette(
        tuple(Swatch(rgb, role=role) for rgb, role in
              [((240, 210, 190), "skin"), ((40, 60, 160), "hair"), ((200, 40, 60), "top")])
    )  # fmt: skip
    session = Session.start(
        Painter(tiny_runtime()), rooms_sketch(), PaintRequest(palettes=(palette,))
    )
    session.hint(Hint("colour", Dot(170.0, 80.0), (12, 200, 90)))
    path = project.write(session, tmp_path / "page.inkwash")
    (page,) = read_pages([path])
    assert tuple(page.rgb[80, 170]) == (12, 200, 90)
    assert np.array_equal(page.lines, session.origin.sketch.lines)
    assert page.roles is not None
    assert page.roles[80, 170] == 0  # the artist's own colour: nobody said what it shows
    colours = session.painting.colourings[session.painting.chosen].colours
    region = session.region_at(35.0, 30.0)
    role = palette.swatches[palette.bytes.tolist().index(colours[region].tolist())].role
    assert ROLES[page.roles[30, 35] - 1] == role
    assert len(read_pages([tmp_path])) == 1  # a folder of projects alone


def test_a_correction_of_another_size_is_refused(tmp_path):
    rgb, lines = draw(0, SIDE)
    pair = write(tmp_path / "inks.png", lines), write(tmp_path / "done.png", rgb[:-10])
    with pytest.raises(BadData, match=r"done\.png.*128×128.*128×118.*same size"):
        read_pages([], [pair])


def test_a_correction_of_another_sketch_is_refused(tmp_path):
    sketch = rooms_sketch().lines
    rgb = cv2.resize(draw(0, SIDE)[0], (sketch.shape[1], sketch.shape[0]))
    pair = write(tmp_path / "inks.png", sketch), write(tmp_path / "done.png", rgb)
    with pytest.raises(BadData, match=r"done\.png: is not a picture of inks"):
        read_pages([], [pair])


def test_a_page_without_colour_is_refused_by_name():
    rgb = draw(0, SIDE)[0]
    grey = np.repeat(rgb.mean(2, keepdims=True).astype(np.uint8), 3, axis=2)
    with pytest.raises(BadData, match=r"second: is grey .* leave it out"):
        page_palettes([page_of(1), page_of(0, name="second", rgb=grey)])


def test_a_page_without_lines_is_refused(tmp_path):
    blank = np.full((SIDE, SIDE, 3), (90, 160, 220), np.uint8)
    with pytest.raises(BadData, match="no line art"):
        read_pages([write(tmp_path / "blank.png", blank)])


def test_a_small_page_is_refused(tmp_path):
    with pytest.raises(BadData, match="40×40"):
        read_pages([write(tmp_path / "small.png", draw(0, 40)[0])])


@pytest.mark.parametrize("count", [0, MOST_PAGES + 1])
def test_the_number_of_pages_has_limits(tmp_path, count):
    path = write(tmp_path / "page.png", draw(0, SIDE)[0])
    with pytest.raises(BadData, match=f"{count} pages were given; give 1 to 100"):
        read_pages([path] * count)


def test_what_is_not_there_or_no_picture_is_named(tmp_path):
    with pytest.raises(BadData, match=r"none\.png: there is no such page"):
        read_pages([tmp_path / "none.png"])
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(BadSketch, match=r"broken\.png"):
        read_pages([broken])
    broken.rename(tmp_path / "broken.inkwash")
    with pytest.raises(BadProject, match=r"broken\.inkwash"):
        read_pages([tmp_path / "broken.inkwash"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadData, match="holds no pictures"):
        read_pages([tmp_path / "empty"])


def test_the_palette_of_pages_has_their_colours():
    pages = [page_of(1), page_of(1, name="again")]
    (palette,) = page_palettes(pages)
    shown = np.unique(draw(1, SIDE)[0].reshape(-1, 3), axis=0)
    for rgb in shown:
        nearest = np.abs(palette.bytes.astype(int) - rgb).max(1).min()
        assert nearest <= 4


def test_a_page_that_the_palette_does_not_cover_has_its_own():
    rows = np.linspace(0, 255, SIDE).astype(np.uint8)
    rainbow = cv2.applyColorMap(np.repeat(rows[:, None], SIDE, axis=1), cv2.COLORMAP_HSV)
    odd = page_of(1, name="odd", rgb=rainbow)
    palettes = page_palettes([page_of(1), page_of(1), page_of(1), odd], colours=4)
    assert [palette.name for palette in palettes] == ["pages", "1", "odd"]
    assert palette_for(odd, palettes).name == "odd"
    assert palette_for(page_of(1), palettes).name == "1"


def test_colours_have_the_roles_that_pages_tell():
    rgb, lines = draw(1, SIDE)
    roles = np.zeros(lines.shape, np.uint8)
    (wall, ball) = rgb[4, 4], rgb[48, SIDE // 2]
    roles[(rgb == wall).all(2)] = 1 + ROLES.index("background")
    roles[(rgb == ball).all(2)] = 1 + ROLES.index("hair")
    (palette,) = page_palettes([page_of(1, roles=roles)], colours=3)
    by_role = {role: np.array(swatch.rgb) for role, swatch in palette.roles.items()}
    assert by_role.keys() == {"background", "hair"}
    assert np.abs(by_role["background"] - wall).max() <= 4
    assert np.abs(by_role["hair"] - ball).max() <= 4


RED, BLUE, MIXED, YELLOW = (200, 60, 60), (60, 60, 200), (30, 200, 40), (250, 220, 20)


def two_halves(fringe: int, blot: int) -> Page:
    """Red and blue with ink between them; a colour of its own on `fringe` pixels beside the ink,
    and a square of `blot` pixels."""
    lines = np.full((SIDE, SIDE), 255, np.uint8)
    rgb = np.full((SIDE, SIDE, 3), RED, np.uint8)
    middle = SIDE // 2
    rgb[:, middle:] = BLUE
    rgb[:, middle - fringe : middle + 2 + fringe] = MIXED
    lines[:, middle : middle + 2] = 0
    rgb[20 : 20 + blot, 20 : 20 + blot] = YELLOW
    return Page(name="halves", lines=lines, rgb=rgb)


def has(palette: Palette, rgb: tuple[int, int, int]) -> bool:
    return bool((np.abs(palette.bytes.astype(int) - rgb).max(1) < 40).any())


def test_pages_palettes_leave_out_what_is_mixed_with_ink():
    (near,) = page_palettes([two_halves(fringe=1, blot=0)], colours=6)
    assert has(near, RED)
    assert has(near, BLUE)
    assert not has(near, MIXED)
    (far,) = page_palettes([two_halves(fringe=4, blot=0)], colours=6)
    assert has(far, MIXED)


def test_pages_palettes_leave_out_colours_of_less_than_four_thousandths():
    small, large = (two_halves(fringe=0, blot=side) for side in (7, 9))  # 0.31 % and 0.51 %
    assert not has(page_palettes([small], colours=6)[0], YELLOW)
    assert has(page_palettes([large], colours=6)[0], YELLOW)


def seen(page: Page, colours: dict[tuple[int, int, int], dict[str, float]]) -> np.ndarray:
    """What a network would see on a page, at half its size."""
    chances = np.zeros((SIDE // 2, SIDE // 2, len(ROLES)), np.float32)
    for rgb, roles in colours.items():
        there = (page.rgb[::2, ::2] == rgb).all(2)
        for role, chance in roles.items():
            chances[there, ROLES.index(role)] = chance
    return chances


def test_colours_have_the_roles_that_the_network_sees_where_pages_tell_none():
    page = two_halves(fringe=0, blot=30)
    sees = seen(page, {RED: {"hair": 0.7, "top": 0.2}, BLUE: {"sky": 0.3, "top": 0.3},
                       YELLOW: {"skin": 0.9}})  # fmt: skip
    (palette,) = page_palettes([page], 3, [sees])
    by_role = {role: swatch.rgb for role, swatch in palette.roles.items()}
    assert by_role == {"hair": RED, "skin": YELLOW}  # of blue it is not sure
    told = np.zeros((SIDE, SIDE), np.uint8)
    told[(page.rgb == RED).all(2)] = 1 + ROLES.index("top")
    (palette,) = page_palettes([page_with(page, told)], 3, [sees])
    assert palette.roles["top"].rgb == RED  # the page is believed first
    assert palette.roles["skin"].rgb == YELLOW


def page_with(page: Page, roles: np.ndarray) -> Page:
    return Page(name=page.name, lines=page.lines, rgb=page.rgb, roles=roles)


def test_what_the_network_sees_covers_the_page_and_sums_to_one():
    net = tiny_net(replace(TINY, roles=ROLES))
    page = page_of(1)
    (found,) = seen_roles(net, [page])
    assert found.shape == (32, 32, len(ROLES))  # the working size, 64, by the stem
    assert np.allclose(found.sum(2), 1, atol=1e-3)
    assert seen_roles(tiny_net(), [page]) == []  # a network without roles sees none
