"""Bounds in the same table: what any colouring must beat, and what flats can reach at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb
from inkwash.errors import BadData
from inkwash.evaluate.cases import Case, choose_entries
from inkwash.evaluate.ways import Outcome, settled
from inkwash.settle import Colouring

BASELINES = ("paper white", "mean colour", "true flats")
SEEN = 300  # training pictures of which the mean is taken
WHITE: Rgb = (255, 255, 255)


def mean_colour(data: Sequence[Path], least_score: float) -> Rgb | None:
    """The mean colour of pictures trained on; None where all are held out."""
    try:
        entries = choose_entries(data, least_score=least_score, most=SEEN, held_out=False)
    except BadData:
        return None
    means = [entry.read(32).rgb.reshape(-1, 3).mean(0) for entry in entries]
    red, green, blue = np.round(np.mean(means, axis=0)).astype(int).tolist()
    return red, green, blue


def baselines(case: Case, mean: Rgb | None) -> Iterator[Outcome]:
    """One picture each under the sketch's lines: paper left white, the mean colour of the training
    pictures, and the truth's own median colour in every region."""
    each = (_plain(WHITE, case), mean and _plain(mean, case), case.true_colours)
    for way, colours in zip(BASELINES, each, strict=True):
        if colours is not None:
            clear = np.zeros(case.regions.count, bool)
            yield settled(way, [Colouring(colours=colours, clear=clear)], 0, case)


def _plain(rgb: Rgb, case: Case) -> NDArray[np.uint8]:
    return np.tile(np.array(rgb, np.uint8), (case.regions.count, 1))
