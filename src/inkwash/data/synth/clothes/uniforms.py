"""School uniforms: sailor and blazer."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.arms import Cloth
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.parts import (
    Outfit,
    bow,
    buttons,
    neck_hole,
    piece,
    pointed_collar,
    tie,
    trunk,
    vee,
)
from inkwash.data.synth.curves import chain, polygon
from inkwash.data.synth.scene import Shape, Stroke


def sailor(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A blouse with a sailor's collar and a scarf."""
    cloth = Cloth("shirt", loose=0.12, share=0.42 if rng.random() < 0.4 else 1.0, flare=0.08)
    deep = body.pit + 1.15
    shapes = [
        trunk(body, vee(body, 1.05, 0.02), "shirt", low=body.belt + 0.55),
        *(_sailor_wing(body, side, deep) for side in (-1, 1)),
        *(bow(body, deep + 0.02, size=1.05) if rng.random() < 0.7 else _scarf(body, deep)),
    ]
    return Outfit(shapes, cloth, "skirt")


def _sailor_wing(body: Body, side: int, deep: float) -> Shape:
    x, s, y = body.neck, body.shoulder, body.pit
    inner = body.curve((side * (x + 0.04), y - 0.30), (side * x * 0.78, y + 0.42), (0, deep))
    hem = body.curve((0, deep), (side * s * 0.36, y + 0.92), (side * s * 0.74, y + 0.56))
    outer = body.curve(
        (side * s * 0.74, y + 0.56), (side * s * 0.70, y + 0.2), (side * s * 0.62, y)
    )
    back = body.curve(
        (side * s * 0.62, y), (side * (x + 0.28), y - 0.16), (side * (x + 0.04), y - 0.30)
    )
    stripe = body.curve(
        (side * 0.10, deep - 0.20), (side * s * 0.36, y + 0.76), (side * s * 0.66, y + 0.46)
    )
    rise = body.curve(
        (side * s * 0.66, y + 0.46), (side * s * 0.62, y + 0.2), (side * s * 0.56, y - 0.02)
    )
    stripes = Stroke(stripe, (1, 1)), Stroke(rise, (1, 1))
    return piece("collar", chain(inner, hem, outer, back), *stripes)


def _scarf(body: Body, deep: float) -> list[Shape]:
    y = deep
    blades = [
        [(0, deep), (s * 0.10, y + 0.1), (s * 0.40, y + 1.05), (s * 0.10, y + 1.25), (0, y + 0.3)]
        for s in (-1, 1)
    ]
    knot = [(-0.14, deep - 0.1), (0.14, deep - 0.1), (0.10, deep + 0.2), (-0.10, deep + 0.2)]
    return [piece("tie", polygon(body.place(corners))) for corners in (*blades, knot)]


def blazer(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """Shirt, tie or bow, and a jacket with lapels."""
    y, deep = body.pit, body.torso * 0.46
    inner = bow(body, y + 0.34, size=0.8) if rng.random() < 0.45 else tie(body, length=2.2)
    seam = Stroke(body.curve((0, y + deep), (0.02, body.belt), (0.06, body.hip)), (1, 1))
    shapes = [
        trunk(body, neck_hole(body, 0.12), "shirt"),
        *pointed_collar(body, "shirt"),
        *inner,
        trunk(body, vee(body, deep, 0.16), "top", grow=0.10, strokes=[seam]),
        *(_lapel(body, side, deep) for side in (-1, 1)),
        *buttons(body, 0.14, [y + deep + 0.25, y + deep + 0.85]),
    ]
    sturdy = character.build == "sturdy"
    lower = "trousers" if sturdy or rng.random() < 0.2 else "skirt"
    return Outfit(shapes, Cloth("top", 0.11), lower)


def _lapel(body: Body, side: int, deep: float) -> Shape:
    x, y = body.neck, body.pit
    corners = [
        (side * (x + 0.12), y - 0.26),
        (side * (x + 0.16) * 0.72, y + deep * 0.42),
        (0, y + deep),
        (side * (x + 0.42), y + deep * 0.58),
        (side * (x + 0.56), y + deep * 0.30),
        (side * (x + 0.38), y + deep * 0.26),
        (side * (x + 0.46), y + deep * 0.18),
        (side * (x + 0.36), y - 0.10),
    ]
    return piece("lapel", polygon(body.place(corners)))
