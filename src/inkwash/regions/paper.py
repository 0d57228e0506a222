"""Regions that stay paper: the gutters between panels, and balloons with text in them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.regions.merge import components
from inkwash.regions.table import Regions

FEWEST_GLYPHS = 6
LARGEST_GLYPH = 0.08  # of the page's short side
FULLEST_GLYPH = 0.6  # of its own box: dots are fuller than letters
TEXT_SHARE = (0.08, 0.8)  # of a balloon's area, in the boxes of its glyphs
ROUNDEST_HOLLOW = 0.85  # a balloon fills so much of its convex hull
LARGEST_BALLOON = 0.2  # of the page
SMALLEST_PANEL = 0.03  # of the page
PANELS_SHARE = 0.5  # of the page
PANEL_FILL = 0.8  # of its box: panels are nearly rectangular


def find_paper(regions: Regions) -> NDArray[np.bool_]:
    """Which regions (N,) are gutters or balloons of a comic page, with the insides of letters.

    A page without panels has none: there, folds in a coat and windows in a wall are taken for
    letters more often than letters are.
    """
    paper = np.zeros(regions.count, np.bool_)
    gutter = find_gutter(regions)
    if gutter is None:
        return paper
    for label in find_balloons(regions):
        paper[holes(regions, label)] = True
        paper[label] = True
    paper[gutter] = True
    return paper


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """Separate marks of letter size, none of them solid.

    `owner` (G,): the region each lies in; `size` (G, 2): width and height of its box.
    """

    owner: NDArray[np.int32]
    size: NDArray[np.int32]


def find_balloons(regions: Regions) -> list[int]:
    """Rounded regions with letters in them, on a page with panels."""
    glyphs = find_glyphs(regions)
    boxed = glyphs.size.prod(axis=1)
    share = np.bincount(glyphs.owner, weights=boxed, minlength=regions.count) / regions.areas
    likely = np.bincount(glyphs.owner, minlength=regions.count) >= FEWEST_GLYPHS
    likely &= (share >= TEXT_SHARE[0]) & (share <= TEXT_SHARE[1])
    likely &= regions.areas <= LARGEST_BALLOON * regions.labels.size
    return [label for label in np.flatnonzero(likely).tolist() if is_round(regions, label)]


def find_glyphs(regions: Regions) -> Glyphs:
    """The marks of letter size on the page."""
    count, found, table, _ = cv2.connectedComponentsWithStats(
        regions.ink.view(np.uint8), connectivity=8
    )
    marks, stats = np.asarray(found, np.int32), np.asarray(table, np.int32)
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    glyph = size.max(axis=1) <= LARGEST_GLYPH * min(marks.shape)
    glyph &= size.max(axis=1) >= 2 * regions.line_width
    glyph &= stats[:, cv2.CC_STAT_AREA] <= FULLEST_GLYPH * size.prod(axis=1)
    glyph[0] = False
    owner = np.zeros(count, np.int32)
    owner[marks.ravel()] = regions.labels.ravel()
    return Glyphs(owner=owner[glyph], size=size[glyph])


def is_round(regions: Regions, label: int) -> bool:
    """Whether a region with its holes filled is nearly convex."""
    mask = regions.mask(label).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.contourArea(cv2.convexHull(outline))
    return cv2.contourArea(outline) >= ROUNDEST_HOLLOW * hull > 0


def holes(regions: Regions, label: int) -> NDArray[np.int64]:
    """The regions that lie in the holes of region `label`: groups inside its box, all around."""
    beside = regions.neighbours[(regions.neighbours != label).all(axis=1)]
    group = components(regions.count, beside.astype(np.int64))
    lowest = np.full((group.max() + 1, 2), regions.labels.size)
    highest = np.zeros_like(lowest)
    np.minimum.at(lowest, group, regions.boxes[:, :2])
    np.maximum.at(highest, group, regions.boxes[:, 2:])
    left_top, right_bottom = regions.boxes[label, :2], regions.boxes[label, 2:]
    inside = ((lowest > left_top) & (highest < right_bottom)).all(axis=1)
    return np.flatnonzero(np.take(inside, group))


def find_gutter(regions: Regions) -> int | None:
    """The region that runs around two or more nearly rectangular panels, if there is one."""
    height, width = regions.labels.shape
    sides = regions.boxes[:, 2:] - regions.boxes[:, :2]
    for label in np.flatnonzero((sides >= 0.9 * np.array([width, height])).all(axis=1)).tolist():
        inside = (regions.labels != label).view(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
        panels = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= SMALLEST_PANEL * inside.size]
        area = panels[:, cv2.CC_STAT_AREA]
        boxed = panels[:, cv2.CC_STAT_WIDTH] * panels[:, cv2.CC_STAT_HEIGHT]
        filled = (area >= PANEL_FILL * boxed).all()
        if len(panels) >= 2 and filled and area.sum() >= PANELS_SHARE * inside.size:
            return label
    return None
