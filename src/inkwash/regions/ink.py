"""Where the ink is, how wide its lines are, and which of it is tone rather than line."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

FAINTEST_INK = 28  # darkness, of 255: paper grain and compression noise stay under it
DARKEST_THRESHOLD = 96  # half-covered pixels at the edge of a black line count as ink
GREY_FILL = 96  # a wide area brighter than this is a grey fill, not a spot of black ink
MANY_SPECKS = 1500
DITHER_SHARE = 0.04

TONE_NOTE = (
    "{count} specks smaller than a line's width were found and are not taken for lines; "
    "remove screentone and dust for cleaner regions"
)
DITHER_NOTE = (
    "the sketch is a 1-bit dithered picture; it was smoothed to find its lines, "
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
        lines = np.asarray(cv2.blur(lines, (5, 5)), np.uint8)
        notes.append(DITHER_NOTE)
    mask = lines < 255 - ink_threshold(lines)
    depth = ink_depth(mask)
    line_width = measure_line_width(depth)
    walls = mask & ~((depth > 2.5 * line_width) & (lines > GREY_FILL))
    walls, specks = without_specks(walls, line_width)
    if specks > MANY_SPECKS:
        notes.append(TONE_NOTE.format(count=specks))
    return Ink(mask=mask, walls=walls, line_width=line_width, notes=tuple(notes))


def is_dithered(lines: NDArray[np.uint8]) -> bool:
    """Whether tones are made of single black and white pixels: many that differ from both sides."""
    black = lines < 128
    if np.count_nonzero(black & (lines > 8)) + np.count_nonzero(~black & (lines < 247)):
        return False
    if lines.shape[1] < 3:
        return False
    change = black[:, 1:] != black[:, :-1]
    alone = np.count_nonzero(change[:, 1:] & change[:, :-1])
    return bool(alone > DITHER_SHARE * lines.size)


def ink_threshold(lines: NDArray[np.uint8]) -> int:
    """The darkness from which a pixel is ink: half that of the fainter lines' cores."""
    core = lines == cv2.erode(lines, np.ones((3, 3), np.uint8))
    darkness = np.cumsum(np.bincount(255 - lines[core], minlength=256)[FAINTEST_INK:])
    if darkness[-1] == 0:
        return FAINTEST_INK
    faint_core = FAINTEST_INK + int(np.searchsorted(darkness, 0.25 * darkness[-1]))
    return int(np.clip(faint_core // 2, FAINTEST_INK, DARKEST_THRESHOLD))


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
    return max(1.0, 2 * float(np.median(depth[middle])) - 0.5)


def without_specks(walls: Mask, line_width: float) -> tuple[Mask, int]:
    """The walls without dots smaller than a line's width, and how many dots there were."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(walls.view(np.uint8), connectivity=8)
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    speck = longest <= max(2.0, 1.5 * line_width)
    speck[0] = False
    if not speck.any():
        return walls, 0
    return walls & ~speck[labels], int(speck.sum())
