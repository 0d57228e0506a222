"""Figures of one picture, coloured in one way by one set of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inkwash import metrics
from inkwash.data.lines import EXTRACTORS
from inkwash.evaluate.cases import EXTRACTOR, STRENGTH, Case
from inkwash.evaluate.judges import Compares, Judge, Sees
from inkwash.evaluate.ways import Outcome

LOWER_IS_BETTER = ("delta_e2000",)
NO_BEST = ("colourfulness",)  # a ratio to the truth: 1 is right, more is not better
DARK = 128  # grey level under which a pixel is line
EVERY = 3  # pixels looked at for diversity, along each side

Floats = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One picture coloured in one way.

    `figures`: measure → value, as `psnr_best`, `psnr_mean`, `psnr_picked`. `quality`: PSNR of each
    proposal in dB; `winner` has the most. `features`: judge → what it saw in the picked one (D,).
    """

    weights: str
    way: str
    form: str
    picture: str
    group: str
    winner: int
    picked: int
    quality: tuple[float, ...]
    figures: dict[str, float]
    features: dict[str, Floats] = field(default_factory=dict)


def measure(outcome: Outcome, case: Case, weights: str, judges: Sequence[Judge]) -> Row:
    """Every figure of one outcome."""
    each = each_proposal(outcome, case)
    winner = int(each["psnr"].argmax())
    figures = {}
    for name, values in each.items():
        figures |= summed_up(name, values, outcome.picked)
    if len(outcome.pictures) > 1:
        figures["diversity"] = metrics.diversity(outcome.pictures[:, ::EVERY, ::EVERY])
    figures["lines"] = line_fidelity(outcome, case)
    shown = outcome.pictures[[winner, outcome.picked]]
    features = {}
    for judge in judges:
        if isinstance(judge, Compares):
            figures |= judged(judge, shown, case)
        if isinstance(judge, Sees):
            features[judge.name] = judge.features(shown[1:])[0]
    return Row(
        weights=weights, way=outcome.way, form=outcome.form, picture=case.name, group=case.group,
        winner=winner, picked=outcome.picked, quality=tuple(each["psnr"].tolist()),
        figures=figures, features=features,
    )  # fmt: skip


def each_proposal(outcome: Outcome, case: Case) -> dict[str, Floats]:
    """Measure → its value for each proposal, (K,)."""
    pictures, truth = outcome.pictures, case.truth
    alike, alike_by_scale = metrics.similarities(pictures, truth)
    found = {
        "psnr": metrics.psnr(pictures, truth),
        "ssim": alike,
        "ms_ssim": alike_by_scale,
        "colourfulness": metrics.colourfulness_ratio(pictures, truth),
    }
    if outcome.colours is not None:
        flats = case.true_colours, case.regions.areas
        for name, figure in (
            ("delta_e2000", metrics.flats_difference),
            ("flats", metrics.flats_accuracy),
        ):
            found[name] = np.array([figure(colours, *flats) for colours in outcome.colours])
    return found


def summed_up(name: str, values: Floats, picked: int) -> dict[str, float]:
    """Best and mean of K, and the one picked without the truth."""
    figures = {f"{name}_mean": float(values.mean()), f"{name}_picked": float(values[picked])}
    if name in NO_BEST:
        return figures
    best = values.min() if name in LOWER_IS_BETTER else values.max()
    return {f"{name}_best": float(best), **figures}


def line_fidelity(outcome: Outcome, case: Case) -> float:
    """How well the sketch's lines are found again in the picked picture; `metrics.line_fidelity`.

    The same extractor looks at the sketch and at the picture.
    """
    extract = EXTRACTORS[EXTRACTOR]
    lines = np.repeat(case.lines[..., None], 3, axis=2)
    found, wanted = (
        extract(picture, STRENGTH) < DARK for picture in (outcome.pictures[outcome.picked], lines)
    )
    return metrics.line_fidelity(found, wanted)


def judged(judge: Compares, shown: NDArray[np.uint8], case: Case) -> dict[str, float]:
    """A judge's distance from the truth of the winner and the picked one (2, H, W, 3)."""
    best, picked = judge.distances(shown, case.truth).tolist()
    return {f"{judge.name}_best": best, f"{judge.name}_picked": picked}
