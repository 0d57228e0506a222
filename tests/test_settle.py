from __future__ import annotations

import numpy as np
import pytest

from inkwash.cells import find_cells
from inkwash.document import render
from inkwash.errors import BadHints
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints, Stroke
from inkwash.palettes import parse
from inkwash.propose import Proposals
from inkwash.regions import segment
from inkwash.settle import balanced, settle
from inkwash.tone import shade_of, spread
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


def test_balance_gives_every_colour_a_place_when_one_is_preferred_everywhere():
    scores = np.log(np.array([[0.5, 0.5, 0.5], [0.4, 0.3, 0.1], [0.1, 0.2, 0.4]], np.float32))
    assert scores.argmax(0).tolist() == [0, 0, 0]
    chosen = balanced(scores, np.ones(3), parse("#ff0000,#00ff00,#0000ff")).argmax(0)
    assert len(set(chosen.tolist())) > 1


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
    plain, hinted = (settle(scored(CHOICE), REGIONS, SKETCH, hints=h) for h in (None, hints))
    for before, after in zip(plain.colourings, hinted.colourings, strict=True):
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
    painting = settle(scored(CHOICE), REGIONS, SKETCH, hints=hints)
    assert tuple(painting.colourings[0].colours[RIGHT]) == (9, 9, 9)
    assert "later one wins" in painting.notes[0]


def test_a_cleared_region_is_left_transparent():
    hints = Hints(SKETCH.size, (Hint("clear", Dot(5, 5)),))
    painting = settle(scored(CHOICE), REGIONS, SKETCH, hints=hints)
    assert painting.colourings[0].clear.tolist() == [r == PAGE for r in range(REGIONS.count)]


def test_hints_of_another_picture_are_refused():
    with pytest.raises(BadHints, match="240"):
        settle(
            scored(CHOICE),
            REGIONS,
            SKETCH,
            hints=Hints(Size(99, 99), (Hint("colour", Dot(5, 5), (1, 2, 3)),)),
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
    multiply, screen = spread(np.ascontiguousarray(shade), cells, REGIONS)
    row = multiply[80, 125:210].astype(int)
    assert (np.diff(row) >= 0).all()
    assert row[-1] - row[0] > 40
    assert (screen == 0).all()


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
