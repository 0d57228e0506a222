"""Rooms: a window with curtains, shelves, a blackboard."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.backgrounds.parts import area, below, box, everything, sky_colour
from inkwash.data.synth.backgrounds.plain import Ground
from inkwash.data.synth.colours import common_hue, dyed, from_hsv, mixed, multiplied
from inkwash.data.synth.curves import chain, line, polygon, spline
from inkwash.data.synth.scene import Rgb, Shape, Stroke


def window_room(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A wall with a window, its curtains, and the floor."""
    left = float(rng.uniform(0.02, 0.3)) * aspect
    right = left + float(rng.uniform(0.4, 0.6)) * aspect
    top, sill = 0.06, float(rng.uniform(0.5, 0.62))
    middle = (left + right) / 2
    shapes = [
        everything("wall", aspect, (1.05, 0.92)),
        area("frame", box(left - 0.025, top - 0.025, right + 0.025, sill + 0.03)),
        area("sky", box(left, top, middle - 0.008, sill), ramp=(0.9, 1.3)),
        area("sky", box(middle + 0.008, top, right, sill), ramp=(0.9, 1.3)),
        *(_curtain(x, side, top - 0.04, sill + 0.12) for x, side in ((left, 1), (right, -1))),
        *_floor(rng, aspect),
    ]
    return shapes, colours(rng, ambient)


def shelf_room(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A wall with shelves full of books."""
    shapes = [everything("wall", aspect, (1.05, 0.92))]
    left, right = 0.08 * aspect, 0.92 * aspect
    for y in (0.24, 0.48, 0.72):
        shapes += _books(rng, left, right, y)
        shapes.append(area("frame", box(left - 0.02, y, right + 0.02, y + 0.025)))
    return [*shapes, *_floor(rng, aspect)], colours(rng, ambient)


def classroom(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A blackboard on a wall, desks before it."""
    low = float(rng.uniform(0.45, 0.55))
    shapes = [
        everything("wall", aspect, (1.05, 0.92)),
        area("frame", box(0.04, 0.08, aspect - 0.04, low + 0.03)),
        area("board", box(0.065, 0.105, aspect - 0.065, low)),
        area("frame", box(0.3 * aspect, low, 0.7 * aspect, low + 0.03)),
        *_floor(rng, aspect),
        *_desks(aspect, 0.70, 0.10),
        *_desks(aspect, 0.82, 0.15),
    ]
    return shapes, colours(rng, ambient)


def _desks(aspect: float, y: float, size: float) -> list[Shape]:
    """A row of desks whose tops are at `y`, `size` wide."""
    shapes = []
    for x in np.arange(aspect / 2 - 2.4 * size, aspect, size * 1.9):
        for side in (0.06, 0.86):
            left = x + side * size
            shapes.append(area("desk", box(left, y, left + size * 0.07, y + size * 0.9)))
        top = [(x + size * 0.08, y - size * 0.22), (x + size * 0.92, y - size * 0.22)]
        shapes.append(area("desk", polygon([*top, (x + size, y), (x, y)])))
        shapes.append(area("desk", box(x, y, x + size, y + size * 0.16), turn=0.006))
    return shapes


def _floor(rng: np.random.Generator, aspect: float) -> list[Shape]:
    y = float(rng.uniform(0.78, 0.88))
    boards = [
        Stroke(line((aspect / 2 + (x - aspect / 2) * 0.6, y), (x, 1.02)), (0.6, 0.8))
        for x in np.arange(-0.6, aspect + 0.6, 0.24)
    ]
    base = box(-0.05, y - 0.03, aspect + 0.05, y)
    return [below("floor", line((-0.05, y), (aspect + 0.05, y)), *boards), area("frame", base)]


def _curtain(x: float, side: int, top: float, low: float) -> Shape:
    outer, inner = x - side * 0.07, x + side * 0.10
    edge = spline(
        [(inner, top), (inner - side * 0.02, (top + low) / 2), (inner - side * 0.045, low)]
    )
    hem = spline([(inner - side * 0.045, low), (x - side * 0.02, low + 0.015), (outer, low)])
    contour = chain(edge, hem, line((outer, low), (outer, top)), line((outer, top), (inner, top)))
    folds = [
        Stroke(spline([(x + side * k, top), (x + side * k * 0.8, low - 0.02)]), (0.9, 0.5, 0.8))
        for k in (-0.03, 0.02, 0.06)
    ]
    return area("curtain", contour, *folds, turn=0.015)


def _books(rng: np.random.Generator, left: float, right: float, y: float) -> list[Shape]:
    shapes = []
    x = left
    while x < right - 0.05:
        wide, high = float(rng.uniform(0.03, 0.06)), float(rng.uniform(0.1, 0.17))
        if rng.random() < 0.88:
            role = f"book {int(rng.integers(1, 5))}"
            shapes.append(area(role, box(x, y - high, x + wide, y)))
        x += wide
    return shapes


def colours(rng: np.random.Generator, ambient: str) -> dict[str, Rgb]:
    """Role → colour of all that is seen indoors."""
    hue = common_hue(rng)
    wall = dyed(hue, rng.uniform(0.03, 0.5), rng.uniform(0.6, 1.0))
    wood = from_hsv(rng.uniform(0.05, 0.11), rng.uniform(0.25, 0.6), rng.uniform(0.5, 0.9))
    return {
        "wall": wall,
        "frame": wood if rng.random() < 0.6 else (240, 238, 234),
        "floor": multiplied(wood, (1.1, 1.08, 1.05)),
        "desk": multiplied(wood, (1.0, 0.94, 0.86)),
        "sky": sky_colour(rng, ambient),
        "curtain": mixed(dyed(hue + 0.4, 0.35, 0.95), (255, 255, 255), 0.3),
        "board": (70, 104, 88),
        **{f"book {i}": dyed(hue + i * 0.21, 0.5, 0.8) for i in range(1, 5)},
    }
