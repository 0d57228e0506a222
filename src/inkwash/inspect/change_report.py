"""The report on changes: pictures, tables and charts of one correction or of several."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inkwash.inspect import drawing
from inkwash.inspect.changes import Changes
from inkwash.inspect.charts import change_chart, common_chart
from inkwash.inspect.common import TOP, in_common, overlap
from inkwash.inspect.movement import Row, table
from inkwash.inspect.seeing import inked
from inkwash.writing import refuse_existing, write_whole

MOST_DELTA = 20.0  # ΔE2000 that ends the scale of maps


def write_changes(found: Sequence[Changes], out: Path, *, force: bool = False) -> dict[str, Any]:
    """Write NAME/pictures.png, NAME/chart.png and NAME/filters.csv for each correction,
    summary.json, and for several common.csv and common.png. Returns what summary.json holds.

    Raises OutputExists without `force`, OutputFailed.
    """
    refuse_existing(out / "summary.json", force=force)
    names = _names(found)
    summary: dict[str, Any] = {"corrections": []}
    for name, one in zip(names, found, strict=True):
        rows = table(one.movement, one.net.config)
        folder = out / name
        write_whole(folder / "filters.csv", as_csv(rows), force=force)
        write_whole(folder / "pictures.png", drawing.to_png(pictures(one)), force=force)
        write_whole(folder / "chart.png", change_chart(one), force=force)
        summary["corrections"].append(_facts(name, one, rows))
    if len(found) > 1:
        rows = in_common(found)
        write_whole(out / "common.csv", as_csv(rows), force=force)
        write_whole(out / "common.png", common_chart(found, rows), force=force)
        summary["common"] = {
            "most_in_common": rows[:20],
            "top_share": TOP,
            "overlap": np.round(overlap(found), 4).tolist(),
        }
    write_whole(out / "summary.json", json.dumps(summary, indent=2).encode(), force=force)
    return summary


def pictures(changes: Changes) -> drawing.Pixels:
    """The corrected picture, the proposal before and after under the lines, and where it moved."""
    lines, size = changes.correction.seen.lines, changes.correction.seen.size
    moved = drawing.heat(changes.moved, MOST_DELTA)[: size.height]
    return drawing.strip(
        [
            ("corrected", _framed(changes)),
            (f"proposal {changes.proposal + 1} before", inked(changes.before, lines)),
            (f"after {len(changes.losses) - 1} steps", inked(changes.after, lines)),
            (f"moved, CIEDE2000 0 to {MOST_DELTA:g}", moved),
        ]
    )


def as_csv(rows: Sequence[Row]) -> bytes:
    """A table with the columns of its first row; numbers to six digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()})
    return text.getvalue().encode()


def _framed(changes: Changes) -> drawing.Pixels:
    """The corrected picture, paler outside the region."""
    inside = changes.correction.inside[..., None]
    return (changes.correction.colours * (0.35 + 0.65 * inside) + 255 * 0.65 * (1 - inside)).astype(
        np.uint8
    )


def _facts(name: str, changes: Changes, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "name": name,
        "proposal": changes.proposal + 1,
        "losses": list(changes.losses),
        "delta_e2000": changes.spread,
        "gradient_share": changes.gradient_share,
        "weight_share": changes.weight_share,
        "moved_most": list(rows[:20]),
    }


def _names(found: Sequence[Changes]) -> list[str]:
    """A folder's name for each: the sketch's, numbered where two are alike."""
    taken: list[str] = []
    for one in found:
        name, number = one.correction.seen.name, 2
        while name in taken:
            name, number = f"{one.correction.seen.name}-{number}", number + 1
        taken.append(name)
    return taken
