"""What is paper: polarity, tint, light."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inkwash.sketch import read
from line_drawing import line_drawing

INK = line_drawing(600, 800)
LINES, PAPER = INK < 60, INK == 255


def lit(light, *, tint=(1.0, 1.0, 1.0), noise=0.0) -> np.ndarray:
    """The drawing as a camera sees it: times light (H, W) in 0…1 and tint, plus noise."""
    page = INK[..., None] / 255 * np.asarray(light)[..., None] * np.array(tint) * 250
    page = page + np.random.default_rng(0).normal(0, noise, page.shape)
    return np.clip(np.rint(page), 0, 255).astype(np.uint8)


def assert_white_and_inked(sketch, *, white=0.97):
    assert (sketch.lines[PAPER] >= 250).mean() > white
    assert sketch.lines[LINES].max() < 100
    faint = (INK > 60) & (INK < 160)
    assert sketch.lines[faint].mean() < INK[faint].mean() + 15


@pytest.mark.parametrize(
    "colour", [(238, 203, 178), (160, 211, 94), (205, 205, 205), (150, 110, 70)]
)
def test_plain_coloured_paper_becomes_pure_white(colour):
    page = np.rint(INK[..., None] / 255 * np.array(colour)).astype(np.uint8)
    sketch = read(page)
    assert (sketch.ink[PAPER] == 255).all()
    assert np.abs(sketch.lines.astype(int) - INK).max() <= 5
    kind = "grey" if len(set(colour)) == 1 else "tinted"
    assert sketch.notes == (f"{kind} paper made white",)


def test_paper_of_a_pure_colour():
    page = np.dstack([INK, INK, np.zeros_like(INK)])
    sketch = read(page)
    np.testing.assert_array_equal(sketch.ink, INK)
    assert sketch.notes == ("tinted paper made white",)


Y, X = np.mgrid[0:1:800j, 0:1:600j]


@pytest.mark.parametrize(
    "light",
    [
        1 - 0.45 * X,
        0.95 - 0.5 * ((X - 0.3) ** 2 + (Y - 0.6) ** 2),
        0.9 - 0.25 * np.clip(5 * X - 2, 0, 1),
    ],
    ids=["falls off", "lamp", "soft shadow"],
)
@pytest.mark.parametrize("tint", [(1, 1, 1), (1, 0.94, 0.82)], ids=["grey", "warm"])
def test_photographed_paper_becomes_white(light, tint):
    sketch = read(lit(light, tint=tint, noise=3))
    assert sketch.notes == ("uneven paper made white",)
    assert_white_and_inked(sketch)


def test_a_photograph_as_jpeg():
    stream = io.BytesIO()
    Image.fromarray(lit(1 - 0.4 * X * Y, noise=2)).save(stream, "JPEG", quality=85)
    assert_white_and_inked(read(stream.getvalue()), white=0.93)


def test_paper_at_250_counts_as_white():
    page = np.minimum(INK, 251)
    sketch = read(page)
    np.testing.assert_array_equal(sketch.ink, page)
    assert sketch.notes == ()


def test_flat_tones_on_white_paper_are_ink():
    page = INK.copy()
    page[300:700, 100:500] = np.minimum(page[300:700, 100:500], 215)
    np.testing.assert_array_equal(read(page).ink, page)


def test_a_flat_tone_on_grey_paper_stays_a_tone():
    page = np.rint(INK * 0.8).astype(np.uint8)
    page[300:500, 200:400] = np.minimum(page[300:500, 200:400], 150)
    ink = read(page).ink
    assert abs(int(np.median(ink[320:480, 220:380])) - 150 / 0.8 / 255 * 255) < 5
    assert ink[10, 10] == 255


def test_white_areas_on_tinted_paper_become_paper_as_well():
    page = np.rint(INK[..., None] / 255 * np.array([227, 237, 245])).astype(np.uint8)
    page[300:500, 200:400] = INK[300:500, 200:400, None]
    sketch = read(page)
    assert (sketch.ink[PAPER] == 255).all()


@pytest.mark.parametrize("colour", [(0, 0, 0), (30, 30, 30), (20, 40, 120), (0, 0, 255)])
def test_light_on_dark_is_turned(colour):
    share = 1 - INK[..., None] / 255
    page = np.rint(np.array(colour) * (1 - share) + 255 * share).astype(np.uint8)
    sketch = read(page)
    assert sketch.inverted
    assert (sketch.ink[PAPER] == 255).all()
    assert sketch.lines[LINES].max() < 100


def test_white_on_black_is_the_exact_complement():
    np.testing.assert_array_equal(read(255 - INK).ink, INK)
    np.testing.assert_array_equal(read(255 - INK, invert="no").ink, 255 - INK)
    np.testing.assert_array_equal(read(INK, invert="yes").ink, 255 - INK)


def test_much_black_on_white_paper_is_not_turned():
    page = INK.copy()
    page[100:700, 30:570] = 255 - page[100:700, 30:570]
    assert (page < 128).mean() > 0.6
    assert not read(page).inverted


def test_a_photograph_on_a_dark_table_is_not_turned():
    page = np.full((1000, 800), 40, np.uint8)
    page[100:900, 100:700] = np.rint(INK * 0.85)
    sketch = read(page)
    assert not sketch.inverted
    assert np.median(sketch.lines[100:900, 100:700][PAPER]) == 255


def painting(background) -> np.ndarray:
    image = Image.new("RGB", (600, 800), background)
    draw = ImageDraw.Draw(image)
    colours = [(220, 40, 40), (240, 160, 60), (230, 220, 70), (60, 160, 70), (70, 200, 210)]
    colours += [(60, 80, 200), (150, 70, 190), (240, 150, 190), (120, 80, 50), (190, 210, 150)]
    for index, colour in enumerate(colours):
        left, top = 60 + 100 * (index % 5), 100 + 350 * (index // 5)
        draw.ellipse((left, top, left + 90, top + 300), fill=colour)
    return np.asarray(image)


@pytest.mark.parametrize("background", [(255, 255, 255), (200, 190, 170), (10, 10, 30)])
def test_a_painting_is_kept_with_a_note(background):
    page = painting(background)
    sketch = read(page)
    np.testing.assert_array_equal(sketch.ink, page)
    assert not sketch.inverted
    assert sketch.notes == ("this looks like a colour picture; --lines xdog makes line art of it",)


def grainy(pixels: np.ndarray) -> np.ndarray:
    grain = np.random.default_rng(3).normal(0, 10, pixels.shape)
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def test_a_grainy_photograph_is_kept_with_a_note_and_a_grainy_scan_is_not():
    painted = read(grainy(painting((200, 190, 170))))
    assert painted.notes == ("this looks like a colour picture; --lines xdog makes line art of it",)
    scan = read(grainy(INK[..., None] * np.array([0.93, 0.88, 0.76])))
    assert not any("colour picture" in note for note in scan.notes)
    assert np.median(scan.lines[PAPER]) == 255


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (5, 3), (3000, 2)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_and_tiny_pages(shape, level):
    sketch = read(np.full((*shape, 3), level, np.uint8))
    assert sketch.ink.shape == shape
    assert (sketch.ink == 255).all()
    assert "there is hardly any ink" in sketch.notes


def test_a_black_page_that_must_not_be_turned_stays_black():
    assert (read(np.zeros((40, 40), np.uint8), invert="no").ink == 0).all()
