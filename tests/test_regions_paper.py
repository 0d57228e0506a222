"""What stays paper on a comic page: gutters, balloons, and the insides of their letters."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.regions import find_paper, segment


def write(lines: NDArray[np.uint8], x: int, y: int, rows: int) -> None:
    """Rows of letters: crosses, hooks and rings."""
    for row in range(rows):
        for column in range(4):
            left, top = x + 22 * column, y + 24 * row
            if (row + column) % 3 == 0:
                cv2.line(lines, (left, top), (left + 12, top + 12), 0, 2)
                cv2.line(lines, (left + 12, top), (left, top + 12), 0, 2)
            elif (row + column) % 3 == 1:
                cv2.polylines(
                    lines,
                    [np.array([[left, top], [left, top + 12], [left + 12, top + 12]])],
                    False,
                    0,
                    2,
                )
            else:
                cv2.circle(lines, (left + 6, top + 6), 6, 0, 2)


def comic() -> NDArray[np.uint8]:
    """Three panels; a balloon in the first, a face in the last."""
    lines = np.full((900, 700), 255, np.uint8)
    for left, top, right, bottom in ((30, 30, 335, 430), (365, 30, 670, 430), (30, 460, 670, 870)):
        cv2.rectangle(lines, (left, top), (right, bottom), 0, 3)
    cv2.ellipse(lines, (180, 180), (90, 80), 0, 0, 360, 0, 3)
    write(lines, 141, 135, 4)
    cv2.ellipse(lines, (350, 660), (120, 140), 0, 0, 360, 0, 3)
    for x in (300, 400):
        cv2.ellipse(lines, (x, 640), (16, 26), 0, 0, 360, 0, 3)
    cv2.line(lines, (330, 740), (370, 742), 0, 3)
    return lines


def test_gutters_balloons_and_letters_stay_paper() -> None:
    regions = segment(comic())
    paper = find_paper(regions)
    labels = regions.labels
    assert paper[labels[10, 10]]
    assert paper[labels[180, 180 - 80]]
    assert paper[labels[141 - 6 + 24 + 6, 141 + 22 + 6]]
    assert not paper[labels[400, 50]]
    assert not paper[labels[400, 500]]
    assert not paper[labels[700, 350]]
    assert not paper[labels[640, 300]]


def test_a_figure_on_a_page_is_no_panel_and_its_face_no_balloon() -> None:
    lines = np.full((600, 500), 255, np.uint8)
    cv2.ellipse(lines, (250, 250), (120, 150), 0, 0, 360, 0, 3)
    for x in (200, 300):
        cv2.ellipse(lines, (x, 230), (16, 26), 0, 0, 360, 0, 3)
        for blush in range(4):
            cv2.line(lines, (x + 10 * blush, 290), (x + 10 * blush - 5, 302), 0, 2)
    assert not find_paper(segment(lines)).any()


def test_a_blank_page_has_no_gutter() -> None:
    assert find_paper(segment(np.full((50, 60), 255, np.uint8))).tolist() == [False]
