"""Palettes as the palette head takes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.palettes.fitting import MOST
from inkwash.palettes.palette import Palette

Floats = NDArray[np.float32]


def palette_features(
    palettes: tuple[Palette, ...], roles: tuple[str, ...] = ()
) -> tuple[Floats, Floats]:
    """Colour features (G, P, C) and presence (G, P) of palettes of at most 16 colours.

    The features are those of `NetConfig.colour_features`; roles the network does not know are
    not told to it.
    """
    longest = min(MOST, max(len(palette) for palette in palettes))
    colours = np.zeros((len(palettes), longest, 5 + len(roles)), np.float32)
    present = np.zeros((len(palettes), longest), np.float32)
    for row, palette in enumerate(palettes):
        count = len(palette)
        colours[row, :count, :3] = 2 * palette.rgb - 1
        if palette.shares is not None:
            colours[row, :count, 3] = palette.weights
            colours[row, :count, 4] = palette.weights > 0  # a hint's share is not known
        for place, swatch in enumerate(palette.swatches):
            if swatch.role in roles:
                colours[row, place, 5 + roles.index(swatch.role)] = 1
        present[row, :count] = 1
    return colours, present
