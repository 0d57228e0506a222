"""Where the ink is, how wide its lines are, and which of it is tone rather than line."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

FAINTEST_INK = 28  # darkness, of 255: paper grain and compression noise stay under it
DARKEST_THRESHOLD = 96  # half-covered pixels at the edge of a black line count as ink
GREY_FILL = 0.75  # of the bold lines' darkness: a wide area under it is tone, not a spot of black
WIDEST_LINE = 1.5  # line widths on both sides of the middle: what is wider is no line
LARGEST_LINE_WIDTH = 0.03  # of the short side
MANY_SPECKS = 1500
DITHER_SHARE = 0.03

TONE_NOTE = (
    "{count} specks smaller than a line's width were found and are not taken for lines; "
    "remove screentone and dust for cleaner regions"
)
DITHER_NOTE = (
    "the sketch is a 1-bit dithered picture; its lines were told from the tone as well as can be, "
    "a grey original gives better regions"
)


@dataclass(frozen=True, kw_only=True)
class Ink:
    """The ink of a sketch.

    `mask` (H, W): every inked pixel. `walls` (H, W): the part of it that can bound a region,
    without specks. `line_width`: pixels, at least 1. `notes`: sentences for the user.
    """

    mask: Mask
    walls: Mask
    line_width: float
    notes: tuple[str, ...]


def find_ink(lines: NDArray[np.uint8]) -> Ink:
    """Split a sketch (H, W), ink 0 and paper 255, into ink and paper."""
    notes: list[str] = []
    if is_dithered(lines):
        lines = without_dither(lines)
        notes.append(DITHER_NOTE)
    faint, bold = line_darkness(lines)
    mask = lines < 255 - ink_threshold(faint)
    line_width = measure_line_width(ink_depth(lines < 255 - ink_threshold(bold)))
    walls = mask & ~wide_areas(mask & (lines > 255 - GREY_FILL * bold), line_width)
    walls, specks = without_specks(walls, line_width)
    if specks > MANY_SPECKS:
        notes.append(TONE_NOTE.format(count=specks))
    return Ink(mask=mask, walls=walls, line_width=line_width, notes=tuple(notes))


def is_dithered(lines: NDArray[np.uint8]) -> bool:
    """Whether tones are made of single pixels: many are unlike the four beside them."""
    black = lines < 128
    if np.count_nonzero(black & (lines > 8)) + np.count_nonzero(~black & (lines < 247)):
        return False
    if min(lines.shape) < 3:
        return False
    across, down = black[1:-1, 1:] != black[1:-1, :-1], black[1:, 1:-1] != black[:-1, 1:-1]
    alone = across[:, 1:] & across[:, :-1] & down[1:] & down[:-1]
    return bool(np.count_nonzero(alone) > DITHER_SHARE * lines.size)


def without_dither(lines: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The lines of a dithered picture: what is darker than the tone around it, or black."""
    near = 255 - cv2.blur(lines, (5, 5)).astype(np.float32)
    around = 255 - cv2.blur(lines, (21, 21)).astype(np.float32)
    darkness = np.where(near > 245, 255, np.clip(2.5 * (near - around - 40), 0, 255))
    return (255 - darkness).astype(np.uint8)


def line_darkness(lines: NDArray[np.uint8]) -> tuple[int, int]:
    """The darkness, up to 255, of the cores of the fainter and of the bolder lines."""
    core = lines == cv2.erode(lines, np.ones((3, 3), np.uint8))
    darkness = np.cumsum(np.bincount(255 - lines[core], minlength=256)[FAINTEST_INK:])
    if darkness[-1] == 0:
        return FAINTEST_INK, FAINTEST_INK
    faint, bold = np.searchsorted(darkness, np.array([0.25, 0.9]) * darkness[-1]).tolist()
    return FAINTEST_INK + faint, FAINTEST_INK + bold


def ink_threshold(darkness: int) -> int:
    """The darkness from which a pixel of lines with such cores is ink."""
    return min(max(darkness // 2, FAINTEST_INK), DARKEST_THRESHOLD)


def wide_areas(grey: Mask, line_width: float) -> Mask:
    """The parts of `grey` too wide for a line, which are tone in a region, and what is beside."""
    side = 2 * math.ceil(WIDEST_LINE * line_width) + 1
    square = np.ones((side, side), np.uint8)
    wide = cv2.morphologyEx(grey.view(np.uint8), cv2.MORPH_OPEN, square)
    return grey & (cv2.dilate(wide, square) > 0)


def ink_depth(mask: Mask) -> NDArray[np.float32]:
    """Distance (H, W) of each inked pixel to the nearest paper; 0 on paper."""
    if mask.all():
        return np.full(mask.shape, max(mask.shape), np.float32)
    return np.asarray(
        cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32
    )


def measure_line_width(depth: NDArray[np.float32]) -> float:
    """The usual width of a line, in pixels: twice the median depth along the lines' middles."""
    middle = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    if not middle.any():
        return 1.0
    most = max(2.0, LARGEST_LINE_WIDTH * min(depth.shape))
    return min(most, max(1.0, 2 * float(np.median(depth[middle])) - 0.5))


def without_specks(walls: Mask, line_width: float) -> tuple[Mask, int]:
    """The walls without dots smaller than a line's width, and how many dots there were."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(walls.view(np.uint8), connectivity=8)
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    speck = longest <= max(2.0, 1.5 * line_width)
    speck[0] = False
    if not speck.any():
        return walls, 0
    return walls & ~speck[labels], int(speck.sum())
