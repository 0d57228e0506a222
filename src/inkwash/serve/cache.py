"""Encoded pictures that may be asked for again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Cache:
    """Bytes by key, of at most so many bytes in all; what was not used longest goes first."""

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        return self._used

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        data = make()
        with self._lock:
            if key not in self._kept and len(data) <= self._most:
                self._kept[key] = data
                self._used += len(data)
            while self._used > self._most:
                self._used -= len(self._kept.popitem(last=False)[1])
        return data
