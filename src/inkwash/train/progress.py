"""A bar on a terminal, plain lines elsewhere: loss, pictures per second, time left."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)


class Progress:
    """Follows a run from step `first` to `steps`."""

    def __init__(self, steps: int, first: int = 0) -> None:
        self.steps, self.first = steps, first
        self._since = time.monotonic()
        self._bar: Any = _open_bar(steps, first) if sys.stderr.isatty() else None

    def update(self, step: int, loss: float, speed: float, row: Mapping[str, float]) -> None:
        """After a row of figures; speed is in pictures per second."""
        if self._bar is None:
            left = _clock_time(self._left(step))
            split = " ".join(f"{k[5:]} {v:.0%}" for k, v in row.items() if k.startswith("time_"))
            named = _short(row, ("rgb", "palette", "rgb_entropy", "palette_entropy"))
            log.info("step %d/%d loss %.4g %s %.3g pictures/s, %s left; %s",
                     step, self.steps, loss, named, speed, left, split)  # fmt: skip
            return
        bar, task = self._bar
        bar.update(task, completed=step, loss=f"{loss:.4g}", speed=f"{speed:.3g}")

    def say(self, row: Mapping[str, float]) -> None:
        """Figures of a validation."""
        text = " ".join(f"{key} {value:.4g}" for key, value in row.items())
        if self._bar is None:
            log.info("%s", text)
        else:
            self._bar[0].console.print(text, highlight=False)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar[0].stop()

    def _left(self, step: int) -> float:
        done = max(1, step - self.first)
        return (time.monotonic() - self._since) / done * (self.steps - step)


def _open_bar(steps: int, first: int) -> Any:
    from rich import progress
    from rich.console import Console

    bar = progress.Progress(
        progress.TextColumn("step {task.completed}/{task.total}"),
        progress.BarColumn(),
        progress.TextColumn("loss {task.fields[loss]}  {task.fields[speed]} pictures/s"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    bar.start()
    return bar, bar.add_task("train", total=steps, completed=first, loss="-", speed="-")


def _short(row: Mapping[str, float], names: tuple[str, ...]) -> str:
    return " ".join(f"{name} {row[name]:.4g}" for name in names if name in row)


def _clock_time(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"
