"""The body as a frame for clothes: joints and widths, and its bare parts.

The frame is the head's: the skull has radius 1 around (0, 0); the pit of the neck is at y ≈ 1.75.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from inkwash.data.synth.character import Character, Stance
from inkwash.data.synth.curves import Points, chain, ellipse, line, path, spline
from inkwash.data.synth.scene import Shape, Stroke


@dataclass(frozen=True, kw_only=True)
class Body:
    """Proportions of one body and its turn."""

    yaw: float
    shoulder: float
    """Half the width of the shoulders."""
    neck: float
    """Half the width of the neck."""
    pit: float
    """Where the neck ends and the chest begins."""
    torso: float
    """From the pit of the neck to the hips."""
    legs: float
    """From the hips to the soles."""
    limb: float
    """Half the width of an upper arm."""
    feet: tuple[float, float] = (0.0, 0.0)
    """How far the left and the right foot stand outwards, in leg's lengths."""
    waist: float
    """Half the width of the waist as a share of the shoulders."""
    knees: float = 0.48
    """Where the knees are between the hips and the soles."""
    stance: Stance = "still"

    def place(self, points: ArrayLike, side: float = 1.0) -> Points:
        """Points (n, 2) of the front of the body, turned with it; `side` -1 mirrors them first."""
        xy = np.asarray(points, dtype=np.float64) * (side, 1.0)
        off = np.clip(xy[:, 0] / self.shoulder, -1, 1)
        xy[:, 0] = xy[:, 0] * (1 - 0.10 * abs(self.yaw)) + 0.20 * self.yaw * (1 - off**2)
        return xy

    def curve(self, *points: tuple[float, float]) -> Points:
        """A smooth curve on the body."""
        return spline(self.place(points))

    def corners(self, *points: tuple[float, float]) -> Points:
        """A chain of straight lines on the body, not closed."""
        placed = self.place(points)
        return chain(*(line(a, b) for a, b in pairwise(placed)))

    @property
    def way(self) -> float:
        """1 where the body turns to the right, else -1."""
        return 1.0 if self.yaw >= 0 else -1.0

    @property
    def chest(self) -> float:
        return self.pit + self.torso * 0.30

    @property
    def belt(self) -> float:
        return self.pit + self.torso * 0.62

    @property
    def hip(self) -> float:
        return self.pit + self.torso

    @property
    def knee(self) -> float:
        return self.hip + self.legs * self.knees

    @property
    def sole(self) -> float:
        return self.hip + self.legs


_CHIBI = 1.4  # heads from this size on sit on a child's short body
_STANCES = {
    "still": (0.0, 0.0),
    "apart": (0.09, 0.09),
    "step": (0.02, 0.13),
    "run": (0.0, 0.0),
    "sit": (0.0, 0.0),
}
_SEATED = 0.55  # of the length of the legs is below the hips when somebody sits


def body_of(character: Character) -> Body:
    """The proportions that go with age and build."""
    shoulder, pit, torso, legs = {
        "child": (0.90, 1.50, 2.7, 3.4),
        "teen": (1.10, 1.74, 3.6, 5.6),
        "adult": (1.22, 1.84, 3.9, 6.4),
        "elder": (1.16, 1.80, 3.7, 5.6),
    }["child" if character.head > _CHIBI else character.age]
    sits = character.stance == "sit"
    sturdy = character.build == "sturdy" and character.age != "child"
    return Body(
        yaw=min(1.0, max(-1.0, character.yaw)) * 0.7,
        shoulder=shoulder * (1.24 if sturdy else 1.0),
        neck=0.42 if sturdy else 0.30,
        pit=pit,
        torso=torso,
        legs=legs * (_SEATED if sits else 1.0),
        knees=0.20 if sits else 0.48,
        stance=character.stance,
        feet=_STANCES[character.stance],
        limb=(0.29 if sturdy else 0.22) * (0.9 if character.age == "child" else 1.0),
        waist=0.80 if sturdy or character.age == "child" else 0.66,
    )


def shoulder_line(body: Body, grow: float = 0.0) -> list[tuple[float, float]]:
    """From the neck to the right shoulder; `grow` is the thickness of the cloth."""
    s, y = body.shoulder, body.pit
    return [
        (body.neck + 0.04 + grow * 0.4, y - 0.22),
        (body.neck + 0.30, y - 0.02 - grow * 0.6),
        (s * 0.74, y + 0.16 - grow),
        (s * 0.92 + grow * 0.4, y + 0.36 - grow * 0.3),
    ]


def neck(body: Body) -> Shape:
    """Neck and the skin of the upper chest."""
    x, y = body.neck, body.pit
    throat = 0.10 * body.yaw
    chest_half = min(x + 0.65, body.shoulder * 0.62)
    right = spline(
        [
            (x + throat, 0.7),
            (x * 0.96 + throat * 0.6, y - 0.42),
            (x + 0.12, y - 0.14),
            (chest_half, y + 0.1),
        ]
    )
    left = spline(
        [
            (-x + throat, 0.7),
            (-x * 0.96 + throat * 0.6, y - 0.42),
            (-x - 0.12, y - 0.14),
            (-chest_half, y + 0.1),
        ]
    )
    low = line((chest_half, y + 1.4), (-chest_half, y + 1.4))
    bone = 0.16
    collar_bones = [
        Stroke(
            body.curve(
                (side * 0.09, y + bone),
                (side * 0.30, y + bone - 0.06),
                (side * 0.62, y + bone - 0.10),
            ),
            (0.7, 0.6, 0.1),
        )
        for side in (-1, 1)
    ]
    under_chin = path(ellipse((throat + 0.05, 1.22), x * 1.5, 0.36 + (body.pit - 1.5) * 0.3))
    return Shape(
        role="skin",
        path=path(chain(right, low, left[::-1])),
        group="neck",
        outline=[Stroke(right, (0.6, 1, 0.8)), Stroke(left, (0.6, 1, 0.8))],
        strokes=collar_bones,
        shadows=[under_chin],
        turn=0.05,
    )


def torso(
    body: Body, neckline: Points, grow: float = 0.0, low: float | None = None, flare: float = 0.0
) -> tuple[Points, Points]:
    """Right and left side of the trunk in cloth, from the ends of the neckline to `low`."""
    low = body.hip if low is None else low
    s = body.shoulder
    points = [
        *shoulder_line(body, grow),
        (s * 0.90 + grow, body.pit + 0.75),
        (s * 0.80 + grow, body.chest + 0.1),
        (s * body.waist + grow * 1.3, body.belt),
        (s * 0.84 + grow + flare, max(low, body.belt + 0.3)),
    ]
    right = body.place(points)
    left = body.place([(-x, y) for x, y in points])
    right = right[right[:, 0] > neckline[-1, 0] + 0.1]
    left = left[left[:, 0] < neckline[0, 0] - 0.1]
    return spline([neckline[-1], *right]), spline([neckline[0], *left])
