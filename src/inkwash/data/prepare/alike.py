"""Duplicates and near-duplicates: a perceptual hash, and what was seen so far."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_BANDS, _BITS = 4, 16  # two hashes at most 3 bits apart agree in one band of 16 at least
_THUMB = 4  # side of the colour thumbnail, pixels
_SAME_COLOUR = 10.0  # largest difference of thumbnails of one picture, 0…255


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture looks like from afar: the same after scaling and compression."""

    hash: int  # 64 bits, of the lightness
    thumb: bytes  # 4×4 RGB: a drawing in other colours is another picture

    def to_hex(self) -> str:
        return f"{self.hash:016x}{self.thumb.hex()}"

    @classmethod
    def from_hex(cls, text: str) -> Look:
        return cls(int(text[:16], 16), bytes.fromhex(text[16:]))


def look_of(rgb: NDArray[np.uint8]) -> Look:
    """The signs of the 64 lowest frequencies (discrete cosine transform) of 32×32 greys."""
    small = np.asarray(cv2.resize(rgb, (32, 32), interpolation=cv2.INTER_AREA), np.uint8)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    low = cv2.dct(grey)[:8, :8].ravel()
    low[0] = 0.0  # overall lightness says nothing about the drawing
    bits = np.packbits(low > np.median(low))
    thumb = cv2.resize(small, (_THUMB, _THUMB), interpolation=cv2.INTER_AREA)
    return Look(int.from_bytes(bits.tobytes(), "big"), np.asarray(thumb, np.uint8).tobytes())


class Alike:
    """The looks seen so far, to find one like a new one in constant time."""

    def __init__(self, bits: int) -> None:
        self._most_bits = bits
        self._hashes = array("Q")
        self._thumbs = bytearray()
        self._by_band: list[defaultdict[int, array[int]]] = [
            defaultdict(lambda: array("I")) for _ in range(_BANDS)
        ]

    def find(self, look: Look) -> int | None:
        """The number of the first look like this one, None if there is none."""
        near = {i for band, key in enumerate(_keys(look)) for i in self._by_band[band].get(key, ())}
        return min((i for i in near if self._is_like(i, look)), default=None)

    def add(self, look: Look) -> int:
        """Remember a look; its number, counted from 0."""
        number = len(self._hashes)
        self._hashes.append(look.hash)
        self._thumbs += look.thumb
        for band, key in enumerate(_keys(look)):
            self._by_band[band][key].append(number)
        return number

    def _is_like(self, number: int, look: Look) -> bool:
        if (self._hashes[number] ^ look.hash).bit_count() > self._most_bits:
            return False
        size = len(look.thumb)
        thumb = np.frombuffer(bytes(self._thumbs[number * size : (number + 1) * size]), np.uint8)
        difference = thumb.astype(np.int16) - np.frombuffer(look.thumb, np.uint8)
        return bool(np.abs(difference).max() <= _SAME_COLOUR)


def _keys(look: Look) -> list[int]:
    return [look.hash >> (_BITS * band) & (2**_BITS - 1) for band in range(_BANDS)]
