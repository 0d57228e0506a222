"""Things that are held before the chest with both hands: a book, a mug, flowers, a box."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.body import Body
from inkwash.data.synth.curves import Points, at, chain, ellipse, line, path, polygon, spline
from inkwash.data.synth.scene import Shape, Stroke


def held(body: Body, rng: np.random.Generator) -> list[Shape]:
    """One thing by lot, where the hands of the pose "hold" meet."""
    low = body.pit + 0.86 + body.torso * 0.36
    centre = body.place([(0.0, low)])[0]
    makers = (_book, _mug, _flowers, _box)
    return makers[int(rng.integers(len(makers)))](centre)


def seat(body: Body) -> list[Shape]:
    """A bench under a sitting figure."""
    top, low, half = body.hip + body.legs * 0.10, body.sole - 0.1, body.shoulder * 0.95
    left, right = -half, half + body.legs * 0.10
    shapes = []
    for x in (left + 0.2, right - 0.2):
        corners = [(x - 0.13, top), (x + 0.13, top), (x + 0.11, low), (x - 0.11, low)]
        shapes.append(_piece("seat", polygon(body.place(corners, body.way))))
    board = [(left, top), (right, top), (right, top + 0.4), (left, top + 0.4)]
    return [*shapes, _piece("seat", polygon(body.place(board, body.way)))]


def _piece(role: str, contour: Points, *strokes: Stroke) -> Shape:
    return Shape(
        role=role, path=path(contour), outline=[Stroke(contour, (1, 1))], strokes=strokes, turn=0.07
    )


def _rectangle(centre: Points, wide: float, high: float) -> Points:
    corners = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)])
    return polygon(corners + centre)


def _book(centre: Points) -> list[Shape]:
    middle = centre + at(0.0, -0.35)
    title = Stroke(line(middle + at(-0.3, -0.3), middle + at(0.35, -0.3)), (1, 1))
    label = _piece("button", _rectangle(middle + at(0.04, -0.28), 0.34, 0.16), title)
    spine = Stroke(line(middle + at(-0.5, -0.8), middle + at(-0.5, 0.8)), (1, 1))
    return [_piece("prop", _rectangle(middle, 0.62, 0.8), spine), label]


def _mug(centre: Points) -> list[Shape]:
    middle = centre + at(0.0, -0.22)
    handle = ellipse(middle + at(0.36, 0.0), 0.20, 0.22)
    rim = ellipse(middle + at(0.0, -0.34), 0.36, 0.09)
    cup = chain(
        line(middle + at(-0.36, -0.34), middle + at(-0.32, 0.28)),
        spline([middle + at(-0.32, 0.28), middle + at(0, 0.38), middle + at(0.32, 0.28)]),
        line(middle + at(0.32, 0.28), middle + at(0.36, -0.34)),
    )
    return [_piece("prop", handle), _piece("prop", cup), _piece("drink", rim)]


def _flowers(centre: Points) -> list[Shape]:
    paper = polygon(np.array([(-0.52, -0.45), (0.52, -0.45), (0.12, 0.72), (-0.12, 0.72)]) + centre)
    leaves = [
        _piece("leaf", ellipse(centre + at(x, -0.62), 0.13, 0.3, x)) for x in (-0.55, 0.0, 0.55)
    ]
    blooms = []
    for x, y in ((-0.36, -0.62), (0.36, -0.62), (0.0, -0.86), (-0.12, -0.5), (0.2, -0.46)):
        bloom = centre + at(x, y)
        swirl = Stroke(spline([bloom + at(-0.1, 0), bloom + at(0, -0.08), bloom + at(0.08, 0.04)]))
        blooms.append(_piece("flower", ellipse(bloom, 0.2, 0.19), swirl))
    return [*leaves, *blooms, _piece("wrapping", paper)]


def _box(centre: Points) -> list[Shape]:
    middle = centre + at(0.0, -0.3)
    band = _rectangle(middle, 0.09, 0.45)
    lid = _rectangle(middle + at(0.0, -0.4), 0.6, 0.13)
    return [
        _piece("prop", _rectangle(middle, 0.54, 0.45)),
        _piece("wrapping", band),
        _piece("prop", lid),
    ]
