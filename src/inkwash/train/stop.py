"""SIGTERM: finish the step, write a checkpoint, end with exit code 0."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

import torch

from inkwash.train.devices import Fabric

log = logging.getLogger(__name__)


class Stop:
    """Whether the run was asked to end; several processes agree on the step at which they do."""

    def __init__(self, fabric: Fabric, every: int) -> None:
        self.fabric, self.every = fabric, every
        self._signalled = False
        self._before: Any = None

    def __enter__(self) -> Stop:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)

    def asked(self, step: int) -> bool:
        """Whether to end before `step`; with several processes, only every so many steps."""
        if self.fabric.world_size == 1:
            return self._signalled
        if step % self.every:
            return False
        flag = torch.tensor(float(self._signalled), device=self.fabric.device)
        total: Any = self.fabric.all_reduce(flag, reduce_op="sum")
        return bool(total > 0)

    def _ask(self, *_: object) -> None:
        self._signalled = True
        log.info("asked to stop: finishing the step and writing a checkpoint")
