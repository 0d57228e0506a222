"""Segment: the regions of a sketch at its full resolution, its broken lines closed.

The way: find the ink (`ink`), roll balls uphill on the distance to it (`basins`), join what is open
to each other (`merge`, `gaps`), run on under the lines (`grow`), join hatching (`texture`), part
what is drawn open but seen as two kinds of things (`kinds`), and measure (`table`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadConfig, BadSketch
from inkwash.regions.basins import Basins, find_basins
from inkwash.regions.gaps import GapJudge
from inkwash.regions.grow import grow_under_lines, number_by_area
from inkwash.regions.ink import Ink, find_ink
from inkwash.regions.kinds import Seen, part_kinds
from inkwash.regions.merge import OpeningRule, merge_basins
from inkwash.regions.paper import find_paper
from inkwash.regions.table import Regions, describe
from inkwash.regions.texture import Cells, join_cells

__all__ = ["Progress", "Regions", "Seen", "choose_gap", "find_paper", "segment"]

SMALLEST_IN_LINE_WIDTHS = 1.5
GAP_IN_LINE_WIDTHS = 6.0
GAP_IN_SHORT_SIDES = (0.015, 0.04)
SMALLEST_AUTO_GAP = 6.0
LARGEST_GAP = 200.0
MANY_CELLS = 200

NO_LINE_NOTE = "no line was found: the page is one region"
TEXTURE_NOTE = "{count} cells of hatching or texture were joined to the regions they belong to"
ALL_INK_NOTE = "the page is all ink: it is one region"

Progress = Callable[[str, float], None]


def segment(
    lines: NDArray[np.uint8],
    *,
    gap: Literal["auto"] | float = "auto",
    seen: Seen | None = None,
    progress: Progress | None = None,
) -> Regions:
    """Find the regions of line art.

    `lines` (H, W) uint8: ink 0, paper 255. `gap`: how wide an opening in a line may be and still
    part two regions, in pixels, 0 to 200; "auto" takes six line widths, but from 1.5 to 4 % of
    the short side. `seen`: what the page shows; with the gap "auto", wider openings part two
    regions too where two kinds of things are seen. `progress` is called with the name of a step and
    the share done, 0 to 1.

    Raises BadSketch for an array of another shape or type, BadConfig for a gap out of range.
    """
    check_lines(lines)
    report = progress or (lambda step, share: None)
    report("ink", 0.0)
    ink = find_ink(lines)
    width = choose_gap(gap, ink.line_width, min(lines.shape))
    report("regions", 0.2)
    labels, notes = find_labels(ink, width)
    if seen is not None and gap == "auto":
        labels = part_kinds(labels, ink.mask, seen)
    report("borders", 0.8)
    regions = describe(
        labels, ink.mask, line_width=ink.line_width, gap=width, notes=ink.notes + notes
    )
    report("borders", 1.0)
    return regions


def check_lines(lines: NDArray[np.uint8]) -> None:
    """Raise BadSketch unless `lines` is a uint8 picture (H, W) with at least one pixel."""
    if not isinstance(lines, np.ndarray) or lines.dtype != np.uint8:
        kind = getattr(lines, "dtype", type(lines).__name__)
        raise BadSketch(f"lines are {kind}; segment takes a uint8 array, ink 0 and paper 255")
    if lines.ndim != 2 or lines.size == 0:
        raise BadSketch(f"lines have shape {lines.shape}; segment takes (height, width), not empty")


def choose_gap(gap: Literal["auto"] | float, line_width: float, short_side: int) -> float:
    """The gap in pixels; raises BadConfig when it is neither "auto" nor within 0 to 200."""
    if gap == "auto":
        least, most = (share * short_side for share in GAP_IN_SHORT_SIDES)
        wanted = min(max(GAP_IN_LINE_WIDTHS * line_width, least), most)
        return min(max(SMALLEST_AUTO_GAP, wanted), LARGEST_GAP)
    if isinstance(gap, str) or not math.isfinite(gap) or not 0 <= gap <= LARGEST_GAP:
        raise BadConfig(f'gap {gap!r} is not valid; give "auto" or 0 to {LARGEST_GAP:g} pixels')
    return float(gap)


def find_labels(ink: Ink, gap: float) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Labels (H, W) without holes, and notes about a page that has no regions to find."""
    if ink.walls.all() or not ink.walls.any():
        labels = np.zeros(ink.walls.shape, np.int32)
        return labels, (ALL_INK_NOTE if ink.mask.all() else NO_LINE_NOTE,)
    basins = find_basins(ink.walls, free_radius=gap / 2 + 0.5)
    region = merge_basins(basins, opening_rule(ink))
    number = number_by_area(np.bincount(region, weights=basins.area))
    region = number[region]
    labels = grow_under_lines(region.astype(np.int32)[basins.labels], ink.line_width) - 1
    labels, joined = join_cells(
        labels,
        measure_cells(basins, region - 1),
        line_width=ink.line_width,
        smallest_area=(SMALLEST_IN_LINE_WIDTHS * ink.line_width) ** 2,
    )
    return labels, (TEXTURE_NOTE.format(count=joined),) if joined >= MANY_CELLS else ()


def measure_cells(basins: Basins, region: NDArray[np.int64]) -> Cells:
    """The area and radius of each region's paper, from its basins; -1 is no region."""
    count = int(region.max()) + 1
    paper = region >= 0
    radius = np.zeros(count, np.float32)
    np.maximum.at(radius, region[paper], basins.radius[paper])
    area = np.bincount(region[paper], weights=basins.area[paper], minlength=count)
    return Cells(area=area.astype(np.int64), radius=radius)


def opening_rule(ink: Ink) -> OpeningRule:
    """The rule by which openings in these lines are judged."""
    judge, width = GapJudge(walls=ink.walls, line_width=ink.line_width), ink.walls.shape[1]
    return OpeningRule(
        line_ends=lambda place, opening: judge.line_ends(place % width, place // width, opening),
        smallest_area=(2 * ink.line_width) ** 2,
        touching=ink.line_width / 2,
        passing=ink.line_width,
    )
