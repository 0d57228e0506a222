"""A comic page drawn by code."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

GUTTER, BALLOON, LETTER = (10, 10), (180, 100), (191, 139)  # x, y of places that stay paper
PANEL, FACE = (500, 400), (350, 700)  # and of places that do not


def write(lines: NDArray[np.uint8], x: int, y: int, rows: int) -> None:
    """Rows of letters: crosses, hooks and rings."""
    for row in range(rows):
        for column in range(4):
            left, top = x + 22 * column, y + 24 * row
            if (row + column) % 3 == 0:
                cv2.line(lines, (left, top), (left + 12, top + 12), 0, 2)
                cv2.line(lines, (left + 12, top), (left, top + 12), 0, 2)
            elif (row + column) % 3 == 1:
                hook = np.array([[left, top], [left, top + 12], [left + 12, top + 12]])
                cv2.polylines(lines, [hook], False, 0, 2)
            else:
                cv2.circle(lines, (left + 6, top + 6), 6, 0, 2)


def draw_comic() -> NDArray[np.uint8]:
    """Three panels; a balloon in the first, a face in the last."""
    lines = np.full((900, 700), 255, np.uint8)
    for left, top, right, bottom in ((30, 30, 335, 430), (365, 30, 670, 430), (30, 460, 670, 870)):
        cv2.rectangle(lines, (left, top), (right, bottom), 0, 3)
    cv2.ellipse(lines, (180, 180), (90, 90), 0, 0, 360, 0, 3)
    write(lines, 141, 133, 4)
    cv2.ellipse(lines, (350, 660), (120, 140), 0, 0, 360, 0, 3)
    for x in (300, 400):
        cv2.ellipse(lines, (x, 640), (16, 26), 0, 0, 360, 0, 3)
    cv2.line(lines, (330, 740), (370, 742), 0, 3)
    return lines
