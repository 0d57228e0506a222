"""Losses that are no numbers: noticed without waiting for the device, told with their batch."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from inkwash.errors import InkwashError
from inkwash.train.feed import Feed

NAMES_SHOWN = 8


class NotFinite(InkwashError):
    """The loss became infinite or no number; the batch is saved beside the run."""


class Guard:
    """Remembers, on the device, the first step whose loss was not finite.

    `note` costs no synchronisation; on a CPU, where there is none to save, it checks at once.
    """

    def __init__(self, feed: Feed, out: Path) -> None:
        self.feed, self.out = feed, out
        self._first = torch.full((), -1, dtype=torch.long, device=feed.fabric.device)

    def note(self, step: int, loss: Tensor) -> None:
        """Look at the loss of a step (scalar)."""
        fresh = ~torch.isfinite(loss) & (self._first < 0)
        self._first = torch.where(fresh, step, self._first)
        if self._first.device.type == "cpu":
            self.check()

    def check(self) -> None:
        """Raise NotFinite if a step was bad; waits for the device."""
        step = int(self._first)
        if step < 0:
            return
        names, batches = self.feed.again(step)
        path = self.out / "not-finite.pt"
        torch.save({"step": step, "pictures": names, "batches": batches}, path)
        shown = ", ".join(names[:NAMES_SHOWN]) + (", …" if len(names) > NAMES_SHOWN else "")
        raise NotFinite(
            f"the loss is not finite at step {step}; pictures: {shown}; the batch is in {path}; "
            "lower learning_rate or set clip, and --resume from the last checkpoint"
        )
