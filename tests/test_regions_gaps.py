"""Openings between lines that end and lines that pass by, and which parts they keep apart."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkwash.regions.basins import find_basins
from inkwash.regions.gaps import GapJudge
from inkwash.regions.merge import OpeningRule, components, merge_basins


def walls(*boxes: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """A page of 60×60 with filled boxes: left, top, right, bottom."""
    page = np.zeros((60, 60), np.bool_)
    for left, top, right, bottom in boxes:
        page[top:bottom, left:right] = True
    return page


BROKEN = walls((29, 0, 32, 27), (29, 33, 32, 60))
ENDS_AT_A_LINE = walls((0, 33, 60, 36), (29, 0, 32, 27))
PASSING = walls((0, 24, 60, 27), (0, 33, 60, 36))


@pytest.mark.parametrize(
    ("page", "ends"), [(BROKEN, 2), (ENDS_AT_A_LINE, 1), (PASSING, 0), (walls(), 0)]
)
def test_line_ends_are_counted_beside_an_opening(page: NDArray[np.bool_], ends: int) -> None:
    judge = GapJudge(walls=page, line_width=3)
    assert judge.line_ends(30, 30, opening=3.5) == ends


def test_an_opening_at_the_edge_of_the_page_is_judged_too() -> None:
    judge = GapJudge(walls=walls((0, 29, 4, 32)), line_width=3)
    assert judge.line_ends(6, 30, opening=3) == 1
    assert judge.line_ends(0, 0, opening=3) == 0


@pytest.mark.parametrize(("short_of", "ends"), [(6, 1), (8, 0)])
def test_a_line_that_ends_well_short_of_the_frame_parts_nothing(short_of: int, ends: int) -> None:
    judge = GapJudge(walls=walls((29, short_of, 32, 60)), line_width=3)
    assert judge.line_ends(30, short_of // 2, opening=short_of / 2) == ends


def always(ends: int) -> OpeningRule:
    """A rule for which every opening has so many line ends."""
    return OpeningRule(
        line_ends=lambda place, opening: ends, smallest_area=9, touching=1, passing=1
    )


@pytest.mark.parametrize(("ends", "regions"), [(0, 1), (1, 2), (2, 2)])
def test_two_rooms_stay_apart_only_at_a_gap_between_line_ends(ends: int, regions: int) -> None:
    basins = find_basins(BROKEN, free_radius=6)
    assert len(np.unique(merge_basins(basins, always(ends))[1:])) == regions


def test_an_opening_as_wide_as_its_own_part_is_no_gap() -> None:
    corridor = walls((0, 0, 60, 26), (0, 34, 40, 60))  # opens onto a room below its right end
    basins = find_basins(corridor, free_radius=6)
    assert len(np.unique(merge_basins(basins, always(2))[1:])) == 1


def test_where_the_ball_passes_basins_are_one() -> None:
    assert find_basins(BROKEN, free_radius=2).labels.max() == 1


def test_no_way_leads_through_a_thin_diagonal_line() -> None:
    page = np.eye(60, dtype=np.bool_)
    basins = find_basins(page, free_radius=6)
    region = merge_basins(basins, always(0))[basins.labels]
    assert region[10, 50] != region[50, 10]


def test_basins_measure_their_largest_ball() -> None:
    basins = find_basins(walls((0, 0, 60, 20), (0, 41, 60, 60)), free_radius=30)
    assert abs(basins.radius.max() - 11) < 0.01
    assert basins.area.sum() == 21 * 60


def test_components_are_numbered_by_their_first_members() -> None:
    pairs = np.array([[1, 4], [4, 2], [3, 5]])
    assert components(6, pairs).tolist() == [0, 1, 1, 2, 1, 2]
    assert components(3, np.empty((0, 2), np.int64)).tolist() == [0, 1, 2]
