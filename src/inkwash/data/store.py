"""Pictures of one or more folders by index, kept in memory once decoded."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkwash.data.pictures import Entry, find_entries, read_entry
from inkwash.errors import BadData

log = logging.getLogger(__name__)

Pair = tuple[NDArray[np.uint8], NDArray[np.uint8] | None]


class PictureStore:
    """A Source (see sample.py) over entries; a corrupt picture is told once and replaced."""

    def __init__(self, entries: list[Entry], short_side: int) -> None:
        self.entries, self.short_side = entries, short_side
        self.scores = np.array([entry.score for entry in entries])
        self._kept: dict[int, Pair] = {}
        self._broken: set[int] = set()

    def __len__(self) -> int:
        return len(self.entries)

    def read(self, index: int) -> Pair:
        """The picture, or the next readable one. Raises BadData when none can be read."""
        for offset in range(len(self.entries)):
            pair = self._read_one((index + offset) % len(self.entries))
            if pair is not None:
                return pair
        raise BadData(f"none of {len(self.entries)} pictures can be read; see the warnings above")

    def _read_one(self, index: int) -> Pair | None:
        if index in self._broken:
            return None
        if index not in self._kept:
            try:
                self._kept[index] = read_entry(self.entries[index], self.short_side)
            except BadData as error:
                self._broken.add(index)
                log.warning("skipped: %s (%d so far)", error, len(self._broken))
                return None
        return self._kept[index]


def open_folders(folders: list[Path], short_side: int) -> tuple[PictureStore, PictureStore]:
    """Training and validation pictures, split by group."""
    entries = [entry for folder in folders for entry in find_entries(folder)]
    training = [entry for entry in entries if not entry.held_out]
    held_out = [entry for entry in entries if entry.held_out] or training[:16]
    return PictureStore(training or entries, short_side), PictureStore(held_out, short_side)
