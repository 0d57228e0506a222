"""Arms in poses and the sleeves over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import (
    Points,
    at,
    backwards,
    chain,
    line,
    normals,
    path,
    sample,
    sides,
    spline,
)
from inkwash.data.synth.scene import Shape, Stroke

_ALONG = np.array([0, 0.25, 0.44, 0.5, 0.56, 0.75, 1])  # of the points of an arm's spine
_LIMB = np.array([1.12, 1.0, 0.92, 0.92, 0.92, 0.82, 0.62])  # half widths there


@dataclass(frozen=True)
class Cloth:
    """What covers an arm."""

    role: str
    loose: float = 0.08
    """How far it stands off the arm."""
    share: float = 1.0
    """How much of the arm it covers."""
    flare: float = 0.0
    """How much wider it is at its end."""
    start: float = 0.0
    """Where it begins, as a share of the arm: 0 is at the seam of the shoulder."""


_BOTH = frozenset(("hips", "behind", "hold", "up", "cross", "open"))

SKIN = Cloth("skin", loose=-0.02)
BARE = Cloth("skin", share=0.0)
"""No sleeve."""


def pose_of(character: Character, side: float) -> str:
    """The pose of one arm: where one acts, the other hangs down."""
    acting = 1.0 if character.yaw < 0 else -1.0
    if character.pose == "cross" and side < 0:
        return "tucked"
    if character.pose == "run":
        return "run" if side == acting else "swing"
    both = character.pose in _BOTH
    return character.pose if both or side == acting else "down"


def arm_spine(body: Body, pose: str, side: float) -> Points:
    """From the shoulder over the elbow to the wrist (7, 2); the elbow is a joint, not a curve."""
    s, y = body.shoulder, body.pit
    upper, lower = body.torso * 0.44, body.torso * 0.42
    shoulder = at(s * 0.90, y + 0.86)
    to_elbow, to_wrist = {
        "wave": ((0.42, upper * 0.76), (0.26, -lower * 1.05)),
        "chest": ((0.34, upper * 0.98), (-lower * 0.72, -lower * 0.42)),
        "hips": ((0.95, upper * 0.92), (-0.78, lower * 0.55)),
        "behind": ((0.32, upper), (-0.62, lower * 0.80)),
        "hold": ((0.28, upper), (-s - 0.02, -lower * 0.20)),
        "up": ((0.55, -upper * 0.62), (-0.12, -lower)),
        "cross": ((0.26, upper * 0.92), (-s * 1.42, -lower * 0.16)),
        "tucked": ((0.26, upper * 0.92), (-s * 1.85, 0.0)),
        "open": ((0.62, upper * 0.84), (0.95, -lower * 0.30)),
        "greet": ((0.72, upper * 0.10), (0.12, -lower)),
        "run": ((0.34, upper * 0.9), (-lower * 0.30, -lower * 0.70)),
        "swing": ((0.62, upper * 0.72), (-0.10, lower * 0.62)),
        "down": ((0.26, upper), (-0.04, lower)),
    }[pose]
    elbow = shoulder + at(*to_elbow)
    wrist = elbow + at(*to_wrist)
    arm = shoulder * 0.45 + elbow * 0.55 + at(0.05, 0)
    above, below = elbow + (arm - elbow) * 0.3, elbow + (wrist - elbow) * 0.14
    joint = elbow * 0.76 + (above + below) * 0.12
    spine = np.array([shoulder, arm, above, joint, below, (elbow + wrist) / 2, wrist])
    return body.place(spine * (side, 1.0))


def sleeve(body: Body, character: Character, side: float, cloth: Cloth) -> Shape:
    """One arm in cloth, or its bare skin with `SKIN`."""
    points, half = _measured(body, character, side, cloth)
    if cloth.start:
        return _stump(cloth, points, half)
    outer, inner = _edges(body, side, cloth, points, half)
    top, pit = outer[0], inner[0]
    middle = body.place([(side * body.shoulder * 0.74, body.pit + 0.62)])[0]
    seam, cuff = spline([pit, middle, top]), line(outer[-1], inner[-1])
    folds = [] if cloth.role == "skin" else _folds(points, half, side)
    return Shape(
        role=cloth.role,
        path=path(chain(outer, cuff, backwards(inner), seam)),
        outline=[Stroke(outer, (0.7, 1.1, 1.0)), Stroke(inner, (0.7, 1.1, 1.0)), Stroke(cuff)],
        strokes=[*folds, Stroke(seam, (0.9, 0.7, 0.35))],
        turn=0.12,
    )


def _stump(cloth: Cloth, points: Points, half: NDArray[np.float64]) -> Shape:
    """What comes out of a sleeve."""
    left, right = sides(points, half)
    return Shape(
        role=cloth.role,
        path=path(chain(left, line(left[-1], right[-1]), backwards(right))),
        outline=[Stroke(left, (0.7, 1.1, 1.0)), Stroke(right, (0.7, 1.1, 1.0))],
        turn=0.12,
    )


def _measured(
    body: Body, character: Character, side: float, cloth: Cloth
) -> tuple[Points, NDArray[np.float64]]:
    """Points down the arm as far as the cloth goes, and half the width there."""
    pose = pose_of(character, side)
    flare = cloth.flare * {"chest": 0.35, "hold": 0.35, "up": 0.0}.get(pose, 1.0)
    points = sample(spline(arm_spine(body, pose, side)), 3)
    along = np.interp(np.linspace(0, 6, len(points)), np.arange(7), _ALONG)
    half = np.interp(along, _ALONG, body.limb * _LIMB + cloth.loose)
    chosen = (along >= cloth.start) & (along <= max(0.2, cloth.share))
    points, half = points[chosen], half[chosen]
    return points, half + flare * np.linspace(0, 1, len(points)) ** 2


def _edges(
    body: Body, side: float, cloth: Cloth, points: Points, half: NDArray[np.float64]
) -> tuple[Points, Points]:
    """The outer edge from the top of the shoulder and the inner one from the armpit."""
    s, y = body.shoulder, body.pit
    out = normals(points) * half[:, None] * side
    top, pit = body.place([(s * 0.84, y + 0.27 - cloth.loose * 0.5), (s * 0.78, y + 1.0)], side)
    return spline([top, *(points + out)]), spline([pit, *(points - out)[2:]])


def _folds(points: Points, half: NDArray[np.float64], side: float) -> list[Stroke]:
    """Short creases at the bend of the elbow."""
    middle = len(points) // 2
    strokes = []
    for shift, reach in ((-1, 0.5), (0, 0.9), (1, 0.6)):
        i = min(middle + 2 * shift, len(points) - 1)
        inner = points[i] - at(side * half[i] * 0.95, 0.0)
        tip = inner + at(side * half[i] * 0.8 * reach, 0.08 + 0.05 * shift)
        crease = spline([inner, (inner + tip) / 2 + at(0, 0.05), tip])
        strokes.append(Stroke(crease, (0.9, 0.6, 0.1)))
    return strokes
