from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comic import BALLOON, FACE, GUTTER, LETTER, PANEL, draw_comic
from inkwash.cells import find_cells
from inkwash.document import render, render_box
from inkwash.errors import BadConfig, BadHints
from inkwash.geometry import Box, Size, Window
from inkwash.hints import Dot, Hint, Hints, Stroke
from inkwash.palettes import parse
from inkwash.propose import Proposals
from inkwash.recolour import hinted, repaint
from inkwash.regions import segment
from inkwash.settle import settle
from inkwash.sketch import Sketch
from inkwash.tone import around_mean, shade_of, shading, spread, whole
from proposals import random_proposals
from sketches import rooms_sketch

SKETCH = rooms_sketch()
REGIONS = segment(SKETCH.lines)
LEFT, RIGHT, DISC, PAGE = (
    int(REGIONS.labels[y, x]) for x, y in ((35, 30), (170, 80), (72, 80), (5, 5))
)
WARM = parse("#ffddcc,#aa3322,#332211,#88aaff")


def scored(choice: dict[int, int], shade: np.ndarray | None = None) -> Proposals:
    """Two proposals on a grid of 40 × 60 cells that prefer colour `choice[region]`."""
    shape = (40, 60)
    owner = find_cells(REGIONS, shape).owner
    wanted = np.zeros(REGIONS.count, int)
    for region, place in choice.items():
        wanted[region] = place
    scores = np.full((2, len(WARM), *shape), -4.0, np.float32)
    np.put_along_axis(scores, np.broadcast_to(wanted[owner], (2, 1, *shape)), -0.1, axis=1)
    shade = np.zeros((2, *shape), np.float32) if shade is None else np.stack([shade, -shade])
    pictures = np.zeros((2, *shape, 3), np.float32)
    return Proposals(pictures=pictures, palettes=(WARM, WARM), scores=scores, shade=shade)


COMIC = Sketch(ink=draw_comic(), name="comic")
COMIC_REGIONS = segment(COMIC.lines)
BYTES = st.integers(0, 255)

CHOICE = {LEFT: 1, RIGHT: 2, DISC: 3, PAGE: 0}


def test_the_drawn_rooms_are_four_regions():
    assert REGIONS.count == 4
    assert len({LEFT, RIGHT, DISC, PAGE}) == 4


def test_a_flat_is_exactly_the_palette_colour_that_its_scores_prefer():
    painting = settle(scored(CHOICE), REGIONS, SKETCH)
    for region, place in CHOICE.items():
        assert tuple(painting.colourings[0].colours[region]) == WARM.swatches[place].rgb


def test_no_pixel_outside_ink_differs_from_its_regions_colour():
    painting = settle(scored(CHOICE), REGIONS, SKETCH)
    picture = render(painting, 0)
    paper = SKETCH.lines == 255
    wanted = painting.colourings[0].colours[REGIONS.labels]
    assert np.array_equal(picture[paper], wanted[paper])


def test_rgb_proposals_give_each_region_its_median():
    shape = (40, 60)
    owner = find_cells(REGIONS, shape).owner
    colours = np.array([[0.9, 0.5, 0.1], [0.2, 0.4, 0.8], [0.1, 0.9, 0.3], [0.6, 0.1, 0.6]])
    pictures = colours[owner][None].astype(np.float32)
    pictures[0, ::7, ::5] = 0  # stray cells that a mean would follow
    painting = settle(Proposals(pictures=pictures), REGIONS, SKETCH)
    assert np.abs(painting.colourings[0].colours - 255 * colours).max() <= 1


def test_neighbours_of_nearly_one_colour_become_one_flat():
    pictures = np.full((1, 40, 60, 3), 0.5, np.float32)
    pictures[0, :, 30:] = 0.505
    painting = settle(Proposals(pictures=pictures), REGIONS, SKETCH)
    assert len(np.unique(painting.colourings[0].colours, axis=0)) == 1


def test_a_hint_is_obeyed_exactly_in_every_colouring_and_moves_nothing_else():
    size = SKETCH.size
    hints = Hints(size, (Hint("colour", Dot(170, 80), (1, 2, 3)),))
    plain = settle(scored(CHOICE), REGIONS, SKETCH)
    obeyed = hinted(plain, hints)
    for before, after in zip(plain.colourings, obeyed.colourings, strict=True):
        assert tuple(after.colours[RIGHT]) == (1, 2, 3)
        others = np.arange(REGIONS.count) != RIGHT
        assert np.array_equal(before.colours[others], after.colours[others])


