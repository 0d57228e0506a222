"""A sketch that is open: its session, its revision, and which tiles are new since when."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

import numpy as np

from inkwash.errors import BadConfig
from inkwash.geometry import Box
from inkwash.propose import Proposals
from inkwash.serve.changes import box_around, changed_regions
from inkwash.serve.drawing import TILE, Ink, count_levels
from inkwash.serve.limits import Limits
from inkwash.session import Session
from inkwash.settle import Painting


class Opened:
    """One open sketch. `lock` is held while its session changes. Who only looks needs no lock, as
    `session`, `painting` and `sources` are replaced as a whole once the change has come off; who
    remembers what they say together does."""

    def __init__(self, sketch_id: str, session: Session, saved_as: int | None) -> None:
        """saved_as: the number of the project on the disk, None if there is none yet."""
        self.id, self.session = sketch_id, session
        self.lock, self.saving = asyncio.Lock(), asyncio.Lock()
        self.users = 0  # requests at work on it; it stays in memory meanwhile
        self.used = time.monotonic()
        self.job: str | None = None
        self.closed = False
        self.epoch = secrets.token_hex(4)  # of ETags: revisions of another run mean nothing
        # Never used twice, also not after a restart that lost the last change.
        self.revision = int(time.time() * 1000)
        self.saved_as, self.saved_rounds = saved_as, list(session.rounds)
        self.saved_revision = self.revision if saved_as is not None else -1
        self.painting: Painting = session.painting
        self.sources: Painting = session.sources
        self.ink = Ink(session.origin.sketch.ink)
        size = session.origin.sketch.size
        self.levels = count_levels(size)
        rows, columns = -(-size.height // TILE), -(-size.width // TILE)
        self._stamps = np.full((rows, columns), self.revision, np.int64)

    def change(self, act: Callable[[Session], None], limits: Limits) -> Box | None:
        """Let the session do something; the box of what must be drawn again.

        Raises what the session raises; nothing has changed then.
        """
        session = self.session.copy()
        act(session)
        if len(session.commands) > max(limits.commands, len(self.session.commands)):  # undo is none
            raise BadConfig(f"this sketch has {limits.commands} commands, which is the limit")
        return self._go_on(session)

    def accept(self, done: Callable[[Session], Session]) -> Box | None:
        """Go on with another session that has grown out of this one."""
        return self._go_on(done(self.session.copy()))

    def stamp(self, level: int, column: int, row: int) -> int:
        """The revision at which a tile changed last."""
        rows, columns = (
            slice(row << level, (row + 1) << level),
            slice(column << level, (column + 1) << level),
        )
        return int(self._stamps[rows, columns].max())

    @property
    def is_saved(self) -> bool:
        return self.saved_revision == self.revision

    def needs_whole(self, session: Session) -> bool:
        """Whether the project on the disk lacks a round, so that a history is not enough."""
        known = self.saved_rounds[: len(session.rounds)]
        same = len(known) == len(session.rounds) and all(map(_is, known, session.rounds))
        return self.saved_as is None or not same

    @property
    def nbytes(self) -> int:
        """An estimate of the memory that it takes."""
        origin = self.session.origin
        fixed = origin.regions.labels.nbytes + origin.regions.ink.nbytes + self.ink.nbytes
        settled = 48 * origin.sketch.size.area // 100
        said = self.session.said_nbytes
        return fixed + settled + said + sum(map(_size_of, self.session.rounds))

    def _go_on(self, session: Session) -> Box | None:
        painting, sources = session.painting, session.sources
        changed = changed_regions(self.painting, painting, self.session.state, session.state)
        boxes = session.origin.regions.boxes[changed]
        self.session, self.painting, self.sources = session, painting, sources
        self.revision += 1
        for left, top, right, bottom in boxes.tolist():
            rows = slice(top // TILE, (bottom - 1) // TILE + 1)
            self._stamps[rows, left // TILE : (right - 1) // TILE + 1] = self.revision
        return box_around(boxes)


def _size_of(proposals: Proposals) -> int:
    arrays = (proposals.pictures, proposals.scores, proposals.shade)
    return sum(array.nbytes for array in arrays if array is not None)


def _is(one: object, other: object) -> bool:
    return one is other
