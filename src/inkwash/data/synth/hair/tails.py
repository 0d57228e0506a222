"""Tied hair: ponytails, twin tails, buns, braids."""

from __future__ import annotations

import numpy as np
import skia

from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.curves import Points, at, band, ellipse, path, spline
from inkwash.data.synth.hair.locks import Lock, lock, wavy
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke


def tails(
    character: Character, head: Head, rng: np.random.Generator
) -> tuple[list[Shape], list[Shape]]:
    """Shapes behind the body and shapes in front of it."""
    hair = character.hair
    behind, front = [], []
    back = -head.side
    if hair.tail == "ponytail" and character.facing == "away":
        behind += _tail(np.array([0.0, -0.45]), back, 3.0, 0.42, hair, rng, out=0.10)
    elif hair.tail == "ponytail":
        root = np.array([back * (0.45 + 0.5 * abs(head.turn)), -0.82])
        behind += _tail(root, back, 3.0, 0.55, hair, rng)
    elif hair.tail == "twin":
        for side in (-1.0, 1.0):
            behind += _tail(
                np.array([side * 1.02 - 0.06 * head.turn, -0.50]), side, 3.0, 0.42, hair, rng
            )
    elif hair.tail == "side":
        front += _tail(np.array([back * 0.98, 0.55]), back, 2.6, 0.3, hair, rng, out=0.10)
    elif hair.tail == "low twin":
        for side in (-1.0, 1.0):
            front += _tail(np.array([side * 0.86, 0.98]), side, 2.4, 0.24, hair, rng, out=0.12)
    elif hair.tail == "buns":
        for side in (-1.0, 1.0):
            behind += _bun(np.array([side * 0.74 - 0.08 * head.turn, -1.0]))
    elif hair.tail == "braid":
        front += _braid(np.array([back * 0.86, 1.0]), back, hair, rng)
    elif hair.tail == "braids":
        for side in (-1.0, 1.0):
            front += _braid(np.array([side * 0.86, 1.0]), side, hair, rng)
    return behind, front


def _tail(
    root: Points,
    side: float,
    low: float,
    wide: float,
    hair: Hair,
    rng: np.random.Generator,
    out: float = 0.62,
) -> list[Shape]:
    drop = low * hair.length
    spine = root + np.array(
        [
            (-side * 0.05, 0.05),
            (side * out * 0.55, -0.12 if out > 0.3 else 0.15),
            (side * out, drop * 0.25),
            (side * out * 1.02, drop * 0.55),
            (side * out * 0.72, drop * 0.85),
            (side * out * 0.50, drop * 1.06),
        ]
    )
    widths = np.array([0.10, 0.5, 0.92, 1.0, 0.62, 0.0]) * wide
    locks = [_waved(spine, widths, hair.wave, rng)]
    for shift, cut in ((0.55, 0.80), (-0.5, 0.9), (0.2, 1.08)):
        moved = spine + np.outer(np.linspace(0, 1, 6) ** 1.5, (side * shift * wide, 0))
        moved[:, 1] = root[1] + (moved[:, 1] - root[1]) * cut
        locks.append(_waved(moved, widths * 0.55, hair.wave, rng))
    edges = [Stroke(edge, (0.6, 1.1, 0.5)) for one in locks for edge in (one.left, one.right)]
    inner = [Stroke(edge[3:], (0.15, 0.8, 0.15)) for one in locks[1:] for edge in (one.left,)]
    tail = Shape(
        role="hair",
        path=path(*(one.contour for one in locks)),
        outline=edges,
        strokes=inner,
        shadows=[path(locks[1].contour)],
        lights=[_shine(spine, wide)],
        turn=0.14,
    )
    return [tail, _tie(root, side)]


def _waved(spine: Points, widths: np.ndarray, wave: float, rng: np.random.Generator) -> Lock:
    waved = wavy(spine, wave, float(rng.uniform(0, 1)), 2.0)
    at = np.linspace(0, 1, len(spine))
    return lock(waved, np.interp(np.linspace(0, 1, len(waved)), at, widths))


def _shine(spine: Points, wide: float) -> skia.Path:
    middle = spine[1:5] + at(wide * 0.25, 0.0)
    return path(band(middle, np.array([0.0, 0.10, 0.08, 0.0]) * wide))


def _tie(root: Points, side: float) -> Shape:
    ring = ellipse(root + at(side * 0.03, 0.02), 0.11, 0.16, 0.5 * side)
    return Shape(role="ribbon", path=path(ring), outline=[Stroke(ring, (1, 1))], turn=0.05)


def _bun(centre: Points) -> list[Shape]:
    ring = ellipse(centre, 0.40, 0.38)
    swirl = [
        Stroke(
            spline([centre + at(-0.26, 0.06), centre + at(-0.05, -0.22), centre + at(0.24, -0.02)]),
            (0.2, 1, 0.2),
        ),
        Stroke(
            spline([centre + at(-0.14, 0.16), centre + at(0.02, -0.04), centre + at(0.2, 0.14)]),
            (0.2, 0.9, 0.2),
        ),
    ]
    shine = path(ellipse(centre + at(-0.12, -0.18), 0.13, 0.06, -0.5))
    return [
        Shape(
            role="hair",
            path=path(ring),
            outline=[Stroke(ring, (1, 1))],
            strokes=swirl,
            lights=[shine],
            turn=0.14,
        )
    ]


def _braid(root: Points, side: float, hair: Hair, rng: np.random.Generator) -> list[Shape]:
    count = round(12 * hair.length) + 1
    t = np.linspace(0, 1, count)
    spine = root + np.stack([side * 0.14 * np.sin(t * 2.2), t * 2.2 * hair.length], axis=1)
    shapes = []
    tuft = lock(
        spine[-1] + np.array([(0, -0.05), (side * 0.03, 0.18), (0, 0.42)]), (0.06, 0.12, 0.0)
    )
    shapes.append(
        Shape(role="hair", path=path(tuft.contour), outline=[Stroke(tuft.contour, (1, 1))])
    )
    for i in range(count - 1, -1, -1):
        size = 0.20 * (1 - 0.35 * t[i])
        lean = (1 if i % 2 else -1) * 0.6
        knot = ellipse(spine[i] + at(lean * 0.07, 0), size, size * 0.72, lean)
        shapes.append(
            Shape(role="hair", path=path(knot), outline=[Stroke(knot, (1, 1))], turn=0.05)
        )
    shapes.insert(1, _tie(spine[-1] + at(0, 0.06), side))
    return shapes
