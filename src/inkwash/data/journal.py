"""What a long run has done so far: one JSON object a line, appended as it happens.

A run that was killed loses at most its last line.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from inkwash.data.placing import empty_parts, refused
from inkwash.errors import OutputFailed

Entry = dict[str, Any]


class LineJournal:
    """The journal in a hidden folder of an output folder; a context manager."""

    def __init__(self, out: Path, hidden: Path) -> None:
        self.out, self.path = out, hidden / "journal.jsonl"
        self.parts = hidden / "parts"

    def __enter__(self) -> Self:
        if self.out.exists() and not self.out.is_dir():
            raise OutputFailed(f"{self.out}: is a file; give a folder as --out")
        try:
            self._open()
        except OSError as error:
            raise refused(self.path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, entry: Entry) -> None:
        """Write one line. Raises OutputFailed."""
        try:
            self._file.write(json.dumps(entry).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise refused(self.path, error) from error

    def _open(self) -> None:
        """Go on after the last whole line. Raises OSError."""
        empty_parts(self.parts)
        self._file = self.path.open("ab")
        self._file.truncate(sum(map(len, self._whole_lines())))

    def _whole_lines(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))

    def _write_table(self, name: str, columns: Sequence[str], rows: Iterable[Entry]) -> None:
        """A CSV in the output folder; what a row lacks is left empty. Raises OutputFailed."""
        part = self.parts / name
        try:
            with part.open("w", newline="", encoding="utf-8", errors="backslashreplace") as text:
                writer = csv.writer(text, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows([row.get(column, "") for column in columns] for row in rows)
            os.replace(part, self.out / name)
        except OSError as error:
            raise refused(self.out / name, error) from error
