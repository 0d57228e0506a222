"""The files of a report: rows.csv, hints.json, table.json, table.md and report.html."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkwash.evaluate.charts import Chart, draw_charts
from inkwash.evaluate.hinted import write_marks
from inkwash.evaluate.page import as_html
from inkwash.evaluate.rows import Row
from inkwash.evaluate.summary import names_of
from inkwash.evaluate.tables import as_markdown
from inkwash.writing import write_whole

if TYPE_CHECKING:
    from inkwash.evaluate.run import Report

PAGE = "report.html"
FILES = ("rows.csv", "table.json", "table.md", PAGE)


def write_report(out: Path, report: Report, table: dict[str, Any], *, force: bool = False) -> None:
    """Write every file. Raises OutputExists, OutputFailed."""
    charts = charts_of(table, report.rows)
    write_whole(out / "rows.csv", as_csv(report).encode(), force=force)
    write_whole(out / "table.json", as_json(table).encode(), force=force)
    write_whole(out / "table.md", as_markdown(table).encode(), force=force)
    write_whole(
        out / PAGE, as_html(table, charts, report.strips, report.rows).encode(), force=force
    )
    if report.marks:
        write_whole(out / "hints.json", write_marks(report.marks), force=force)


def charts_of(table: dict[str, Any], rows: Sequence[Row]) -> list[Chart]:
    """The charts, or none, and a sentence that says so, where matplotlib is missing."""
    if find_spec("matplotlib") is None:
        missing = "Charts: not drawn; run: pip install 'inkwash[train]'."
        table["settings"]["absent"].append(missing)
        return []
    return draw_charts(table, rows)


def as_json(table: dict[str, Any]) -> str:
    """Strict JSON: a figure that no picture has is null."""
    return json.dumps(_plain(table), indent=1, ensure_ascii=False, allow_nan=False)


def as_csv(report: Report) -> str:
    """A line for each picture, way, form, weights and number of hints."""
    rows = [(0, row) for row in report.rows]
    rows += [(count, row) for count, found in report.hinted.items() for row in found]
    text = io.StringIO()
    names = names_of(row for _, row in rows)
    columns = ["picture", "group", "weights", "way", "form", "hints", "winner", "picked", *names]
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    for count, row in rows:
        figures = {name: f"{value:.5g}" for name, value in row.figures.items()}
        writer.writerow({
            "picture": row.picture, "group": row.group, "weights": row.weights, "way": row.way,
            "form": row.form, "hints": count, "winner": row.winner + 1, "picked": row.picked + 1,
            **figures,
        })  # fmt: skip
    return text.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
