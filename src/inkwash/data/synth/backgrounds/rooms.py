"""Rooms in perspective: a corridor, a living room."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.backgrounds.indoors import colours
from inkwash.data.synth.backgrounds.parts import area, box
from inkwash.data.synth.backgrounds.plain import Ground
from inkwash.data.synth.colours import common_hue, dyed, lit, multiplied
from inkwash.data.synth.curves import Points, ellipse, polygon
from inkwash.data.synth.scene import Shape


class _Box:
    """A room seen along its length: the far wall, and points on the walls beside it."""

    def __init__(self, rng: np.random.Generator, aspect: float, depth: float) -> None:
        self._centre = np.array([rng.uniform(0.35, 0.65) * aspect, rng.uniform(0.36, 0.5)])
        self._aspect, self.depth = aspect, depth

    def point(self, x: float, y: float, z: float) -> Points:
        """From the unit square of the picture's frame, `z` 0 at the front and 1 at the far wall."""
        near = np.array([x * self._aspect, y])
        return near + (self._centre - near) * self.depth * z

    def quad(self, *corners: tuple[float, float, float]) -> Points:
        return polygon(np.stack([self.point(*corner) for corner in corners]))

    def far(self, left: float, top: float, right: float, low: float) -> Points:
        """A rectangle on the far wall."""
        corners = ((left, top, 1.0), (right, top, 1.0), (right, low, 1.0), (left, low, 1.0))
        return self.quad(*corners)

    def side(self, x: float, near: float, far: float, top: float, low: float) -> Points:
        """A rectangle on the left (0) or the right wall (1)."""
        return self.quad((x, top, near), (x, top, far), (x, low, far), (x, low, near))

    def shell(self) -> list[Shape]:
        """Ceiling, floor and walls."""
        o, i = -0.05, 1.05
        return [
            area("ceiling", self.quad((o, o, 0), (i, o, 0), (i, o, 1), (o, o, 1))),
            area("floor", self.quad((o, i, 0), (i, i, 0), (i, i, 1), (o, i, 1)), ramp=(0.85, 1.1)),
            area("side wall", self.side(o, 0, 1, o, i)),
            area("side wall", self.side(i, 0, 1, o, i)),
            area("wall", self.far(o, o, i, i)),
        ]


def corridor(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A long corridor: windows on one side, doors on the other."""
    room = _Box(rng, aspect, float(rng.uniform(0.7, 0.85)))
    windows, doors = (-0.05, 1.05) if rng.random() < 0.5 else (1.05, -0.05)
    shapes = room.shell()
    for near in (0.05, 0.38, 0.68):
        shapes.append(area("frame", room.side(windows, near - 0.02, near + 0.22, 0.14, 0.62)))
        shapes.append(area("sky", room.side(windows, near, near + 0.2, 0.18, 0.58)))
        shapes.append(area("door", room.side(doors, near + 0.04, near + 0.2, 0.2, 1.05)))
    shapes.append(area("door", room.far(0.36, 0.3, 0.64, 1.05)))
    return shapes, _colours(rng, ambient)


def living_room(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A room with a window, a picture, a sofa and a lamp."""
    room = _Box(rng, aspect, float(rng.uniform(0.35, 0.5)))
    left = float(rng.uniform(0.0, 0.4))
    shapes = [
        *room.shell(),
        area("frame", room.far(left - 0.03, 0.1, left + 0.53, 0.62)),
        area("sky", room.far(left, 0.13, left + 0.24, 0.59), ramp=(0.9, 1.3)),
        area("sky", room.far(left + 0.26, 0.13, left + 0.5, 0.59), ramp=(0.9, 1.3)),
        area("picture", room.side(1.05, 0.3, 0.8, 0.2, 0.5)),
        area("book 1", room.side(-0.05, 0.2, 0.75, 0.25, 0.32)),
        *_sofa(room, float(rng.uniform(-0.1, 0.3))),
    ]
    if rng.random() < 0.6:
        shapes += _lamp(room, float(rng.choice([0.02, 0.95])))
    return shapes, _colours(rng, ambient)


def _sofa(room: _Box, left: float) -> list[Shape]:
    right = left + 0.75
    back = area("sofa", room.far(left, 0.62, right, 0.95), turn=0.01)
    seat = room.quad((left, 0.86, 1.0), (right, 0.86, 1.0), (right, 0.86, 0.7), (left, 0.86, 0.7))
    front = room.quad((left, 0.86, 0.7), (right, 0.86, 0.7), (right, 1.05, 0.7), (left, 1.05, 0.7))
    return [back, area("sofa", seat, ramp=(1.15, 1.15)), area("sofa", front, turn=0.01)]


def _lamp(room: _Box, x: float) -> list[Shape]:
    foot, top = room.point(x, 1.0, 0.8), room.point(x, 0.35, 0.8)
    shade = [(-0.07, 0.06), (-0.035, -0.06), (0.035, -0.06), (0.07, 0.06)]
    return [
        area("frame", box(top[0] - 0.006, top[1], top[0] + 0.006, foot[1])),
        area("frame", ellipse(foot, 0.05, 0.015)),
        area("lamp", polygon(np.array(shade) + top)),
    ]


def _colours(rng: np.random.Generator, ambient: str) -> dict:
    palette = colours(rng, ambient)
    wall = palette["wall"]
    return {
        **palette,
        "side wall": multiplied(wall, (0.86, 0.86, 0.9)),
        "ceiling": lit(wall, 0.4),
        "door": dyed(common_hue(rng), rng.uniform(0.2, 0.6), rng.uniform(0.4, 0.85)),
        "picture": dyed(common_hue(rng), rng.uniform(0.3, 0.7), rng.uniform(0.5, 0.9)),
        "sofa": dyed(common_hue(rng), rng.uniform(0.2, 0.8), rng.uniform(0.3, 0.85)),
        "lamp": (255, 238, 190),
    }
