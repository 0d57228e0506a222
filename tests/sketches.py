"""Small sketches drawn by code, for tests of the steps after reading."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.sketch import Sketch


def draw_rooms(width: int = 240, height: int = 160, line: int = 3) -> NDArray[np.uint8]:
    """A page with two rectangles and a disc in the left one: four regions with the page itself."""
    page = np.full((height, width), 255, np.uint8)
    left, right, top, bottom = width // 10, width * 9 // 10, height // 8, height * 7 // 8
    middle = width // 2
    cv2.rectangle(page, (left, top), (middle, bottom), 0, line)
    cv2.rectangle(page, (middle, top), (right, bottom), 0, line)
    centre = ((left + middle) // 2, height // 2)
    cv2.circle(page, centre, height // 6, 0, line, cv2.LINE_AA)
    return page


def rooms_sketch(width: int = 240, height: int = 160) -> Sketch:
    return Sketch(ink=draw_rooms(width, height), name="rooms")