def test_the_later_of_two_hints_wins_and_it_is_said():
    hints = Hints(
        SKETCH.size,
        (
            Hint("colour", Dot(170, 80), (1, 2, 3)),
            Hint("colour", Stroke(((160, 60), (180, 60))), (9, 9, 9)),
        ),
    )
    painting = hinted(settle(scored(CHOICE), REGIONS, SKETCH), hints)
    assert tuple(painting.colourings[0].colours[RIGHT]) == (9, 9, 9)
    assert "later one wins" in painting.notes[0]


def test_a_cleared_region_is_left_transparent():
    hints = Hints(SKETCH.size, (Hint("clear", Dot(5, 5)),))
    painting = hinted(settle(scored(CHOICE), REGIONS, SKETCH), hints)
    assert painting.colourings[0].clear.tolist() == [r == PAGE for r in range(REGIONS.count)]


def test_hints_of_another_picture_are_refused():
    with pytest.raises(BadHints, match="240"):
        hinted(
            settle(scored(CHOICE), REGIONS, SKETCH),
            Hints(Size(99, 99), (Hint("colour", Dot(5, 5), (1, 2, 3)),)),
        )


def test_shading_stays_inside_its_region():
    """Dark cells in the right room must not darken the left room next to it."""
    owner = find_cells(REGIONS, (40, 60)).owner
    shade = np.where(owner == RIGHT, -0.8, 0.0).astype(np.float32)
    painting = settle(scored(CHOICE, shade), REGIONS, SKETCH, style="shaded")
    assert painting.colourings[0].shade is not None
    multiply = painting.colourings[0].shade()
    inside = REGIONS.labels == RIGHT
    assert np.abs(multiply[inside].astype(int) - 51).max() <= 1
    assert (multiply[~inside] == 255).all()


def test_gradients_survive_inside_a_region():
    shade = np.broadcast_to(np.linspace(-0.6, 0, 60, dtype=np.float32), (40, 60))
    cells = find_cells(REGIONS, (40, 60))
    multiply, screen = spread(shading(np.ascontiguousarray(shade), cells), REGIONS, whole(REGIONS))
    row = multiply[80, 125:210].astype(int)
    assert (np.diff(row) >= 0).all()
    assert row[-1] - row[0] > 40
    assert (screen == 0).all()


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_window_has_the_tones_of_the_page(step):
    shade = np.random.default_rng(1).uniform(-0.9, 0.9, (40, 60)).astype(np.float32)
    hints = Hints(SKETCH.size, (Hint("colour", Dot(170, 80), (200, 30, 90)),))
    painting = hinted(settle(scored(CHOICE, shade), REGIONS, SKETCH, style="shaded"), hints)
    colouring = painting.colourings[0]
    assert colouring.shade is not None
    assert colouring.light is not None
    window = Window(Box(37, 21, 203, 118), step)
    for tone in (colouring.shade, colouring.light):
        assert np.array_equal(tone(window), tone()[window.slices])


def test_shade_of_turns_flats_back_into_the_picture():
    random = np.random.default_rng(0)
    flats = np.full((8, 8, 3), 0.5, np.float32)
    grey = random.uniform(0.1, 0.9, (8, 8, 1)).astype(np.float32)
    picture = np.broadcast_to(grey, (8, 8, 3)).copy()
    shade = shade_of(picture, flats)[..., None]
    dark, light = np.minimum(shade, 0), np.maximum(shade, 0)
    assert np.allclose(flats * (1 + dark) + light * (1 - flats), picture, atol=1e-5)


def test_a_region_too_small_to_be_sampled_has_a_cell():
    page = np.full((3000, 3000), 255, np.uint8)
    page[100:160, 100:160] = 0
    page[112:148, 112:148] = 255
    regions = segment(page)
    cells = find_cells(regions, (16, 16))
    assert set(cells.region.tolist()) == set(range(regions.count))
    assert (cells.total > 0).all()


@pytest.mark.parametrize("style", ["flat", "shaded"])
def test_gutters_and_balloons_stay_paper_white(style):
    proposals = random_proposals(COMIC.size)
    painting = settle(proposals, COMIC_REGIONS, COMIC, style=style)
    picture, clear = render(painting, 1), painting.colourings[1].clear
    labels = COMIC_REGIONS.labels
    white = COMIC.lines == 255
    for x, y in (GUTTER, BALLOON, LETTER):
        assert (picture[(labels == labels[y, x]) & white] == 255).all()
    assert not any(clear[labels[y, x]] for x, y in (PANEL, FACE))
    assert any("--paper paint" in note for note in painting.notes)


def test_gutters_and_balloons_are_painted_when_asked():
    painting = settle(random_proposals(COMIC.size), COMIC_REGIONS, COMIC, paper="paint")
    assert not painting.colourings[0].clear.any()
    assert painting.notes == ()


