"""What kind of drawing it is: dark ink on light paper, the other way round, or a painting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.modes import Pixels, brightness_of, step_of, thinned


def is_light_on_dark(pixels: Pixels) -> bool:
    """Whether the drawing is light ink on dark paper: most of it and of its border is dark.

    A night scene with areas of several tints is not.
    """
    if _count_tints(pixels) > 4:
        return False
    grey = brightness_of(thinned(pixels))
    low, high = np.percentile(grey, (0.2, 99.8))
    if high - low < 32:
        return bool(high < 64)
    dark = grey < (low + high) / 2
    return bool(dark.mean() > 0.6 and dark[_border(dark.shape)].mean() > 0.6)


def is_light_on_nothing(pixels: Pixels, alpha: Pixels) -> bool:
    """Whether light ink stands on transparent paper: on white paper one would not see it."""
    shade, alpha = brightness_of(thinned(pixels)), thinned(alpha)
    visible = alpha > 32
    if visible.mean() > 0.5 or not visible.any():
        return False
    shade, alpha = shade[visible], alpha[visible]
    on_white = 255 - alpha * ((255 - shade) / 255)
    return bool(np.average(shade, weights=alpha) > 160 and (on_white < 200).mean() < 0.01)


def is_colour_picture(pixels: Pixels) -> bool:
    """Whether this is painted rather than drawn: areas of many tints, grain or not."""
    return any(_count_tints(seen) > 7 for seen in (pixels, _without_grain(pixels)))


def _count_tints(pixels: Pixels) -> int:
    """How many tints, brightness apart, fill more than 0.3 % of the picture each.

    Only smooth places count, so neither lines nor grain; nor does what is nearly black.
    """
    if pixels.ndim == 2:
        return 1
    step = step_of(pixels)
    here, there = pixels[:-1:step, :-1:step], pixels[1::step, 1::step]
    smooth = (np.maximum(here, there) - np.minimum(here, there)).max(axis=-1) <= 6
    areas = here[smooth].astype(np.int32)
    total = areas.sum(axis=-1)
    areas, total = areas[total > 240], total[total > 240]
    tints = areas[:, 0] * 20 // total * 32 + areas[:, 1] * 20 // total
    return int((np.bincount(tints) > 0.003 * smooth.size).sum())


def _without_grain(pixels: Pixels) -> Pixels:
    """Means of 2×2 pixels, in which the grain of photographs is half; of large pictures, some."""
    if pixels.ndim == 2:
        return pixels
    step = max(2, step_of(pixels))
    bottom, right = pixels.shape[0] - 1, pixels.shape[1] - 1
    total = sum(
        pixels[y : bottom + y : step, x : right + x : step].astype(np.uint16)
        for y, x in np.ndindex(2, 2)
    )
    return np.asarray(total // 4, np.uint8)


def _border(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    margin = max(1, min(shape) // 50)
    border = np.ones(shape, np.bool_)
    border[margin:-margin, margin:-margin] = False
    return border
