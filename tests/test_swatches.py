from __future__ import annotations

import numpy as np

from inkwash.data.swatches import (
    UNASSIGNED,
    Entries,
    cluster,
    hinted_colours,
    mistaken,
    nearest,
    released,
    shown_palette,
    to_rgb,
)


class Dice(np.random.Generator):
    """A generator whose lots are always the last there is."""

    def random(self, *_, **__):
        return np.nextafter(1.0, 0.0)


def test_clusters_find_the_colours_of_a_picture():
    colours = np.array([[20, 0, 0], [50, 60, 20], [80, -40, 40]], np.float32)
    pixels = colours[np.random.default_rng(1).integers(0, 3, 5000)]
    centres = cluster(pixels, 3, np.random.default_rng(0))
    assert np.allclose(centres[nearest(colours, centres)], colours, atol=0.5)


def test_a_lot_at_the_very_end_still_names_a_pixel():
    """A float32 sum of distances may be larger than the last of their running sums."""
    for seed in range(20):
        pixels = np.random.default_rng(seed).normal(0, 40, (3000, 3)).astype(np.float32)
        centres = cluster(pixels, 10, Dice(np.random.PCG64(seed)))
        assert np.isfinite(centres).all()
        assert len(centres) == 10


def test_one_colour_is_one_cluster():
    assert len(cluster(np.zeros((100, 3), np.float32), 6, np.random.default_rng(0))) == 1


def test_hints_of_nearly_one_colour_are_one():
    hints = np.zeros((4, 8, 8), np.float16)
    for x, rgb in enumerate([(200, 40, 40), (201, 41, 40), (30, 60, 200)]):
        hints[:3, 0, x] = np.array(rgb) / 127.5 - 1
        hints[3, 0, x] = 1
    found = to_rgb(hinted_colours(hints)[None])[0].astype(int)
    assert len(found) == 2
    for rgb in found:
        assert min(abs(rgb - (200, 40, 40)).max(), abs(rgb - (30, 60, 200)).max()) <= 2


def test_no_hints_no_hinted_colours():
    assert hinted_colours(np.zeros((4, 8, 8), np.float16)).shape == (0, 3)


def entries(lab: list[list[float]], places: list[int] | None = None) -> Entries:
    count = len(lab)
    return Entries(
        np.array(lab, np.float32),
        np.full(count, 1 / count),
        np.zeros(count, int),
        np.array(places or [], int),
    )


def test_hinted_colours_join_the_palette_exactly_without_share():
    hinted = np.array([[60.0, 50, 20]], np.float32)
    known = entries([[20, 0, 0], [80, 0, 30], [50, -30, 0]])
    for seed in range(20):
        shown = shown_palette(known, hinted, True, np.random.default_rng(seed), wrong=True)
        last = int(shown["present"].sum()) - 1
        assert np.allclose(shown["palette_lab"][last], hinted[0])
        expected = to_rgb(hinted[None])[0, 0] / 127.5 - 1
        assert np.allclose(shown["palette"][last, :3], expected)
        assert not shown["palette"][last, 3:].any()


def test_a_palette_that_is_mistaken_leaves_a_colour_to_its_hint():
    hinted = np.array([[60.0, 50, 20]], np.float32)
    known = entries([[61, 50, 20], [20, 0, 0]])
    changed = [mistaken(known, hinted, np.random.default_rng(seed)).lab for seed in range(40)]
    moved = sum(not np.allclose(lab[0], known.lab[0]) for lab in changed)
    assert 24 < moved < 40
    assert all(np.allclose(lab[1], known.lab[1]) for lab in changed)


def test_a_role_gives_way_where_a_hint_is_nearer_to_the_truth():
    roles = np.array([[1, 1, 2]])
    lab = np.array([[[60, 50, 20], [20, 0, 0], [80, 0, 30]]], np.float32)
    known = entries([[20, 0, 0], [80, 0, 30]], places=[UNASSIGNED, 0, 1])
    hinted = np.array([[60.0, 50, 20]], np.float32)
    assert released(known, roles, lab, hinted).tolist() == [[UNASSIGNED, 0, 1]]
    assert released(known, roles, lab, hinted[:0]).tolist() == [[0, 0, 1]]
