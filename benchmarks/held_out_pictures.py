"""What benchmarks on held-out pictures share: what they are asked, and means in which each group
counts alike."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np


def asked(description: str | None) -> argparse.ArgumentParser:
    """A parser of what they all take: pictures, weights, threads, how many pictures."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--weights", default="default")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--most", type=int, default=0, help="pictures; 0: all that are held out")
    return parser


def by_group(rows: Sequence[Mapping[str, float]], groups: Sequence[str], key: str) -> float:
    """The mean over groups of a figure's mean in each; rows that lack it are left out."""
    found: dict[str, list[float]] = {}
    for row, group in zip(rows, groups, strict=True):
        if key in row:
            found.setdefault(group, []).append(row[key])
    return float(np.mean([np.mean(values) for values in found.values()]))
