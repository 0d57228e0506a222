"""Hints: what is accepted, files, overlays of paint programs, and pixels."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from inkwash import hints
from inkwash.errors import BadHints, OutputExists
from inkwash.geometry import Size
from inkwash.hints import Area, Dot, Hint, Hints, Shape, Stroke

SIZE = Size(120, 90)
RED, BLUE, GREEN = (220, 30, 40), (20, 40, 200), (10, 160, 60)
DOCS = Path(__file__).parent.parent / "docs"

X = st.floats(0, SIZE.width, exclude_max=True)
Y = st.floats(0, SIZE.height, exclude_max=True)
ANYWHERE = st.floats(-200, 300)
BREADTH = st.floats(0.01, 60)


@st.composite
def strokes(draw: st.DrawFn) -> Stroke:
    """Through at least one point in the picture."""
    others = draw(st.lists(st.tuples(ANYWHERE, ANYWHERE), max_size=5))
    at = draw(st.integers(0, len(others)))
    return Stroke((*others[:at], (draw(X), draw(Y)), *others[at:]), draw(BREADTH))


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, int, int]:
    start = draw(st.integers(0, SIZE.width - 1))
    return draw(st.integers(0, SIZE.height - 1)), start, draw(st.integers(start + 1, SIZE.width))


AREAS = st.lists(runs(), min_size=1, max_size=10).map(lambda found: Area(tuple(found)))
SHAPES = st.one_of(st.builds(Dot, X, Y, BREADTH), strokes(), AREAS)
RGB = st.tuples(*[st.integers(0, 255)] * 3)
COLOURED = st.builds(Hint, st.sampled_from(["colour", "suggest"]), SHAPES, RGB)
BARE = st.builds(Hint, st.sampled_from(["lock", "clear"]), SHAPES)
HINTS = st.lists(COLOURED | BARE, max_size=8).map(lambda items: Hints(SIZE, tuple(items)))


def colour(shape: Shape, rgb: tuple[int, int, int] = RED) -> Hint:
    return Hint("colour", shape, rgb)


def mask_of(shape: Shape, size: Size = SIZE) -> np.ndarray:
    """The pixels of a shape in the whole picture, (H, W) bool."""
    whole = np.zeros((size.height, size.width), bool)
    box, mask = hints.pixels_of(shape, size)
    whole[box.slices] = mask
    return whole


# What is accepted


@pytest.mark.parametrize(
    ("shape", "place"),
    [
        (Dot(120, 10), "dot at 120, 10"),
        (Dot(-0.1, 10), "dot at -0.1, 10"),
        (Dot(10, 90), "dot at 10, 90"),
        (Stroke(((-5, 3), (130, 3))), "stroke from -5, 3"),
        (Area(((89, 110, 121),)), "area from row 89, column 110"),
        (Area(((0, 0, 1), (90, 0, 1))), "area from row 0"),
    ],
)
def test_outside_the_picture(shape: Shape, place: str):
    with pytest.raises(BadHints, match=rf"hint 2 \({place}.*outside the picture.*120×90"):
        Hints(SIZE, (colour(Dot(1, 1)), colour(shape)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Hint("colour", Dot(1, 1)), "'colour' needs colour"),
        (lambda: Hint("lock", Dot(1, 1), RED), "'lock' takes no colour"),
        (lambda: Hint("paint", Dot(1, 1), RED), "one of colour, suggest, lock, clear"),
        (lambda: colour(Dot(1, 1), (256, 0, 0)), "no colour"),
        (lambda: colour(Dot(1, 1), RED[:2]), "no colour"),
        (lambda: Dot(float("nan"), 1), "finite"),
        (lambda: Dot(1, 1, 0), "radius is 0"),
        (lambda: Stroke(()), "needs one or more"),
        (lambda: Stroke(((1, 1),), -2), "width is -2"),
        (lambda: Area(()), "needs one or more"),
        (lambda: Area(((3, 5, 5),)), r"run \[3, 5, 5\] is empty"),
    ],
)
def test_impossible_hints(make, message: str):
    with pytest.raises(BadHints, match=message):
        make()


def test_another_size_names_both():
    with pytest.raises(BadHints, match="picture of 120×90, the sketch is 60×45"):
        Hints(SIZE).expect_size(Size(60, 45))


def test_of_kind_and_with_items():
    first, second = colour(Dot(1, 1)), Hint("lock", Dot(2, 2))
    found = Hints(SIZE, (first,)).with_items([second])
    assert found.items == (first, second)
    assert found.of_kind("lock", "clear") == (second,)


def test_hints_that_are_added_are_checked_and_only_they(monkeypatch):
    from inkwash.hints import model

    looked_at, meets = [], model._meets
    monkeypatch.setattr(
        model, "_meets", lambda shape, size: looked_at.append(shape) or meets(shape, size)
    )
    dots, found = [Dot(x, 1) for x in range(20)], Hints(SIZE)
    for dot in dots:
        found = found.with_items([colour(dot)])
    assert looked_at == dots
    assert found == Hints(SIZE, tuple(map(colour, dots)))
    with pytest.raises(BadHints, match=r"hint 22 \(dot at 500, 1\) lies outside"):
        found.with_items([colour(Dot(1, 1)), colour(Dot(500, 1))])
    assert replace(found, items=()) == Hints(SIZE)


# JSON


@given(HINTS)
def test_json_round_trip(made: Hints):
    assert hints.decode(hints.encode(made)) == made


def test_through_a_file(tmp_path: Path):
    made = Hints(SIZE, (colour(Dot(3, 4)), Hint("clear", Stroke(((1, 2), (3, 4))))))
    path = hints.write(made, tmp_path / "h.json")
    assert hints.read(path, SIZE) == made
    with pytest.raises(OutputExists):
        hints.write(made, path)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_anything_else_is_refused(data: bytes):
    with pytest.raises(BadHints):
        hints.decode(data)


DOT = {"kind": "colour", "shape": "dot", "x": 5, "y": 6, "rgb": "#ff0000"}
STROKE = {"kind": "lock", "shape": "stroke", "points": [[1, 2]], "width": 3}
AREA = {"kind": "clear", "shape": "area", "runs": [[0, 1, 2]]}


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("dot", "'dot'; a hint is an object"),
        (DOT | {"kind": "fill"}, "kind is 'fill'"),
        ({"shape": "dot", "x": 1, "y": 1}, "kind is None"),
        (DOT | {"kind": ["colour"]}, "kind is"),
        (DOT | {"shape": "disc"}, "shape is 'disc'; it is one of dot, stroke, area"),
        (DOT | {"x": "5"}, "x is '5'"),
        (DOT | {"y": None}, "y is None"),
        (DOT | {"x": True}, "x is True"),
        (DOT | {"x": 10**400}, "must be a number of pixels"),
        (DOT | {"x": float("nan")}, "finite"),
        (DOT | {"x": 500}, "outside the picture"),
        (DOT | {"radius": 0}, "radius is 0"),
        (DOT | {"rgb": "#ff"}, "'#ff' is no colour"),
        (DOT | {"rgb": [255, 0, 0]}, "write it as #rrggbb"),
        (DOT | {"colour": "#ff0000"}, "colour is no field of a dot"),
        (STROKE | {"points": []}, "points is empty"),
        (STROKE | {"points": [[1, 2, 3]]}, r"points has \[1, 2, 3\]"),
        (STROKE | {"points": 7}, "points is 7; it must be a list"),
        (STROKE | {"width": "wide"}, "width is 'wide'"),
        (AREA | {"runs": [[0, 1.5, 2]]}, "3 whole numbers"),
        (AREA | {"runs": [[0, 2, 2]]}, "is empty"),
        (AREA | {"rgb": "#fff"}, "'clear' takes no colour"),
    ],
)
def test_a_wrong_item_is_named_with_its_field(item: object, message: str):
    value = {"format": "inkwash-hints", "version": 1, "size": [120, 90], "hints": [DOT, item]}
    with pytest.raises(BadHints, match=f"hint 2.*{message}"):
        hints.decode(json.dumps(value))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "inkwash-palette"}, "another kind of JSON"),
        ({"version": 2}, "made by a newer inkwash; this one reads 1"),
        ({"version": None}, "must be 1"),
        ({"size": [0, 5]}, "each 1 to"),
        ({"size": [5]}, "2 whole numbers"),
        ({"hints": {}}, "list of the hints"),
    ],
)
def test_a_wrong_frame(change: dict[str, object], message: str):
    value = {"format": "inkwash-hints", "version": 1, "size": [120, 90], "hints": []} | change
    with pytest.raises(BadHints, match=message):
        hints.decode(json.dumps(value))


def test_read_names_the_file(tmp_path: Path):
    with pytest.raises(BadHints, match=r"gone\.json cannot be read"):
        hints.read(tmp_path / "gone.json")
    with pytest.raises(BadHints, match=r"h\.txt is no kind of hints file"):
        hints.read(tmp_path / "h.txt")
    path = hints.write(Hints(SIZE), tmp_path / "h.json")
    with pytest.raises(BadHints, match=r"h\.json: the hints are for a picture of 120×90"):
        hints.read(path, Size(10, 10))
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(BadHints, match="broken in the middle"):
        hints.read(path)


def test_the_example_in_the_docs_is_read():
    text = (DOCS / "hints.md").read_text("utf-8")
    example = text.split("```json\n")[1].split("```")[0]
    found = hints.decode(example)
    assert {type(hint.shape) for hint in found.items} == {Dot, Stroke, Area}
    assert {hint.kind for hint in found.items} == set(hints.KINDS)


def test_the_schema_names_what_the_reader_reads():
    schema = json.loads((DOCS / "hints.schema.json").read_text("utf-8"))
    written = json.loads(
        hints.encode(
            Hints(SIZE, (colour(Dot(1, 1)), colour(Stroke(((1, 1),))), colour(Area(((0, 0, 1),)))))
        )
    )
    assert schema["required"] == list(written)
    assert schema["$defs"]["kind"]["enum"] == list(hints.KINDS)
    assert schema["properties"]["version"]["const"] == written["version"]
    for item in written["hints"]:
        assert schema["$defs"][item["shape"]]["properties"].keys() == item.keys()


# Overlays


def overlay(size: Size = SIZE) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (size.width, size.height))
    return image, ImageDraw.Draw(image)


def areas(found: Hints) -> dict[tuple[int, int, int] | None, int]:
    """The number of pixels by colour."""
    return {hint.rgb: int(mask_of(hint.shape, found.size).sum()) for hint in found.items}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 2)), max_size=20))
def test_every_patch_without_mixed_paint_comes_back_as_it_was(pixels: list[tuple[int, int, int]]):
    rgba = np.zeros((8, 8, 4), np.uint8)
    for x, y, place in pixels:
        rgba[y, x] = (*(RED, BLUE, GREEN)[place], 255)
    found = hints.hints_from_overlay(rgba)
    painted = np.zeros((8, 8, 4), np.uint8)
    for hint in found.items:
        assert hint.rgb is not None
        mask = mask_of(hint.shape, found.size)
        assert not painted[mask].any()
        painted[mask] = (*hint.rgb, 255)
    np.testing.assert_array_equal(painted, rgba)


def test_patches_are_told_apart_and_the_largest_comes_last():
    image, draw = overlay()
    draw.rectangle((5, 5, 24, 24), fill=(*RED, 255))
    draw.rectangle((60, 5, 69, 14), fill=(*BLUE, 255))
    draw.rectangle((25, 5, 29, 24), fill=(*GREEN, 255))  # touches the red
    draw.point((100, 80), fill=(0, 0, 0, 255))  # black paint is paint
    found = hints.hints_from_overlay(np.asarray(image))
    assert list(areas(found).items()) == [
        ((0, 0, 0), 1),
        *zip(((10, 160, 60), (20, 40, 200), (220, 30, 40)), (100, 100, 400), strict=True),
    ]


def test_corners_connect_and_other_shapes_do_not():
    image, draw = overlay()
    draw.line((10, 10, 60, 60), fill=(*RED, 255))
    draw.arc((70, 10, 110, 50), 0, 300, fill=(*BLUE, 255), width=3)
    draw.point((90, 30), fill=(*BLUE, 255))
    found = hints.hints_from_overlay(np.asarray(image))
    assert sorted(hint.rgb for hint in found.items if hint.rgb) == sorted([RED, BLUE, BLUE])


def test_thin_paint_is_no_hint():
    image, draw = overlay()
    draw.rectangle((5, 5, 24, 24), fill=(*RED, 127))
    draw.rectangle((60, 5, 69, 14), fill=(*BLUE, 128))
    assert areas(hints.hints_from_overlay(np.asarray(image))) == {BLUE: 100}


def test_soft_rims_become_no_hints_of_their_own():
    image, draw = overlay(Size(1440, 1080))
    draw.ellipse((100, 100, 700, 700), fill=(*RED, 255))
    draw.ellipse((500, 300, 1100, 900), fill=(*BLUE, 255))
    draw.ellipse((250, 250, 300, 300), fill=(250, 240, 220, 255))
    draw.line((100, 1000, 1300, 950), fill=(*GREEN, 255), width=40)
    small = image.resize((SIZE.width * 2, SIZE.height * 2), Image.Resampling.LANCZOS)
    found = hints.hints_from_overlay(np.asarray(small))
    assert len(found) == 4
    largest = max(found.items, key=lambda hint: mask_of(hint.shape, found.size).sum())
    assert largest == found.items[-1]
    assert {hint.rgb for hint in found.items} >= {RED, BLUE}


def test_a_thin_line_over_another_colour_stays():
    image, draw = overlay()
    draw.rectangle((5, 5, 80, 80), fill=(*RED, 255))
    draw.line((10, 40, 70, 40), fill=(*BLUE, 255))
    assert areas(hints.hints_from_overlay(np.asarray(image))) == {BLUE: 61, RED: 76 * 76 - 61}


def test_an_empty_overlay_has_no_hints():
    assert hints.hints_from_overlay(np.asarray(overlay()[0])) == Hints(SIZE)


def test_overlays_for_locks():
    image, draw = overlay()
    draw.rectangle((5, 5, 24, 24), fill=(*RED, 255))
    (found,) = hints.hints_from_overlay(np.asarray(image), "lock").items
    assert (found.kind, found.rgb) == ("lock", None)


def test_overlay_files(tmp_path: Path):
    image, draw = overlay()
    draw.rectangle((5, 5, 24, 24), fill=(*RED, 255))
    path = tmp_path / "h.png"
    image.save(path)
    assert areas(hints.read(path, SIZE)) == {RED: 400}
    with pytest.raises(BadHints, match=r"h\.png: the hints are for a picture of 120×90, .* 80×60"):
        hints.read(path, Size(80, 60))
    image.convert("RGB").save(path)
    with pytest.raises(BadHints, match=r"h\.png: no transparent layer"):
        hints.read(path)
    path.write_bytes(b"no picture")
    with pytest.raises(BadHints, match=r"h\.png: not a picture"):
        hints.read(path)
    image.save(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadHints, match=r"h\.png"):
        hints.read(path)


def encoded_overlay(kind: str = "PNG") -> bytes:
    image, draw = overlay()
    draw.rectangle((5, 5, 24, 24), fill=(*RED, 255))
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_damaged_overlay_is_our_error_from_bytes_and_from_a_file(tmp_path, kind, share):
    data = encoded_overlay(kind)
    path = tmp_path / f"h.{kind.lower()}"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(BadHints, match="not a picture"):
        hints.decode_overlay(path.read_bytes(), SIZE)
    with pytest.raises(BadHints, match=rf"h\.{kind.lower()}: not a picture"):
        hints.read(path, SIZE)


def test_decoders_may_raise_anything_on_damaged_overlays(monkeypatch, tmp_path):
    monkeypatch.setattr(Image.Image, "convert", raising(struct.error("unpack requires 4 bytes")))
    path = tmp_path / "h.png"
    path.write_bytes(encoded_overlay())
    for read in (lambda: hints.read(path), lambda: hints.decode_overlay(path.read_bytes(), SIZE)):
        with pytest.raises(BadHints, match=r"read whole \(unpack requires 4 bytes\); save"):
            read()


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
def test_what_is_not_the_overlay_s_fault_goes_through(monkeypatch, error):
    monkeypatch.setattr(Image.Image, "convert", raising(error))
    with pytest.raises(type(error)):
        hints.decode_overlay(encoded_overlay(), SIZE)


def test_a_fault_of_ours_is_not_called_a_damaged_overlay(monkeypatch):
    monkeypatch.setattr("inkwash.hints.files.hints_from_overlay", raising(TypeError("ours")))
    with pytest.raises(TypeError, match="ours"):
        hints.decode_overlay(encoded_overlay(), SIZE)


def test_an_overlay_of_the_sketch_s_size_may_be_as_large_as_sketches(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", SIZE.width * SIZE.height // 3)
    assert areas(hints.decode_overlay(encoded_overlay(), SIZE)) == {RED: 400}
    assert SIZE.width * SIZE.height // 3 == Image.MAX_IMAGE_PIXELS


def raising(error: BaseException):
    def fail(*_, **__):
        raise error

    return fail


# Pixels


def test_the_pixels_of_a_dot_are_a_disc():
    mask = mask_of(Dot(40, 30, 10))
    y, x = np.mgrid[: SIZE.height, : SIZE.width] + 0.5
    np.testing.assert_array_equal(mask, np.hypot(x - 40, y - 30) <= 10)


def test_the_pixels_of_a_stroke_follow_it():
    mask = mask_of(Stroke(((10, 20), (50, 20), (50, 60)), 6))
    assert mask[20, 10:50].all()
    assert mask[20:60, 50].all()
    assert mask[17:23, 30].all()
    assert not mask[16, 30]
    assert not mask[40, 30]
    assert mask.sum() == pytest.approx(6 * 80 + np.pi * 9, rel=0.08)


def test_the_pixels_of_an_area_are_its_runs():
    mask = mask_of(Area(((3, 4, 9), (5, 1, 2))))
    assert mask.sum() == 6
    assert mask[3, 4:9].all()
    assert mask[5, 1]


@given(SHAPES)
def test_a_shape_is_never_without_pixels(shape: Shape):
    assert mask_of(shape).any()


@given(SHAPES, RGB, st.sampled_from([(1, 1), (7, 5), (40, 30), (120, 90), (173, 130), (480, 360)]))
def test_a_hint_never_vanishes(shape: Shape, rgb: tuple[int, int, int], to: tuple[int, int]):
    drawn = hints.raster(Hints(SIZE, (colour(shape, rgb),)), Size(*to))
    assert drawn.shape == (4, to[1], to[0])
    assert drawn.dtype == np.float32
    mask = drawn[3] == 1
    assert mask.any()
    np.testing.assert_allclose(
        drawn[:3, mask].T, [np.array(rgb) / 127.5 - 1] * mask.sum(), atol=1e-6
    )
    assert not drawn[:, ~mask].any()


@pytest.mark.parametrize("scale", [0.25, 0.4, 1, 1.7, 3])
def test_the_raster_lies_where_the_hint_is(scale: float):
    size, to = Size(200, 160), Size(round(200 * scale), round(160 * scale))
    drawn = hints.raster(Hints(size, (colour(Dot(130, 50, 30)),)), to)[3]
    y, x = np.nonzero(drawn)
    assert drawn.sum() == pytest.approx(np.pi * (30 * scale) ** 2, rel=0.06)
    assert x.mean() + 0.5 == pytest.approx(130 * scale, abs=0.3)
    assert y.mean() + 0.5 == pytest.approx(50 * scale, abs=0.3)


def test_at_full_size_the_raster_is_the_pixels():
    shape = Stroke(((5.5, 7), (90, 60), (110, 3)), 5)
    drawn = hints.raster(Hints(SIZE, (colour(shape),)), SIZE)
    np.testing.assert_array_equal(drawn[3] == 1, mask_of(shape))


def test_later_hints_win_and_only_colours_are_drawn():
    items = (
        colour(Dot(40, 40, 20), RED),
        Hint("suggest", Dot(50, 40, 20), BLUE),
        Hint("lock", Dot(60, 40, 20)),
        Hint("clear", Dot(20, 40, 5)),
    )
    drawn = hints.raster(Hints(SIZE, items), SIZE)
    np.testing.assert_allclose(drawn[:3, 40, 45] * 127.5 + 127.5, BLUE, atol=1e-3)
    np.testing.assert_allclose(drawn[:3, 40, 22] * 127.5 + 127.5, RED, atol=1e-3)
    assert drawn[3, 40, 79] == 0


def test_a_thin_line_stays_whole_when_small():
    drawn = hints.raster(Hints(Size(800, 600), (colour(Stroke(((20, 30), (780, 570)), 3)),)), SIZE)
    assert drawn[3].any(axis=0)[4:116].all()
    assert drawn[3].sum() < 260
