"""Pictures of folders and shards by index, kept in memory once decoded, drawn ones mixed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inkwash.data.pictures import Example, find_entries
from inkwash.data.sample import SampleConfig, Source, by_score
from inkwash.data.shards import find_shard_entries, is_shard
from inkwash.errors import BadConfig, BadData

VALIDATION_DRAWN = 64  # drawn pictures held out when there are no others
FEWEST_HELD_OUT = 16


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """Which pictures a run draws from, and how often."""

    shares: tuple[float, ...] = ()  # of the --data, in their order; none: all are one heap
    synth: float = 0.0  # share of pictures drawn by code, 0…1; needs skia-python
    synth_pictures: int = 4000  # how many different ones
    synth_side: int = 256  # their size, pixels
    keep_megabytes: int = 4000  # decoded pictures kept in memory, per worker

    def __post_init__(self) -> None:
        if not 0 <= self.synth <= 1:
            raise BadConfig(f"data.synth = {self.synth} is not between 0 and 1")
        if any(share < 0 for share in self.shares):
            raise BadConfig(f"data.shares = {list(self.shares)} has a share under 0")


class Readable(Protocol):
    """A picture that is not yet read."""

    @property
    def name(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def held_out(self) -> bool: ...
    def read(self, short_side: int) -> Example: ...


class PictureStore:
    """A Source (see sample.py) over entries; a corrupt picture is noted once and replaced."""

    def __init__(
        self, entries: Sequence[Readable], short_side: int, keep_megabytes: int = 4000
    ) -> None:
        self.entries, self.short_side = entries, short_side
        self.scores: NDArray[np.floating] = np.array([entry.score for entry in entries])
        self.broken: dict[int, str] = {}  # index → what is wrong
        self._kept: dict[int, Example] = {}
        self._room = keep_megabytes * 1_000_000

    def __len__(self) -> int:
        return len(self.entries)

    def name(self, index: int) -> str:
        """The picture's path below its folder."""
        return self.entries[index].name

    def read(self, index: int) -> Example:
        """The picture, or the next readable one. Raises BadData when none can be read."""
        for offset in range(len(self.entries)):
            example = self._read_one((index + offset) % len(self.entries))
            if example is not None:
                return example
        first = next(iter(self.broken.values()), "there are none")
        raise BadData(f"none of {len(self.entries)} pictures can be read; the first: {first}")

    def _read_one(self, index: int) -> Example | None:
        if index in self.broken:
            return None
        if index in self._kept:
            return self._kept[index]
        try:
            example = self.entries[index].read(self.short_side)
        except BadData as error:
            self.broken[index] = str(error)
            return None
        self._keep(index, example)
        return example

    def _keep(self, index: int, example: Example) -> None:
        size = sum(part.nbytes for part in example if part is not None)
        if size <= self._room:
            self._kept[index] = example
            self._room -= size


@dataclass(frozen=True)
class DrawnEntry:
    """A picture that code draws when it is read."""

    source: Source
    index: int
    score: float = 5.0
    held_out: bool = False

    @property
    def name(self) -> str:
        return f"drawn {self.index}"

    def read(self, short_side: int) -> Example:
        return self.source.read(self.index)


@dataclass(frozen=True)
class Pictures:
    """What a run draws from: training pictures with their shares, and held-out pictures."""

    training: PictureStore
    shares: NDArray[np.floating]  # how often each is drawn; they sum to 1
    held_out: PictureStore


def open_data(
    places: Sequence[str | Path],
    data: DataConfig,
    sample: SampleConfig,
    short_side: int,
    seed: int = 0,
) -> Pictures:
    """Pictures of folders, shards and URLs of shards, and drawn ones as the settings say.

    Raises BadData where there are none, BadConfig for shares that do not fit, MissingExtra where
    drawing is asked for and skia-python is not installed.
    """
    heaps = [_entries_of(place) for place in places]
    wanted = _wanted(data, len(heaps))
    if not data.shares:
        heaps = [[entry for heap in heaps for entry in heap]] if heaps else []
    training = [[entry for entry in heap if not entry.held_out] or heap for heap in heaps]
    held_out = [entry for heap in heaps for entry in heap if entry.held_out]
    if not held_out and training:
        held_out = training[0][:FEWEST_HELD_OUT]
    if data.synth:
        training.append(_drawn(data, seed, data.synth_pictures))
        held_out = held_out or _drawn(data, seed + 1, VALIDATION_DRAWN)
    parts = [by_score(np.array([entry.score for entry in heap]), sample) for heap in training]
    shares = np.concatenate([w * part for w, part in zip(wanted, parts, strict=True)])
    entries = [entry for heap in training for entry in heap]
    return Pictures(
        PictureStore(entries, short_side, data.keep_megabytes),
        shares / shares.sum(),
        PictureStore(held_out, short_side, data.keep_megabytes),
    )


def _wanted(data: DataConfig, places: int) -> list[float]:
    """The share of each heap, that of the drawn pictures last."""
    if data.shares and len(data.shares) != places:
        raise BadConfig(f"data.shares has {len(data.shares)} numbers for {places} --data")
    if not places and not data.synth:
        raise BadData("there are no pictures; give --data, or set data.synth = 1 to draw them")
    given = list(data.shares) or [1.0] * bool(places)
    if places and not sum(given) > 0:
        raise BadConfig("data.shares are all 0; nothing would be drawn from --data")
    scaled = [(1 - data.synth) * share / sum(given) for share in given]
    return scaled + [data.synth if places else 1.0] * bool(data.synth)


def _entries_of(place: str | Path) -> list[Readable]:
    if is_shard(place):
        return [*find_shard_entries(place)]
    return [*find_entries(Path(place))]


def _drawn(data: DataConfig, seed: int, count: int) -> list[Readable]:
    from inkwash.data.synth import DrawnPictures

    source = DrawnPictures(count, seed, data.synth_side)
    return [DrawnEntry(source, index) for index in range(count)]


def open_folders(folders: Sequence[Path], short_side: int) -> tuple[PictureStore, PictureStore]:
    """Training and validation pictures of folders, split by group."""
    found = open_data(folders, DataConfig(), SampleConfig(), short_side)
    return found.training, found.held_out
