"""The head as a frame for its parts: a skull of radius 1 around (0, 0) and where it looks.

Face parts are given as `u` to the side and `v` down on the surface of the face, as seen from the
front; `Head.place` turns them with the head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points

_RADIUS = 0.97
_TURN = 0.50  # radians at yaw 1


@dataclass(frozen=True, kw_only=True)
class Head:
    """Proportions of one head and its turn."""

    yaw: float
    pitch: float
    chin: float
    """How far down the chin is."""
    jaw: float
    """Width of the jaw, 1 is usual."""
    eye_line: float
    eye_gap: float
    """From the middle of the face to the middle of an eye."""
    eye_width: float
    """Half the width of an eye."""
    eye_height: float

    @property
    def side(self) -> float:
        """1 where the head looks to the right, else -1."""
        return 1.0 if self.yaw >= 0 else -1.0

    @property
    def turn(self) -> float:
        """The turn of what does not tell a profile from a three-quarter view, -1…1."""
        return min(1.0, max(-1.0, self.yaw))

    @property
    def profile(self) -> bool:
        return abs(self.yaw) > 1.5

    @property
    def eyes(self) -> tuple[float, ...]:
        """The sides of the face whose eyes are seen, the far one first."""
        return (-self.side,) if self.profile else (self.side, -self.side)

    @property
    def nose_line(self) -> float:
        return self.eye_line + (self.chin - self.eye_line) * 0.46

    @property
    def mouth_line(self) -> float:
        return self.eye_line + (self.chin - self.eye_line) * 0.69

    def place(self, points: ArrayLike, depth: float = 0.0) -> Points:
        """Points (n, 2) of the face's surface, `depth` in front of it, on the picture."""
        uv = np.asarray(points, dtype=np.float64)
        angle = np.arcsin(np.clip(uv[:, 0] / _RADIUS, -0.99, 0.99)) + self.yaw * _TURN
        x = (_RADIUS + depth) * np.sin(angle)
        nod = self.pitch * 0.13 * np.cos(angle)
        return np.stack([x, uv[:, 1] - nod], axis=1)

    def spot(self, u: float, v: float, depth: float = 0.0) -> Points:
        """One point (2,) on the picture."""
        return self.place([(u, v)], depth)[0]


def head_of(character: Character) -> Head:
    """The proportions that go with age and build."""
    chin, jaw, line, width, height = {
        "child": (1.20, 1.04, 0.47, 0.235, 0.27),
        "teen": (1.30, 1.0, 0.41, 0.225, 0.235),
        "adult": (1.38, 1.0, 0.37, 0.22, 0.19),
        "elder": (1.38, 1.04, 0.38, 0.20, 0.15),
    }[character.age]
    if character.build == "sturdy":
        chin, jaw, height = chin + 0.05, jaw + 0.07, height * 0.78
    elif character.age != "child":
        jaw -= 0.05
    profile = abs(character.yaw) > 1
    yaw = float(np.copysign(2.5, character.yaw)) if profile else character.yaw
    if character.facing == "away":
        yaw = 0.3 * min(1.0, max(-1.0, yaw))  # from behind a small turn is enough
    return Head(
        yaw=yaw,
        pitch=character.pitch,
        chin=chin,
        jaw=jaw,
        eye_line=line,
        eye_gap=0.415,
        eye_width=width,
        eye_height=height,
    )
