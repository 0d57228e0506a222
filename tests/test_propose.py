from __future__ import annotations

import numpy as np
import pytest

from inkwash.errors import BadConfig, BadPalette
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter
from inkwash.palettes import Palette, palette_of, parse
from inkwash.propose import (
    MOST_WORK_PIXELS,
    choose_size,
    network_input,
    palette_features,
    propose,
    study,
)
from inkwash.regions import segment
from inkwash.settle import settle
from inkwash.sketch import Sketch
from sketches import rooms_sketch
from tiny_net import TINY, tiny_runtime

WARM = parse("#ffddcc,#aa3322,#332211")


def test_the_short_side_becomes_the_working_size():
    assert choose_size(Size(1000, 500), TINY, "auto") == Size(128, 64)
    assert choose_size(Size(500, 1000), TINY, 100) == Size(100, 200)
    assert choose_size(Size(37, 91), TINY, "native") == Size(37, 91)


@pytest.mark.parametrize("size", [Size(1, 5000), Size(900, 3), Size(800, 40_000)])
def test_a_strip_is_seen_smaller_rather_than_refused(size):
    chosen = choose_size(size, TINY, "auto")
    assert chosen.short_side in range(32, TINY.work_size + 1)
    assert chosen.area <= MOST_WORK_PIXELS


def test_a_working_size_out_of_range_is_refused():
    with pytest.raises(BadConfig, match="under 32"):
        choose_size(Size(100, 100), TINY, 8)
    with pytest.raises(BadConfig, match="smaller --work-size"):
        choose_size(Size(4000, MOST_WORK_PIXELS // 4000 + 1), TINY, "native")


def test_padding_is_white_paper_without_hints():
    size = Size(60, 50)
    x = network_input(Sketch(ink=np.zeros((50, 60), np.uint8)), None, size, TINY)
    assert x.shape == (5, 56, 64)
    assert (x[0, :50, :60] == 0).all()
    assert (x[0, 50:] == 1).all()
    assert (x[0, :, 60:] == 1).all()
    assert (x[1:] == 0).all()


def test_hints_reach_the_network_at_their_place():
    sketch = Sketch(ink=np.full((100, 200), 255, np.uint8))
    hints = Hints(Size(200, 100), (Hint("colour", Dot(100, 50, 10), (255, 0, 0)),))
    x = network_input(sketch, hints, Size(128, 64), TINY)
    assert x[1:, 32, 64].tolist() == [1, -1, -1, 1]
    assert x[4, 5, 5] == 0


def test_both_heads_cover_the_whole_sketch():
    sketch, runtime = rooms_sketch(250, 170), tiny_runtime()
    studied = study(sketch, runtime)
    rgb = propose(studied, runtime)
    assert rgb.pictures.shape == (9, 64, 94, 3)
    assert rgb.scores is None
    placed = propose(studied, runtime, (WARM,))
    assert placed.pictures.shape == (9, 32, 47, 3)
    assert placed.scores is not None
    assert placed.scores.shape == (9, 3, 32, 47)
    assert np.allclose(np.exp(placed.scores).sum(1), 1, atol=1e-5)
    assert 0 <= placed.pictures.min() <= placed.pictures.max() <= 1


def test_nine_palettes_give_each_proposal_its_own():
    sketch, runtime = rooms_sketch(), tiny_runtime()
    studied = study(sketch, runtime)
    palettes = tuple(parse(f"#{i}00000,#ffffff,#00{i}0ff") for i in range(9))
    together = propose(studied, runtime, palettes)
    alone = propose(studied, runtime, (palettes[4],))
    assert together.palettes == palettes
    assert np.allclose(together.pictures[4], alone.pictures[4], atol=1e-5)
    with pytest.raises(BadConfig, match="2 palettes given"):
        propose(studied, runtime, palettes[:2])


def test_a_long_palette_is_merged_and_it_is_said():
    runtime = tiny_runtime()
    long = parse(",".join(f"#{i:02x}{(i * 7) % 256:02x}{255 - i:02x}" for i in range(0, 250, 5)))
    proposals = propose(study(rooms_sketch(), runtime), runtime, (long,))
    assert all(len(palette) == 16 for palette in proposals.palettes)
    assert proposals.notes == ("50 colours merged to the 16 that differ most",)


def test_a_single_colour_is_refused():
    runtime = tiny_runtime()
    with pytest.raises(BadPalette, match="single colour"):
        propose(study(rooms_sketch(), runtime), runtime, (parse("#ff0000"),))


def test_palette_features_mark_padding_and_unknown_shares():
    known = Palette(WARM.swatches[:2], shares=(0.75, 0.25))
    colours, present = palette_features((WARM, known))
    assert colours.shape == (2, 3, 5)
    assert present.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert colours[0, :, 3:].tolist() == [[0, 0]] * 3
    assert colours[1, :, 3:].tolist() == [[0.75, 1], [0.25, 1], [0, 0]]
    assert colours[0, 0, :3] == pytest.approx(np.array([255, 221, 204]) / 127.5 - 1)


def test_the_order_of_a_palette_changes_no_picture():
    sketch, runtime = rooms_sketch(), tiny_runtime()
    palette = Palette(
        parse("#ffddcc,#aa3322,#332211,#88aacc").swatches, shares=(0.1, 0.2, 0.3, 0.4)
    )
    order = [2, 0, 3, 1]
    studied, regions = study(sketch, runtime), segment(sketch.lines)
    ours, theirs = (propose(studied, runtime, (given,)) for given in (palette, palette.take(order)))
    assert np.allclose(theirs.pictures, ours.pictures, atol=1e-5)
    assert ours.scores is not None
    assert theirs.scores is not None
    assert np.allclose(theirs.scores, ours.scores[:, order], atol=1e-4)
    settled = [settle(found, regions, sketch).colourings for found in (ours, theirs)]
    for one, other in zip(*settled, strict=True):
        assert np.array_equal(one.colours, other.colours)


def test_five_hundred_colours_are_merged_and_every_flat_is_one_of_them():
    rng = np.random.default_rng(0)
    long = palette_of([tuple(rgb) for rgb in rng.integers(0, 256, (500, 3)).tolist()])
    painting = Painter(tiny_runtime()).paint(rooms_sketch(), palettes=(long,))
    assert "500 colours merged to the 16 that differ most" in painting.notes
    given = {swatch.rgb for swatch in long.swatches}
    for colouring in painting.colourings:
        assert {tuple(rgb) for rgb in colouring.colours.tolist()} <= given


@pytest.mark.parametrize(
    ("palette", "message"),
    [("", "no colour"), (",", "no colour"), ("#ff0000,#f00", "single colour")],
)
def test_a_palette_that_places_nothing_is_an_error_that_says_why(palette, message):
    with pytest.raises(BadPalette, match=message):
        Painter(tiny_runtime()).paint(rooms_sketch(), palettes=(parse(palette),))
