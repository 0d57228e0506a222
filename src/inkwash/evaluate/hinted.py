"""The hint curve: how much nearer to the truth a few true colours bring the colourings.

Hints are fixed: in the largest regions first, each where its region is widest, in the truth's own
median colour of that region. `hints.json` keeps them, so that other versions get the very same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inkwash import metrics
from inkwash.choices import dot_inside
from inkwash.colour import format_hex, parse_hex
from inkwash.errors import BadHints, BadPalette
from inkwash.evaluate.cases import Case
from inkwash.evaluate.rows import Row, summed_up
from inkwash.evaluate.ways import Outcome, colour
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter, PaintRequest

COUNTS = (0, 1, 3, 5, 10, 25)

Mark = tuple[float, float, float, str]  # x, y and radius in pixels of the sketch, colour
Marks = Mapping[str, Sequence[Mark]]  # picture → its marks, the first ones first


def place_marks(case: Case, most: int = COUNTS[-1]) -> list[Mark]:
    """One mark in each of the largest regions; fewer where there are fewer regions."""
    marks = []
    for label in range(min(most, case.regions.count)):
        dot = dot_inside(case.regions, label)
        red, green, blue = case.true_colours[label].tolist()
        marks.append((dot.x, dot.y, round(dot.radius, 2), format_hex((red, green, blue))))
    return marks


def hints_of(case: Case, marks: Sequence[Mark]) -> Hints:
    """Marks as hints that the network sees and the settling obeys."""
    items = (Hint("colour", Dot(x, y, radius), parse_hex(rgb)) for x, y, radius, rgb in marks)
    return Hints(case.sketch.size, tuple(items))


def hint_rows(
    painter: Painter, case: Case, weights: str, marks: Sequence[Mark], counts: Sequence[int]
) -> Iterator[tuple[int, Row]]:
    """A row for each number of hints and each outcome; 0 is left out, the table's rows have it."""
    for count in filter(None, counts):
        for outcome in colour(painter, case, PaintRequest(hints=hints_of(case, marks[:count]))):
            yield count, _row(outcome, case, weights)


def write_marks(marks: Marks) -> bytes:
    """As JSON, a line a picture."""
    lines = (f"{json.dumps(name)}: {json.dumps(found)}" for name, found in marks.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def read_marks(path: Path) -> dict[str, list[Mark]]:
    """What an earlier run wrote. Raises BadHints."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        return {name: [_mark(*mark) for mark in marks] for name, marks in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, BadPalette) as error:
        raise BadHints(
            f"{path}: are not the hints of an evaluation ({error}); give the hints.json of one"
        ) from error


def _mark(x: float, y: float, radius: float, rgb: str) -> Mark:
    parse_hex(rgb)
    return float(x), float(y), float(radius), rgb


def _row(outcome: Outcome, case: Case, weights: str) -> Row:
    """PSNR, and flats accuracy where there are regions."""
    quality = metrics.psnr(outcome.pictures, case.truth)
    figures = summed_up("psnr", quality, outcome.picked)
    if outcome.colours is not None:
        flats = [
            metrics.flats_accuracy(colours, case.true_colours, case.regions.areas)
            for colours in outcome.colours
        ]
        figures |= summed_up("flats", np.array(flats), outcome.picked)
    return Row(
        weights=weights, way=outcome.way, form=outcome.form, picture=case.name, group=case.group,
        winner=int(quality.argmax()), picked=outcome.picked, quality=tuple(quality.tolist()),
        figures=figures,
    )  # fmt: skip
