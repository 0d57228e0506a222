"""Arms in poses and the sleeves over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .body import Body
from .character import Character
from .curves import Points, at, backwards, chain, line, path, sample, sides, spline
from .scene import Shape, Stroke

_LIMB = np.array([0.80, 1.14, 1.0, 0.92, 0.82, 0.62])  # half widths from the shoulder to the wrist


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


SKIN = Cloth("skin", loose=-0.02)


def pose_of(character: Character, side: float) -> str:
    """The pose of one arm: where one acts, the other hangs down."""
    acting = 1.0 if character.yaw < 0 else -1.0
    return character.pose if side == acting or character.pose == "hips" else "down"


def arm_spine(body: Body, pose: str, side: float) -> Points:
    """From the root of the shoulder over elbow and wrist (6, 2)."""
    s, y = body.shoulder, body.pit
    upper, lower = body.torso * 0.46, body.torso * 0.42
    root, shoulder = at(s * 0.74, y + 0.44), at(s * 0.92, y + 0.92)
    to_elbow, to_wrist = {
        "wave": ((0.55, upper * 0.80), (0.42, -lower * 1.05)),
        "chest": ((0.34, upper * 0.98), (-lower * 0.72, -lower * 0.42)),
        "hips": ((0.95, upper * 0.92), (-0.78, lower * 0.55)),
        "down": ((0.30, upper), (-0.04, lower)),
    }[pose]
    elbow = shoulder + at(*to_elbow)
    wrist = elbow + at(*to_wrist)
    arm = shoulder * 0.45 + elbow * 0.55 + at(0.05, 0)
    spine = np.array([root, shoulder, arm, elbow, (elbow + wrist) / 2, wrist])
    return body.place(spine * (side, 1.0))


def sleeve(body: Body, character: Character, side: float, cloth: Cloth) -> Shape:
    """One arm in cloth, or its bare skin with `SKIN`."""
    points, half = _outlined(body, character, side, cloth)
    left, right = sides(points[::2], half[::2])
    cuff, seam = line(left[-1], right[-1]), line(right[0], left[0])
    return Shape(
        role=cloth.role,
        path=path(chain(left, cuff, backwards(right), seam)),
        outline=[Stroke(left, (0.7, 1.1, 1.0)), Stroke(right, (0.7, 1.1, 1.0)), Stroke(cuff)],
        strokes=[*_folds(points, half, side), Stroke(seam, (0.4, 0.8))],
        turn=0.12,
    )


def _outlined(
    body: Body, character: Character, side: float, cloth: Cloth
) -> tuple[Points, np.ndarray]:
    spine = arm_spine(body, pose_of(character, side), side)
    widths = body.limb * _LIMB
    widths[1:] += cloth.loose
    points = sample(spline(spine), 4)
    along = np.linspace(0, 1, len(points))
    half = np.interp(along, np.linspace(0, 1, len(widths)), widths)
    end = max(5, round(len(points) * cloth.share)) // 2 * 2 + 1
    points, half = points[:end], half[:end]
    return points, half + cloth.flare * np.linspace(0, 1, len(half)) ** 2


def _folds(points: Points, half: np.ndarray, side: float) -> list[Stroke]:
    """Short creases at the bend of the elbow."""
    middle = round(len(points) * 0.62)
    strokes = []
    for shift, reach in ((-1, 0.7), (0, 1.0), (1, 0.6)):
        i = min(middle + shift, len(points) - 1)
        inner = points[i] - at(side * half[i] * 0.95, 0.0)
        tip = inner + at(side * half[i] * 0.8 * reach, 0.08 + 0.05 * shift)
        crease = spline([inner, (inner + tip) / 2 + at(0, 0.05), tip])
        strokes.append(Stroke(crease, (0.9, 0.6, 0.1)))
    return strokes
