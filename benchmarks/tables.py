"""Results as CSV files: the one way in which benchmarks write theirs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def write_rows(path: Path, rows: Rows, columns: Sequence[str] | None = None) -> None:
    """Write rows as CSV, in place of what is there; columns are all rows' keys unless given.

    Raises OSError where the file cannot be written.
    """
    _write(path, "w", rows, columns)


def add_rows(path: Path, rows: Rows, columns: Sequence[str] | None = None) -> None:
    """Add rows to what is there; a new file gets its header first. Raises OSError."""
    _write(path, "a", rows, columns)


def _write(path: Path, mode: str, rows: Rows, columns: Sequence[str] | None) -> None:
    columns = columns or list(dict.fromkeys(key for row in rows for key in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = mode == "w" or not path.exists()
    with path.open(mode, newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)
