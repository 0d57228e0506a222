"""What stays paper on a comic page: gutters, balloons, and the insides of their letters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from comic import BALLOON, FACE, GUTTER, PANEL, draw_comic, write
from inkwash.regions import find_paper, segment


def test_gutters_balloons_and_letters_stay_paper() -> None:
    regions = segment(draw_comic())
    paper, labels = find_paper(regions), regions.labels
    assert labels[GUTTER[::-1]] != labels[BALLOON[::-1]]
    assert paper[labels[GUTTER[::-1]]]
    y, x = np.ogrid[:900, :700]
    in_balloon = np.unique(labels[np.hypot(x - 180, y - 180) < 80])
    assert len(in_balloon) > 1  # letters have insides
    assert paper[in_balloon].all()
    assert not any(paper[labels[y, x]] for x, y in (PANEL, FACE, (50, 400), (300, 640)))


def test_letters_with_two_insides_stay_paper() -> None:
    lines = draw_comic()
    cv2.rectangle(lines, (120, 200), (138, 218), 0, 2)
    cv2.line(lines, (129, 200), (129, 218), 0, 2)
    regions = segment(lines, gap=0)
    labels, paper = regions.labels, find_paper(regions)
    assert labels[209, 124] != labels[209, 134]
    assert paper[labels[209, 124]]
    assert paper[labels[209, 134]]


@pytest.mark.parametrize("text", [False, True])
def test_on_a_page_without_panels_nothing_is_taken_for_a_balloon(text: bool) -> None:
    lines = np.full((600, 500), 255, np.uint8)
    cv2.ellipse(lines, (250, 250), (120, 150), 0, 0, 360, 0, 3)
    if text:
        write(lines, 200, 180, 4)
    for x in (200, 300):
        for fold in range(4):
            cv2.line(lines, (x + 10 * fold, 330), (x + 10 * fold - 5, 342), 0, 2)
    assert not find_paper(segment(lines)).any()


def test_a_blank_page_has_no_gutter() -> None:
    assert find_paper(segment(np.full((50, 60), 255, np.uint8))).tolist() == [False]
