"""The studio's data folder: one folder a sketch, with a project and what was done since.

`N.inkwash` is a whole project; `N.json` the history that holds now, written after every change,
as it is small. A new whole project is `N + 1` and counts from the moment it is complete. So a
server may be killed at any time, and no file is ever changed in place.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from inkwash import project
from inkwash.errors import BadConfig, BadProject, InkwashError
from inkwash.project.history import commands_from, value_of_commands
from inkwash.serve.lock import hold
from inkwash.session import Session
from inkwash.writing import write_whole

_ID = re.compile(r"[0-9a-f]{32}")
_WHOLE = re.compile(r"([0-9]{1,9})\.inkwash")


@dataclass(frozen=True)
class Entry:
    """What the list says of a sketch; times in seconds since 1970."""

    id: str
    name: str
    width: int
    height: int
    opened: float
    changed: float


class Folder:
    """The sketches on the disk. Only ids that it found or made itself lead to a path."""

    def __init__(self, path: Path) -> None:
        """Raises BadConfig where another server works in the folder, or it cannot be made."""
        self._path = path
        try:
            for part in ("sketches", "closed", "incoming"):
                (path / part).mkdir(parents=True, exist_ok=True)
            self._lock = hold(path / "lock")
        except OSError as error:
            reason = error.strerror or str(error)
            raise BadConfig(f"--data-dir {path}: {reason}; choose another folder") from None
        self._entries = {entry.id: entry for entry in self._found()}
        self._clear_incoming()
        self._clear_unfinished()

    @property
    def incoming(self) -> Path:
        """Where uploads lie until they are read; emptied at every start."""
        return self._path / "incoming"

    def entries(self) -> list[Entry]:
        """The newest change first."""
        return sorted(self._entries.values(), key=lambda entry: -entry.changed)

    def __contains__(self, sketch_id: str) -> bool:
        return sketch_id in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def save(self, sketch_id: str, session: Session) -> int:
        """The whole project; returns its number. Raises OutputFailed."""
        place = self._place(sketch_id)
        number = 1 + max(self._numbers(place), default=0)
        project.write(session, place / f"{number}.inkwash")
        self._enter(sketch_id, session)
        self._remove_before(place, number)
        return number

    def note(self, sketch_id: str, number: int, session: Session) -> None:
        """The history, to be read after project `number`. Raises OutputFailed."""
        value = value_of_commands(session.commands, session.done)
        data = json.dumps(value, separators=(",", ":")).encode()
        write_whole(self._place(sketch_id) / f"{number}.json", data, force=True)
        self._enter(sketch_id, session)

    def read(self, sketch_id: str, max_pixels: int) -> tuple[Session, int]:
        """The session as it was last saved, and the number of its project.

        Raises BadProject where it is broken; its files stay as they are.
        """
        place = self._place(sketch_id)
        number = max(self._numbers(place), default=None)
        if number is None:
            raise BadProject("its file is gone from the data folder")
        session = _read(place / f"{number}.inkwash", max_pixels)
        history = place / f"{number}.json"
        return (_replayed(session, history) if history.exists() else session), number

    def close(self, sketch_id: str, keep: int) -> None:
        """Off the list; its last files go to the folder `closed`, which keeps so many."""
        entry = self._entries.pop(sketch_id, None)
        if entry is None:
            return
        place = self._path / "closed" / sketch_id
        self._place(sketch_id).replace(place)
        os.utime(place)  # the folder keeps what was closed last
        old = sorted((self._path / "closed").iterdir(), key=lambda path: -path.stat().st_mtime)
        for path in old[keep:]:
            shutil.rmtree(path, ignore_errors=True)

    def reopen(self, sketch_id: str) -> None:
        """Back on the list, as it was; nothing where it is not among the closed ones."""
        place = self._path / "closed" / sketch_id
        if sketch_id not in self and _ID.fullmatch(sketch_id) and self._numbers(place):
            place.replace(self._place(sketch_id))
            self._entries[sketch_id] = _entry(self._place(sketch_id))

    def release(self) -> None:
        """Let another server have the folder."""
        self._lock.close()

    def _place(self, sketch_id: str) -> Path:
        if not _ID.fullmatch(sketch_id):
            raise ValueError(sketch_id)
        return self._path / "sketches" / sketch_id

    def _enter(self, sketch_id: str, session: Session) -> None:
        sketch, now = session.origin.sketch, time.time()
        old = self._entries.get(sketch_id)
        size = sketch.size
        entry = Entry(sketch_id, sketch.name, size.width, size.height, now, now)
        entry = replace(entry, opened=old.opened) if old else entry
        data = json.dumps(asdict(entry)).encode()
        write_whole(self._place(sketch_id) / "about.json", data, force=True)
        self._entries[sketch_id] = entry

    def _found(self) -> Iterator[Entry]:
        for place in (self._path / "sketches").iterdir():
            if _ID.fullmatch(place.name) and self._numbers(place):
                yield _entry(place)

    def _numbers(self, place: Path) -> list[int]:
        names = [path.name for path in place.iterdir()] if place.is_dir() else []
        return [int(found[1]) for name in names if (found := _WHOLE.fullmatch(name))]

    def _remove_before(self, place: Path, number: int) -> None:
        for old in self._numbers(place):
            if old < number:
                (place / f"{old}.inkwash").unlink(missing_ok=True)
                (place / f"{old}.json").unlink(missing_ok=True)

    def _clear_incoming(self) -> None:
        shutil.rmtree(self.incoming, ignore_errors=True)
        self.incoming.mkdir(exist_ok=True)

    def _clear_unfinished(self) -> None:
        """What a server was writing when it was killed."""
        for path in (self._path / "sketches").glob("*/.inkwash-*.part"):
            path.unlink(missing_ok=True)


def _read(path: Path, max_pixels: int) -> Session:
    try:
        return project.read(path, max_pixels=max_pixels)
    except BadProject as error:  # the path is nobody's business
        raise BadProject(str(error).removeprefix(f"{path}: ")) from None


def _replayed(session: Session, history: Path) -> Session:
    """The session with another history, which may have fewer rounds but never more."""
    try:
        value = json.loads(history.read_bytes())
        rounds = 1 + sum(command.get("do") == "propose" for command in value["commands"])
        commands, done = commands_from(value, rounds)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, BadProject) as error:
        raise BadProject(f"its history is broken: {error}") from None
    if rounds > len(session.rounds):
        raise BadProject(f"its history needs {rounds} rounds; it has {len(session.rounds)}")
    try:
        return Session(session.origin, session.rounds[:rounds], commands, done)
    except InkwashError as error:
        raise BadProject(f"its history does not fit: {error}") from None


def _entry(place: Path) -> Entry:
    """What is known of a sketch; one whose description is lost is still on the list."""
    try:
        said: dict[str, Any] = json.loads((place / "about.json").read_bytes())
        return Entry(
            place.name,
            str(said["name"]),
            int(said["width"]),
            int(said["height"]),
            float(said["opened"]),
            float(said["changed"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        changed = place.stat().st_mtime
        return Entry(place.name, "sketch", 0, 0, changed, changed)
