"""Sketches that are no good, through the whole way: each gives a result or one clear sentence."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inkwash.cli import main
from inkwash.document import render
from inkwash.painter import Painter
from inkwash.settle import Painting
from sketches import draw_rooms
from tiny_net import tiny_runtime

PAINTER = Painter(tiny_runtime())
STYLES = ("flat", "shaded")


def painted(pixels: NDArray[np.uint8], style: str) -> Painting:
    painting = PAINTER.paint(pixels, style=style)
    assert len(painting.colourings) == 9
    assert render(painting, 8).shape == (*pixels.shape[:2], 3)
    return painting


def notes_of(painting: Painting) -> str:
    return "; ".join((*painting.sketch.notes, *painting.regions.notes, *painting.notes))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("value", [0, 255])
def test_an_even_page_is_one_flat_and_it_is_said(value, style):
    painting = painted(np.full((90, 120), value, np.uint8), style)
    assert painting.regions.count == 1
    assert "one region" in notes_of(painting)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (2, 40)])
def test_a_picture_one_pixel_wide_is_painted(shape, style):
    pixels = np.full(shape, 255, np.uint8)
    pixels.ravel()[4::9] = 0
    painting = painted(pixels, style)
    assert (render(painting, 0)[pixels == 0] == 0).all()


def test_a_hundred_thousand_specks_make_no_regions():
    pixels = np.full((1000, 1000), 255, np.uint8)
    random = np.random.default_rng(0)
    pixels[random.integers(0, 1000, 100_000), random.integers(0, 1000, 100_000)] = 0
    cv2.rectangle(pixels, (300, 300), (700, 700), 0, 6)
    painting = painted(pixels, "flat")
    assert painting.regions.count < 20
    assert any(word in notes_of(painting) for word in ("screentone", "dither"))


@pytest.mark.parametrize("style", STYLES)
def test_dithered_tone_is_recognised(style):
    pixels = draw_rooms(600, 400)
    pixels[60:340, 310:530] = np.minimum(pixels[60:340, 310:530], 150)
    dithered = np.asarray(Image.fromarray(pixels).convert("1")).astype(np.uint8) * 255
    painting = painted(dithered, style)
    assert painting.regions.count < 20
    assert "dither" in notes_of(painting)


def draw_colours() -> NDArray[np.uint8]:
    """Nine patches of colour."""
    hues = np.arange(9, dtype=np.uint8).reshape(3, 3) * 19
    hsv = np.dstack([hues, np.full((3, 3), 160, np.uint8), np.full((3, 3), 220, np.uint8)])
    patches = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    return patches.repeat(60, axis=0).repeat(60, axis=1)


def test_a_colour_picture_gives_a_warning_that_names_the_remedy():
    assert "--lines xdog" in notes_of(painted(draw_colours(), "flat"))


def test_lines_are_extracted_from_a_colour_picture(tmp_path, monkeypatch):
    monkeypatch.setattr("inkwash.painter.load", lambda *_, **__: tiny_runtime())
    Image.fromarray(draw_colours()).save(tmp_path / "colours.png")
    arguments = ["paint", str(tmp_path / "colours.png"), "--lines", "xdog", "--pick", "1"]
    assert main([*arguments, "--format", "png", "--out", str(tmp_path)]) == 0
    with Image.open(tmp_path / "colours" / "1.png") as image:
        picture = np.asarray(image.convert("L")).astype(int)
    inside = picture[20:40, 20:40]
    assert np.ptp(inside) == 0
    assert picture[58:62, 20:40].min() < inside.min() - 30  # a line where two patches meet


def test_an_extractor_that_is_not_known_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("inkwash.painter.load", lambda *_, **__: tiny_runtime())
    Image.fromarray(draw_colours()).save(tmp_path / "colours.png")
    assert main(["paint", str(tmp_path / "colours.png"), "--lines", "magic"]) != 0
    assert "'magic' is not a line extractor; choose" in capsys.readouterr().err
