"""A knight's armour with a cape."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.arms import Cloth
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.parts import Outfit, neck_hole, piece, trunk
from inkwash.data.synth.curves import Points, chain, ellipse, line
from inkwash.data.synth.scene import Shape, Stroke


def armour(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """Breastplate, gorget, shoulder plates; a cape behind."""
    y, s = body.pit, body.shoulder
    ridge = Stroke(body.curve((0, y + 0.3), (0, body.chest + 0.4), (0, body.belt)), (0.6, 1, 0.6))
    plate = [(-s * 0.78, y + 1.2), (-s * 0.3, y + 1.62), (0, y + 1.5)]
    rim = Stroke(body.curve(*plate, *[(-a, b) for a, b in plate[1::-1]]), (0.3, 1, 0.3))
    shapes = [
        trunk(body, neck_hole(body, 0.1), "metal", grow=0.08, strokes=[ridge, rim]),
        _gorget(body),
        _belt(body),
    ]
    return Outfit(
        shapes,
        Cloth("top", 0.06),
        "trousers",
        behind=[_cape(body)],
        over=[shape for side in (-1, 1) for shape in _shoulder_plate(body, side)],
    )


def _mirrored_edge(body: Body, *half: tuple[float, float]) -> Points:
    """A smooth edge from the left to the right, given its left half."""
    return body.curve(*half, *[(-x, y) for x, y in half[::-1]])


def _gorget(body: Body) -> Shape:
    x, y = body.neck, body.pit
    up = _mirrored_edge(body, (-x - 0.03, y - 0.44), (-x * 0.4, y - 0.28))
    low = _mirrored_edge(body, (-x - 0.34, y - 0.02), (-x * 0.6, y + 0.34))
    contour = chain(up, line(up[-1], low[-1]), low[::-1], line(low[0], up[0]))
    return piece("trim", contour)


def _belt(body: Body) -> Shape:
    half, y = body.shoulder * body.waist + 0.12, body.belt
    up = _mirrored_edge(body, (-half, y - 0.12), (-half * 0.4, y - 0.04))
    low = _mirrored_edge(body, (-half, y + 0.16), (-half * 0.4, y + 0.24))
    return piece("trim", chain(up, line(up[-1], low[-1]), low[::-1], line(low[0], up[0])))


def _cape(body: Body) -> Shape:
    s, y, low = body.shoulder, body.pit, body.knee + 0.6
    top = _mirrored_edge(body, (-s * 0.9, y + 0.2), (-body.neck, y - 0.3))
    right = body.curve((s * 0.9, y + 0.2), (s * 1.5, body.belt), (s * 1.75, low))
    hem = body.curve((s * 1.75, low), (s, low + 0.2), (0, low), (-s, low + 0.2), (-s * 1.75, low))
    left = body.curve((-s * 1.75, low), (-s * 1.5, body.belt), (-s * 0.9, y + 0.2))
    return piece("cape", chain(top, right, hem, left), turn=0.2)


def _shoulder_plate(body: Body, side: int) -> list[Shape]:
    s, y = body.shoulder, body.pit
    plates = []
    for k, size in ((0.36, 0.86), (0.0, 1.0)):
        centre = body.place([(side * s * 1.02, y + 0.62 + k)])[0]
        contour = ellipse(centre, 0.44 * size, 0.36 * size, 0.5 * side)
        plates.append(piece("metal", contour, turn=0.1))
    return plates
