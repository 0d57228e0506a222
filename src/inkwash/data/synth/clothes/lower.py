"""What the legs wear: skirts, trousers, gowns, with socks and shoes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from inkwash.data.synth.body import Body
from inkwash.data.synth.curves import Points, backwards, chain, line, path, sample, sides, spline
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
    return (body.way, -body.way) if body.stance == "sit" else (-1.0, 1.0)


LOWER: Mapping[str, Callable[[Body], list[Shape]]] = {
    "skirt": skirt,
    "gown": gown,
    "wrap": wrap,
    "trousers": trousers,
    "shorts": shorts,
}


_THIGH = 0.42  # how far forward a sitting figure's knees are, in legs


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
    ahead = [(0.02, -0.09), (0.09, 0.12), (0.17, 0.36), (0.16, 0.56), (0.12, 0.80)]
    behind = [(0.0, -0.09), (-0.02, 0.14), (-0.06, 0.42), (-0.18, 0.54), (-0.30, 0.62)]
    steps = np.array(ahead if side * way < 0 else behind) * (way * long, long)
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
    widths = np.array([0.46, 0.42, 0.27, 0.26, 0.16]) * thick + loose * np.array(
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
    right = body.curve((half * 0.86, body.belt), (half, body.hip - 0.4), (half, body.hip + 0.2))
    left = body.curve((-half * 0.86, body.belt), (-half, body.hip - 0.4), (-half, body.hip + 0.2))
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
    waist, half = body.shoulder * body.waist + 0.04, _half_width(body) + 0.1
    shift = 0.0
    if body.stance == "sit":  # over the thighs
        shift, hem, flare = body.way * body.legs * _THIGH, max(hem, body.knee + 0.45), flare * 0.5
    wide = half + flare

    def down(k: float, aside: float = 0.0) -> Points:
        """From the belt to the hem, `k` of the way to the right side."""
        middle = (k * half + aside * 0.4 + shift * 0.4, body.hip - (0.35 if not shift else 0.1))
        return body.curve((k * waist, body.belt), middle, (k * wide + aside + shift, hem))

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


def _hem(right: Points, left: Points, pleats: int) -> Points:
    t = np.linspace(0, 1, pleats * 2 + 1)
    points = right + (left - right) * t[:, None]
    points[:, 1] += np.sin(t * np.pi) * 0.12 + np.where(np.arange(len(t)) % 2, 0.05, -0.01)
    return spline(points)
