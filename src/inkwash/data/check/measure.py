"""Measure one pair of a folder, or all pairs of one shard. Runs in a worker process."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.augment import resize
from inkwash.data.lines import ink_coverage
from inkwash.data.prepare.measure import colourfulness
from inkwash.data.prepare.source import Job
from inkwash.data.read import read_grey, read_rgb
from inkwash.errors import BadData, InkwashError

Pixels = NDArray[np.uint8]
_SIDE = 128  # pairs are compared at this size, pixels
_BLUR = 1.5  # σ: a line and the edge it stands for may be that many pixels apart
_BLANK, _FULL = 0.0005, 0.6  # ink coverage that no line art has
_PARTS = ("rgb.png", "bw.png", "json")


class Problem(NamedTuple):
    """A pair that cannot be trained with."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A pair that can be read."""

    name: str
    width: int
    height: int
    colourfulness: float
    ink: float | None  # None: a colour picture without line art
    agreement: float | None


def agreement(rgb: Pixels, line: Pixels) -> float:
    """How well ink lies on the edges of the colours: -1…1, around 0 for lines of another picture.

    The correlation of ink with the strength of the strongest channel's gradient, both blurred,
    of RGB (H, W, 3) and line art (H, W) scaled to 128 × 128.
    """
    colour = resize(rgb, _SIDE).astype(np.float32)
    ink = cv2.GaussianBlur(255.0 - resize(line, _SIDE).astype(np.float32), (0, 0), _BLUR)
    across, down = (cv2.Sobel(colour, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    edges = cv2.GaussianBlur(np.hypot(across, down).max(axis=2), (0, 0), _BLUR)
    spread = float(ink.std() * edges.std())
    if spread < 1e-6:
        return 0.0
    return float(((ink - ink.mean()) * (edges - edges.mean())).mean() / spread)


def measure_job(job: Job, largest_pixels: int) -> list[Measured | Problem]:
    """One pair of a folder, or every pair of a shard. Raises nothing."""
    if job.path.suffix == ".tar":
        return [_measured(name, rgb, line, largest_pixels) for name, rgb, line in shard_pairs(job)]
    try:
        rgb = job.path.read_bytes()
        line = Path(job.folder, job.line).read_bytes() if job.line else None
    except OSError as error:
        return [Problem(job.name, f"cannot be read: {error.strerror}")]
    return [_measured(job.name, rgb, line, largest_pixels)]


def shard_pairs(job: Job) -> Iterator[tuple[str, bytes, bytes]]:
    """Key, colour file and line file of a shard's pairs; missing ones are empty."""
    try:
        with tarfile.open(job.path) as tar:
            yield from _members(job.name, tar)
    except (tarfile.TarError, OSError) as error:
        yield f"{job.name}: {error}", b"", b""


def _members(shard: str, tar: tarfile.TarFile) -> Iterator[tuple[str, bytes, bytes]]:
    parts: dict[str, bytes] = {}
    key = ""
    for member in tar:
        name, _, suffix = member.name.partition(".")
        if name != key and parts:
            yield f"{shard}/{key}", parts.get("rgb.png", b""), parts.get("bw.png", b"")
            parts = {}
        key = name
        file: IO[bytes] | None = tar.extractfile(member)
        if file is not None and suffix in _PARTS:
            parts[suffix] = file.read()
    if parts:
        yield f"{shard}/{key}", parts.get("rgb.png", b""), parts.get("bw.png", b"")


def read_pair(rgb: bytes, line: bytes | None, largest_pixels: int) -> tuple[Pixels, Pixels | None]:
    """(H, W, 3) and (H, W). Raises BadSketch, and BadData where the two do not fit together."""
    colour = read_rgb(rgb, largest_pixels)
    if line is None:
        return colour, None
    drawn = read_grey(line, largest_pixels)
    if drawn.shape != colour.shape[:2]:
        raise BadData(
            f"the line art is {drawn.shape[1]}×{drawn.shape[0]}, the colour picture"
            f" {colour.shape[1]}×{colour.shape[0]}"
        )
    return colour, drawn


def _measured(name: str, rgb: bytes, line: bytes | None, largest: int) -> Measured | Problem:
    try:
        colour, drawn = read_pair(rgb, line, largest)
    except InkwashError as error:
        return Problem(name, str(error).removeprefix("the bytes: "))
    ink = None if drawn is None else ink_coverage(drawn)
    if ink is not None and not _BLANK <= ink <= _FULL:
        kind = "is blank" if ink < _BLANK else "is mostly ink; is it white on black?"
        return Problem(name, f"the line art {kind} ({ink:.2%} ink)")
    return Measured(
        name=name,
        width=colour.shape[1],
        height=colour.shape[0],
        colourfulness=colourfulness(colour),
        ink=ink,
        agreement=None if drawn is None else agreement(colour, drawn),
    )
