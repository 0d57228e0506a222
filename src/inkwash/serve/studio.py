"""The studio: which sketches are open, what is done with them, and when they are saved."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from inkwash.painter import Painter
from inkwash.serve.cache import Cache
from inkwash.serve.folder import Folder
from inkwash.serve.jobs import Job, Queue
from inkwash.serve.limits import Limits
from inkwash.serve.metrics import Metrics
from inkwash.serve.opened import Opened
from inkwash.serve.problems import Problem, not_found, problem_of
from inkwash.serve.schemas import SketchView
from inkwash.serve.views import sketch_view
from inkwash.session import Session

T = TypeVar("T")
log = logging.getLogger("inkwash.serve")

SAVE_AFTER = 0.3  # seconds without a change
RETRY_AFTER = 5.0  # seconds after a save that failed
_THREADS = 4


class Studio:
    """Everything that outlives a request. Its methods are called in the event loop."""

    def __init__(self, painter: Painter, folder: Folder, limits: Limits | None = None) -> None:
        self.painter, self.folder, self.limits = painter, folder, limits or Limits()
        self.metrics = Metrics(self)
        self.queue = Queue(self.limits, self.metrics.job_over)
        self.tiles = Cache(self.limits.tiles)
        self.opened: dict[str, Opened] = {}
        self.beginning: dict[str, Job] = {}  # sketches whose first job is not done
        self._threads = ThreadPoolExecutor(_THREADS, "inkwash-quick")
        self._slow_thread = ThreadPoolExecutor(1, "inkwash-export")
        self._loading = asyncio.Lock()
        self._unsaved: set[str] = set()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work off the queue and to save."""
        self._tasks = [asyncio.create_task(work()) for work in (self.queue.work, self._save_often)]

    async def close(self) -> None:
        """Stop all work, and save what is not saved."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.queue.close()
        for opened in list(self.opened.values()):
            await self._try_to_save(opened)
        for threads in (self._threads, self._slow_thread):
            await asyncio.to_thread(threads.shutdown, wait=True)
        self.folder.release()

    async def run(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Call something quick beside the event loop."""
        call = partial(function, *arguments, **named)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def run_slowly(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call something that takes seconds and memory: one at a time, beside what is quick."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._slow_thread, partial(function, *arguments))

    # Sketches

    @asynccontextmanager
    async def using(self, sketch_id: str) -> AsyncIterator[Opened]:
        """An open sketch, which stays in memory meanwhile. Raises a Problem where there is none."""
        opened = self.opened.get(sketch_id) or await self._load(sketch_id)
        opened.users += 1
        try:
            yield opened
        finally:
            opened.users -= 1
            opened.used = time.monotonic()

    async def change(
        self, sketch_id: str, expected: int | None, act: Callable[[Session], None]
    ) -> SketchView:
        """Let a session do something; the state then.

        Raises a Problem 412 where `expected` is not the revision, and what the session raises.
        """
        async with self.using(sketch_id) as opened, opened.lock:
            expect_revision(opened, expected)
            box = await self.run(opened.change, act, self.limits)
            self.touch(opened)
            return await self.run(sketch_view, opened, box)

    def touch(self, opened: Opened) -> None:
        """Have it saved soon."""
        self._unsaved.add(opened.id)
        self._changed.set()

    def expect_place(self) -> None:
        """Raise a Problem 409 when the list of sketches is full."""
        most, begun = self.limits.kept, sum(new not in self.folder for new in self.beginning)
        if len(self.folder) + begun >= most:
            detail = f"{most} sketches are kept, which is the limit; close some"
            raise Problem(409, "full", detail, limit=most)

    async def add(self, opened: Opened) -> None:
        """Keep a sketch that has just begun or come back."""
        self.opened[opened.id] = opened
        opened.users += 1  # room is not made by letting go of this one
        try:
            await self._make_room()
        finally:
            opened.users -= 1

    async def close_sketch(self, sketch_id: str) -> None:
        """Save, and take it off the list. Raises a Problem 404, or what saving raises."""
        if job := self.beginning.get(sketch_id):
            self.queue.cancel(job)
            return
        async with self._loading:  # who reads it meanwhile would bring it back
            if opened := self.opened.get(sketch_id):
                await self._end(opened)
            if sketch_id not in self.folder:
                raise not_found("sketch")
            await self.run(self.folder.close, sketch_id, self.limits.closed)

    async def reopen_sketch(self, sketch_id: str) -> None:
        """Put one that was closed back on the list. Raises a Problem 404, 409."""
        async with self._loading:
            if sketch_id not in self.folder:
                self.expect_place()
            await self.run(self.folder.reopen, sketch_id)
            if sketch_id not in self.folder:
                raise not_found("sketch")

    async def _end(self, opened: Opened) -> None:
        """Save it for the last time. Raises OutputFailed; it stays open then."""
        if opened.job:
            self.queue.cancel(self.queue.get(opened.job))
        opened.closed = True  # nothing is changed, and so nothing written, from now on
        try:
            await self.save(opened)
        except BaseException:
            opened.closed = False
            raise
        self.opened.pop(opened.id, None)

    # Saving

    async def save(self, opened: Opened) -> None:
        """Bring the last change to the disk. Raises OutputFailed."""
        async with opened.saving:
            async with opened.lock:
                session, revision = opened.session.copy(), opened.revision
            if revision == opened.saved_revision:
                return
            if opened.needs_whole(session):
                opened.saved_as = await self.run(self.folder.save, opened.id, session)
                opened.saved_rounds = list(session.rounds)
            else:
                await self.run(self.folder.note, opened.id, opened.saved_as, session)
            opened.saved_revision = revision

    async def _save_often(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(SAVE_AFTER)
            self._changed.clear()
            unsaved, self._unsaved = self._unsaved, set()
            for sketch_id in unsaved:
                if opened := self.opened.get(sketch_id):
                    await self._try_to_save(opened)

    async def _try_to_save(self, opened: Opened) -> None:
        try:
            await self.save(opened)
        except Exception as error:  # whatever it is, the others are saved, and this one again
            name, said = opened.session.origin.sketch.name, problem_of(error).detail
            log.warning("%s could not be saved: %s", name, said)
            asyncio.get_running_loop().call_later(RETRY_AFTER, self.touch, opened)

    # Memory

    @property
    def nbytes(self) -> int:
        return sum(opened.nbytes for opened in self.opened.values())

    async def _load(self, sketch_id: str) -> Opened:
        if job := self.beginning.get(sketch_id):
            raise Problem(409, "not-ready", "the sketch is still being read", job=job.id)
        async with self._loading:
            if opened := self.opened.get(sketch_id):
                return opened
            if sketch_id not in self.folder:
                raise not_found("sketch")
            session, number = await self.run(self.folder.read, sketch_id, self.limits.pixels)
            opened = await self.run(Opened, sketch_id, session, number)
            await self.add(opened)
            return opened

    async def _make_room(self) -> None:
        """Save and let go what was not used longest, until the rest is within the limit."""
        idle = [opened for opened in self.opened.values() if not opened.users and not opened.job]
        for opened in sorted(idle, key=lambda opened: opened.used):
            if self.nbytes <= self.limits.memory:
                return
            await self._try_to_save(opened)
            idle_still = opened.is_saved and not opened.users and not opened.job
            if idle_still and self.opened.get(opened.id) is opened:
                del self.opened[opened.id]


def expect_revision(opened: Opened, expected: int | None) -> None:
    """Raise a Problem 412, which holds the state, unless nothing has changed since; 404 where
    the sketch was closed meanwhile."""
    if opened.closed:
        raise not_found("sketch")
    if expected is not None and expected != opened.revision:
        state = sketch_view(opened).model_dump()
        detail = "the sketch has changed since, perhaps in another tab; this was not done"
        raise Problem(412, "stale", detail, title="Changed meanwhile", state=state)
