"""Where the time of a step goes, measured without making the host wait for the device."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

ON_HOST = ("data",)


class Clock:
    """Seconds by name since the last `read`; on a GPU, work is timed by its own events."""

    def __init__(self, device: torch.device) -> None:
        self._on_device = device.type == "cuda"
        self._seconds: dict[str, float] = {}
        self._events: list[tuple[str, torch.cuda.Event, torch.cuda.Event]] = []
        self._since = time.perf_counter()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Adds what happens inside to `name`."""
        if self._on_device and name not in ON_HOST:
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            yield
            end.record()
            self._events.append((name, begin, end))
            return
        started = time.perf_counter()
        yield
        self._add(name, time.perf_counter() - started)

    def read(self) -> tuple[float, dict[str, float]]:
        """Wall time in seconds since the last call, and the share of each name in it.

        On a GPU, `data` is the host's wait for samples, which may hide behind the device's work:
        what the device did not work is 1 − forward − backward − update.
        """
        if self._events:
            torch.cuda.synchronize()
        for name, begin, end in self._events:
            self._add(name, begin.elapsed_time(end) / 1000)
        wall = max(time.perf_counter() - self._since, 1e-9)
        shares = {f"time_{name}": seconds / wall for name, seconds in self._seconds.items()}
        self._seconds, self._events, self._since = {}, [], time.perf_counter()
        return wall, shares

    def _add(self, name: str, seconds: float) -> None:
        self._seconds[name] = self._seconds.get(name, 0.0) + seconds
