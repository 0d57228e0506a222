"""Pictures of a source folder in a fixed order, with what SOURCES.csv files say of them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import intern

from inkwash.data.pictures import SUFFIXES
from inkwash.errors import BadData

READ = frozenset(SUFFIXES | {".gif", ".avif"})
_TABLE = "SOURCES.csv"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a picture."""

    group: str = ""  # one character, book or episode; "": the picture is its own group
    licence: str = ""
    author: str = ""
    origin: str = ""
    style_score: str = ""  # 1…5


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to prepare."""

    folder: str
    name: str  # relative to the folder, with /
    line: str  # the same of its true line art; "" where lines are extracted

    @property
    def path(self) -> Path:
        return Path(self.folder, self.name)


class Source:
    """A folder of colour pictures, or of pairs in the layouts of `inkwash.data.pictures`."""

    def __init__(self, folder: Path) -> None:
        """Raises BadData for no folder, for one without pictures, or for a broken table."""
        if not folder.is_dir():
            raise BadData(f"{folder}: is not a folder of pictures")
        self.folder = folder
        self._facts: dict[str, Facts] = {}
        names = set(self._walk())
        self.lines = {name: line for name in names if (line := _line_of(name, names))}
        hidden = set(self.lines.values()) | {_roles_of(name) for name in self.lines}
        self.names = sorted(names - hidden)
        if not self.names:
            raise BadData(f"{folder}: holds no pictures ({' '.join(sorted(READ))})")

    def __len__(self) -> int:
        return len(self.names)

    def jobs(self) -> Iterator[Job]:
        """Sorted by name."""
        for name in self.names:
            yield Job(str(self.folder), name, self.lines.get(name, ""))

    def facts(self, name: str) -> Facts:
        """Facts of a picture; nothing but empty ones where no table names it."""
        return self._facts.get(name, _NO_FACTS)

    def missing(self) -> list[str]:
        """Pictures that a table names and that are not there, sorted."""
        there = {*self.names, *self.lines.values()}
        return sorted(name for name in self._facts if name not in there)

    def _walk(self) -> Iterator[str]:
        for here, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            prefix = Path(here).relative_to(self.folder).as_posix()
            prefix = "" if prefix == "." else f"{prefix}/"
            for file in files:
                if file == _TABLE:
                    self._read_table(Path(here, file), prefix)
                elif os.path.splitext(file)[1].lower() in READ and not file.startswith("."):
                    yield prefix + file

    def _read_table(self, table: Path, prefix: str) -> None:
        try:
            with table.open(newline="", encoding="utf-8-sig") as lines:
                for row in csv.DictReader(lines):
                    self._facts[prefix + row["file"]] = _facts_of(row)
        except (csv.Error, UnicodeDecodeError, KeyError, OSError) as error:
            raise BadData(
                f"{table}: cannot be read ({error}); a UTF-8 CSV with a column file is needed"
            ) from error


_NO_FACTS = Facts()


def _facts_of(row: dict[str, str | None]) -> Facts:
    return Facts(
        group=intern(row.get("group") or ""),
        licence=intern(row.get("licence") or ""),
        author=intern(row.get("author") or ""),
        origin=row.get("origin") or row.get("path") or "",
        style_score=intern(row.get("style_score") or ""),
    )


def _line_of(name: str, names: set[str]) -> str:
    """The line art that belongs to a colour picture, "" for none."""
    folder, _, file = name.rpartition("/")
    stem, suffix = os.path.splitext(file)
    parts = folder.split("/")
    if stem.endswith("_color"):
        line = "/".join([folder, stem.removesuffix("_color") + "_line" + suffix]).lstrip("/")
    elif parts[-1] == "images_rgb":
        line = "/".join([*parts[:-1], "images_bw", file])
    else:
        return ""
    return line if line in names else ""


def _roles_of(name: str) -> str:
    """Where the roles of a colour picture would lie: no picture to learn from."""
    return os.path.splitext(name)[0].removesuffix("_color") + "_roles.png"
