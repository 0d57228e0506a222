"""Regions that stay paper: the gutters between panels, and balloons with text in them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.regions.table import Regions

FEWEST_GLYPHS = 6
LARGEST_GLYPH = 0.08  # of the page's short side
FULLEST_GLYPH = 0.6  # of its own box: dots are fuller than letters
TEXT_SHARE = (0.08, 0.8)  # of a balloon's area, in the boxes of its glyphs
ROUNDEST_HOLLOW = 0.85  # a balloon fills so much of its convex hull
LARGEST_BALLOON = 0.2  # of the page
SMALLEST_PANEL = 0.03  # of the page
LIKE_SIZE = 2.2  # the upper quartile of glyphs' sizes over the lower one
OFF_MIDDLE = 0.12  # of the region's box
PANELS_SHARE = 0.5  # of the page
PANEL_FILL = 0.8  # of its box: panels are nearly rectangular


def find_paper(regions: Regions) -> NDArray[np.bool_]:
    """Which regions (N,) are gutters or balloons, and the insides of letters in balloons."""
    paper = np.zeros(regions.count, np.bool_)
    gutter = find_gutter(regions)
    for label in find_balloons(regions, is_comic=gutter is not None):
        paper[letter_insides(regions, label)] = True
        paper[label] = True
    if gutter is not None:
        paper[gutter] = True
    return paper


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """Separate marks of letter size, none of them solid.

    `owner` (G,): the region each lies in; `size` (G, 2), `middle` (G, 2): x and y of its box.
    """

    owner: NDArray[np.int32]
    size: NDArray[np.int32]
    middle: NDArray[np.float64]

    def inside(self, label: int) -> Glyphs:
        own = self.owner == label
        return Glyphs(owner=self.owner[own], size=self.size[own], middle=self.middle[own])


def find_balloons(regions: Regions, is_comic: bool) -> list[int]:
    """Rounded regions with glyphs; where there are no panels, of like size and in the middle.

    Folds in a coat are glyphs to a program. Balloons are rare on a page without panels, so that
    more is asked of them there.
    """
    glyphs = find_glyphs(regions)
    boxed = glyphs.size.prod(axis=1)
    share = np.bincount(glyphs.owner, weights=boxed, minlength=regions.count) / regions.areas
    likely = np.bincount(glyphs.owner, minlength=regions.count) >= FEWEST_GLYPHS
    likely &= (share >= TEXT_SHARE[0]) & (share <= TEXT_SHARE[1])
    likely &= regions.areas <= LARGEST_BALLOON * regions.labels.size
    return [
        label
        for label in np.flatnonzero(likely).tolist()
        if is_round(regions, label)
        and (is_comic or is_text(glyphs.inside(label), regions.boxes[label]))
    ]


def find_glyphs(regions: Regions) -> Glyphs:
    """The marks of letter size on the page."""
    count, found, table, _ = cv2.connectedComponentsWithStats(
        regions.ink.view(np.uint8), connectivity=8
    )
    marks, stats = np.asarray(found, np.int32), np.asarray(table, np.int32)
    corner = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    glyph = size.max(axis=1) <= LARGEST_GLYPH * min(marks.shape)
    glyph &= size.max(axis=1) >= 2 * regions.line_width
    glyph &= stats[:, cv2.CC_STAT_AREA] <= FULLEST_GLYPH * size.prod(axis=1)
    glyph[0] = False
    owner = np.zeros(count, np.int32)
    owner[marks.ravel()] = regions.labels.ravel()
    return Glyphs(owner=owner[glyph], size=size[glyph], middle=(corner + size / 2)[glyph])


def is_text(glyphs: Glyphs, box: NDArray[np.int32]) -> bool:
    """Whether glyphs are of like size and lie around the middle of their region's box."""
    small, large = np.quantile(glyphs.size.max(axis=1), (0.25, 0.75))
    middle = (glyphs.middle.min(axis=0) + glyphs.middle.max(axis=0)) / 2
    off = np.abs(middle - (box[:2] + box[2:]) / 2) / (box[2:] - box[:2])
    return bool(large <= LIKE_SIZE * small and (off <= OFF_MIDDLE).all())


def is_round(regions: Regions, label: int) -> bool:
    """Whether a region with its holes filled is nearly convex."""
    mask = regions.mask(label).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.contourArea(cv2.convexHull(outline))
    return cv2.contourArea(outline) >= ROUNDEST_HOLLOW * hull > 0


def letter_insides(regions: Regions, label: int) -> NDArray[np.int32]:
    """The regions that touch no other region than `label`."""
    touches = (regions.neighbours == label).any(axis=1)
    others = regions.neighbours[~touches].ravel()
    near = regions.neighbours[touches].ravel()
    return np.setdiff1d(near, others)


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
