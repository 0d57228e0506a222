"""What is measured: held-out pictures, their sketches, regions and true colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.cells import find_cells
from inkwash.data.lines import EXTRACTORS
from inkwash.data.pictures import Entry, find_entries, read_entry
from inkwash.errors import BadData
from inkwash.geometry import Size
from inkwash.regions import Regions, segment
from inkwash.sketch import Sketch

SIDE = 256  # short side at which figures are taken
SKETCH_SIDE = 2 * SIDE  # short side at which sketches are settled, at most
EXTRACTOR, STRENGTH = "xdog", 0.5  # of lines, where a picture has none

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A picture with its sketch and regions.

    `truth` (H, W, 3) is at the size of measurement; `sketch` and `regions` may be larger.
    """

    name: str
    group: str
    truth: Pixels
    sketch: Sketch
    regions: Regions

    @property
    def size(self) -> Size:
        return Size(self.truth.shape[1], self.truth.shape[0])

    @cached_property
    def true_colours(self) -> Pixels:
        """The truth's own median colour in each region, (R, 3)."""
        cells = find_cells(self.regions, self.truth.shape[:2])
        return cells.median(self.truth.transpose(2, 0, 1)).T

    @cached_property
    def lines(self) -> Pixels:
        """The sketch (H, W) at the size of measurement."""
        return fit(self.sketch.lines, self.size)

    def inked(self, colours: Pixels, clear: NDArray[np.bool_]) -> Pixels:
        """A settled picture as it is exported, flats under lines, at the size of measurement."""
        table = np.where(clear[:, None], np.uint8(255), colours)
        flat = np.take(table, self.regions.labels, axis=0)
        lines = np.repeat(self.sketch.lines[..., None], 3, axis=2)
        return fit(np.asarray(cv2.multiply(flat, lines, scale=1 / 255), np.uint8), self.size)


def choose_entries(
    data: Sequence[Path], *, least_score: float = 4, most: int = 0, held_out: bool = True
) -> list[Entry]:
    """The held-out entries, or those trained on, of at least this score; `most` spread evenly,
    0 for all. Raises BadData when there are none."""
    found = [entry for folder in data for entry in find_entries(folder)]
    found = [e for e in found if e.held_out == held_out and e.score >= least_score]
    if not found:
        kind = "held out" if held_out else "trained on"
        raise BadData(f"no picture of style_score {least_score:g} or more is {kind}; lower it")
    if most and most < len(found):
        places = np.linspace(0, len(found) - 1, most).astype(int)
        found = [found[place] for place in places]
    return found


def read_case(entry: Entry) -> Case:
    """A picture at the size of measurement, its lines by a fixed extractor if it has none."""
    colour, line, _ = read_entry(entry, SKETCH_SIDE)
    ink = EXTRACTORS[EXTRACTOR](colour, STRENGTH) if line is None else line
    size = Size(colour.shape[1], colour.shape[0]).scaled_to_short_side(SIDE)
    return Case(
        name=entry.name,
        group=entry.group,
        truth=fit(colour, size),
        sketch=Sketch(ink=ink, name=Path(entry.name).stem),
        regions=segment(ink),
    )


def fit(picture: Pixels, size: Size) -> Pixels:
    """A picture (h, w) or (h, w, 3) at another size."""
    mode = cv2.INTER_LINEAR if picture.shape[1] < size.width else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, (size.width, size.height), interpolation=mode), np.uint8)
