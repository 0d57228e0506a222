"""Colour runs on under the lines: every pixel gets the label of a region beside it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SQUARE = np.ones((3, 3), np.uint8)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def number_by_area(area: NDArray[np.number]) -> NDArray[np.int64]:
    """New numbers (n,) for regions 0…n-1 by rising area; what has no area gets 0.

    The order does not depend on where a region lies, so that a mirrored sketch is mirrored in every
    later choice between two labels.
    """
    order = np.argsort(area, kind="stable")
    order = order[area[order] > 0]
    number = np.zeros(len(area), np.int64)
    number[order] = np.arange(1, len(order) + 1)
    return number


def grow_under_lines(labels: NDArray[np.int32], line_width: float) -> NDArray[np.int32]:
    """Give each unlabelled (0) pixel of (H, W) the nearest label; the borders meet in mid-line.

    Of two labels that arrive at the same step the higher wins, wherever it comes from.
    """
    grown = labels.astype(np.float32)  # exact up to 2**24 labels, and cv2 dilates it
    for step in range(int(np.ceil(line_width)) + 2):
        empty = grown == 0
        if not empty.any():
            break
        np.copyto(grown, cv2.dilate(grown, SQUARE if step % 2 else CROSS), where=empty)
    result = grown.astype(np.int32)
    return result if result.all() else take_nearest(result)


def take_nearest(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Fill the inside of large black areas with the nearest label."""
    empty = labels == 0
    rim = (cv2.dilate(empty.view(np.uint8), SQUARE) > 0) & ~empty
    _, nearest = cv2.distanceTransformWithLabels(
        (~rim).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    source = np.zeros(np.count_nonzero(rim) + 1, np.int32)
    source[nearest[rim]] = labels[rim]
    filled = labels.copy()
    filled[empty] = source[nearest[empty]]
    return filled
