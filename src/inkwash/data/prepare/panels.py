"""Find the panels of a comic page: what the gutters, joined to the page's margin, leave over."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.geometry import Box

_LONG_SIDE = 800  # pages are looked at in this size, pixels
_NARROWEST = 16  # pixels, at that size: nothing narrower is a page
_TOLERANCE = 24  # how far gutter colour may differ from the margin's, 0…255
_BRIDGE = 0.012  # of the long side: what crosses a gutter and is thinner does not join panels
_LEAST_AREA = 0.02  # of the page
_LEAST_FILL = 0.8  # of its bounding box: a panel is nearly a rectangle, a lone figure is not
_LEAST_COVER = 0.6  # of the page by all panels: gutters are narrow, the ground behind figures wide


def find_panels(rgb: NDArray[np.uint8]) -> list[Box]:
    """Panels of a page (H, W, 3) in reading order from the upper left; empty if it has none.

    A page has at least two panels; a picture that is not a page gives an empty list.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    if min(height, width) * scale < _NARROWEST:
        return []
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes = _merged([_shape_box(shape) for shape in _shapes(np.asarray(small, np.uint8))])
    cover = sum(box.size.area for box in boxes) / (small.shape[0] * small.shape[1])
    if len(boxes) < 2 or cover < _LEAST_COVER:
        return []
    return [_scaled(box, 1 / scale, width, height) for box in _in_reading_order(boxes)]


def _shapes(rgb: NDArray[np.uint8]) -> list[NDArray[np.int32]]:
    """Outlines of what is no gutter and large and nearly rectangular."""
    height, width = rgb.shape[:2]
    content = 255 - _gutter(rgb)
    side = max(3, round(_BRIDGE * max(height, width))) | 1
    content = cv2.morphologyEx(content, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    found, _ = cv2.findContours(content, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [np.asarray(outline, np.int32) for outline in found]
    return [
        outline
        for outline in outlines
        if cv2.contourArea(outline) >= _LEAST_AREA * height * width
        and cv2.contourArea(outline) >= _LEAST_FILL * _shape_box(outline).size.area
    ]


def _gutter(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """255 where margin colour is joined to the margin, 0 elsewhere; (H, W)."""
    margin = _margin_colour(rgb)
    like = np.abs(rgb.astype(np.int16) - margin).max(axis=2) <= _TOLERANCE
    framed = cv2.copyMakeBorder(
        like.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(1, 1, 1)
    )
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    return ((labels == labels[0, 0])[1:-1, 1:-1] * np.uint8(255)).astype(np.uint8)


def _margin_colour(rgb: NDArray[np.uint8]) -> NDArray[np.int16]:
    """The commonest colour on the edge of the page, by steps of 16."""
    edge = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    steps, counts = np.unique(edge // 16, axis=0, return_counts=True)
    commonest = (edge // 16 == steps[counts.argmax()]).all(axis=1)
    return np.median(edge[commonest], axis=0).astype(np.int16)


def _shape_box(outline: NDArray[np.int32]) -> Box:
    left, top, width, height = cv2.boundingRect(outline)
    return Box(left, top, left + width, top + height)


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes without those that mostly lie inside a larger one (insets stay in their panel)."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.size.area):
        if all(_overlap(box, other) < 0.5 * box.size.area for other in kept):
            kept.append(box)
    return kept


def _overlap(a: Box, b: Box) -> int:
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0, width) * max(0, height)


def _in_reading_order(boxes: list[Box]) -> list[Box]:
    """Rows from above, each from the left; a box is in a row if its middle is."""
    ordered: list[Box] = []
    rest = sorted(boxes, key=lambda box: box.top)
    while rest:
        first = rest[0]
        row = [box for box in rest if (box.top + box.bottom) / 2 < first.bottom]
        row = row or [first]
        ordered += sorted(row, key=lambda box: box.left)
        rest = [box for box in rest if box not in row]
    return ordered


def _scaled(box: Box, factor: float, width: int, height: int) -> Box:
    return Box(
        round(box.left * factor),
        round(box.top * factor),
        min(width, round(box.right * factor)),
        min(height, round(box.bottom * factor)),
    )
