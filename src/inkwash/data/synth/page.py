"""Comic pages: panels with slanted gutters, frames and speech balloons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from inkwash.data.synth.curves import Points, at, chain, ellipse, line, path, polygon, spline
from inkwash.data.synth.scene import Layer, Shape, Stroke

_GUTTER = 0.022
_ROOMY = 1.0  # aspect of a panel where a balloon leaves the face free


@dataclass(frozen=True)
class Panel:
    """Four corners in the page's frame, from the upper left clockwise."""

    corners: Points

    @property
    def left(self) -> float:
        return float(self.corners[:, 0].min())

    @property
    def top(self) -> float:
        return float(self.corners[:, 1].min())

    @property
    def height(self) -> float:
        return float(np.ptp(self.corners[:, 1]))

    @property
    def aspect(self) -> float:
        return float(np.ptp(self.corners[:, 0])) / self.height


def panels(rng: np.random.Generator, aspect: float) -> list[Panel]:
    """Two to four rows of one or two panels."""
    rows = int(rng.integers(2, 4 if aspect > 0.9 else 5))
    edges = _cuts(rng, rows, 1.0)
    result = []
    for top, bottom in pairwise(edges):
        columns = 2 if aspect / (bottom - top) > 1.7 else 1
        result += _row(_cuts(rng, columns, aspect), top, bottom, float(rng.uniform(-0.04, 0.04)))
    return result


def _cuts(rng: np.random.Generator, count: int, length: float) -> np.ndarray:
    cuts = np.linspace(_GUTTER, length - _GUTTER, count + 1)
    cuts[1:-1] += rng.uniform(-0.14, 0.14, count - 1) * length / count
    return cuts


def _row(cuts: np.ndarray, top: float, bottom: float, slant: float) -> list[Panel]:
    half = _GUTTER / 2
    last = len(cuts) - 2
    row = []
    for i, (left, right) in enumerate(pairwise(cuts)):
        a, b = (0.0 if i == 0 else slant), (0.0 if i == last else slant)
        corners = [
            (left + half + a, top + half),
            (right - half + b, top + half),
            (right - half - b, bottom - half),
            (left + half - a, bottom - half),
        ]
        row.append(Panel(np.array(corners)))
    return row


def framed(panel: Panel, layers: list[Layer], rng: np.random.Generator) -> list[Layer]:
    """Layers of the panel's own frame moved into the page and cut at its border."""
    edge = polygon(panel.corners)
    moved = [_within(layer, panel) for layer in layers]
    frame = Shape(role="paper", path=path(), strokes=[Stroke(edge, (1.7, 1.7))])
    speaks = panel.aspect > _ROOMY and rng.random() < 0.6
    shapes = [frame, *(_balloon(panel, rng) if speaks else [])]
    white = (255, 255, 255)
    return [*moved, Layer(shapes=shapes, palette={"paper": white, "balloon": white})]


def _within(layer: Layer, panel: Panel) -> Layer:
    height = panel.height
    return replace(
        layer,
        scale=layer.scale * height,
        x=panel.left + layer.x * height,
        y=panel.top + layer.y * height,
        pen=layer.pen * 0.8,
        ground=False,
        clip=path(polygon(panel.corners)),
    )


def _balloon(panel: Panel, rng: np.random.Generator) -> list[Shape]:
    """A speech balloon with rows of writing in an upper corner."""
    high = 0.17 * panel.height
    wide = min(high * 1.1, panel.height * panel.aspect * 0.24)
    corner = panel.corners[int(rng.integers(2))]
    side = 1.0 if corner[0] < panel.corners[:, 0].mean() else -1.0
    centre = corner + np.array([side * wide * 1.15, high * 1.15])
    oval = ellipse(centre, wide, high)
    root = centre + np.array([side * wide * 0.2, high * 0.9])
    step = at(side * wide, high)
    point = root + step * (0.6, 0.6)
    tail = spline([root, root + step * (0.5, 0.2), point])
    back = spline([point, root + step * (0.2, 0.3), root - step * (0.3, 0.0)])
    tip = chain(tail, back, line(back[-1], tail[0]))
    writing = [
        Stroke(line(centre + at(k * wide, -h * high), centre + at(k * wide, h * high)), (1.4, 1.0))
        for k, h in ((-0.45, 0.4), (0.0, 0.6), (0.45, 0.5))
    ]
    outline = [Stroke(oval, (1, 1)), Stroke(tail, (1, 1)), Stroke(back, (1, 1))]
    return [
        Shape(role="balloon", path=path(oval, tip), outline=outline, strokes=writing, glossy=True)
    ]
