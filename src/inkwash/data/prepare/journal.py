"""What a preparation has done so far; the manifest is made from it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from inkwash.config import to_dict
from inkwash.data.journal import Entry, LineJournal
from inkwash.data.prepare.config import PrepareConfig
from inkwash.data.prepare.write import SPLITS, parts_of
from inkwash.errors import OutputExists

MANIFEST = "SOURCES.csv"
LEFT_OUT = "LEFT_OUT.csv"
_COLUMNS = (
    *("file", "source", "style_score", "group", "licence", "author", "origin"),
    *("split", "source_width", "source_height", "box", "sha256", "ink", "colourfulness"),
)
_HOW = ("workers", "engine", "force")  # settings that do not change the result


class Journal(LineJournal):
    """Source pictures, and finished shards as {"shard": name}; the first line says of what."""

    def __init__(self, out: Path, source: Path, config: PrepareConfig) -> None:
        super().__init__(out, parts_of(out).parent)
        self._force, self._folders = config.force, config.layout == "folders"
        settings = {k: v for k, v in to_dict(config).items() if k not in _HOW}
        self._header: Entry = {"source": str(source.resolve()), "settings": settings}
        self.shards: set[str] = set()  # finished ones

    def entries(self) -> Iterator[Entry]:
        """Source pictures in their order; each kept one once, finished or not."""
        seen: set[str] = set()
        for entry in self._lines():
            if "name" not in entry or entry["name"] in seen:
                continue
            if "failed" not in entry:  # failed ones are tried again by each run
                seen.add(entry["name"])
            yield entry

    def is_done(self, entry: Entry) -> bool:
        """Whether a kept or dropped picture needs no more work."""
        whole = self._folders or "pairs" not in entry or entry["shard"] in self.shards
        return "failed" not in entry and whole

    def write_tables(self) -> None:
        """SOURCES.csv, one row a pair, and LEFT_OUT.csv, one row a picture that gave none."""
        self._write_table(MANIFEST, _COLUMNS, self._rows())
        self._write_table(LEFT_OUT, ("source", "outcome", "reason"), self._left_out())

    def _open(self) -> None:
        if not self.path.exists():
            _refuse_foreign(self.out, force=self._force)
        elif self._first_line() != self._header:
            self._begin_anew()
        super()._open()
        if self._first_line() is None:
            self.append(self._header)
        self.shards = {line["shard"] for line in self._lines() if set(line) == {"shard"}}

    def _begin_anew(self) -> None:
        if not self._force:
            raise OutputExists(
                f"{self.out}: was prepared from another source or with other settings;"
                " give another --out, or --force to begin anew"
            )
        for name in ("images_rgb", "images_bw"):
            shutil.rmtree(self.out / name, ignore_errors=True)
        for split in SPLITS:
            for shard in self.out.glob(f"{split}-*.tar"):
                shard.unlink()
        self.path.unlink()

    def _first_line(self) -> Entry | None:
        line = next(self._whole_lines(), None)
        return None if line is None else json.loads(line)

    def _lines(self) -> Iterator[Entry]:
        lines = self._whole_lines()
        next(lines)  # the header
        yield from map(json.loads, lines)

    def _rows(self) -> Iterator[Entry]:
        for entry in self.entries():
            for pair in entry.get("pairs", ()):
                file = f"images_rgb/{pair['key']}.png" if self._folders else entry["shard"]
                box = " ".join(map(str, pair["box"]))
                facts = {"file": file, "source": entry["name"], "box": box}
                yield {**entry, **pair, **facts}

    def _left_out(self) -> Iterator[Entry]:
        failed: dict[str, Entry] = {}
        for entry in self.entries():
            if "failed" in entry:
                failed[entry["name"]] = entry
                continue
            failed.pop(entry["name"], None)
            if "dropped" in entry:
                yield {"source": entry["name"], "outcome": "dropped", "reason": entry["dropped"]}
        for name, entry in failed.items():
            yield {"source": name, "outcome": "failed", "reason": entry["failed"]}


def _refuse_foreign(out: Path, *, force: bool) -> None:
    """A folder with pairs that no journal knows of is somebody's own."""
    for name in ("images_rgb", "images_bw", MANIFEST):
        if (out / name).exists() and not force:
            raise OutputExists(
                f"{out / name} exists and was not made by an interrupted run;"
                " give another --out, or --force to write into it"
            )
