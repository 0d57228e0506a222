"""Proposed palettes against palettes of the library, on held-out pictures.

    python benchmarks/palettes.py --data DIR [--weights NAME] [--sheets DIR]

For each way of choosing nine palettes: the distance in ΔE76 of the nine to the truth's six colours
(mean over colours by their share, both ways), the best, the mean and the first of nine in dB,
how far the nine pictures differ (ΔE76), and colourfulness over the truth's, of the network's
pictures and of settled flats. Groups count alike: means are of groups, then of pictures. Writes
results/proposer.csv beside this file, and sheets of sketch, truth and nine settled.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from held_out_pictures import asked, by_group
from numpy.typing import NDArray
from tables import write_rows

from inkwash import metrics
from inkwash.colour import as_uint8, delta_e76
from inkwash.errors import BadPalette
from inkwash.evaluate.cases import Case, choose_entries, fit, read_case
from inkwash.evaluate.ways import seen_by
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette, from_picture, library
from inkwash.propose import Study, propose
from inkwash.proposer import palettes_for, propose_palettes
from inkwash.settle import settle
from inkwash.writing import write_whole

RESULTS = Path(__file__).parent / "results" / "proposer.csv"
Pixels = NDArray[np.uint8]
Way = Callable[[Study, Painter], tuple[Palette, ...]]


def at_random(studied: Study, painter: Painter) -> tuple[Palette, ...]:
    names = list(library())
    rng = np.random.default_rng(int(1000 * abs(studied.encoded.features[:, 0, 0].sum())))
    return tuple(library()[names[place]] for place in rng.permutation(len(names))[:9])


WAYS: dict[str, Way] = {
    "library, at random": at_random,
    "library, farthest from each other": lambda *_: propose_palettes(9),
    "of pictures that look alike": lambda studied, painter: palettes_for(studied, painter.runtime),
}


def distance(one: Palette, other: Palette) -> float:
    """Mean ΔE76 from each colour, by its share, to the nearest of the other palette, both ways."""
    apart = delta_e76(one.lab[:, None], other.lab[None])  # (P, Q)
    ways = (apart.min(1), one.weights), (apart.min(0), other.weights)
    return float(sum(np.average(nearest, weights=shares) for nearest, shares in ways) / 2)


def measure(case: Case, studied: Study, painter: Painter, way: Way) -> tuple[dict, Pixels]:
    """Figures, and the nine as they are exported (K, H, W, 3)."""
    start = time.process_time()
    palettes = way(studied, painter)
    milliseconds = 1000 * (time.process_time() - start)
    proposals = propose(studied, painter.runtime, palettes)
    pictures = np.stack([fit(as_uint8(picture), case.size) for picture in proposals.pictures])
    painting = settle(proposals, case.regions, case.sketch)
    settled = np.stack([case.inked(c.colours, c.clear) for c in painting.colourings])
    quality = metrics.psnr(pictures, case.truth)
    figures = {
        "best": quality.max(),
        "mean": quality.mean(),
        "first": quality[0],
        "diversity": metrics.diversity(pictures[:, ::3, ::3]),
        "diversity_settled": metrics.diversity(settled[:, ::3, ::3]),
        "colourfulness": metrics.colourfulness_ratio(pictures, case.truth).mean(),
        "colourfulness_settled": metrics.colourfulness_ratio(settled, case.truth).mean(),
        "cpu_ms": milliseconds,
    }
    try:
        truth = from_picture(case.truth, 6)
    except BadPalette:  # a grey picture has no palette to be near to
        return figures, settled
    apart = [distance(truth, palette) for palette in palettes]
    return figures | {"distance_best": min(apart), "distance_mean": np.mean(apart)}, settled


def strip(case: Case, pictures: Pixels, height: int = 150) -> Pixels:
    lines = np.repeat(case.lines[..., None], 3, axis=2)
    tiles = [lines, case.truth, *pictures]
    width = min(200, round(case.size.width * height / case.size.height))
    return np.concatenate(
        [np.asarray(cv2.resize(t, (width, height), interpolation=cv2.INTER_AREA)) for t in tiles], 1
    )


def write_sheet(path: Path, strips: list[Pixels]) -> None:
    width = max(row.shape[1] for row in strips)
    padded = [
        np.pad(r, ((0, 2), (0, width - r.shape[1]), (0, 0)), constant_values=255) for r in strips
    ]
    png = cv2.imencode(".png", np.concatenate(padded)[..., ::-1])[1].tobytes()
    write_whole(path, png, force=True)


def main() -> None:
    parser = asked(__doc__)
    parser.add_argument("--sheets", type=Path, help="folder for a sheet of each group")
    arguments = parser.parse_args()
    painter = Painter.load(arguments.weights, threads=arguments.threads)
    if not painter.runtime.memory:
        parser.error("these weights remember no palettes: run inkwash weights learn-palettes")
    rows: dict[str, list[dict]] = {name: [] for name in WAYS}
    groups, shown = [], {}
    for entry in choose_entries(arguments.data, most=arguments.most):
        case = seen_by(painter, read_case(entry))
        studied = painter.study(case.sketch, PaintRequest())
        strips = []
        for name, way in WAYS.items():
            figures, settled = measure(case, studied, painter, way)
            rows[name].append(figures)
            strips.append(strip(case, settled))
        shown.setdefault(case.group, strips[1:])
        groups.append(case.group)
        print(case.name, flush=True)
    table = [_row(name, found, groups) for name, found in rows.items()]
    write_rows(RESULTS, table)
    if arguments.sheets:
        for group, strips in shown.items():
            write_sheet(arguments.sheets / f"{group.replace('/', '-')}.png", strips)


def _row(name: str, rows: list[dict], groups: list[str]) -> dict:
    keys = dict.fromkeys(key for row in rows for key in row)
    figures = {key: f"{by_group(rows, groups, key):.2f}" for key in keys}
    over_pictures = f"{np.mean([row['best'] for row in rows]):.2f}"
    row = {"palettes": name, "pictures": len(rows), "groups": len(set(groups))}
    return row | figures | {"best_over_pictures": over_pictures}


if __name__ == "__main__":
    main()
