"""One picture to its pairs: read, cut, judge, draw the lines, encode. Runs in a worker process."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.augment import cut, resize
from inkwash.data.lines import find_extractor, ink_coverage
from inkwash.data.prepare.alike import Look, look_of
from inkwash.data.prepare.config import PrepareConfig
from inkwash.data.prepare.measure import colourfulness
from inkwash.data.prepare.panels import find_panels
from inkwash.data.prepare.source import Job
from inkwash.data.prepare.squares import squares
from inkwash.data.read import read_grey, read_rgb
from inkwash.errors import BadData, InkwashError
from inkwash.geometry import Box

Pixels = NDArray[np.uint8]
_UNSAFE = re.compile(r"[^\w-]+")  # a dot ends a key in WebDataset
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 3)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A training pair, encoded, and its row of the manifest."""

    key: str
    box: tuple[int, int, int, int]  # left, top, right, bottom in the source picture
    ink: float  # 0…1
    colourfulness: float
    rgb: bytes = field(repr=False)  # PNG
    line: bytes = field(repr=False)  # PNG, grey

    def facts(self) -> dict[str, Any]:
        """All but the pictures."""
        return {
            "key": self.key,
            "box": list(self.box),
            "ink": self.ink,
            "colourfulness": self.colourfulness,
        }


@dataclass(frozen=True, kw_only=True)
class Made:
    """What became of one source picture: pairs, or why there are none."""

    name: str
    width: int = 0
    height: int = 0
    sha256: str = ""
    look: Look | None = None
    pairs: tuple[Pair, ...] = ()
    dropped: str = ""  # a reason to count by
    failed: str = ""  # what is wrong with the file


def make_pairs(job: Job, config: PrepareConfig) -> Made:
    """All pairs of a picture; the same for the same file, name and settings.

    A picture that cannot be read or worked on is told in the result: it must not stop the rest.
    """
    try:
        job.name.encode()
        return _make_pairs(job, config)
    except UnicodeEncodeError:
        return Made(name=job.name, failed="its name is not UTF-8; rename it")
    except (InkwashError, OSError, MemoryError, cv2.error) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return Made(name=job.name, failed=reason.removeprefix("the bytes: "))


def _make_pairs(job: Job, config: PrepareConfig) -> Made:
    data = job.path.read_bytes()
    rgb = read_rgb(data, config.largest_pixels)
    line = _read_line(job, rgb, config)
    height, width = rgb.shape[:2]
    pairs, dropped = _pairs_of(job.name, rgb, line, config)
    return Made(
        name=job.name,
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
        look=look_of(rgb) if pairs else None,
        pairs=tuple(pairs),
        dropped="" if pairs else dropped,
    )


def _read_line(job: Job, rgb: Pixels, config: PrepareConfig) -> Pixels | None:
    if not job.line:
        return None
    data = Path(job.folder, job.line).read_bytes()
    line = read_grey(data, config.largest_pixels)
    if line.shape != rgb.shape[:2]:
        raise BadData(
            f"its line art {job.line} is {line.shape[1]}×{line.shape[0]}, the colour picture"
            f" {rgb.shape[1]}×{rgb.shape[0]}; give both the same size"
        )
    return line


def _pairs_of(
    name: str, rgb: Pixels, line: Pixels | None, config: PrepareConfig
) -> tuple[list[Pair], str]:
    rng = np.random.default_rng((config.seed, _number(name)))
    pairs: list[Pair] = []
    dropped = "too small"
    for piece in _pieces(rgb, line, config, rng):
        strength = float(rng.uniform(config.strength[0], config.strength[1]))
        made = _pair(f"{_stem(name)}-{len(pairs)}", piece, strength, config)
        if isinstance(made, Pair):
            pairs.append(made)
        else:
            dropped = made
    return pairs, dropped


class _Piece(NamedTuple):
    box: Box
    rgb: Pixels  # (S, S, 3)
    line: Pixels | None  # (S, S), true lines


def _pieces(
    rgb: Pixels, line: Pixels | None, config: PrepareConfig, rng: np.random.Generator
) -> Iterator[_Piece]:
    """The squares of the picture, or of each of its panels, that are large enough."""
    whole = Box(0, 0, rgb.shape[1], rgb.shape[0])
    if whole.size.short_side < config.floor:
        return
    for panel in (find_panels(rgb) if config.panels else []) or [whole]:
        if panel.size.short_side < config.floor:
            continue
        for square in squares(panel.size, config, rng):
            corner = (square.left, square.top, square.size.width)
            yield _Piece(
                _moved(square, panel),
                cut(rgb[panel.slices], *corner),
                None if line is None else cut(line[panel.slices], *corner),
            )


def _pair(key: str, piece: _Piece, strength: float, config: PrepareConfig) -> Pair | str:
    """A pair, or the reason why it is dropped."""
    colour = resize(piece.rgb, config.size)
    colourful = colourfulness(colour)
    if colourful < config.least_colourfulness:
        return "near-grey"
    line = _draw(piece.rgb, strength, config) if piece.line is None else piece.line
    ink = resize(line, config.size)
    coverage = ink_coverage(ink)
    if coverage < config.least_ink:
        return "near-blank"
    if coverage > config.most_ink:
        return "too much ink"
    return Pair(
        key=key,
        box=(piece.box.left, piece.box.top, piece.box.right, piece.box.bottom),
        ink=round(coverage, 5),
        colourfulness=round(colourful, 2),
        rgb=_png(np.ascontiguousarray(colour[..., ::-1])),
        line=_png(ink),
    )


def _draw(square: Pixels, strength: float, config: PrepareConfig) -> Pixels:
    """Line art of a square, at `line_scale` times the size or smaller."""
    side = round(config.line_scale * config.size)
    fine = resize(square, side) if square.shape[0] > side else square
    return find_extractor(config.lines)(np.ascontiguousarray(fine), strength)


def _png(picture: Pixels) -> bytes:
    return cv2.imencode(".png", picture, _PNG)[1].tobytes()


def _moved(square: Box, panel: Box) -> Box:
    return Box(
        square.left + panel.left,
        square.top + panel.top,
        square.right + panel.left,
        square.bottom + panel.top,
    )


def _stem(name: str) -> str:
    """A key that is readable and no other picture's."""
    mark = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{_UNSAFE.sub('_', PurePosixPath(name).stem)[:60]}-{mark}"


def _number(name: str) -> int:
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big")
