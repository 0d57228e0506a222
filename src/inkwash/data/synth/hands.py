"""Hands: a palm, four fingers, a thumb, along the way of the arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from inkwash.data.synth.arms import arm_spine, pose_of
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, band, path, spline
from inkwash.data.synth.scene import Shape, Stroke

_PALM = ((-0.42, -0.25), (-0.50, 0.5), (-0.42, 1.05), (0.42, 1.05), (0.55, 0.45), (0.40, -0.25))
_FINGERS = ((-0.36, 0.85), (-0.12, 1.05), (0.13, 1.0), (0.36, 0.85))  # place, length
_OPEN = ("wave", "greet", "up", "open")
_FISTS = ("run", "swing")


class _Wrist:
    """A hand's frame: x across it towards the thumb, y along the arm."""

    def __init__(self, body: Body, pose: str, side: float) -> None:
        spine = arm_spine(body, pose, side)
        way = spine[-1] - spine[-2]
        self._way = way / np.hypot(*way)
        across = np.array([-self._way[1], self._way[0]])
        self._across = across if across[0] * -side > 0 else -across
        self._origin = spine[-1]
        self.size = 0.33 * (body.limb / 0.22) ** 0.4

    def place(self, points: ArrayLike) -> Points:
        xy = np.asarray(points, dtype=np.float64) * self.size
        return self._origin + xy[:, :1] * self._across + xy[:, 1:] * self._way


def hand(body: Body, character: Character, side: float) -> Shape:
    """A hand that follows the arm: open when it waves, a fist when it runs, else relaxed."""
    pose = pose_of(character, side)
    wrist = _Wrist(body, pose, side)
    spread, reach = (1.0 if pose in _OPEN else 0.2), (0.4 if pose in _FISTS else 1.0)
    bent = [(0.35, 0.3), (0.42, 0.75), (0.1, 0.95)]
    thumb = wrist.place(bent if pose in _FISTS else [(0.35, 0.2), (0.72, 0.62), (0.78, 1.02)])
    parts = [
        spline(wrist.place(_PALM), closed=True),
        *(_finger(wrist, x, length * reach, spread) for x, length in _FINGERS),
        band(thumb, np.array([0.17, 0.15, 0.09]) * wrist.size),
    ]
    return Shape(
        role="skin",
        path=path(*parts),
        outline=[Stroke(part, (0.9, 0.9)) for part in parts],
        strokes=[] if pose in _OPEN else _gaps(wrist),
        turn=0.05,
    )


def _finger(wrist: _Wrist, x: float, length: float, spread: float) -> Points:
    lean = x * spread
    spine = [(x, 0.8), (x + lean * 0.4, 0.9 + length * 0.6), (x + lean * 0.7, 0.95 + length)]
    return band(wrist.place(spine), np.array([0.135, 0.125, 0.085]) * wrist.size)


def _gaps(wrist: _Wrist) -> list[Stroke]:
    """Lines between fingers that lie together."""
    return [
        Stroke(spline(wrist.place([(x, 1.0), (x * 1.1, 1.55)])), (0.5, 0.8, 0.6))
        for x in (-0.24, 0.0, 0.24)
    ]
