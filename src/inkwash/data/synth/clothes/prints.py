"""What is printed on cloth: stripes, checks, dots, flowers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from inkwash.data.synth.curves import Points, ellipse, path, polygon
from inkwash.data.synth.scene import Print, Shape, Stroke

Box = tuple[float, float, float, float]  # left, top, right, bottom


def printed(shape: Shape, kind: str, rng: np.random.Generator) -> Shape:
    """The shape with a print; `kind` "none" leaves it plain."""
    if kind == "none":
        return shape
    bounds = shape.path.getBounds()
    box = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
    marks = [
        Print(role, path(*contours), [Stroke(contour, (0.6, 0.6)) for contour in contours])
        for role, contours in PRINTS[kind](box, rng).items()
    ]
    return replace(shape, prints=marks)


def _stripes(box: Box, rng: np.random.Generator) -> dict[str, list[Points]]:
    left, top, right, bottom = box
    step = 0.46
    bands = [
        polygon([(left, y), (right, y), (right, y + step / 2), (left, y + step / 2)])
        for y in np.arange(np.floor(top / step) * step, bottom, step)
    ]
    return {"print": bands}


def _checks(box: Box, rng: np.random.Generator) -> dict[str, list[Points]]:
    left, top, right, bottom = box
    step = 0.6
    columns = [
        polygon([(x, top), (x + step * 0.3, top), (x + step * 0.3, bottom), (x, bottom)])
        for x in np.arange(np.floor(left / step) * step, right, step)
    ]
    rows = [
        polygon([(left, y), (right, y), (right, y + step * 0.3), (left, y + step * 0.3)])
        for y in np.arange(np.floor(top / step) * step, bottom, step)
    ]
    return {"print": columns + rows}


def _dots(box: Box, rng: np.random.Generator) -> dict[str, list[Points]]:
    return {"print": [ellipse(spot, 0.09, 0.09) for spot in _spots(box, 0.48)]}


def _flowers(box: Box, rng: np.random.Generator) -> dict[str, list[Points]]:
    petals, hearts = [], []
    for spot in _spots(box, 0.95):
        centre = spot + rng.uniform(-0.12, 0.12, 2)
        turn = rng.uniform(0, 1.2)
        for angle in turn + np.arange(5) * (2 * np.pi / 5):
            way = np.array([np.cos(angle), np.sin(angle)])
            petals.append(ellipse(centre + way * 0.13, 0.12, 0.09, float(angle)))
        hearts.append(ellipse(centre, 0.06, 0.06))
    return {"print": petals, "button": hearts}


def _spots(box: Box, step: float) -> Points:
    """A grid of staggered points (n, 2)."""
    left, top, right, bottom = box
    rows = np.arange(np.floor(top / step) * step, bottom, step)
    return np.array(
        [
            (x + (row % 2) * step / 2, y)
            for row, y in enumerate(rows)
            for x in np.arange(np.floor(left / step) * step, right, step)
        ]
    )


PRINTS: Mapping[str, Callable[[Box, np.random.Generator], dict[str, list[Points]]]] = {
    "stripes": _stripes,
    "checks": _checks,
    "dots": _dots,
    "flowers": _flowers,
}
