"""Many pictures over many cores, results in the order of the jobs."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import cv2

from inkwash.errors import BadData

Job = TypeVar("Job")
Result = TypeVar("Result")
_AHEAD = 8  # jobs in flight for each worker: enough to keep all busy, few enough for memory


def map_in_order(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: int = 0
) -> Iterator[Result]:
    """`map` over processes; `workers` 0 takes one for each core, 1 stays in this process.

    Memory does not grow with the number of jobs. Raises BadData when a worker dies.
    """
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        yield from map(work, jobs)
        return
    context = multiprocessing.get_context("spawn")  # forking with threads about is not safe
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)
    try:
        yield from _through(pool, work, jobs, _AHEAD * workers)
    except BrokenProcessPool as error:
        raise BadData(
            "a worker process was ended from outside, most likely for memory;"
            " use fewer --workers and run again, what is done stays done"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    use_one_thread()


def use_one_thread() -> None:
    """Processes share the cores; OpenCV's threads on top would only wait for each other."""
    cv2.setNumThreads(1)


def _through(
    pool: ProcessPoolExecutor, work: Callable[[Job], Result], jobs: Iterable[Job], ahead: int
) -> Iterator[Result]:
    waiting: deque[Future[Result]] = deque()
    for job in jobs:
        waiting.append(pool.submit(work, job))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
