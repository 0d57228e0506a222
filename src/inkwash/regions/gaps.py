"""Whether an opening lies between the ends of broken lines or between lines that pass by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

WIDEST_END = 3.0  # line widths: what is wider where it leaves the neighbourhood is no line's end
REACH = 2.0  # line widths around an opening within which a line must end to bound it as broken
WIDEST_AT_FRAME = 2.0  # line widths: further from the page's frame, a line was not meant to meet it


@dataclass(frozen=True, kw_only=True)
class GapJudge:
    """Looks at the lines around an opening in `walls` (H, W) with lines of `line_width` pixels."""

    walls: NDArray[np.bool_]
    line_width: float

    def line_ends(self, x: int, y: int, opening: float) -> int:
        """How many of the lines that bound an opening end there: 0, 1, or 2 for two or more.

        `x`, `y`: the opening's middle, `opening`: half its width. A line that bounds it and leaves
        a circle around it once has its end inside; one that leaves it twice passes by. Between a
        line and the page's frame, none counts as ending unless they nearly touch.
        """
        if self.at_frame(x, y, opening) and 2 * opening > WIDEST_AT_FRAME * self.line_width:
            return 0
        radius = math.ceil(opening + REACH * self.line_width + 2)
        lines = self.lines_around(x, y, radius)
        inside = np.unique(lines[disc(radius, math.ceil(opening + 1))])
        around = lines[circle(radius)]
        ends = sum(self.ends_inside(around == line) for line in inside.tolist() if line)
        return min(2, ends)

    def at_frame(self, x: int, y: int, opening: float) -> bool:
        """Whether the page's frame is one side of an opening."""
        height, width = self.walls.shape
        return min(x + 1, y + 1, width - x, height - y) <= opening + 1

    def lines_around(self, x: int, y: int, radius: int) -> NDArray[np.int32]:
        """The separate lines (2 radius + 1, 2 radius + 1) in a circle, numbered from 1."""
        height, width = self.walls.shape
        top, left = max(0, y - radius), max(0, x - radius)
        bottom, right = min(height, y + radius + 1), min(width, x + radius + 1)
        window = np.zeros((2 * radius + 1, 2 * radius + 1), np.uint8)
        row, column = top - y + radius, left - x + radius
        window[row : row + bottom - top, column : column + right - left] = self.walls[
            top:bottom, left:right
        ]
        window[~disc(radius, radius)] = 0
        return np.asarray(cv2.connectedComponents(window, connectivity=8)[1], np.int32)

    def ends_inside(self, leaves: NDArray[np.bool_]) -> bool:
        """Whether a line that leaves the circle at `leaves` (n,) does so once, and narrowly."""
        times = np.count_nonzero(leaves & ~np.roll(leaves, 1))
        widest = CIRCLE_STEPS * (WIDEST_END * self.line_width + 2)
        return bool(times <= 1 and np.count_nonzero(leaves) <= widest)


CIRCLE_STEPS = 3  # samples a pixel, so that no thin diagonal line slips through


@cache
def circle(radius: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns around a circle in a window of 2 radius + 1."""
    count = 8 * math.ceil(CIRCLE_STEPS * 2 * np.pi * radius / 8)  # the same in all mirrorings
    angle = np.arange(count) * (2 * np.pi / count)
    inner = radius - 1  # rounded, it stays inside the disc that was cut out
    return (
        radius + np.rint(inner * np.sin(angle)).astype(np.int64),
        radius + np.rint(inner * np.cos(angle)).astype(np.int64),
    )


@cache
def disc(radius: int, within: int) -> NDArray[np.bool_]:
    """A window of 2 radius + 1 that is true up to `within` pixels from its middle."""
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return x * x + y * y <= within * within
