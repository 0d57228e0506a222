"""Arithmetic of colours as the painter mixes them: shade, light, tint."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.scene import Rgb

_SKIN_SHADE = (0.93, 0.76, 0.73)
_WHITE_SHADE = (0.84, 0.86, 0.94)
# Of each twelfth of the circle, from red on; measured on illustrations, weighted by chroma.
_HUES = np.array([15, 18, 5, 3, 3, 8, 23, 14, 3, 1, 1, 6]) / 100


def multiplied(rgb: Rgb, by: Sequence[float] | NDArray[np.float64]) -> Rgb:
    """Channel by channel, held in 0…255."""
    r, g, b = (min(255, max(0, round(value * k))) for value, k in zip(rgb, by, strict=True))
    return r, g, b


def mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    """`share` of the second colour over the first."""
    r, g, b = (round(x + (y - x) * share) for x, y in zip(first, second, strict=True))
    return r, g, b


def lightness(rgb: Rgb) -> float:
    """Luma, 0…255."""
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]


def brightened(rgb: Rgb, by: float) -> Rgb:
    """Darker under 1; above 1 mixed with white, so that the hue stays."""
    return multiplied(rgb, (by, by, by)) if by <= 1 else mixed(rgb, (255, 255, 255), by - 1)


def shaded(rgb: Rgb, shade: Sequence[float], role: str) -> Rgb:
    """The colour in shadow: skin stays warm, white stays clean, the rest takes the shade."""
    if role == "skin":
        return multiplied(rgb, _SKIN_SHADE)
    if min(rgb) > 215:
        return multiplied(rgb, _WHITE_SHADE)
    return multiplied(rgb, shade)


def lit(rgb: Rgb, share: float = 0.34) -> Rgb:
    """The colour in direct light."""
    return mixed(rgb, (255, 252, 244), share)


def common_hue(rng: np.random.Generator) -> float:
    """A hue in turns, as often as illustrations of characters have it beside skin and hair."""
    return float((rng.choice(12, p=_HUES) + rng.random()) / 12)


def dyed(hue: float, saturation: float, value: float) -> Rgb:
    """A colour as cloth and walls have it: as `from_hsv`, but no neon greens and magentas."""
    neon = max(0.0, 1 - abs(hue % 1.0 - 0.36) / 0.16, 1 - abs(hue % 1.0 - 0.84) / 0.10)
    return from_hsv(hue, saturation * (1 - 0.38 * neon), value * (1 - 0.14 * neon * saturation))


def from_hsv(hue: float, saturation: float, value: float) -> Rgb:
    """Hue in turns, saturation and value in 0…1."""
    r, g, b = colorsys.hsv_to_rgb(hue % 1.0, min(1, max(0, saturation)), min(1, max(0, value)))
    return round(r * 255), round(g * 255), round(b * 255)
