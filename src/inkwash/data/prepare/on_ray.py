"""Many pictures over many machines: the same work as a Ray Data job, results in the same order."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from inkwash.data.prepare.pool import use_one_thread
from inkwash.errors import MissingExtra

Job = TypeVar("Job")
Result = TypeVar("Result")
_WINDOW = 20_000  # jobs of one Ray Data job: enough to fill a cluster, few enough for memory
_BLOCK = 16  # jobs that travel together


def map_on_ray(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: int = 0
) -> Iterator[Result]:
    """`map` over the machines of a Ray cluster, or a local one of `workers` cores (0: all).

    A cluster is found as Ray finds it (RAY_ADDRESS, or one that runs here). The machines read the
    pictures themselves, so all must see the source folder under the same path; results come to
    this one, which writes. Raises MissingExtra without Ray.
    """
    ray = _import_ray()
    ours = not ray.is_initialized()
    if ours:
        ray.init(**({"num_cpus": workers} if workers else {}), log_to_driver=False)
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    jobs = iter(jobs)
    try:
        while window := list(islice(jobs, _WINDOW)):
            yield from _run(ray, work, window)
    finally:
        if ours:
            ray.shutdown()


def _run(ray: Any, work: Callable[[Job], Result], jobs: list[Job]) -> Iterator[Result]:
    def made(row: dict[str, bytes]) -> dict[str, bytes]:
        use_one_thread()
        return {"made": pickle.dumps(work(pickle.loads(row["job"])))}

    rows = [{"job": pickle.dumps(job)} for job in jobs]
    blocks = max(1, len(rows) // _BLOCK)
    results = ray.data.from_items(rows, override_num_blocks=blocks).map(made, num_cpus=1)
    for row in results.iter_rows():
        yield pickle.loads(row["made"])


def _import_ray() -> Any:
    try:
        import ray  # pyright: ignore[reportMissingImports]
        import ray.data  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtra('--engine ray needs Ray; pip install "inkwash[ray]"') from error
    return ray
