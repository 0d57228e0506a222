"""What several corrections change in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadConfig
from inkwash.inspect.changes import Changes
from inkwash.inspect.movement import LayerChange, Row, name_filter

TOP = 0.05  # share of the filters that count as those that moved most


def in_common(found: Sequence[Changes]) -> list[Row]:
    """Filters that several corrections move in one direction, the most first.

    `common` is how far every correction moved the filter at least, along the direction they share,
    in units of how far each moved the average filter. `agreement` is the mean cosine between the
    corrections' changes of the filter. Raises BadConfig for fewer than two.
    """
    if len(found) < 2:
        raise BadConfig("one correction has nothing in common with others; give two or more pairs")
    rows: list[Row] = []
    units = [np.concatenate([layer.relative for layer in one.movement]).mean() for one in found]
    for parts in zip(*(one.movement for one in found), strict=True):
        common, agreement = _shared(parts, units)
        for place in range(len(common)):
            figures = {"common": float(common[place]), "agreement": float(agreement[place])}
            rows.append(name_filter(parts[0].layer, place, found[0].net.config) | figures)
    return sorted(rows, key=lambda row: -row["common"])


def overlap(found: Sequence[Changes]) -> NDArray[np.floating]:
    """Which share of the filters that each correction moved most is also among another's, (n, n).

    Chance gives TOP.
    """
    tops = []
    for one in found:
        relative = np.concatenate([layer.relative for layer in one.movement])
        count = max(1, round(TOP * len(relative)))
        tops.append(set(np.argsort(-relative)[:count].tolist()))
    return np.array([[len(a & b) / len(a) for b in tops] for a in tops])


def _shared(
    parts: Sequence[LayerChange], units: Sequence[float]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """`common` and `agreement` of the filters of one layer, (filters,) each."""
    size = np.linalg.norm(parts[0].before.astype(np.float64), axis=1, keepdims=True) + 1e-12
    moves = np.stack(
        [part.change / size / max(unit, 1e-12) for part, unit in zip(parts, units, strict=True)]
    )  # (corrections, filters, numbers)
    ways = moves / np.maximum(np.linalg.norm(moves, axis=2, keepdims=True), 1e-12)
    together = ways.sum(0)
    length = np.linalg.norm(together, axis=1)
    along = (moves * (together / np.maximum(length, 1e-12)[:, None])).sum(2)
    count = len(parts)
    return along.min(0), (length**2 - count) / (count * (count - 1))
