"""Parting what is drawn open by what the network sees, on held-out pictures.

    python benchmarks/drawn_open.py --data DIR [--weights NAME] [--most N]

By lines alone, and with each sureness from which a kind counts as seen: how many regions there are,
the PSNR of the truth's own flats in them, and of what is exported under the truth's palette (best,
mean, picked of nine) and under proposed ones. Groups count alike. Writes results/drawn_open.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
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
    usual = kinds.SURE
    for kinds.SURE in SURE:
        regions = painter.segment(case.sketch, studied, PaintRequest())
        yield f"{kinds.SURE:g}", replace(case, regions=regions)
    kinds.SURE = usual


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--weights", default="default")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--most", type=int, default=0, help="pictures; 0: all that are held out")
    arguments = parser.parse_args()
    painter = Painter.load(arguments.weights, threads=arguments.threads)
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    entries = choose_entries(arguments.data, most=arguments.most)
    for entry in entries:
        case = read_case(entry)
        for sure, figures in measure(painter, case):
            found.setdefault(sure, {}).setdefault(case.group, []).append(figures)
    write_rows(RESULTS, [_row(sure, groups) for sure, groups in found.items()])


def _row(sure: str, groups: dict[str, list[dict[str, float]]]) -> dict[str, str]:
    keys = dict.fromkeys(key for rows in groups.values() for row in rows for key in row)
    pictures = sum(len(rows) for rows in groups.values())
    means = {
        key: np.mean(
            [
                np.mean([row[key] for row in rows if key in row])
                for rows in groups.values()
                if any(key in row for row in rows)
            ]
        )
        for key in keys
    }
    return {"seen_from": sure, "pictures": str(pictures)} | {
        key: f"{mean:.2f}" for key, mean in means.items()
    }


if __name__ == "__main__":
    main()
