"""Means over pictures with bootstrap intervals, and paired differences between weights.

Pictures of one group (a book, a character) are alike, so whole groups are drawn again, not
pictures: the intervals say what other books would give (Efron & Tibshirani 1993, percentiles).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkwash import metrics
from inkwash.evaluate.distributions import frechet_distance, kernel_distance
from inkwash.evaluate.rows import Row

DRAWS = 2000
SURE = 0.95  # of the interval

Floats = NDArray[np.floating]
Key = tuple[str, str, str]  # weights, way, form


class Estimate(NamedTuple):
    """A mean and the interval that holds it in `SURE` of the draws; `pictures` counted."""

    mean: float
    low: float
    high: float
    pictures: int


def estimate(values: Floats, groups: Sequence[str], seed: int = 0) -> Estimate:
    """Mean of values (N,) with its interval; NaN where a picture has no value are left out."""
    known = np.isfinite(values)
    values, names = values[known], np.asarray(groups)[known]
    if not len(values):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    _, place = np.unique(names, return_inverse=True)
    sums, counts = np.bincount(place, values), np.bincount(place)
    drawn = np.random.default_rng(seed).integers(0, len(sums), (DRAWS, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, [(1 - SURE) / 2, (1 + SURE) / 2])
    return Estimate(float(values.mean()), float(low), float(high), len(values))


def summarise(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One entry for each weights, way and form: estimates, and figures of the whole set."""
    table = []
    for (weights, way, form), chosen in by_key(rows).items():
        groups = [row.group for row in chosen]
        figures = {
            name: estimate(_column(chosen, name), groups)._asdict() for name in names_of(chosen)
        }
        entry = {"weights": weights, "way": way, "form": form, "pictures": len(chosen)}
        table.append(entry | {"figures": figures} | _heads(chosen))
    return table


def by_key(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """Rows of the same weights, way and form, in the order they first came."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault((row.weights, row.way, row.form), []).append(row)
    return found


def names_of(rows: Iterable[Row]) -> list[str]:
    """All figures that some row has, in order."""
    return list(dict.fromkeys(name for row in rows for name in row.figures))


def differences(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How much each weights differ from the first, on the pictures both have: paired, so that
    what is hard for both does not blur it."""
    found = by_key(rows)
    names = list(dict.fromkeys(row.weights for row in rows if row.weights))
    table = []
    for (weights, way, form), theirs in found.items():
        ours = found.get((names[0], way, form)) if names else None
        if not weights or weights == names[0] or ours is None:
            continue
        figures = _paired(ours, theirs)
        entry = {"weights": weights, "against": names[0], "way": way, "form": form}
        table.append(entry | {"figures": figures})
    return table


def distances(rows: Sequence[Row], truths: dict[str, dict[str, Floats]]) -> list[dict[str, Any]]:
    """FID and KID between the picked pictures and the truths.

    truths: judge → picture → its features (D,).
    """
    table = []
    for (weights, way, form), chosen in by_key(rows).items():
        for judge, seen in truths.items():
            if len(chosen) < 2:
                continue
            ours = np.stack([row.features[judge] for row in chosen])
            theirs = np.stack([seen[row.picture] for row in chosen])
            table.append({
                "weights": weights, "way": way, "form": form, "judge": judge,
                "fid": frechet_distance(ours, theirs), "kid": kernel_distance(ours, theirs),
                "pictures": len(chosen),
            })  # fmt: skip
    return table


def _paired(ours: Sequence[Row], theirs: Sequence[Row]) -> dict[str, dict[str, float]]:
    first = {row.picture: row for row in ours}
    both = [(first[row.picture], row) for row in theirs if row.picture in first]
    groups = [row.group for _, row in both]
    return {
        name: estimate(
            _column([row for _, row in both], name) - _column([row for row, _ in both], name),
            groups,
        )._asdict()
        for name in names_of(theirs)
    }


def _column(rows: Sequence[Row], name: str) -> Floats:
    return np.array([row.figures.get(name, np.nan) for row in rows], np.float64)


def _heads(rows: Sequence[Row]) -> dict[str, Any]:
    """Each proposal alone: how often it is the best, and its mean PSNR in dB."""
    count = len(rows[0].quality)
    if count == 1:
        return {}
    winners = np.array([row.winner for row in rows])
    return {
        "entropy": metrics.usage_entropy(winners, count),
        "wins": np.bincount(winners, minlength=count).tolist(),
        "psnr_alone": np.mean([row.quality for row in rows], axis=0).tolist(),
    }
