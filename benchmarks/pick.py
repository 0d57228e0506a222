"""The picked colouring, measured: `python benchmarks/pick.py --data DIR [--weights NAME]`.

On held-out groups: the picture picked by `inkwash.ranking` against chance (the mean of nine), the
one the network is surest of, and the oracle, to benchmarks/results/pick.csv. With `fit` before the
options, the coefficients are fitted on training groups first and written beside the weights, to
NAME.ranking.json, where painting finds them.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import write_rows

from inkwash import metrics, weights
from inkwash.data.pictures import Entry
from inkwash.evaluate import Case, choose_entries, read_case
from inkwash.evaluate.ways import as_proposed, requests, seen_by, settled
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.ranking import TRAITS, Kind, kind_of, traits
from inkwash.runtime import ranking_path

RESULTS = Path(__file__).parent / "results" / "pick.csv"
MOST_OF_A_GROUP = 6  # pictures: a book must not decide alone
COLOUR_COSTS = 0.5  # dB that colourfulness e times too large or too small costs
RIDGE = 10.0

Floats = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sketch in one way: traits (K, T), and what the truth says of each colouring, (K,)."""

    way: str
    kind: Kind
    traits: Floats
    proposed: Floats  # PSNR in dB of the network's picture
    settled: Floats  # PSNR in dB of flats under lines
    flats: Floats
    colourfulness: Floats
    sure: Floats
    ranks: Floats

    @property
    def worth(self) -> Floats:
        """What fitting is after, in dB: near to the truth, and neither grey nor loud."""
        loud = np.abs(np.log(np.clip(self.colourfulness, 0.1, 10)))
        return (self.proposed + self.settled) / 2 - COLOUR_COSTS * loud


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", choices=("measure", "fit"), default="measure")
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--weights", default="default")
    parser.add_argument("--most", type=int, default=240, help="training pictures to fit on")
    options = parser.parse_args()
    if not options.data:
        print("pick: needs --data DIR with pictures in groups; nothing was measured")
        return
    painter = Painter.load(options.weights, threads=1)
    if options.command == "fit":
        entries = spread(choose_entries(options.data, held_out=False), options.most)
        found = weights.find(options.weights)
        fitted = {"weights": found.sha256, "kinds": fit(list(samples(painter, entries)))}
        text = json.dumps(fitted, indent=1) + "\n"
        ranking_path(found.path).write_text(text, encoding="utf-8")
        painter = Painter.load(options.weights, threads=1)
    rows = measure(list(samples(painter, choose_entries(options.data))))
    write_rows(RESULTS, rows)
    print(RESULTS.read_text(encoding="utf-8"))


def spread(entries: Sequence[Entry], most: int) -> list[Entry]:
    """At most so many, few of each group, in an order that is random but fixed."""
    taken: dict[str, int] = {}
    found = []
    for place in np.random.default_rng(0).permutation(len(entries)):
        entry = entries[place]
        taken[entry.group] = taken.get(entry.group, 0) + 1
        if taken[entry.group] <= MOST_OF_A_GROUP:
            found.append(entry)
    return found[:most]


def samples(painter: Painter, entries: Sequence[Entry]) -> Iterator[Sample]:
    """Every way of every picture; each picture has a seed of its own for proposed palettes."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(partial(look, painter), entries, range(len(entries))):
            yield from found


def look(painter: Painter, entry: Entry, seed: int) -> list[Sample]:
    case = seen_by(painter, read_case(entry))
    request = PaintRequest(seed=seed)
    studied = painter.study(case.sketch, request)
    return [
        sample(painter, studied, asked, way, case)
        for asked, way in requests(painter, case, request)
    ]


def sample(painter: Painter, studied, asked: PaintRequest, way: str, case: Case) -> Sample:
    proposals = painter.propose(studied, asked)
    painting = finish(proposals, case.regions, case.sketch, asked)
    outcome = settled(way, painting.colourings, painting.chosen, case)
    flats = np.stack([one.colours for one in painting.colourings])
    areas = np.where(painting.colourings[0].clear, 0, case.regions.areas)
    sure = np.array([one.confidence for one in painting.colourings])
    right = [metrics.flats_accuracy(one, case.true_colours, case.regions.areas) for one in flats]
    return Sample(
        way=way, kind=kind_of(proposals.palettes),
        traits=traits(flats, areas, sure, proposals.palettes),
        proposed=metrics.psnr(as_proposed(proposals, case), case.truth),
        settled=metrics.psnr(outcome.pictures, case.truth), flats=np.array(right),
        colourfulness=metrics.colourfulness_ratio(outcome.pictures[:, ::3, ::3], case.truth),
        sure=sure, ranks=np.array([one.rank for one in painting.colourings]),
    )  # fmt: skip


def fit(found: Sequence[Sample]) -> dict[str, dict]:
    """Coefficients by kind: ridge regression of worth on traits and place, both less their mean
    over the colourings of a sketch, since only the order matters."""
    fitted = {}
    for kind in dict.fromkeys(one.kind for one in found):
        chosen = [one for one in found if one.kind == kind]
        inputs = np.concatenate([_centred(_with_places(one.traits)) for one in chosen])
        target = np.concatenate([_centred(one.worth) for one in chosen])
        scale = np.maximum(inputs.std(0), 1e-9)
        scaled = inputs / scale
        square = scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1])
        weights = np.linalg.solve(square, scaled.T @ target) / scale
        weights = np.where(inputs.std(0) < 1e-9, 0, weights).round(5).tolist()
        fitted[kind] = dict(zip(TRAITS, weights, strict=False)) | {"places": weights[len(TRAITS) :]}
    return fitted


def measure(found: Sequence[Sample]) -> list[dict[str, object]]:
    """A row for each way and each rule of picking."""
    rows = []
    for way in dict.fromkeys(one.way for one in found):
        chosen = [one for one in found if one.way == way]
        for rule, score in (
            ("chance", None), ("surest", "sure"), ("picked", "ranks"), ("oracle", "settled")
        ):  # fmt: skip
            row: dict[str, object] = {"way": way, "rule": rule, "sketches": len(chosen)}
            for figure in ("proposed", "settled", "flats", "colourfulness"):
                row[figure] = round(_mean(chosen, figure, score), 3)
            rows.append(row)
    return rows


def _mean(chosen: Sequence[Sample], figure: str, score: str | None) -> float:
    """Mean over sketches of a figure of the colouring with the highest score, or of all nine."""
    values = [np.asarray(getattr(one, figure)) for one in chosen]
    if score is None:
        return float(np.mean([value.mean() for value in values]))
    first = [int(np.argmax(getattr(one, score))) for one in chosen]
    return float(np.mean([value[place] for value, place in zip(values, first, strict=True)]))


def _with_places(found: Floats) -> Floats:
    return np.concatenate([found, np.eye(len(found))], axis=1)


def _centred(values: Floats) -> Floats:
    return values - values.mean(0)


if __name__ == "__main__":
    main()
