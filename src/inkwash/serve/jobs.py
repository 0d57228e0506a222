"""Jobs: network runs go one at a time, and clients take turns."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from inkwash.serve.limits import Limits
from inkwash.serve.problems import Problem, not_found, problem_of
from inkwash.serve.schemas import JobState, JobView

T = TypeVar("T")
Work = Callable[["Task"], Awaitable[Any]]
_OVER = ("done", "failed", "cancelled")


class Stopped(Exception):
    """Raised inside a job that was cancelled, at its next report of progress."""


@dataclass(eq=False, kw_only=True)
class Job:
    """Something to be done. Only the event loop changes its state."""

    kind: str
    client: str
    sketch: str | None
    work: Work | None  # dropped as soon as it is over, with all that it holds
    clean: Callable[[], None] | None = None  # called once when it is over, however it ended
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: JobState = "queued"
    step: str = ""
    share: float = 0.0
    problem: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    output: Any = None  # what the work returned, for the one who waits for it
    began: float = 0.0
    seconds: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    change: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def over(self) -> bool:
        return self.state in _OVER


@dataclass(frozen=True)
class Task:
    """What a job at work is given."""

    job: Job
    _thread: ThreadPoolExecutor
    _progress: Callable[[Job, str, float], None]
    _loop: asyncio.AbstractEventLoop

    async def run(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Call it in the thread of the network. Raises Stopped first if the job was cancelled."""
        if self.job.stop.is_set():
            raise Stopped
        return await self._loop.run_in_executor(
            self._thread, partial(function, *arguments, **named)
        )

    def report(self, step: str, share: float) -> None:
        """From any thread: where it is. Raises Stopped if the job was cancelled."""
        if self.job.stop.is_set():
            raise Stopped
        self._loop.call_soon_threadsafe(self._progress, self.job, step, share)


