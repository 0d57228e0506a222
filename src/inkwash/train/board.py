"""TensorBoard, where it is installed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)


class Board(Protocol):
    """Takes figures and pictures of a run."""

    def scalars(self, row: Mapping[str, float]) -> None: ...
    def picture(self, name: str, rgb: NDArray[np.uint8], step: int) -> None: ...
    def close(self) -> None: ...


def open_board(folder: Path, first: int) -> Board:
    """A TensorBoard log that goes on from step `first`, or one that keeps nothing."""
    if find_spec("tensorboard") is None:
        log.info("tensorboard is not installed; metrics.jsonl has all figures")
        return _NoBoard()
    # tensorboard's own switch for doing without TensorFlow, which takes seconds and talks.
    sys.modules.setdefault("tensorboard.compat.notf", ModuleType("notf"))
    from torch.utils.tensorboard import SummaryWriter

    return _TensorBoard(SummaryWriter(str(folder), purge_step=first + 1))


class _TensorBoard:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def scalars(self, row: Mapping[str, float]) -> None:
        for name, value in row.items():
            if name != "step":
                self._writer.add_scalar(_folder_of(name) + name, value, int(row["step"]))

    def picture(self, name: str, rgb: NDArray[np.uint8], step: int) -> None:
        self._writer.add_image(name, rgb, step, dataformats="HWC")

    def close(self) -> None:
        self._writer.close()


class _NoBoard:
    def scalars(self, row: Mapping[str, float]) -> None:
        return

    def picture(self, name: str, rgb: NDArray[np.uint8], step: int) -> None:
        return

    def close(self) -> None:
        return


def _folder_of(name: str) -> str:
    for part in ("validation", "time", "rgb_usage", "palette_usage"):
        if name.startswith(part + "_"):
            return part + "/"
    return ""
