"""What one sees of a run: metrics.jsonl, TensorBoard, sample sheets, a line of progress."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from inkwash import losses
from inkwash.train.config import TrainConfig
from inkwash.train.validate import write_png

log = logging.getLogger(__name__)


class Watch:
    """Writes figures and sheets of one run; does nothing on ranks that are not the first."""

    def __init__(self, out: Path, config: TrainConfig, *, resume: bool, active: bool) -> None:
        self.out, self.config, self.active = out, config, active
        self._seconds: dict[str, float] = {}
        self._since = time.monotonic()
        self._file = (out / "metrics.jsonl").open("a" if resume else "w") if active else None

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Adds the time spent inside to `name`."""
        begin = time.perf_counter()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - begin

    def scalars(self, step: int, parts: Mapping[str, Tensor | float]) -> None:
        """One row of figures since the last."""
        if not self.active:
            return
        wall = time.monotonic() - self._since
        pictures = self.config.log_every * self.config.batch * self.config.accumulate
        row: dict[str, float] = {"step": step, "pictures_per_second": pictures / wall}
        for name, value in parts.items():
            if name.endswith("_winners"):
                usage = losses.head_usage(value.cpu(), self.config.net.proposals)  # type: ignore[union-attr]
                row[name.replace("_winners", "_entropy")] = losses.entropy(usage)
            else:
                row[name] = float(value)
        row["waiting"] = max(0.0, 1 - sum(self._seconds.values()) / wall)
        row |= {name: seconds / wall for name, seconds in self._seconds.items()}
        self._seconds, self._since = {}, time.monotonic()
        self._write(row)

    def validation(self, step: int, figures: Mapping[str, float]) -> None:
        """Figures on held-out pictures."""
        if self.active:
            self._write({"step": step, **{f"validation_{k}": v for k, v in figures.items()}})

    def sheet(self, step: int, picture: NDArray[np.uint8]) -> None:
        """A sample sheet as PNG."""
        if self.active:
            folder = self.out / "sheets"
            folder.mkdir(exist_ok=True)
            write_png(folder / f"{step:08d}.png", picture)

    def _write(self, row: Mapping[str, float]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()
        log.info(" ".join(f"{k} {v:.4g}" for k, v in row.items()))
