"""Parting what is drawn open by what the network sees, on held-out pictures.

    python benchmarks/drawn_open.py --data DIR [--weights NAME] [--most N]

By lines alone, and with each sureness from which a kind counts as seen: how many regions there are,
the PSNR of the truth's own flats in them, and of what is exported under the truth's palette (best,
mean, picked of nine) and under proposed ones. Groups count alike. Writes results/drawn_open.csv.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from held_out_pictures import asked, by_group
from tables import write_rows

from inkwash import metrics
from inkwash.evaluate.cases import Case, choose_entries, read_case
from inkwash.evaluate.ways import requests, settled
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.regions import kinds

RESULTS = Path(__file__).parent / "results" / "drawn_open.csv"
SURE = (0.5, 0.6, 0.7, 0.85)
BLIND = "lines alone"


def parted(painter: Painter, case: Case, studied) -> Iterator[tuple[str, Case]]:
    """The case with regions by lines alone, and by what is seen so surely."""
    yield BLIND, case
    for sure in SURE:
        with patch.object(kinds, "SURE", sure):
            regions = painter.segment(case.sketch, studied, PaintRequest())
        yield f"{sure:g}", replace(case, regions=regions)


def measure(painter: Painter, case: Case) -> Iterator[tuple[str, dict[str, float]]]:
    request = PaintRequest()
    studied = painter.study(case.sketch, request)
    asked = [
        (way, one, painter.propose(studied, one))
        for one, way in requests(painter, case, request)
        if one.head == "palette"
    ]
    for sure, seen in parted(painter, case, studied):
        flat = seen.inked(seen.true_colours, np.zeros(seen.regions.count, bool))
        figures = {
            "regions": float(seen.regions.count),
            "truth": float(metrics.psnr(flat[None], seen.truth)[0]),
        }
        for way, one, proposals in asked:
            painting = finish(proposals, seen.regions, seen.sketch, one)
            outcome = settled(way, painting.colourings, painting.chosen, seen)
            quality = metrics.psnr(outcome.pictures, seen.truth)
            name = way.split()[0]
            figures[f"{name}_best"] = float(quality.max())
            figures[f"{name}_mean"] = float(quality.mean())
            figures[f"{name}_picked"] = float(quality[outcome.picked])
        yield sure, figures


def main() -> None:
    arguments = asked(__doc__).parse_args()
    painter = Painter.load(arguments.weights, threads=arguments.threads)
    found: dict[str, list[dict[str, float]]] = {}
    groups = []
    for entry in choose_entries(arguments.data, most=arguments.most):
        case = read_case(entry)
        groups.append(case.group)
        for sure, figures in measure(painter, case):
            found.setdefault(sure, []).append(figures)
    write_rows(RESULTS, [_row(sure, rows, groups) for sure, rows in found.items()])


def _row(sure: str, rows: list[dict[str, float]], groups: list[str]) -> dict[str, str]:
    keys = dict.fromkeys(key for row in rows for key in row)
    figures = {key: f"{by_group(rows, groups, key):.2f}" for key in keys}
    return {"seen_from": sure, "pictures": str(len(rows))} | figures


if __name__ == "__main__":
    main()
