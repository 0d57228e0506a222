"""The whole evaluation: every case through every painter, then tables, charts and the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb
from inkwash.data.pictures import Entry
from inkwash.errors import BadHints
from inkwash.evaluate import summary
from inkwash.evaluate.baselines import baselines, mean_colour
from inkwash.evaluate.cases import EXTRACTOR, SIDE, STRENGTH, Case, choose_entries, read_case
from inkwash.evaluate.hinted import COUNTS, Mark, Marks, hint_rows, place_marks
from inkwash.evaluate.judges import Judge, Sees, absences
from inkwash.evaluate.rows import Row, measure
from inkwash.evaluate.shots import Strip, strip
from inkwash.evaluate.ways import colour, seen_by
from inkwash.evaluate.writers import PAGE, write_report
from inkwash.painter import Painter
from inkwash.writing import refuse_existing

Features = dict[str, NDArray[np.floating]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is measured, and with what."""

    least_score: float = 4  # pictures under this style_score are left out
    most: int = 0  # at most so many pictures, spread evenly; 0: all
    judges: Sequence[Judge] = ()
    hints: Marks | None = None  # None: placed anew
    counts: Sequence[int] = COUNTS  # of hints; none: no hint curve
    threads: int = 0  # pictures at once; 0: one a core


@dataclass(kw_only=True)
class Report:
    """All that was measured."""

    rows: list[Row] = field(default_factory=list)
    hinted: dict[int, list[Row]] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    truths: dict[str, Features] = field(default_factory=dict)  # judge → picture → features
    strips: list[Strip] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one case gave."""

    case: str
    rows: list[Row]
    hinted: list[tuple[int, Row]]
    marks: list[Mark]
    truth: Features
    strip: Strip


def evaluate(
    painters: Mapping[str, Painter],
    data: Sequence[Path],
    out: Path,
    plan: Plan | None = None,
    *,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Measure named painters on the held-out groups; write tables, charts, sheets and a page.

    Returns what table.json holds. Raises BadData when nothing is held out, BadHints for hints that
    lack a picture, OutputExists before anything is measured.
    """
    plan = plan or Plan()
    refuse_existing(out / PAGE, force=force)
    entries = choose_entries(data, least_score=plan.least_score, most=plan.most)
    mean = mean_colour(data, plan.least_score)
    report = Report()
    for index, found in enumerate(_examined(entries, painters, plan, mean)):
        collect(report, found)
        if progress:
            progress(index + 1, len(entries))
    table = tabulate(report, plan, entries)
    write_report(out, report, table, force=force)
    return table


def examine(entry: Entry, painters: Mapping[str, Painter], plan: Plan, mean: Rgb | None) -> Found:
    """One case: every way of every painter, with and without hints."""
    case = read_case(entry)
    outcomes = [("", outcome, case) for outcome in baselines(case, mean)]
    hinted, marks = [], marks_for(case, plan)
    for name, painter in painters.items():
        seen = seen_by(painter, case)
        outcomes += [(name, outcome, seen) for outcome in colour(painter, seen)]
        hinted += hint_rows(painter, seen, name, marks, plan.counts)
    rows = [measure(outcome, seen, name, plan.judges) for name, outcome, seen in outcomes]
    seeing = [judge for judge in plan.judges if isinstance(judge, Sees)]
    truth = {judge.name: judge.features(case.truth[None])[0] for judge in seeing}
    return Found(
        case=case.name, rows=rows, hinted=hinted, marks=marks, truth=truth,
        strip=strip(case, [outcome for _, outcome, _ in outcomes], rows),
    )  # fmt: skip


def _examined(
    entries: Sequence[Entry], painters: Mapping[str, Painter], plan: Plan, mean: Rgb | None
) -> Iterator[Found]:
    """Cases in their order, several at once; the rest is dropped when one fails."""
    with ThreadPoolExecutor(plan.threads or os.cpu_count() or 1) as pool:
        jobs = [pool.submit(examine, entry, painters, plan, mean) for entry in entries]
        try:
            for job in jobs:
                yield job.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def marks_for(case: Case, plan: Plan) -> list[Mark]:
    """The hints of a case: those given, or placed anew."""
    if not any(plan.counts):
        return []
    if plan.hints is None:
        return place_marks(case)
    if case.name not in plan.hints:
        raise BadHints(f"{case.name}: the hints given are of other pictures; leave --hints out")
    return list(plan.hints[case.name])


def collect(report: Report, found: Found) -> None:
    """Add one case."""
    report.rows += found.rows
    report.strips.append(found.strip)
    if found.marks:
        report.marks[found.case] = found.marks
    for count, row in found.hinted:
        report.hinted.setdefault(count, []).append(row)
    for judge, features in found.truth.items():
        report.truths.setdefault(judge, {})[found.case] = features


def tabulate(report: Report, plan: Plan, entries: Sequence[Entry]) -> dict[str, Any]:
    """What table.json holds: settings, estimates, differences, distances, the hint curve."""
    return {
        "settings": {
            "pictures": len(entries),
            "groups": len({entry.group for entry in entries}),
            "least_score": plan.least_score,
            "short_side": SIDE,
            "lines": f"{EXTRACTOR} at {STRENGTH}, or the picture's own",
            "judges": {judge.name: judge.detail for judge in plan.judges},
            "absent": absences(plan.judges),
        },
        "ways": summary.summarise(report.rows),
        "differences": summary.differences(report.rows),
        "distances": summary.distances(report.rows, report.truths),
        "hints": hint_curve(report),
    }


def hint_curve(report: Report) -> list[dict[str, Any]]:
    """Estimates for each number of hints; none at all is the table's own figures."""
    if not report.hinted:
        return []
    names = {name for rows in report.hinted.values() for name in summary.names_of(rows)}
    counts = {0: [row for row in report.rows if row.weights], **report.hinted}
    curve = []
    for count in sorted(counts):
        for entry in summary.summarise(counts[count]):
            figures = {k: v for k, v in entry["figures"].items() if k in names}
            kept = {key: entry[key] for key in ("weights", "way", "form", "pictures")}
            curve.append({"count": count, **kept, "figures": figures})
    return curve
