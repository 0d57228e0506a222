"""Proposals in few bytes: what a session keeps of every round.

Rounding is done before a round is first seen, so that a project that was closed and opened again
shows the same to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkwash.palettes import Palette
from inkwash.propose import Proposals

SCORE_STEP = 1 / 24  # of log-probabilities, down to -10.6
SHADE_STEP = 1 / 32767

Arrays = Mapping[str, NDArray[Any]]


def compact(proposals: Proposals) -> Proposals:
    """The proposals, rounded to what `pack` keeps."""
    kept = unpack(pack(proposals), proposals.palettes)
    return replace(kept, ranking=proposals.ranking)


def pack(proposals: Proposals) -> dict[str, NDArray[Any]]:
    """Arrays of small integers: pictures and, of a palette head, scores and shade."""
    packed: dict[str, NDArray[Any]] = {"pictures": _rounded(proposals.pictures, 1 / 255, np.uint8)}
    if proposals.scores is not None:
        packed["scores"] = _rounded(-proposals.scores, SCORE_STEP, np.uint8)
    if proposals.shade is not None:
        packed["shade"] = _rounded(proposals.shade, SHADE_STEP, np.int16)
    return packed


def unpack(arrays: Arrays, palettes: tuple[Palette, ...]) -> Proposals:
    """Proposals from what `pack` gives; packing them again gives the same bytes."""
    scores, shade = arrays.get("scores"), arrays.get("shade")
    return Proposals(
        pictures=arrays["pictures"].astype(np.float32) / np.float32(255),
        palettes=palettes,
        scores=None if scores is None else scores * np.float32(-SCORE_STEP),
        shade=None if shade is None else shade * np.float32(SHADE_STEP),
    )


def _rounded(values: NDArray[np.floating], step: float, kind: type) -> NDArray[Any]:
    limits = np.iinfo(kind)
    return np.clip(np.rint(values / step), limits.min, limits.max).astype(kind)
