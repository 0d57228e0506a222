"""Which colours are skin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.palettes.palette import Palette


def has_natural_skin(palette: Palette) -> bool:
    """Whether its skin colour is one that skins of people have."""
    roles = [swatch.role for swatch in palette.swatches]
    return "skin" in roles and bool(is_skin(palette.lab[roles.index("skin")]))


def is_skin(lab: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether Lab colours (…, 3) are of a hue and chroma that skins of all tones have."""
    lightness, a, b = np.moveaxis(lab, -1, 0)
    hue, chroma = np.degrees(np.arctan2(b, a)), np.hypot(a, b)
    return (hue > 20) & (hue < 85) & (chroma > 5) & (chroma < 45) & (lightness > 20)
