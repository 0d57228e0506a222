"""Strokes as filled outlines: pressure, a trembling hand, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import skia
from numpy.typing import NDArray

from inkwash.data.synth.curves import Points, normals, plane_of, points_of, sample
from inkwash.data.synth.look import Look
from inkwash.data.synth.scene import Stroke

_CAP = np.array([0.707 + 0.707j, 1j, -0.707 + 0.707j])  # a half circle from one side to the other
_STEP = 5.0  # pixels between points along a stroke: below this no facet is seen


class Pen:
    """Turns strokes into paths, for one layer of one picture.

    `pixel` is the size of a pixel in the layer's units, `width` that of the pen.
    """

    def __init__(self, look: Look, width: float, pixel: float, rng: np.random.Generator) -> None:
        self._look = look
        self._width = width
        self._pixel = pixel
        self._rng = rng

    def outline(self, strokes: tuple[Stroke, ...] | list[Stroke], grow: float = 1.0) -> skia.Path:
        """All strokes as one path to fill; `grow` multiplies their widths."""
        result = skia.Path()
        for stroke in strokes:
            for points, widths in self._drawn(stroke):
                corners = _swept(points, widths * (grow / 2)).T.tolist()
                result.addPoly(list(map(skia.Point, *corners)), True)
        return result

    def _drawn(self, stroke: Stroke) -> Iterator[tuple[Points, NDArray[np.float64]]]:
        points = self._sampled(stroke.curve)
        widths = self._widths(stroke, len(points))
        hand = self._look.hand
        if hand == "clean" or stroke.brush:
            yield points, widths
        elif hand == "gaps":
            yield from self._with_gaps(points, widths)
        else:
            yield from self._sketched(points, widths)

    def _sampled(self, curve: Points) -> Points:
        extent = float(np.abs(np.diff(curve, axis=0)).sum()) / self._pixel
        pieces = (len(curve) - 1) // 3
        return sample(curve, int(np.clip(np.ceil(extent / pieces / _STEP), 2, 48)))

    def _widths(self, stroke: Stroke, count: int) -> NDArray[np.float64]:
        knots = np.asarray(stroke.widths, dtype=np.float64)
        along = np.interp(_even(count), _even(len(knots)), knots)
        if stroke.brush:
            return along
        even = float(knots.max())
        return self._width * (even + (along - even) * self._look.pressure)

    def _with_gaps(
        self, points: Points, widths: NDArray[np.float64]
    ) -> Iterator[tuple[Points, NDArray[np.float64]]]:
        count = len(points)
        centre, half = self._rng.random(), self._rng.uniform(0.02, 0.07)
        first, last = int((centre - half) * count), int((centre + half) * count) + 1
        if self._rng.random() < 0.55 or count < 8:
            yield points, widths
            return
        for part in (slice(0, max(first, 0)), slice(last, count)):
            if len(points[part]) >= 2:
                yield points[part], widths[part]

    def _sketched(
        self, points: Points, widths: NDArray[np.float64]
    ) -> Iterator[tuple[Points, NDArray[np.float64]]]:
        for thickness in (0.8, 0.55):
            if thickness < 0.8 and self._rng.random() < 0.35:
                return
            yield points + self._tremble(points), widths * thickness

    def _tremble(self, points: Points) -> Points:
        along = np.linspace(0, 1, len(points))[:, None]
        phases = self._rng.uniform(0, 2 * np.pi, (1, 2))
        speeds = self._rng.uniform(2, 9, (1, 2))
        return np.sin(along * speeds + phases) * (self._width * 0.7)


@cache
def _even(count: int) -> NDArray[np.float64]:
    return np.linspace(0, 1, count)


def _swept(points: Points, half: NDArray[np.float64]) -> Points:
    """The outline of a round brush of radius `half` (n,) that follows `points` (n, 2)."""
    spine = plane_of(points)
    out = plane_of(normals(points)) * half
    count = len(spine)
    outline = np.empty(2 * count + 6, dtype=np.complex128)
    outline[:count] = spine + out
    outline[count : count + 3] = spine[-1] + out[-1] * _CAP
    outline[count + 3 : -3] = (spine - out)[::-1]
    outline[-3:] = spine[0] - out[0] * _CAP
    return points_of(outline)
