"""Colours and lines of drawn pictures beside those of real ones.

    python benchmarks/synth_colours.py --real PICTURES --drawn FOLDER --label NAME

Every picture is cut to a square of 128 pixels. What is white (all channels over 250) counts as
paper; of the rest come luminance and saturation (medians over pixels, then means over pictures),
chroma and hue. `overlap` is the shared area of two histograms, real and drawn, from 0 to 1, of 32
steps of luminance, 32 of saturation and 12 hues weighted by chroma. `ink` is the mean darkness of
lines: extracted from the colours, and as they were drawn. Rows are added to `--out`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from synth_distance import square
from tables import add_rows

from inkwash.data.lines import EXTRACTORS, ink_coverage
from inkwash.data.pictures import Example, find_entries, read_entry

SIDE = 128
RESULTS = Path(__file__).parent / "results" / "synth_colours.csv"
COLUMNS = (
    *("label", "pictures", "paper", "luminance", "saturation", "chroma"),
    *("overlap_luminance", "overlap_saturation", "overlap_hue", "ink_extracted", "ink_drawn"),
)


@dataclass(frozen=True)
class Facts:
    """What one picture has; histograms add up to 1."""

    figures: NDArray[np.float64]  # (4,) paper, luminance, saturation, chroma
    histograms: list[NDArray[np.float64]]  # luminance (32,), saturation (32,), hue (12,)
    ink: tuple[float, float]  # extracted, drawn; nan where there are no drawn lines


def facts(example: Example) -> Facts | None:
    """None for a picture that is nearly all white."""
    rgb = square(example.rgb, SIDE)
    coloured = rgb.min(-1) <= 250
    if coloured.sum() < 500:
        return None
    unit = rgb.astype(np.float32) / 255
    hue, saturation, _ = cv2.cvtColor(unit, cv2.COLOR_RGB2HSV)[coloured].T
    luminance = unit[coloured] @ np.array([0.299, 0.587, 0.114], np.float32)
    chroma = np.ptp(unit[coloured], axis=1)
    bins = (luminance, 32, 1.0, None), (saturation, 32, 1.0, None), (hue, 12, 360.0, chroma)
    histograms = [np.histogram(v, n, (0, top), weights=w)[0] for v, n, top, w in bins]
    medians = [1 - coloured.mean(), *map(np.median, (luminance, saturation)), chroma.mean()]
    line = example.line
    found = ink_coverage(EXTRACTORS["xdog"](rgb, 0.5))
    inks = found, float("nan") if line is None else ink_coverage(square(line, SIDE))
    return Facts(np.array(medians), [h / max(h.sum(), 1e-9) for h in histograms], inks)


def pictures(folder: Path, least: float, most: int) -> Iterator[Example]:
    """Up to `most` pictures, spread over the folder."""
    entries = [entry for entry in find_entries(folder) if entry.score >= least]
    places = np.linspace(0, len(entries) - 1, min(most, len(entries))).astype(int)
    return (read_entry(entries[i], 384) for i in places)


def gathered(examples: Iterable[Example]) -> list[Facts]:
    return [found for found in map(facts, examples) if found is not None]


def row(label: str, real: list[Facts], made: list[Facts]) -> dict[str, str | int | float]:
    figures = np.mean([one.figures for one in made], axis=0)
    overlaps = [
        np.minimum(*(np.mean([f.histograms[i] for f in one], axis=0) for one in (real, made))).sum()
        for i in range(3)
    ]
    inks = np.array([one.ink for one in made])
    drawn = float(np.nanmean(inks[:, 1])) if np.isfinite(inks[:, 1]).any() else ""
    values = [*figures, *overlaps, inks[:, 0].mean()]
    rounded = [round(float(value), 3) for value in values]
    last = drawn if drawn == "" else round(drawn, 3)
    return dict(zip(COLUMNS, (label, len(made), *rounded, last), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, required=True, help="a folder with SOURCES.csv")
    parser.add_argument("--drawn", type=Path, required=True, help="a folder of drawn pairs")
    parser.add_argument("--label", required=True)
    parser.add_argument("--least-score", type=float, default=4.0)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    real = gathered(pictures(arguments.real, arguments.least_score, arguments.most))
    made = gathered(pictures(arguments.drawn, 0, arguments.most))
    rows = [row(arguments.label, real, made)]
    if not arguments.out.exists():
        rows.insert(0, row("real", real, real))
    add_rows(arguments.out, rows, COLUMNS)


if __name__ == "__main__":
    main()
