"""What one sees of a run: metrics.jsonl, TensorBoard, sample sheets, loss.png, progress."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from inkwash import losses
from inkwash.errors import OutputFailed
from inkwash.train.board import open_board
from inkwash.train.chart import draw_chart
from inkwash.train.clock import Clock
from inkwash.train.config import TrainConfig
from inkwash.train.devices import Fabric
from inkwash.train.progress import Progress
from inkwash.train.validate import write_png

log = logging.getLogger(__name__)


class Watch:
    """Writes figures and sheets of one run; on ranks that are not the first it only counts."""

    def __init__(self, out: Path, config: TrainConfig, fabric: Fabric, first: int) -> None:
        self.out, self.config, self.fabric = out, config, fabric
        self.active = fabric.is_global_zero
        self._clock = Clock(fabric.device)
        self._sums: dict[str, Tensor] = {}
        self._batches = 0
        self._last = first  # step of the last row
        self._told: set[str] = set()
        self._metrics = out / "metrics.jsonl"
        if self.active:
            _keep_until(self._metrics, first)
            self._progress = Progress(config.steps, first)
            self._board = open_board(out / "tensorboard", first)

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if not self.active:
            return
        self._progress.close()
        self._board.close()
        if failed is None:  # what went wrong must not be hidden by a chart that cannot be written
            draw_chart(self._metrics, self.out / "loss.png")

    def timed(self, name: str) -> AbstractContextManager[None]:
        """Counts the time spent inside, on the host or on the device."""
        return self._clock.timed(name)

    def add(self, parts: Mapping[str, Tensor]) -> None:
        """Add the parts of a batch's loss to the next row; they stay on the device."""
        for name, value in parts.items():
            value = value.float()
            self._sums[name] = self._sums[name] + value if name in self._sums else value
        self._batches += 1

    def figures(self, step: int, rate: float, skipped: Iterable[str]) -> None:
        """One row: means since the last one over all ranks, speed, the split of the time, usage."""
        row: dict[str, float] = {"step": step}
        for name, total in self._sums.items():
            mean = self._over_ranks(total / self._batches)
            row |= _usage(name, mean) if mean.dim() else {name: float(mean)}
        wall, split = self._clock.read()
        ranks = self.fabric.world_size
        pictures = (step - self._last) * self.config.batch * self.config.accumulate * ranks
        row |= {"rate": rate, "pictures_per_second": pictures / wall, **split}
        self._sums, self._batches, self._last = {}, 0, step
        if not self.active:
            return
        row["skipped"] = self._tell(skipped)
        self._write(row)
        self._progress.update(step, row["loss"], row["pictures_per_second"], row)

    def validation(self, step: int, figures: Mapping[str, float]) -> None:
        """Figures on held-out pictures."""
        row = {"step": step, **{f"validation_{k}": v for k, v in figures.items()}}
        self._write(row)
        self._progress.say(row)
        draw_chart(self._metrics, self.out / "loss.png")

    def sheet(self, step: int, picture: NDArray[np.uint8]) -> None:
        """A sample sheet: sketch, truth and nine a row."""
        folder = self.out / "sheets"
        folder.mkdir(exist_ok=True)
        write_png(folder / f"{step:08d}.png", picture)
        self._board.picture("sheet", picture, step)

    def _over_ranks(self, value: Tensor) -> Tensor:
        if self.fabric.world_size == 1:
            return value
        mean = self.fabric.all_reduce(value, reduce_op="mean")
        assert isinstance(mean, Tensor)
        return mean

    def _write(self, row: Mapping[str, float]) -> None:
        try:
            with self._metrics.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise OutputFailed(
                f"{self._metrics}: cannot be written ({error.strerror}); free space and use "
                "--resume, the last checkpoint is intact"
            ) from error
        self._board.scalars(row)

    def _tell(self, skipped: Iterable[str]) -> int:
        """Name corrupt pictures, each once; how many there are so far."""
        for message in sorted(set(skipped) - self._told):
            self._told.add(message)
            log.warning("skipped (%d so far): %s", len(self._told), message)
        return len(self._told)


def _usage(name: str, counts: Tensor) -> dict[str, float]:
    """Entropy of the wins, and the share of each proposal."""
    shares = counts / counts.sum().clamp(min=1e-9)
    row = {name.replace("_usage", "_entropy"): losses.entropy(shares)}
    return row | {f"{name}_{i + 1}": share for i, share in enumerate(shares.tolist())}


def _keep_until(metrics: Path, step: int) -> None:
    """Drop rows that a resumed run writes once more."""
    if not metrics.exists():
        return
    lines = metrics.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.endswith("}") and json.loads(line)["step"] <= step]
    metrics.write_text("".join(f"{line}\n" for line in kept if step), encoding="utf-8")
