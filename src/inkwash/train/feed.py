"""Batches: which positions of the endless sequence of samples belong to which step and rank."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from inkwash.data.sample import Samples, collate
from inkwash.data.store import PictureStore
from inkwash.errors import BadConfig
from inkwash.train.config import TrainConfig
from inkwash.train.devices import Fabric

Batch = dict[str, Tensor]

SHARED_MEMORY = Path("/dev/shm")
PREFETCHED = 2  # batches per worker that wait for the device


class Feed:
    """The batches of a run from any step on; corrupt pictures are told by name."""

    def __init__(self, config: TrainConfig, fabric: Fabric, samples: Samples) -> None:
        self.config, self.fabric, self.samples = config, fabric, samples
        self.skipped: set[str] = set()

    def batches(self, step: int) -> Generator[list[Batch]]:
        """Lists of `accumulate` batches on the device, for `step` and those after it."""
        config, device = self.config, self.fabric.device
        if config.workers:
            check_shared_memory(config, self.samples)
        loader: Any = DataLoader(
            _Batches(self.samples),  # type: ignore[arg-type]
            batch_sampler=_Positions(self, step * config.accumulate),  # type: ignore[arg-type]
            num_workers=config.workers,
            collate_fn=_as_it_is,
            prefetch_factor=PREFETCHED if config.workers else None,
            worker_init_fn=_start_worker,
            multiprocessing_context="spawn" if config.workers else None,  # forks of OpenMP hang
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # its own: the run's must not depend on how often it began
        )
        group: list[Batch] = []
        for batch, skipped in loader:
            self.skipped.update(skipped)
            group.append({k: v.to(device, non_blocking=True) for k, v in batch.items()})
            if len(group) == config.accumulate:
                yield group
                group = []

    def positions(self, part: int) -> list[int]:
        """This rank's positions in batch number `part`: all ranks together share out a run."""
        ranks, size = self.fabric.world_size, self.config.batch * self.fabric.world_size
        start = part * size
        return list(range(start + self.fabric.global_rank, start + size, ranks))

    def again(self, step: int) -> tuple[list[str], list[Batch]]:
        """Names of the pictures of a step, and its batches, made once more."""
        first = step * self.config.accumulate
        parts = [self.positions(first + i) for i in range(self.config.accumulate)]
        source = self.samples.source
        assert isinstance(source, PictureStore)
        names = [source.name(self.samples.picture_of(p)) for part in parts for p in part]
        return names, [to_tensors([self.samples[p] for p in part]) for part in parts]


def check_shared_memory(config: TrainConfig, samples: Samples) -> None:
    """Raise BadConfig where batches of the workers do not fit the shared memory: it would be a bus
    error without a word in the middle of the run."""
    if not SHARED_MEMORY.is_dir():
        return
    batch = config.batch * sum(value.nbytes for value in samples[0].values())
    needed = batch * config.workers * (PREFETCHED + 1)
    free = shutil.disk_usage(SHARED_MEMORY).free
    if needed > free:
        raise BadConfig(
            f"workers = {config.workers} with batch = {config.batch} need {needed / 1e9:.2g} GB of "
            f"shared memory, {SHARED_MEMORY} has {free / 1e9:.2g} GB free; lower workers, or give "
            "the container more (docker run --shm-size)"
        )


def to_tensors(samples: list[dict[str, Any]]) -> Batch:
    """Stack samples into a batch of tensors."""
    return {key: torch.from_numpy(value) for key, value in collate(samples).items()}


class _Batches:
    """A data set that is asked for a whole batch at once, so that it can report as well."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self._told = 0

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, position: int) -> dict[str, Any]:
        return self.samples[position]

    def __getitems__(self, positions: list[int]) -> tuple[Batch, list[str]]:
        made = to_tensors([self.samples[position] for position in positions])
        broken = list(getattr(self.samples.source, "broken", {}).values())
        news, self._told = broken[self._told :], len(broken)
        return made, news


class _Positions:
    """A batch sampler that never ends; the loop decides when to stop."""

    def __init__(self, feed: Feed, part: int) -> None:
        self.feed, self.part = feed, part

    def __iter__(self) -> Iterator[list[int]]:
        part = self.part
        while True:
            yield self.feed.positions(part)
            part += 1


def _as_it_is(batch: Any) -> Any:
    return batch


def _start_worker(_: int) -> None:
    import cv2

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    signal.signal(signal.SIGTERM, _survive_once)


def _survive_once(*_: object) -> None:
    """A SIGTERM to the whole group must not take the batches from a loop that finishes its step;
    one more comes from the loop when it ends its workers."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
