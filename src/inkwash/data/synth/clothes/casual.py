"""Everyday clothes: sweater, hoodie, T-shirt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkwash.data.synth.arms import Cloth
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.parts import Outfit, neck_hole, piece, pointed_collar, trunk, vee
from inkwash.data.synth.curves import chain, line, spline
from inkwash.data.synth.scene import Shape, Stroke


def lower_of(character: Character, rng: np.random.Generator) -> str:
    """What goes with an everyday top."""
    lot = rng.random()
    if character.build == "slender" and lot < 0.45:
        return "skirt"
    return "shorts" if lot > 0.85 else "trousers"


def tee(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A T-shirt with a ribbed neck."""
    rib = Stroke(neck_hole(body, 0.42, 0.20), (0.8, 0.8))
    cloth = Cloth("top", loose=0.09, share=0.40, flare=0.04)
    shirt = trunk(body, neck_hole(body, 0.30, 0.10), "top", strokes=[rib])
    return Outfit([shirt], cloth, lower_of(character, rng))


def sweater(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A knitted sweater: with a rolled neck, or with a V over a shirt."""
    cloth = Cloth("top", loose=0.12)
    if rng.random() < 0.5:
        shapes = [trunk(body, neck_hole(body, 0.1), "top", grow=0.1), _rolled_neck(body)]
        return Outfit(shapes, cloth, lower_of(character, rng))
    deep = body.torso * 0.30
    rim = Stroke(vee(body, deep + 0.16, 0.16), (0.9, 0.9))
    shapes = [
        trunk(body, neck_hole(body, 0.12), "shirt"),
        trunk(body, vee(body, deep, 0.06), "top", grow=0.1, strokes=[rim]),
        *pointed_collar(body, "shirt"),
    ]
    return Outfit(shapes, cloth, lower_of(character, rng))


def _rolled_neck(body: Body) -> Shape:
    x, y = body.neck + 0.05, body.pit
    low = body.curve((-x - 0.10, y - 0.02), (0, y + 0.20), (x + 0.10, y - 0.02))
    right = body.curve((x + 0.10, y - 0.02), (x + 0.05, y - 0.25), (x + 0.02, y - 0.44))
    up = body.curve((x + 0.02, y - 0.44), (0, y - 0.26), (-x - 0.02, y - 0.44))
    left = body.curve((-x - 0.02, y - 0.44), (-x - 0.05, y - 0.25), (-x - 0.10, y - 0.02))
    ribs = [
        Stroke(body.curve((k * x * 0.6, y - 0.30), (k * x * 0.66, y + 0.1)), (0.2, 0.6, 0.2))
        for k in (-1, -0.35, 0.35, 1)
    ]
    return piece("top", chain(low, right, up, left), *ribs)


def hoodie(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A hooded top: the hood lies around the neck."""
    y = body.pit
    cords = [
        Stroke(
            body.curve((side * 0.16, y + 0.62), (side * 0.20, y + 1.0), (side * 0.17, y + 1.5)),
            (1.6, 1.6),
        )
        for side in (-1, 1)
    ]
    left, right = (_hood_flap(body, side) for side in (-1, 1))
    shapes = [
        trunk(body, neck_hole(body, 0.45, 0.08), "top", grow=0.12),
        left,
        replace(right, strokes=cords),
    ]
    return Outfit(shapes, Cloth("top", 0.13), lower_of(character, rng), [_hood(body)])


def _hood(body: Body) -> Shape:
    """The lining behind the neck."""
    x, y, s = body.neck, body.pit, body.shoulder
    half = [(s * 0.74, y + 0.02), (x + 0.42, y - 0.55)]
    rim = [(-x - 0.1, y + 0.42), *[(-a, b) for a, b in half], (0, y - 0.62)]
    outer = spline([*rim, *half[::-1], (x + 0.1, y + 0.42)])
    return piece("hood", chain(outer, line(outer[-1], outer[0])))


def _hood_flap(body: Body, side: int) -> Shape:
    x, y, s = body.neck, body.pit, body.shoulder
    start, end = (side * (x + 0.04), y - 0.40), (0, y + 0.62)
    inside = body.curve(start, (side * (x - 0.02), y + 0.1), end)
    out = body.curve(
        end,
        (side * s * 0.42, y + 0.56),
        (side * s * 0.72, y + 0.16),
        (side * (x + 0.42), y - 0.36),
        start,
    )
    return piece("top", chain(inside, out))
