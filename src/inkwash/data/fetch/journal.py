"""What a fetch has done so far.

The picture of a line that a killed run lost is found in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from inkwash.data.fetch.keep import Kept
from inkwash.data.journal import Entry, LineJournal

_COLUMNS = ("file", "group", "licence", "author", "origin", "url", "width", "height", "sha256")


class Journal(LineJournal):
    """Posts that were kept, with their files, and those that failed."""

    def __init__(self, out: Path) -> None:
        super().__init__(out, out / ".fetch")
        self.kept: set[str] = set()  # names of posts
        self.refused: set[str] = set()

    def keep(self, kept: Kept) -> None:
        """Write down a picture that lies in the folder now."""
        self._append_and_remember(kept.to_json())

    def fail(self, name: str, url: str, reason: str, *, final: bool) -> None:
        """Write down a failure; a final one is not tried again."""
        self._append_and_remember({"name": name, "url": url, "failed": reason, "final": final})

    def write_sources(self) -> None:
        """SOURCES.csv, one row for each picture that is (still) there, sorted by file."""
        self._write_table("SOURCES.csv", _COLUMNS, self._kept_by_file())

    def _open(self) -> None:
        super()._open()
        for line in self._whole_lines():
            self._remember(json.loads(line))

    def _append_and_remember(self, entry: Entry) -> None:
        self.append(entry)
        self._remember(entry)

    def _remember(self, entry: Entry) -> None:
        if "file" in entry:
            self.kept.add(entry["name"])
        elif entry["final"]:
            self.refused.add(entry["name"])

    def _kept_by_file(self) -> Iterator[Entry]:
        """Entries sorted by file; only places in the journal are held in memory."""
        start, places = 0, {}
        for line in self._whole_lines():
            entry = json.loads(line)
            if "file" in entry and (self.out / entry["file"]).is_file():
                places[entry["file"]] = start
            start += len(line)
        with self.path.open("rb") as journal:
            for file in sorted(places):
                journal.seek(places[file])
                yield json.loads(journal.readline())
