from __future__ import annotations

import numpy as np

from inkwash.data.swatches import cluster, nearest


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
