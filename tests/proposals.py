"""Proposals drawn by lot, for tests of what comes after the network."""

from __future__ import annotations

import numpy as np

from inkwash.geometry import Size
from inkwash.palettes import Palette, parse
from inkwash.propose import Proposals

PALETTE = parse("#ffddcc,#aa3322,#332211,#88aaff,#ffffff,#ddeecc,#445566,#ee9900")


def random_proposals(
    size: Size, *, count: int = 2, palette: Palette = PALETTE, seed: int = 0
) -> Proposals:
    """`count` proposals for a sketch of this size: smooth noise as scores and as shade."""
    random = np.random.default_rng(seed)
    grid = size.scaled_to_short_side(48)
    shape = (grid.height, grid.width)
    scores = random.normal(0, 1, (count, len(palette), *shape)).astype(np.float32)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    y, x = np.mgrid[: shape[0], : shape[1]] / max(shape)
    waves = [np.sin(9 * x + 5 * y + 2 * number) for number in range(count)]
    return Proposals(
        pictures=np.zeros((count, *shape, 3), np.float32),
        palettes=(palette,) * count,
        scores=scores,
        shade=0.5 * np.stack(waves).astype(np.float32),
    )
