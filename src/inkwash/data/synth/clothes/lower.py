"""What the legs wear: skirts, trousers, gowns, with socks and shoes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from inkwash.data.synth.body import Body
from inkwash.data.synth.curves import (
    Points,
    at,
    backwards,
    chain,
    line,
    path,
    sample,
    sides,
    spline,
)
from inkwash.data.synth.scene import Shape, Stroke


def skirt(body: Body) -> list[Shape]:
    """A pleated skirt over stockings."""
    return [*_legs(body, "socks"), _flared(body, "skirt", body.knee - 0.35, 0.42, pleats=7)]


def gown(body: Body) -> list[Shape]:
    """The wide lower half of a dress."""
    return [*_legs(body, "socks"), _flared(body, "top", body.knee + 0.7, 0.75, pleats=5)]


def wrap(body: Body) -> list[Shape]:
    """The straight lower half of a kimono."""
    narrow = replace(body, feet=(0.0, 0.0))
    return [*_legs(narrow, "socks"), _flared(body, "top", body.sole - 0.55, 0.1, pleats=1)]


def trousers(body: Body) -> list[Shape]:
    """Long trousers."""
    legs = [_leg(body, side, "trousers", 0.16) for side in _order(body)]
    return [*(_shoe(body, side) for side in _order(body)), *legs, _hips(body)]


def shorts(body: Body) -> list[Shape]:
    """Trousers to the knees."""
    legs = [_leg(body, side, "trousers", 0.12, whole=False) for side in _order(body)]
    return [*_legs(body, "skin"), *legs, _hips(body)]


def _order(body: Body) -> tuple[float, float]:
    """The sides of the legs, the far one first."""
    if body.stance == "run":
        return -body.way, body.way
    return (body.way, -body.way) if body.stance == "sit" else (-1.0, 1.0)


LOWER: Mapping[str, Callable[[Body], list[Shape]]] = {
    "skirt": skirt,
    "gown": gown,
    "wrap": wrap,
    "trousers": trousers,
    "shorts": shorts,
}


_THIGH = 0.36  # how far forward a sitting figure's knees are, in legs


def _half_width(body: Body) -> float:
    return body.shoulder * 0.80


def _leg_spine(body: Body, side: float) -> Points:
    if body.stance == "run":
        return _running(body, side)
    if body.stance == "sit":
        return _seated(body, side)
    x = _half_width(body) * 0.52
    out = body.feet[0 if side < 0 else 1] * body.legs
    points = [
        (x, body.hip - 0.5),
        (x * 1.05 + out * 0.2, body.hip + 0.6),
        (x + out * 0.52, body.knee),
        (x * 1.02 + out * 0.75, body.knee + body.legs * 0.18),
        (x * 0.98 + out, body.sole - 0.25 - abs(out) * 0.12),
    ]
    return body.place(np.array(points) * (side, 1.0))


def _running(body: Body, side: float) -> Points:
    """One leg swings forward, where the body looks, the other back."""
    way, long, x = body.way, body.legs, side * _half_width(body) * 0.5
    ahead = [(0.01, -0.09), (0.05, 0.10), (0.13, 0.29), (0.135, 0.40), (0.08, 0.70)]
    behind = [(0.0, -0.09), (-0.01, 0.16), (-0.04, 0.41), (-0.11, 0.50), (-0.25, 0.62)]
    steps = np.array(ahead if side * way > 0 else behind) * (way * long, long)
    return body.place(steps + np.array((x, body.hip)))


def _seated(body: Body, side: float) -> Points:
    """The thigh lies on the seat, towards where the body looks; the shin hangs down."""
    way, x = body.way, side * _half_width(body) * 0.46
    far = 0.03 if side * way > 0 else 0.0
    steps = [(0.0, -0.12), (0.16, 0.04), (_THIGH, 0.13 - far), (_THIGH + 0.03, 0.5), (_THIGH, 0.97)]
    points = np.array(steps) * (way * body.legs, body.legs) + np.array((x, body.hip))
    points[-1, 1] = body.sole - 0.25 - far * body.legs
    return body.place(points)


def _leg(body: Body, side: float, role: str, loose: float, whole: bool = True) -> Shape:
    thick = body.limb / 0.22
    widths = np.array([0.40, 0.42, 0.27, 0.26, 0.16]) * thick + loose * np.array(
        [0.2, 0.4, 1, 1, 1]
    )
    end = len(widths) if whole else 3  # or the knee
    left, right = sides(_leg_spine(body, side)[:end], widths[:end])
    hem = line(left[-1], right[-1])
    creased = whole and loose > 0.1
    return Shape(
        role=role,
        path=path(chain(left, hem, backwards(right), line(right[0], left[0]))),
        outline=[Stroke(left, (0.8, 1.1, 0.9)), Stroke(right, (0.8, 1.1, 0.9)), Stroke(hem)],
        strokes=[Stroke(_crease(left, right), (0.1, 0.6, 0.1))] if creased else [],
        turn=0.14,
    )


def _crease(left: Points, right: Points) -> Points:
    """A fold down the shin."""
    middle = (sample(left, 4) + sample(right, 4)) / 2
    return spline(middle[9:15:2])


def _legs(body: Body, role: str) -> list[Shape]:
    shapes = []
    for side in _order(body):
        shapes += [_leg(body, side, role, 0.0), _shoe(body, side)]
    return shapes


def _shoe(body: Body, side: float) -> Shape:
    x, ankle = _leg_spine(body, side)[-1].tolist()
    y, toe = ankle + 0.25, side * 0.10 + 0.14 * body.yaw
    outer = [(x - 0.24, y - 0.34), (x - 0.27 + toe * 0.4, y - 0.05), (x - 0.16 + toe, y + 0.12)]
    inner = [(x + 0.16 + toe, y + 0.12), (x + 0.27 + toe * 0.4, y - 0.05), (x + 0.24, y - 0.34)]
    contour = spline([*outer, *inner])
    opening = line(contour[-1], contour[0])
    throat = spline([(x - 0.2, y - 0.2), (x + toe * 0.5, y - 0.1), (x + 0.2, y - 0.2)])
    return Shape(
        role="shoes",
        path=path(chain(contour, opening)),
        outline=[Stroke(contour, (1, 1)), Stroke(opening, (1, 1))],
        strokes=[Stroke(throat, (0.5, 0.9, 0.5))],
        turn=0.06,
    )


def _hips(body: Body) -> Shape:
    half = _half_width(body) + 0.06
    waist = body.shoulder * body.waist * 0.96
    side = [(waist, body.belt), (half * 0.92, body.hip - 0.4), (half, body.hip + 0.2)]
    right, left = body.curve(*side), body.curve(*[(-x, y) for x, y in side])
    fork = body.curve((half, body.hip + 0.2), (0.0, body.hip + 0.42), (-half, body.hip + 0.2))
    fly = Stroke(body.curve((0, body.belt + 0.5), (0.02, body.hip + 0.4)), (0.8, 0.8))
    return Shape(
        role="trousers",
        path=path(chain(right, fork, backwards(left))),
        outline=[Stroke(right), Stroke(left)],
        strokes=[fly],
        turn=0.1,
    )


def _flared(body: Body, role: str, hem: float, flare: float, pleats: int) -> Shape:
    if body.stance == "sit":
        return _lap(body, role, max(hem, body.knee + 0.45), pleats)
    waist, half = body.shoulder * body.waist + 0.04, _half_width(body) + 0.1
    if body.stance == "run":  # it swings
        half, flare = half + 0.25, flare + 0.35
    wide = half + flare

    def down(k: float, aside: float = 0.0) -> Points:
        """From the belt to the hem, `k` of the way to the right side."""
        middle = (k * half + aside * 0.4, body.hip - 0.35)
        return body.curve((k * waist, body.belt), middle, (k * wide + aside, hem))

    right, left = down(1.0), down(-1.0)
    bottom = _hem(right[-1], left[-1], pleats)
    places = np.linspace(-0.8, 0.8, pleats)
    return Shape(
        role=role,
        path=path(chain(right, bottom, backwards(left))),
        outline=[Stroke(right, (0.8, 1.1, 1)), Stroke(left, (0.8, 1.1, 1)), Stroke(bottom, (1, 1))],
        strokes=[Stroke(down(k), (0.0, 0.8, 1.0)) for k in places],
        shadows=[path(chain(down(k), backwards(down(k, 0.13)))) for k in places],
        turn=0.16,
    )


def _lap(body: Body, role: str, hem: float, pleats: int) -> Shape:
    """A skirt over the thighs of a sitting figure: it falls from the knees."""
    way, low = body.way, body.hip + 0.55
    waist, half = body.shoulder * body.waist + 0.04, _half_width(body) + 0.1
    knees = body.legs * _THIGH + half * np.array((-0.85, 0.85))  # the near one, the far one

    def side(*points: tuple[float, float]) -> Points:
        return body.curve(*[(x * way, y) for x, y in points])

    front = side(
        (waist, body.belt),
        (half * 1.08, body.hip - 0.5),
        (half * 1.5, body.hip - 0.2),
        (knees[1], body.hip + 0.1),
    )
    fall = side((knees[1], body.hip + 0.1), (knees[1] + 0.12, low), (knees[1] + 0.16, hem - 0.1))
    back = side((-waist, body.belt), (-half, body.hip - 0.35), (-half - 0.06, low - 0.1))
    under = side((-half - 0.06, low - 0.1), (-half * 0.2, low + 0.1), (knees[0] - 0.1, hem))
    bottom = _hem(fall[-1], under[-1], pleats)
    folds = [
        side((k, body.hip + 0.25), (k + 0.02, low + 0.1), (k + 0.05, hem))
        for k in np.linspace(knees[0] + 0.1, knees[1] - 0.05, pleats)
    ]
    edges = (front, fall, back, under)
    return Shape(
        role=role,
        path=path(chain(front, fall, bottom, backwards(under), backwards(back))),
        outline=[*(Stroke(edge, (0.9, 1.1, 0.9)) for edge in edges), Stroke(bottom, (1, 1))],
        strokes=[Stroke(fold, (0.0, 0.8, 1.0)) for fold in folds],
        shadows=[path(chain(fold, backwards(fold + at(0.1, 0.0)))) for fold in folds],
        turn=0.16,
    )


def _hem(right: Points, left: Points, pleats: int) -> Points:
    t = np.linspace(0, 1, pleats * 2 + 1)
    points = right + (left - right) * t[:, None]
    points[:, 1] += np.sin(t * np.pi) * 0.12 + np.where(np.arange(len(t)) % 2, 0.05, -0.01)
    return spline(points)
