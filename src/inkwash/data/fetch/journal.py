"""What a fetch has done so far: one JSON object a line, appended as it happens.

A run that was killed loses at most its last line; the picture of that line is found in the folder.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from inkwash.data.fetch.keep import Kept
from inkwash.data.placing import empty_parts, refused
from inkwash.errors import OutputFailed

_COLUMNS = ("file", "group", "licence", "author", "origin", "url", "width", "height", "sha256")


class Journal:
    """The journal of one output folder; a context manager."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.parts = out / ".fetch" / "parts"
        self.path = out / ".fetch" / "journal.jsonl"
        self.kept: set[str] = set()  # names of posts
        self.refused: set[str] = set()

    def __enter__(self) -> Journal:
        if self.out.exists() and not self.out.is_dir():
            raise OutputFailed(f"{self.out}: is a file; give a folder as --out")
        try:
            empty_parts(self.parts)
            self._file = self.path.open("ab")
            self._file.truncate(self._remember_all())
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

    def keep(self, kept: Kept) -> None:
        """Write down a picture that lies in the folder now."""
        self._append(kept.to_json())

    def fail(self, name: str, url: str, reason: str, *, final: bool) -> None:
        """Write down a failure; a final one is not tried again."""
        self._append({"name": name, "url": url, "failed": reason, "final": final})

    def write_sources(self) -> None:
        """SOURCES.csv, one row for each picture that is (still) there, sorted by file."""
        part = self.parts / "SOURCES.csv"
        try:
            with part.open("w", newline="", encoding="utf-8") as text:
                writer = csv.writer(text, lineterminator="\n")
                writer.writerow(_COLUMNS)
                for entry in self._kept_by_file():
                    writer.writerow([entry[column] for column in _COLUMNS])
            os.replace(part, self.out / "SOURCES.csv")
        except OSError as error:
            raise refused(self.out / "SOURCES.csv", error) from error

    def _append(self, entry: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise refused(self.path, error) from error
        self._remember(entry)

    def _remember_all(self) -> int:
        """Take in the entries of earlier runs; the length of the file without a half line."""
        end = 0
        for end, entry in self._entries():  # noqa: B007
            self._remember(entry)
        return end

    def _remember(self, entry: dict[str, Any]) -> None:
        if "file" in entry:
            self.kept.add(entry["name"])
        elif entry["final"]:
            self.refused.add(entry["name"])

    def _entries(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Whole lines and where each ends, in bytes."""
        end = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                yield end, json.loads(line)

    def _kept_by_file(self) -> Iterator[dict[str, Any]]:
        """Entries sorted by file; only places in the journal are held in memory."""
        start, places = 0, {}
        for end, entry in self._entries():
            if "file" in entry and (self.out / entry["file"]).is_file():
                places[entry["file"]] = start
            start = end
        with self.path.open("rb") as journal:
            for file in sorted(places):
                journal.seek(places[file])
                yield json.loads(journal.readline())
