"""What the server counts, as Prometheus text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from inkwash.serve.jobs import Job
    from inkwash.serve.studio import Studio

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 60)


class Metrics:
    """Counters of one server; what can be looked up is looked up when it is asked for."""

    def __init__(self, studio: Studio) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Now(studio))
        labels = ("method", "route", "status")
        self._requests = Counter(
            "inkwash_requests", "Requests answered.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "inkwash_request_seconds",
            "Time until the answer began.",
            ("route",),
            buckets=_QUICK,
            registry=self._registry,
        )
        self._jobs = Counter(
            "inkwash_jobs", "Jobs that ended.", ("kind", "state"), registry=self._registry
        )
        self._job_seconds = Histogram(
            "inkwash_job_seconds",
            "Time that jobs took, waiting not counted.",
            ("kind",),
            buckets=_SLOW,
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def job_over(self, job: Job) -> None:
        self._jobs.labels(job.kind, job.state).inc()
        if job.began:
            self._job_seconds.labels(job.kind).observe(job.seconds)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Now:
    """What there is at this moment."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        studio = self._studio
        yield _gauge("inkwash_queue_length", "Jobs that wait.", len(studio.queue))
        running = int(studio.queue.running is not None)
        yield _gauge("inkwash_jobs_running", "Jobs at work.", running)
        yield _gauge("inkwash_sketches_open", "Sketches in memory.", len(studio.opened))
        yield _gauge("inkwash_sketches_kept", "Sketches on the list.", len(studio.folder))
        yield _gauge("inkwash_sketches_bytes", "Memory of open sketches.", studio.nbytes)
        yield _gauge("inkwash_tiles_bytes", "Memory of kept tiles.", studio.tiles.used)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
