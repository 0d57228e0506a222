"""Parts that backgrounds share."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from inkwash.data.synth.colours import from_hsv, mixed
from inkwash.data.synth.curves import Points, chain, line, path, polygon, spline
from inkwash.data.synth.scene import Rgb, Shape, Stroke


def box(left: float, top: float, right: float, bottom: float) -> Points:
    """A rectangle."""
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def area(
    role: str,
    contour: Points,
    *strokes: Stroke,
    lined: bool = True,
    ramp: tuple[float, float] | None = None,
    turn: float = 0.0,
) -> Shape:
    """A closed area, with its contour in ink where `lined`."""
    outline = [Stroke(contour, (0.9, 0.9))] if lined else []
    return Shape(
        role=role, path=path(contour), outline=outline, strokes=strokes, ramp=ramp, turn=turn
    )


def everything(role: str, aspect: float, ramp: tuple[float, float] | None = None) -> Shape:
    """One area over the whole picture."""
    return area(role, box(-0.05, -0.05, aspect + 0.05, 1.05), lined=False, ramp=ramp)


def below(
    role: str, edge: Points, *strokes: Stroke, ramp: tuple[float, float] | None = None
) -> Shape:
    """All that lies under a line from the left to the right."""
    low = 1.1
    a, b = edge[-1], edge[0]
    contour = chain(
        edge, line(a, (a[0], low)), line((a[0], low), (b[0], low)), line((b[0], low), b)
    )
    return Shape(
        role=role, path=path(contour), outline=[Stroke(edge, (1, 1))], strokes=strokes, ramp=ramp
    )


def puffs(
    rng: np.random.Generator, x: float, y: float, width: float, height: float, count: int = 6
) -> Points:
    """A closed contour of round puffs over a flat base: a cloud, a bush, the crown of a tree."""
    angles = np.linspace(np.pi, 2 * np.pi, count + 1)
    knots = np.stack([x + np.cos(angles) * width, y + np.sin(angles) * height], axis=1)
    knots[1:-1] *= 1 + rng.uniform(-0.02, 0.02, (count - 1, 2))
    pieces = []
    for a, b in pairwise(knots):
        way = b - a
        out = np.array([way[1], -way[0]]) * rng.uniform(0.35, 0.6)
        pieces.append(spline([a, a + way * 0.15 + out * 0.75, a + way * 0.55 + out, b]))
    base = spline([knots[-1], (x, y + height * 0.12), knots[0]])
    return chain(*pieces, base)


def cloud(rng: np.random.Generator, x: float, y: float, width: float) -> Shape:
    """A cloud with a flat base."""
    contour = puffs(rng, x, y, width, width * rng.uniform(0.35, 0.6), int(rng.integers(5, 8)))
    return area("cloud", contour, turn=-0.02)


def sky_colour(rng: np.random.Generator, ambient: str) -> Rgb:
    """The sky before the light of the hour is laid over everything."""
    if ambient == "dusk":
        return from_hsv(rng.uniform(0.04, 0.10), rng.uniform(0.35, 0.6), 0.98)
    if ambient == "night":
        return from_hsv(rng.uniform(0.60, 0.68), rng.uniform(0.6, 0.8), rng.uniform(0.40, 0.6))
    sky = from_hsv(rng.uniform(0.53, 0.60), rng.uniform(0.35, 0.85), rng.uniform(0.8, 1.0))
    return mixed(sky, (200, 206, 214), 0.7) if ambient == "overcast" else sky
