"""Palettes cut to what the network takes, and pictures snapped to palettes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import (
    Floats,
    Rgb,
    as_uint8,
    delta_e76,
    delta_e2000,
    distinct,
    lab_from_srgb,
    srgb_from_lab,
)
from inkwash.errors import BadPalette
from inkwash.palettes.palette import Palette, Swatch

FEWEST, MOST = 2, 16  # colours that the network takes
MOST_HINTED = 6  # of them that hints may add
HINTED = "hint"  # the name of a colour that a hint added
SAME = 3.0  # ΔE76 under which a hint's colour is one that the palette has


def fit(palette: Palette, most: int = MOST) -> tuple[Palette, str]:
    """The palette with at most `most` colours, and a note on what was merged ("" for nothing).

    Of the two colours nearest in Lab the one of the smaller share goes, and its share goes to
    the other, until few enough are left: every colour that stays is one the artist gave.
    Raises `BadPalette` when there are fewer than two different colours.
    """
    if len({swatch.rgb for swatch in palette.swatches}) < FEWEST:
        raise BadPalette(
            f"{palette} is a single colour; the network places {FEWEST} to {MOST} different ones"
        )
    if len(palette) <= most:
        return palette, ""
    weights = palette.weights.astype(np.float64)
    stays = _merge_nearest(palette.lab, weights, most)
    kept = palette.take(np.flatnonzero(stays).tolist())
    shares = None if palette.shares is None else tuple(weights[stays].tolist())
    note = f"{len(palette)} colours merged to the {most} that differ most"
    return Palette(kept.swatches, kept.name, shares), note


def fit_with(palette: Palette, hinted: Sequence[Rgb], most: int = MOST) -> tuple[Palette, str]:
    """`fit`, with the last hinted colours that the palette does not have nearly, their share 0."""
    joined: list[Rgb] = []
    known = palette.lab
    for rgb in reversed(hinted):
        lab = lab_from_srgb(np.array(rgb, np.uint8))
        if len(joined) < MOST_HINTED and delta_e76(known, lab).min() > SAME:
            joined.append(rgb)
            known = np.concatenate([known, lab[None]])
    fitted, note = fit(palette, most - len(joined))
    if not joined:
        return fitted, note
    shares = None if fitted.shares is None else (*fitted.shares, *(0.0 for _ in joined))
    swatches = (*fitted.swatches, *(Swatch(rgb, name=HINTED) for rgb in joined))
    return Palette(swatches, fitted.name, shares), note


def _merge_nearest(lab: Floats, weights: Floats, most: int) -> NDArray[np.bool_]:
    """Which of (P, 3) stay; `weights` is changed in place. Distances never change, as no colour
    is mixed, so one walk over the sorted pairs is enough."""
    first, second = np.triu_indices(len(lab), k=1)
    order = np.argsort(delta_e76(lab[first], lab[second]), kind="stable")
    stays = np.ones(len(lab), bool)
    left = len(lab)
    for pair in order:
        one, other = first[pair], second[pair]
        if left == most:
            break
        if stays[one] and stays[other]:
            gone, kept = (one, other) if weights[one] < weights[other] else (other, one)
            stays[gone] = False
            weights[kept] += weights[gone]
            left -= 1
    return stays


def nearest(lab: Floats, palette: Palette) -> NDArray[np.intp]:
    """The place of the nearest swatch by ΔE2000: Lab (…, 3) → (…)."""
    best = np.zeros(lab.shape[:-1], np.intp)
    least = np.full(lab.shape[:-1], np.inf, lab.dtype)
    for place, colour in enumerate(palette.lab):
        difference = delta_e2000(lab, colour)
        closer = difference < least
        best[closer] = place
        least[closer] = difference[closer]
    return best


def snap(rgb: NDArray[np.uint8], palette: Palette, strength: float = 1.0) -> NDArray[np.uint8]:
    """Every colour of (…, 3) moved in Lab towards the palette's nearest by ΔE2000.

    `strength` 0 leaves every byte as it is, 1 gives exactly the palette's colours.
    """
    if not 0 <= strength <= 1:
        raise BadPalette(f"snap {strength} is not possible; give a number from 0 to 1")
    if strength == 0:
        return rgb.copy()
    colours, places = distinct(rgb)
    lab = lab_from_srgb(colours)
    target = nearest(lab, palette)
    if strength == 1:
        return palette.bytes[target][places]
    moved = lab + np.float32(strength) * (palette.lab[target] - lab)
    return as_uint8(srgb_from_lab(moved))[places]
