"""Smooth curves: chains of cubic Béziers as arrays of control points, shape (3n + 1, 2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import skia
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Plane = NDArray[np.complex128]

_THIRDS = np.array([[0.0], [1 / 3], [2 / 3], [1.0]])
_HANDLE = 0.36  # handle length as a share of the chord: 0.33 cuts corners, 0.4 bulges


def at(x: float, y: float) -> Points:
    """A point or a step (2,)."""
    return np.array((x, y), dtype=np.float64)


def spline(points: ArrayLike, *, closed: bool = False) -> Points:
    """The smooth curve through `points` (n, 2), as Béziers (3m + 1, 2).

    The tangent at a point is the one of the circle-like arc through its neighbours and the
    handles follow the length of each chord, so uneven spacing does not overshoot.
    """
    through = plane_of(points)
    if closed:
        through = np.concatenate([through, through[:1]])
    chords = through[1:] - through[:-1]
    lengths = np.maximum(np.abs(chords), 1e-9)
    tangents = _tangents(chords / lengths, lengths, closed)
    reach = lengths * _HANDLE
    curve = np.empty(3 * len(chords) + 1, dtype=np.complex128)
    curve[0::3] = through
    curve[1::3] = through[:-1] + tangents[:-1] * reach
    curve[2::3] = through[1:] - tangents[1:] * reach
    return points_of(curve)


def _tangents(units: Plane, lengths: NDArray[np.float64], closed: bool) -> Plane:
    tangents = np.empty(len(units) + 1, dtype=np.complex128)
    tangents[1:-1] = units[:-1] * lengths[1:] + units[1:] * lengths[:-1]
    if closed:
        tangents[0] = tangents[-1] = units[-1] * lengths[0] + units[0] * lengths[-1]
        return _unit(tangents)
    if len(units) == 1:
        tangents[:] = units[0]
        return tangents
    tangents[1:-1] = _unit(tangents[1:-1])
    tangents[0] = units[0] ** 2 * tangents[1].conjugate()  # mirrored at the first chord
    tangents[-1] = units[-1] ** 2 * tangents[-2].conjugate()
    return tangents


def _unit(vectors: Plane) -> Plane:
    return vectors / np.maximum(np.abs(vectors), 1e-9)


def plane_of(points: ArrayLike) -> Plane:
    """Points (n, 2) as complex numbers (n,): half as many steps of NumPy for the same curve."""
    return np.ascontiguousarray(points, dtype=np.float64).view(np.complex128)[:, 0]


def points_of(plane: Plane) -> Points:
    """Complex numbers (n,) as points (n, 2)."""
    return plane.view(np.float64).reshape(-1, 2)


def chain(*curves: Points) -> Points:
    """The curves one after the other, corners between them; gaps are bridged by straight lines."""
    joined = [curves[0]]
    for curve in curves[1:]:
        last = joined[-1][-1]
        if np.abs(last - curve[0]).max() > 1e-9:
            joined.append(line(last, curve[0])[1:])
        joined.append(curve[1:])
    return np.concatenate(joined)


def line(start: ArrayLike, end: ArrayLike) -> Points:
    """A straight line as one Bézier (4, 2)."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    return a + _THIRDS * (b - a)


def polygon(points: ArrayLike) -> Points:
    """A closed chain of straight lines through `points` (n, 2)."""
    corners = np.asarray(points, dtype=np.float64)
    return chain(*(line(a, b) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)))


def ellipse(
    centre: Sequence[float] | Points, radius_x: float, radius_y: float, turn: float = 0.0
) -> Points:
    """A closed ellipse (25, 2); `turn` in radians."""
    angles = np.arange(8) * (np.pi / 4)
    x, y = radius_x * np.cos(angles), radius_y * np.sin(angles)
    c, s = np.cos(turn), np.sin(turn)
    around = np.stack([centre[0] + c * x - s * y, centre[1] + s * x + c * y], axis=1)
    return spline(around, closed=True)


def backwards(curve: Points) -> Points:
    """The same curve from its end to its start."""
    return curve[::-1]


def sample(curve: Points, per_piece: int) -> Points:
    """Points along the curve, `per_piece` for each Bézier and the end: (m · per_piece + 1, 2)."""
    plane = plane_of(curve)
    pieces = (len(plane) - 1) // 3
    starts = plane[: 3 * pieces].reshape(-1, 3)
    corners = np.concatenate([starts, plane[3::3, None]], axis=1)  # (m, 4)
    inner = (corners @ _bernstein(per_piece)).ravel()
    return points_of(np.concatenate([inner, plane[-1:]]))


@cache
def _bernstein(count: int) -> Plane:
    t = np.arange(count) / count
    s = 1 - t
    return np.stack([s**3, 3 * s * s * t, 3 * s * t * t, t**3]).astype(np.complex128)


def normals(points: Points) -> Points:
    """Unit normals (n, 2) of a polyline, to the left of its way."""
    plane = plane_of(points)
    ways = np.empty_like(plane)
    ways[1:-1] = plane[2:] - plane[:-2]
    ways[0], ways[-1] = plane[1] - plane[0], plane[-1] - plane[-2]
    return points_of(_unit(ways) * -1j)


def sides(spine: ArrayLike, widths: ArrayLike) -> tuple[Points, Points]:
    """The two edges of a band along `spine` (n, 2) with half `widths` (n,): left and right."""
    through = np.asarray(spine, dtype=np.float64)
    out = normals(through) * np.asarray(widths, dtype=np.float64)[:, None]
    return spline(through + out), spline(through - out)


def band(spine: ArrayLike, widths: ArrayLike) -> Points:
    """The closed outline of a band along `spine`; a zero width at the end gives a sharp tip."""
    left, right = sides(spine, widths)
    return chain(left, backwards(right))


def path(*contours: Points) -> skia.Path:
    """Closed contours as one path; overlapping contours unite."""
    result = skia.Path()
    for contour in contours:
        _append(result, contour if _area(contour) > 0 else backwards(contour))
    return result


def _area(contour: Points) -> float:
    x, y = contour[:, 0], contour[:, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]) + x[-1] * y[0] - x[0] * y[-1])


def _append(result: skia.Path, contour: Points) -> None:
    values = contour.tolist()
    result.moveTo(*values[0])
    for i in range(1, len(values) - 2, 3):
        result.cubicTo(*values[i], *values[i + 1], *values[i + 2])
    result.close()


def ring(outer: Points, inner: Points) -> skia.Path:
    """The area between two contours."""
    result = path(outer, inner)
    result.setFillType(skia.PathFillType.kEvenOdd)
    return result
