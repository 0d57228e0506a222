"""Kimono, dress, coat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkwash.data.synth.arms import Cloth
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.parts import Outfit, bow, buttons, neck_hole, piece, trunk, vee
from inkwash.data.synth.curves import Points, chain, line, path, polygon
from inkwash.data.synth.scene import Shape, Stroke


def kimono(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """Crossing collars, wide sleeves and an obi."""
    shapes = [
        replace(trunk(body, vee(body, 0.92, 0.06), "top", grow=0.08), group="front"),
        _collar_strip(body, 1),
        _overlap(body),
        _collar_strip(body, -1),
        _obi(body),
    ]
    return Outfit(shapes, Cloth("top", loose=0.14, flare=0.34), "wrap")


def _collar_ends(body: Body, side: int) -> tuple[Points, Points]:
    """The two edges of one half of the collar, from the neck to the other side of the belt."""
    x, y, s = body.neck, body.pit, body.shoulder
    low = body.belt - 0.45
    inner, outer = (side * (x + 0.02), y - 0.34), (side * (x + 0.30), y - 0.20)
    return (
        _bent(body, inner, (-side * s * 0.34, low)),
        _bent(body, outer, (-side * s * 0.06, low + 0.1)),
    )


def _collar_strip(body: Body, side: int) -> Shape:
    inner, outer = _collar_ends(body, side)
    edge = chain(inner, line(inner[-1], outer[-1]), outer[::-1], line(outer[0], inner[0]))
    return piece("collar", edge, Stroke((inner * 0.45 + outer * 0.55), (0.8, 0.8)))


def _overlap(body: Body) -> Shape:
    """The half of the front that lies over the other one."""
    _, outer = _collar_ends(body, -1)
    s = body.shoulder
    around = body.corners((0.0, body.belt), (-s * 0.6, body.belt), (-s * 0.6, body.pit + 0.4))
    contour = chain(outer, around, line(around[-1], outer[0]))
    return Shape(role="top", path=path(contour), group="front")


def _bent(body: Body, start: tuple[float, float], end: tuple[float, float]) -> Points:
    middle = ((start[0] + end[0]) / 2 + (start[0] - end[0]) * 0.06, (start[1] + end[1]) / 2)
    return body.curve(start, middle, end)


def _obi(body: Body) -> Shape:
    up, low = body.belt - 0.55, body.belt + 0.55
    edge = body.shoulder * body.waist + 0.14
    corners = [(-edge - 0.06, up), (edge + 0.06, up), (edge, low), (-edge, low)]
    cord = body.curve((-edge, body.belt), (0, body.belt + 0.05), (edge, body.belt))
    return piece("obi", polygon(body.place(corners)), Stroke(cord, (2.0, 2.0)))


def dress_with_collar(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A dress with a round collar, puffed sleeves and a ribbon."""
    half = body.shoulder * body.waist
    belt = Stroke(body.curve((-half, body.belt), (0, body.belt + 0.08), (half, body.belt)), (1, 1))
    shapes = [
        trunk(body, neck_hole(body, 0.10), "top", strokes=[belt]),
        *(_round_collar(body, side) for side in (-1, 1)),
        *bow(body, body.pit + 0.22, size=0.75),
    ]
    cloth = Cloth("top", loose=0.13, share=0.36 if rng.random() < 0.5 else 1.0)
    return Outfit(shapes, cloth, "gown")


def _round_collar(body: Body, side: int) -> Shape:
    x, y = body.neck, body.pit
    start, end = (side * (x + 0.05), y - 0.30), (0, y + 0.12)
    up = body.curve(start, (side * x * 0.6, y), end)
    round_edge = body.curve(
        end, (side * 0.28, y + 0.58), (side * 0.74, y + 0.48), (side * (x + 0.52), y), start
    )
    return piece("collar", chain(up, round_edge))


def coat(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """An open coat over a shirt, its collar turned up."""
    y = body.pit
    opening = vee(body, body.torso * 0.95, 0.30)
    shapes = [
        trunk(body, neck_hole(body, 0.22, 0.02), "shirt"),
        trunk(body, opening, "top", grow=0.14, low=body.hip + 0.4, flare=0.2),
        *(_coat_collar(body, side) for side in (-1, 1)),
        *buttons(body, body.shoulder * 0.36, [y + 1.9, y + 2.6]),
    ]
    return Outfit(shapes, Cloth("top", loose=0.15), "trousers")


def _coat_collar(body: Body, side: int) -> Shape:
    x, y = body.neck, body.pit
    corners = [
        (side * (x + 0.10), y - 0.42),
        (side * (x + 0.22), y + 0.30),
        (side * 0.30, y + 1.4),
        (side * (x + 0.66), y + 0.86),
        (side * (x + 0.80), y + 0.26),
        (side * (x + 0.42), y - 0.16),
    ]
    return piece("lapel", polygon(body.place(corners)))
