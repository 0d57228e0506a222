from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from inkwash.document import render
from inkwash.errors import BadConfig, BadHints, BadSketch
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import parse
from inkwash.proposer import propose_palettes
from sketches import draw_rooms, rooms_sketch
from tiny_net import tiny_runtime


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny_runtime())


@pytest.mark.parametrize("style", ["flat", "shaded"])
@pytest.mark.parametrize("head", ["palette", "rgb"])
def test_nine_colourings_of_the_sketchs_size_with_its_ink_on_top(painter, style, head):
    page = draw_rooms(300, 200)
    painting = painter.paint(page, PaintRequest(style=style, head=head))
    assert len(painting.colourings) == 9
    picture = render(painting, 3)
    assert picture.shape == (200, 300, 3)
    assert (picture[page == 0] == 0).all()


def test_a_palette_promises_that_every_flat_is_one_of_its_colours(painter):
    palette = parse("#102030,#ffeedd,#cc4455")
    painting = painter.paint(rooms_sketch(), palettes=(palette,))
    allowed = {swatch.rgb for swatch in palette.swatches}
    for colouring in painting.colourings:
        assert {tuple(colour) for colour in colouring.colours.tolist()} <= allowed


def test_the_same_seed_gives_the_same_painting_and_another_seed_other_palettes(painter):
    first, again, other = (painter.paint(rooms_sketch(), seed=seed) for seed in (1, 1, 2))
    same = [
        np.array_equal(a.colours, b.colours)
        for a, b in zip(first.colourings, again.colourings, strict=True)
    ]
    assert all(same)
    assert [c.title for c in first.colourings] != [c.title for c in other.colourings]


def test_proposed_palettes_differ_within_a_seed_and_between_seeds():
    names = [{palette.name for palette in propose_palettes(9, seed)} for seed in range(6)]
    assert all(len(chosen) == 9 for chosen in names)
    assert all(len(a & b) <= 6 for a, b in pairwise(names))


def test_a_pick_is_counted_from_one(painter):
    assert painter.paint(rooms_sketch(), pick=4).chosen == 3
    with pytest.raises(BadConfig, match="choose from 1 to 9"):
        painter.paint(rooms_sketch(), pick=10)


def test_hints_of_another_size_are_refused_before_any_work(painter):
    hints = Hints(Size(10, 10), (Hint("colour", Dot(5, 5), (1, 2, 3)),))
    with pytest.raises(BadHints):
        painter.paint(rooms_sketch(), hints=hints)


def test_palettes_and_the_rgb_head_exclude_each_other(painter):
    with pytest.raises(BadConfig, match="takes no palettes"):
        painter.paint(rooms_sketch(), head="rgb", palettes=(parse("#000,#fff"),))


def test_what_is_not_a_picture_is_refused(painter):
    with pytest.raises(BadSketch):
        painter.paint(b"not a picture")


def test_one_pixel_wide_pages_are_painted(painter):
    page = np.full((400, 1), 255, np.uint8)
    assert render(painter.paint(page), 0).shape == (400, 1, 3)