def test_a_hint_colours_a_balloon():
    hints = Hints(COMIC.size, (Hint("colour", Dot(*BALLOON), (250, 240, 90)),))
    painting = hinted(settle(random_proposals(COMIC.size), COMIC_REGIONS, COMIC), hints)
    assert render(painting, 0)[BALLOON[1], BALLOON[0]].tolist() == [250, 240, 90]


@settings(max_examples=30)
@given(colour=st.tuples(BYTES, BYTES, BYTES))
def test_a_given_colour_is_the_mean_of_its_shaded_region(colour):
    hints = Hints(SKETCH.size, (Hint("colour", Dot(170, 80), colour),))
    proposals = random_proposals(SKETCH.size)
    painting = hinted(settle(proposals, REGIONS, SKETCH, style="shaded"), hints)
    paper = (REGIONS.labels == RIGHT) & (SKETCH.lines == 255)
    for index in range(2):
        mean = render(painting, index)[paper].mean(axis=0)
        assert np.abs(mean - colour).max() <= 0.75  # two layers of 8 bits, each rounded


def test_a_given_colour_keeps_its_gradient():
    hints = Hints(SKETCH.size, (Hint("colour", Dot(170, 80), (130, 120, 110)),))
    painting = hinted(settle(random_proposals(SKETCH.size), REGIONS, SKETCH, style="shaded"), hints)
    paper = (REGIONS.labels == RIGHT) & (SKETCH.lines == 255)
    assert np.ptp(render(painting, 0)[paper][:, 0].astype(int)) > 40


GREY = np.array([128, 128, 128], np.uint8)


def test_a_colour_without_room_is_not_moved():
    histogram = np.bincount([155, 255, 355], minlength=511)
    multiply, screen = around_mean(histogram, np.array([255, 0, 128], np.uint8), GREY)
    assert (multiply[:, :2] == 255).all()
    assert (screen[:, :2] == 0).all()
    assert multiply[155, 2] < 255
    assert screen[355, 2] > 0


@pytest.mark.parametrize(
    ("flat", "levels"), [((252, 250, 248), (255, 400, 500)), ((6, 5, 9), (10, 100, 255))]
)
def test_tones_that_did_not_show_do_not_show_on_a_given_colour(flat, levels):
    """Light on white paper and shadow on black cloth are no blotches on the red of a hint."""
    histogram, red = np.bincount(levels, minlength=511), np.array([200, 40, 60], np.uint8)

    def contrast(made_for: np.ndarray) -> float:
        multiply, screen = (table[list(levels)] for table in around_mean(histogram, red, made_for))
        seen = 255 - (255 - red * (multiply / 255)) * (1 - screen / 255)
        return float(np.ptp(seen, axis=0).max())

    assert contrast(np.array(flat, np.uint8)) < 8
    assert contrast(GREY) > 40


@pytest.mark.parametrize("style", ["flat", "shaded"])
@pytest.mark.parametrize("colour", [(200, 90, 30), None])
def test_one_region_is_repainted_as_a_hint_would_have_it(style, colour):
    kind = "clear" if colour is None else "colour"
    hints = Hints(SKETCH.size, (Hint(kind, Dot(170, 80), colour),))
    proposals = random_proposals(SKETCH.size)
    plain = settle(proposals, REGIONS, SKETCH, style=style)
    obeyed = hinted(plain, hints)
    painting = repaint(plain, RIGHT, colour, index=1)
    assert np.array_equal(render(painting, 1), render(obeyed, 1))
    assert np.array_equal(render(painting, 0), render(plain, 0))
    box = REGIONS.box(RIGHT)
    assert np.array_equal(render_box(painting, 1, box), render(obeyed, 1)[box.slices])


@pytest.mark.parametrize(("region", "index"), [(-1, 0), (4, 0), (0, 2)])
def test_what_is_not_there_cannot_be_repainted(region, index):
    painting = settle(scored(CHOICE), REGIONS, SKETCH)
    with pytest.raises(BadConfig, match=r"regions 0 to 3|choose from 1 to 2"):
        repaint(painting, region, (1, 2, 3), index=index)


def test_shading_leaves_the_lines_out():
    """A network darkens where it sees lines; no dark halo may stay beside them."""
    cells = find_cells(REGIONS, (40, 60))
    shade = -0.9 * (1 - cells.paper)
    multiply, _ = spread(shading(shade.astype(np.float32), cells), REGIONS, whole(REGIONS))
    assert multiply[REGIONS.labels == RIGHT].min() >= 250
    assert multiply[REGIONS.labels == PAGE].min() >= 250
