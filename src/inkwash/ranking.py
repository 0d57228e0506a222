"""Ranking: which of nine colourings to show first, without knowing the truth.

A score in dB, linear in a few traits of the settled flats, with a constant for each place among
the nine, since a network's proposals are not equally good. `python benchmarks/pick.py fit` finds
the coefficients on pictures of training groups and writes them beside the weights, as
`NAME.ranking.json`; they are other ones for the RGB head, for one palette placed nine times, and
for nine palettes. Weights without such a file are ranked by how sure they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb, delta_e76, lab_from_srgb
from inkwash.errors import BadWeights
from inkwash.palettes import Palette

Kind = Literal["rgb", "palette", "palettes"]
TRAITS = ("sure", "apart", "mismatch", "white", "dark", "contrast", "chroma", "lightness")
LEAST_WHITE, MOST_WHITE_CHROMA = 92.0, 8.0  # of what counts as paper-coloured, in Lab
MOST_DARK = 25.0  # lightness
AGREEMENT = 0.1  # dB that a ΔE of 1 between a hint and what was proposed there costs

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]


def kind_of(palettes: Sequence[Palette]) -> Kind:
    """What there is to choose between."""
    if not palettes:
        return "rgb"
    return "palette" if len(set(map(str, palettes))) == 1 else "palettes"


def rank(
    colours: Pixels,
    areas: NDArray[np.number],
    sure: Floats,
    palettes: Sequence[Palette] = (),
    fitted: str = "",
) -> Floats:
    """Scores (K,) in dB, the highest for the colouring to show first; only differences count.

    colours: flats (K, R, 3). areas (R,): how much each region counts. sure (K,): the network's
    confidence 0…1. palettes: K, or none. fitted: the text of a ranking file; "" without one.
    """
    factors = coefficients(fitted).get(kind_of(palettes)) if fitted else None
    if factors is None or len(factors["places"]) != len(colours):
        return sure
    found = traits(colours, areas, sure, palettes)
    score = found @ np.array([factors[name] for name in TRAITS])
    return score + np.array(factors["places"])


def traits(
    colours: Pixels, areas: NDArray[np.number], sure: Floats, palettes: Sequence[Palette] = ()
) -> Floats:
    """What is seen of each colouring, (K, len(TRAITS)):

    - how sure the network is; how far it is from the mean of all, in ΔE76;
    - how far the area of each colour is from its share of the palette, 0…1;
    - the shares of the area that are as white as paper, and dark;
    - how much lightness varies, and the means of chroma and of lightness, in Lab.
    """
    share = areas / max(areas.sum(), 1e-9)
    lab = lab_from_srgb(colours)  # (K, R, 3)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    mean = light @ share
    columns = {
        "sure": sure,
        "apart": delta_e76(lab, lab.mean(0)) @ share,
        "mismatch": _mismatch(colours, share, palettes),
        "white": ((light > LEAST_WHITE) & (chroma < MOST_WHITE_CHROMA)) @ share,
        "dark": (light < MOST_DARK) @ share,
        "contrast": np.sqrt(np.square(light - mean[:, None]) @ share),
        "chroma": chroma @ share,
        "lightness": mean,
    }
    return np.stack([columns[name] for name in TRAITS], axis=1).astype(np.float64)


def disagreement(colours: Pixels, said: Mapping[int, Rgb]) -> Floats:
    """Mean ΔE76 (K,) between hints (region → colour) and what flats (K, R, 3) have there."""
    if not said:
        return np.zeros(len(colours))
    wanted = lab_from_srgb(np.array(list(said.values()), np.uint8))
    return delta_e76(lab_from_srgb(colours[:, list(said)]), wanted).mean(1).astype(np.float64)


@lru_cache(maxsize=8)
def coefficients(fitted: str) -> dict[str, Any]:
    """By kind: dB per unit of each trait, and `places`, dB of each place.

    Raises BadWeights for a text that is none.
    """
    try:
        found = json.loads(fitted)
        for factors in found["kinds"].values():
            np.array([factors[name] for name in TRAITS] + factors["places"], np.float64)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadWeights(
            f"the ranking beside the weights cannot be read ({error}); remove the .ranking.json"
        ) from error
    return found["kinds"]


def _mismatch(colours: Pixels, share: Floats, palettes: Sequence[Palette]) -> Floats:
    """Half the sum of |area − share of the palette| over its colours; 0 without palettes."""
    found = np.zeros(len(colours))
    for index, palette in enumerate(palettes):
        same = (colours[index][:, None] == palette.bytes[None]).all(-1)  # (R, P)
        found[index] = np.abs(share @ same - palette.weights).sum() / 2
    return found