class Queue:
    """A bounded queue over one worker. All methods are called in the event loop."""

    def __init__(self, limits: Limits, watch: Callable[[Job], None] = lambda job: None) -> None:
        """watch: called with every job that is over."""
        self._limits, self._watch = limits, watch
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._arriving: list[str] = []  # clients, once for each upload
        self._running: Job | None = None
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "inkwash-network")
        self._seconds = 1.0  # that a job took lately

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def running(self) -> Job | None:
        return self._running

    @contextmanager
    def arriving(self, client: str) -> Iterator[Callable[[], None]]:
        """Keep a place for a job whose upload is still to come; what is given, `add` takes.

        Raises a Problem 429 when there is none, before the upload takes room on the disk.
        """
        self._expect_room(client)
        self._arriving.append(client)
        with ExitStack() as place:
            place.callback(self._arriving.remove, client)
            yield place.close

    def add(self, job: Job, let_go: Callable[[], None] | None = None) -> Job:
        """Put a job at the end of its client's. Raises a Problem 429 when there are too many.

        let_go: of the place that `arriving` has kept for this job, which it takes then.
        """
        if let_go is not None:
            let_go()
        self._expect_room(job.client)
        self._waiting.setdefault(job.client, deque()).append(job)
        self._jobs[job.id] = job
        self._arrived.set()
        return job

    def get(self, job_id: str) -> Job:
        """Raises a Problem 404 for one that is not known or was forgotten."""
        if job_id not in self._jobs:
            raise not_found("job")
        return self._jobs[job_id]

    def cancel(self, job: Job) -> None:
        """Take it out of the queue, or stop it at its next step."""
        job.stop.set()
        if job.state == "queued":
            self._take_out(job)
            self._end(job, "cancelled")
            self._tell_waiting()

    def view(self, job: Job) -> JobView:
        return JobView(
            id=job.id,
            kind=job.kind,  # type: ignore[arg-type]
            state=job.state,
            step=job.step,
            share=round(job.share, 3),
            position=self._position(job),
            problem=job.problem,
            result=job.result,
            sketch=job.sketch,
        )

    async def watch(self, job: Job) -> AsyncIterator[JobView]:
        """The job at every change until it is over."""
        while True:
            change = job.change
            yield self.view(job)
            if job.over:
                return
            await change.wait()

    async def finished(self, job: Job) -> Job:
        async for _ in self.watch(job):
            pass
        return job

    async def work(self) -> None:
        """Do job after job; runs as long as the server does."""
        while True:
            while (job := self._next()) is None:
                self._arrived.clear()
                await self._arrived.wait()
            await self._do(job)

    async def close(self) -> None:
        """Stop what runs, and cancel what waits."""
        for job in list(self._jobs.values()):
            if not job.over:
                self.cancel(job)
        await asyncio.to_thread(self._thread.shutdown, wait=True)

    def _expect_room(self, client: str) -> None:
        of_one = len(self._waiting.get(client, ())) + self._arriving.count(client)
        of_all, most = len(self) + len(self._arriving), self._limits
        if of_all < most.queued and of_one < most.queued_of_one:
            return
        waiting = of_one if of_one >= most.queued_of_one else of_all
        after = max(1, round(waiting * self._seconds))
        raise Problem(
            429,
            "busy",
            f"{waiting} jobs are waiting already, which is the limit; try again in {after} s",
            headers={"Retry-After": str(after)},
            retry_after=after,
        )

    async def _do(self, job: Job) -> None:
        assert job.work is not None
        self._running, job.state, job.began = job, "running", time.monotonic()
        self._tell(job)
        self._tell_waiting()
        task = Task(job, self._thread, self._progress, asyncio.get_running_loop())
        try:
            output = await job.work(task)
        except Stopped:
            self._end(job, "cancelled")
        except Exception as error:  # whatever a job raises is the answer to the job
            job.problem = problem_of(error).as_dict()
            self._end(job, "failed")
        else:
            job.output = output
            job.result = {"sketch": job.sketch} if job.sketch else {}
            self._end(job, "done")
        finally:
            self._running = None

    def _progress(self, job: Job, step: str, share: float) -> None:
        if not job.over:
            job.step, job.share = step, share
            self._tell(job)

    def _end(self, job: Job, state: JobState) -> None:
        job.state, job.work, job.share = state, None, 1.0 if state == "done" else job.share
        if job.began:
            job.seconds = time.monotonic() - job.began
            self._seconds += 0.2 * (job.seconds - self._seconds)
        clean, job.clean = job.clean, None
        if clean is not None:
            clean()
        self._watch(job)
        self._tell(job)
        self._forget_old()

    def _forget_old(self) -> None:
        over = [key for key, job in self._jobs.items() if job.over]
        for key in over[: max(0, len(over) - self._limits.remembered)]:
            del self._jobs[key]

    def _next(self) -> Job | None:
        """Of the client whose turn it is, the first; the client then goes to the end."""
        if not self._waiting:
            return None
        client, jobs = self._waiting.popitem(last=False)
        job = jobs.popleft()
        if jobs:
            self._waiting[client] = jobs
        return job

    def _take_out(self, job: Job) -> None:
        jobs = self._waiting[job.client]
        jobs.remove(job)
        if not jobs:
            del self._waiting[job.client]

    def _position(self, job: Job) -> int:
        """How many are before it, the running one included, if nobody else comes."""
        if job.state != "queued":
            return 0
        clients = list(self._waiting)
        mine, turn = clients.index(job.client), self._waiting[job.client].index(job)
        before = int(self._running is not None) + turn
        for place, client in enumerate(clients):
            if place != mine:
                before += min(len(self._waiting[client]), turn + int(place < mine))
        return before

    def _tell(self, job: Job) -> None:
        change, job.change = job.change, asyncio.Event()
        change.set()

    def _tell_waiting(self) -> None:
        for jobs in self._waiting.values():
            for job in jobs:
                self._tell(job)
