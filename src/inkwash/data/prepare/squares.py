"""Where a picture is cut: one or more squares, which may hang over its edges into white."""

from __future__ import annotations

import math

import numpy as np

from inkwash.data.prepare.config import PrepareConfig
from inkwash.geometry import Box, Size


def squares(size: Size, config: PrepareConfig, rng: np.random.Generator) -> list[Box]:
    """Squares of a picture of `size`; the random numbers only nudge the several squares."""
    if config.crop == "whole":
        return [_whole(size)]
    if config.crop == "centre":
        return [_centre(size)]
    return _several(size, config.most_squares, rng)


def _whole(size: Size) -> Box:
    side = max(size.width, size.height)
    left, top = (size.width - side) // 2, (size.height - side) // 2
    return Box(left, top, left + side, top + side)


def _centre(size: Size) -> Box:
    side = size.short_side
    left = (size.width - side) // 2
    return Box(left, 0, left + side, side)  # heads are at the top of tall pictures


def _several(size: Size, most: int, rng: np.random.Generator) -> list[Box]:
    """As many as cover the long side, evenly spread, each nudged by up to a sixteenth."""
    side, long = size.short_side, max(size.width, size.height)
    count = min(most, math.ceil(long / side))
    starts = np.linspace(0, long - side, count) if count > 1 else np.array([(long - side) / 2])
    starts = np.clip(starts + rng.uniform(-1, 1, count) * side / 16, 0, long - side)
    places = [(round(s), 0) if size.width >= size.height else (0, round(s)) for s in starts]
    return [Box(left, top, left + side, top + side) for left, top in places]
