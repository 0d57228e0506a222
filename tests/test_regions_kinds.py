"""What is drawn open is parted where two kinds of things are seen, in the narrowest place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkwash.regions import Seen, segment
from inkwash.regions.kinds import CELLS, at_frame, lay_grid, perimeters
from inkwash.regions.table import find_borders

SIDE = 400
SLEEVE = (120, 120, 280, 400)  # left, top, right, bottom: open at the page's lower half
LEAST = (0.0015, 0.0015, 0.0015)
MOUTH = 330  # y from which the sleeve has no lines


def sleeve(scale: int = 1, *, neck: int = 0):
    """A sleeve without a hem on white paper; with `neck`, its mouth is narrower by so much."""
    lines = np.full((SIDE * scale, SIDE * scale), 255, np.uint8)
    left, top, right, _ = (scale * edge for edge in SLEEVE)
    mouth, step = scale * MOUTH, scale * neck
    corners = [(left + step, mouth), (left, mouth - step), (left, top)]
    corners += [(right, top), (right, mouth - step), (right - step, mouth)]
    cv2.polylines(lines, [np.array(corners)], False, 0, 4 * scale)
    return lines


def seen(box=(SLEEVE[0], SLEEVE[1], SLEEVE[2], MOUTH), *, sure: float = 0.9, grid: int = 100):
    """Two kinds on a grid: the first everywhere but in a box, in pixels of a page of SIDE."""
    left, top, right, bottom = (round(edge * grid / SIDE) for edge in box)
    inside = np.full((grid, grid), 1 - sure, np.float32)
    inside[top:bottom, left:right] = sure
    return Seen(chances=np.stack([1 - inside, inside]), least=LEAST)


def test_without_sight_what_is_open_is_one_region():
    assert segment(sleeve()).count == 1


def test_a_sleeve_without_a_hem_is_parted_from_the_paper():
    regions = segment(sleeve(), seen=seen())
    assert regions.count == 2
    inside = regions.labels[MOUTH - 100, 200]
    assert inside != regions.labels[390, 200] == regions.labels[20, 20]
    mask = regions.labels == inside
    assert mask[140 : MOUTH - 20, 140:260].all()
    assert not mask[MOUTH + 20 :].any()
    assert regions.areas.sum() == SIDE * SIDE


def test_the_border_is_where_the_way_out_is_narrowest():
    """It is not seen where the sleeve ends: 60 pixels up or down."""
    known = seen()
    known.chances[:, (MOUTH - 60) // 4 : (MOUTH + 60) // 4] = 0.5
    regions = segment(sleeve(neck=50), seen=known)
    assert regions.count == 2
    column = regions.labels[:, 200] == regions.labels[200, 200]
    assert MOUTH - 12 < np.flatnonzero(column).max() < MOUTH + 12


def test_an_opening_given_in_pixels_is_taken_at_its_word():
    assert segment(sleeve(), gap=10, seen=seen()).count == 1


def test_nothing_is_parted_where_no_line_is_around_it():
    blank = np.full((SIDE, SIDE), 255, np.uint8)
    blank[20:24, 20:380] = 0
    assert segment(blank, seen=seen((150, 150, 250, 250))).count == segment(blank).count


@pytest.mark.parametrize("sure", [0.5, 0.58])
def test_nothing_is_parted_by_what_is_seen_unsurely(sure):
    assert segment(sleeve(), seen=seen(sure=sure)).count == 1


def test_nothing_is_parted_by_what_is_small_for_its_kind():
    """An eye in a face, its lid open at both ends."""
    lines = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.rectangle(lines, (100, 100), (300, 300), 0, 4)
    cv2.polylines(lines, [np.array([(180, 210), (180, 170), (210, 170), (210, 210)])], False, 0, 4)
    chances = seen((180, 172, 210, 208)).chances
    assert segment(lines, seen=Seen(chances=chances, least=(0.0015, 0.01))).count == 2
    regions = segment(lines, seen=Seen(chances=chances, least=(0.0015, 0.0002)))
    assert regions.count == 3
    assert regions.labels[190, 195] not in (regions.labels[150, 150], regions.labels[20, 20])


def test_three_kinds_in_one_region_become_three():
    """A box whose two chambers are open to each other by a door and the right one to the page."""
    lines = np.full((SIDE, SIDE), 255, np.uint8)
    corners = [(340, 230), (340, 300), (60, 300), (60, 100), (340, 100), (340, 170)]
    cv2.polylines(lines, [np.array(corners)], False, 0, 4)
    for y in (100, 230):
        cv2.line(lines, (200, y), (200, y + 70), 0, 4)
    grid = np.full((3, 100, 100), 0.02, np.float32)
    grid[0] = 0.96
    grid[:, 25:75, 15:50] = np.array([0.02, 0.96, 0.02])[:, None, None]
    grid[:, 25:75, 50:85] = np.array([0.02, 0.02, 0.96])[:, None, None]
    assert segment(lines).count == 1
    regions = segment(lines, seen=Seen(chances=grid, least=LEAST))
    assert regions.count == 3
    left, right, page = (regions.labels[200, x] for x in (190, 210, 380))
    assert len({left, right, page}) == 3
    assert regions.labels[200, 120] == left
    assert regions.labels[200, 280] == right
    assert regions.labels[50, 200] == page


@pytest.mark.parametrize("folds", [0, 2, 6])
def test_folds_do_not_make_up_for_a_border_that_was_not_drawn(folds):
    """Two of four sides are open."""
    lines = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.polylines(lines, [np.array([(120, 300), (120, 120), (300, 120)])], False, 0, 4)
    for fold in range(folds):
        cv2.line(lines, (150 + 20 * fold, 150), (150 + 20 * fold, 260), 0, 3)
    assert segment(lines, seen=seen((120, 120, 300, 300))).count == 1


def test_what_is_seen_a_little_past_a_line_is_no_part():
    """The sleeve is seen 12 pixels too far on its left."""
    left, top, right, bottom = SLEEVE[0], SLEEVE[1], SLEEVE[2], MOUTH
    regions = segment(sleeve(), seen=seen((left - 12, top, right, bottom)))
    assert regions.count == 2
    assert regions.labels[200, 110] == regions.labels[20, 20]


def test_no_colour_lies_beyond_a_slanted_line_of_a_large_page():
    scale = 8
    corners = np.array([(140, 330), (180, 110), (300, 130), (300, 330)])
    lines = np.full((SIDE * scale, SIDE * scale), 255, np.uint8)
    cv2.polylines(lines, [corners * scale], False, 0, 4)
    inside = np.zeros_like(lines)
    cv2.fillPoly(inside, [corners * scale], 1)
    small = cv2.resize(inside, (100, 100), interpolation=cv2.INTER_AREA).astype(np.float32)
    known = Seen(chances=0.02 + 0.96 * np.stack([1 - small, small]), least=LEAST)
    regions = segment(lines, seen=known)
    assert regions.count == 2
    found = regions.labels == regions.labels[220 * scale, 240 * scale]
    away = np.ones_like(found)
    away[(MOUTH - 25) * scale :] = False  # there it is open
    paper = away & (lines == 255)
    assert not (found & (inside == 0) & paper).any()
    assert (~found & (inside == 1) & paper).sum() < 50  # in the sharp corner of the line


def test_a_long_strip_is_laid_on_no_larger_grid_than_a_page():
    labels = np.zeros((12_000, 300), np.int32)
    grid = lay_grid(labels, labels > 0, seen())
    assert grid.regions.size <= 1.02 * CELLS
    assert lay_grid(labels[:448], labels[:448] > 0, seen()).regions.shape == (448, 300)


def test_a_large_page_is_parted_as_a_small_one():
    small, large = segment(sleeve(), seen=seen()), segment(sleeve(3), seen=seen())
    assert large.count == small.count
    again = cv2.resize(large.labels.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    assert (again == small.labels).mean() > 0.985


def test_thin_lines_of_a_large_page_hold():
    lines = np.full((2400, 2400), 255, np.uint8)
    cv2.rectangle(lines, (600, 600), (1800, 1800), 0, 1)
    regions = segment(lines, seen=seen((100, 100, 340, 340)))
    assert regions.count == 2
    assert (regions.labels == segment(lines).labels).all()


def test_perimeters_count_the_sides_of_pixels():
    parts = np.zeros((5, 6), np.int32)
    parts[1:3, 1:4] = 1
    parts[1:3, 4] = 2
    pairs, border, _ = find_borders(parts, parts < 0, 3)
    assert perimeters(parts, pairs, border, 3).tolist() == [12 + 22, 10, 6]
    assert at_frame(parts, 3).tolist() == [22, 0, 0]
