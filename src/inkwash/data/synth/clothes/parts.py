"""Parts that outfits share: trunk and sleeves in one, collars, ties, bows, buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia

from inkwash.data.synth.arms import Cloth
from inkwash.data.synth.body import Body, torso
from inkwash.data.synth.curves import Points, backwards, chain, ellipse, line, path, polygon
from inkwash.data.synth.scene import Shape, Stroke


@dataclass(frozen=True)
class Outfit:
    """Shapes on the trunk, and the cloth of the arms that are drawn over them."""

    shapes: list[Shape]
    arms: Cloth
    lower: str
    """What the legs wear: a key of `LOWER`."""
    behind: Sequence[Shape] = ()
    """Behind the neck: hoods, capes."""
    over: Sequence[Shape] = ()
    """Over the arms: shoulder plates."""


def trunk(
    body: Body,
    neckline: Points,
    role: str,
    *,
    grow: float = 0.05,
    low: float | None = None,
    flare: float = 0.0,
    strokes: Sequence[Stroke] = (),
) -> Shape:
    """The trunk in cloth, without sleeves."""
    right, left = torso(body, neckline, grow, low, flare)
    hem = line(right[-1], left[-1])
    return Shape(
        role=role,
        path=path(chain(neckline, right, hem, backwards(left))),
        outline=[Stroke(right, (0.8, 1.1, 0.8)), Stroke(left, (0.8, 1.1, 0.8)), Stroke(hem)],
        strokes=[Stroke(neckline, (0.8, 1, 0.8)), *strokes, *_trunk_folds(body)],
        shadows=_trunk_shadows(body),
        turn=0.14,
    )


def _trunk_folds(body: Body) -> list[Stroke]:
    """Creases from the armpits and at the waist."""
    s, y, x = body.shoulder, body.pit, body.shoulder * body.waist
    folds = []
    for side in (-1, 1):
        pit = [(side * s * 0.84, y + 0.95), (side * s * 0.74, y + 1.12), (side * s * 0.58, y + 1.2)]
        up, low = body.belt - 0.3, body.belt + 0.3
        waist = [(side * x * 1.04, up), (side * x * 0.88, up + 0.1), (side * x * 0.74, up + 0.24)]
        hip = [(side * x * 1.04, low), (side * x * 0.92, low - 0.1), (side * x * 0.82, low - 0.14)]
        folds += [Stroke(body.curve(*points), (0.9, 0.6, 0.1)) for points in (pit, waist, hip)]
    return folds


def _trunk_shadows(body: Body) -> list[skia.Path]:
    """The side away from the light, which is on the right in a body's frame."""
    s, y = body.shoulder, body.pit
    edge = [(s * 0.86, y + 0.9), (s * 0.66, body.chest + 0.2), (s * 0.46, body.belt)]
    side = body.curve(*edge, (s * 0.60, body.hip + 0.4))
    far = s * 1.3
    corner = line(side[-1], (far, body.hip + 0.4))
    return [path(chain(side, corner, line((far, body.hip), (far, y + 0.9))))]


def _collar_end(body: Body, away: float) -> tuple[float, float]:
    """Where cloth meets the slope of the neck, `away` from its side."""
    slope = np.interp(away, (0.0, 0.12, 0.4, 0.7), (-0.42, -0.17, -0.03, 0.08))
    return body.neck + away, body.pit + float(slope) - 0.03


def neck_hole(body: Body, deep: float, wide: float = 0.0) -> Points:
    """A round neckline from left to right, `deep` below the pit of the neck."""
    x, up = _collar_end(body, 0.06 + wide)
    y = body.pit
    left = [(-x, up), (-x * 0.62, y + deep * 0.62)]
    return body.curve(*left, (0, y + deep), *[(-a, b) for a, b in left[::-1]])


def vee(body: Body, deep: float, wide: float = 0.0) -> Points:
    """A pointed neckline from left to right."""
    x, up = _collar_end(body, 0.06 + wide)
    half = [(-x, up), (-x * 0.66, body.pit + deep * 0.45), (0.0, body.pit + deep)]
    return chain(body.curve(*half), body.curve(*[(-a, b) for a, b in half[::-1]]))


def piece(role: str, contour: Points, *strokes: Stroke, turn: float = 0.06) -> Shape:
    """A closed piece of cloth with its outline."""
    return Shape(
        role=role,
        path=path(contour),
        outline=[Stroke(contour, (1.0, 1.0))],
        strokes=strokes,
        turn=turn,
    )


def pointed_collar(body: Body, role: str = "collar", size: float = 1.0) -> list[Shape]:
    """The two wings of a shirt's collar."""
    x, y = body.neck, body.pit
    wings = []
    for side in (-1, 1):
        inner = (side * 0.03, y + 0.16)
        corners = [
            (side * (x + 0.05), y - 0.34),
            inner,
            (side * (0.36 * size), y + 0.52 * size),
            (side * (x + 0.26), y + 0.0),
        ]
        wings.append(piece(role, polygon(body.place(corners))))
    return wings


def tie(body: Body, role: str = "tie", length: float = 1.7) -> list[Shape]:
    """A knotted tie."""
    y = body.pit + 0.16
    blade = [
        (-0.10, y + 0.2),
        (0.10, y + 0.2),
        (0.22, y + length - 0.2),
        (0.0, y + length),
        (-0.22, y + length - 0.2),
    ]
    knot = [(-0.16, y - 0.06), (0.16, y - 0.06), (0.10, y + 0.24), (-0.10, y + 0.24)]
    return [piece(role, polygon(body.place(blade))), piece(role, polygon(body.place(knot)))]


def bow(
    body: Body, y: float, role: str = "tie", size: float = 1.0, tails: bool = True
) -> list[Shape]:
    """A ribbon tied to a bow at height `y`."""
    shapes = []
    k = size
    for side in (-1, 1):
        if tails:
            band = body.place(
                [
                    (0, y),
                    (side * 0.14 * k, y + 0.35 * k),
                    (side * 0.34 * k, y + 0.85 * k),
                    (side * 0.12 * k, y + 0.80 * k),
                    (side * 0.02 * k, y + 0.3 * k),
                ]
            )
            shapes.append(piece(role, polygon(band)))
    for side in (-1, 1):
        upper = body.curve(
            (0, y - 0.04 * k), (side * 0.30 * k, y - 0.26 * k), (side * 0.60 * k, y - 0.22 * k)
        )
        outer = body.curve(
            (side * 0.60 * k, y - 0.22 * k),
            (side * 0.66 * k, y + 0.02),
            (side * 0.58 * k, y + 0.24 * k),
        )
        lower = body.curve(
            (side * 0.58 * k, y + 0.24 * k), (side * 0.28 * k, y + 0.18 * k), (0, y + 0.05 * k)
        )
        crease = Stroke(
            body.curve(
                (side * 0.06 * k, y), (side * 0.22 * k, y - 0.03), (side * 0.40 * k, y - 0.04)
            ),
            (1, 0.6, 0.1),
        )
        loop = chain(upper, outer, lower)
        shapes.append(piece(role, chain(loop, line(loop[-1], loop[0])), crease))
    knot = ellipse(body.place([(0, y)])[0], 0.11 * k, 0.13 * k)
    shapes.append(piece(role, knot))
    return shapes


def buttons(body: Body, x: float, ys: list[float], role: str = "button") -> list[Shape]:
    """Round buttons in a row."""
    return [piece(role, ellipse(body.place([(x, y)])[0], 0.065, 0.065), turn=0.0) for y in ys]
