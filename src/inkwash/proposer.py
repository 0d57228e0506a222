"""Palettes for a sketch when nobody gives one: nine that differ, fixed by a seed."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import delta_e76, lab_from_srgb
from inkwash.palettes import Palette, library

POOL = 0.4  # of the library, drawn by lot for each seed


def propose_palettes(count: int, seed: int = 0) -> tuple[Palette, ...]:
    """`count` palettes of the library with skin that people have, from a part of it drawn by lot:
    a random first one, then always the one that is farthest from those already taken, so that
    proposals differ by construction and other seeds give others."""
    candidates, distance = _candidates()
    rng = np.random.default_rng(seed)
    pool = rng.permutation(len(candidates))[: max(count, round(POOL * len(candidates)))]
    chosen = [int(pool[0])]
    while len(chosen) < min(count, len(pool)):
        nearest = distance[chosen][:, pool].min(0)
        nearest[np.isin(pool, chosen)] = -1
        chosen.append(int(pool[nearest.argmax()]))
    return tuple(candidates[index] for index in chosen)


@cache
def _candidates() -> tuple[list[Palette], NDArray[np.floating]]:
    """The palettes to choose from, and how far each is from each."""
    palettes = [palette for palette in library().values() if has_natural_skin(palette)]
    return palettes, _distances(palettes)


def has_natural_skin(palette: Palette) -> bool:
    """Whether its skin colour is of a hue and chroma that skins of all tones have."""
    skin = palette.roles.get("skin")
    if skin is None:
        return False
    lightness, a, b = lab_from_srgb(np.array(skin.rgb, np.uint8)).tolist()
    hue, chroma = math.degrees(math.atan2(b, a)), math.hypot(a, b)
    return 20 < hue < 85 and 5 < chroma < 45 and lightness > 20


def _distances(palettes: list[Palette]) -> NDArray[np.floating]:
    """(N, N): mean ΔE76 from each colour to the nearest of the other palette, both ways."""
    one_way = np.array([[_reach(a, b) for b in palettes] for a in palettes])
    return (one_way + one_way.T) / 2


def _reach(palette: Palette, other: Palette) -> float:
    apart = delta_e76(palette.lab[:, None], other.lab[None])  # (P, Q)
    return float(np.average(apart.min(1), weights=palette.weights))
