"""Clothes with short sleeves or none, aprons and overalls."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.arms import BARE, Cloth
from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.casual import lower_of
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
from inkwash.data.synth.curves import band, chain, line, polygon
from inkwash.data.synth.scene import Shape, Stroke

_SHORT = 0.40  # of an arm


def tank(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A sleeveless top for sports."""
    rim = Stroke(neck_hole(body, 0.48, 0.24), (0.7, 0.7))
    shirt = trunk(body, neck_hole(body, 0.36, 0.14), "top", strokes=[rim])
    return Outfit([shirt], BARE, "shorts" if rng.random() < 0.6 else lower_of(character, rng))


def sundress(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A sleeveless dress with a sash."""
    half = body.shoulder * body.waist + 0.08
    low = body.curve((half, body.belt + 0.2), (0, body.belt + 0.3), (-half, body.belt + 0.2))
    up = body.curve((-half, body.belt - 0.16), (0, body.belt - 0.06), (half, body.belt - 0.16))
    sash = chain(up, line(up[-1], low[0]), low, line(low[-1], up[0]))
    cloth = trunk(body, neck_hole(body, 0.34, 0.14), "top", low=body.belt + 0.4)
    return Outfit([cloth, piece("tie", sash)], BARE, "gown")


def vest(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A knitted vest over a shirt, with a tie or a bow."""
    deep = body.torso * 0.30
    rim = Stroke(vee(body, deep + 0.16, 0.2), (0.9, 0.9))
    knot = tie(body, length=1.5) if rng.random() < 0.5 else bow(body, body.pit + 0.3, size=0.7)
    shapes = [
        trunk(body, neck_hole(body, 0.12), "shirt"),
        *knot,
        trunk(body, vee(body, deep, 0.10), "top", grow=0.1, strokes=[rim]),
        *pointed_collar(body, "shirt"),
    ]
    return Outfit(shapes, _shirt_sleeves(rng), lower_of(character, rng))


def pinafore(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A sleeveless dress over a blouse."""
    shapes = [
        trunk(body, neck_hole(body, 0.12), "shirt"),
        trunk(body, neck_hole(body, 0.9, 0.24), "top", grow=0.08),
        *pointed_collar(body, "shirt"),
        *(bow(body, body.pit + 0.26, size=0.7) if rng.random() < 0.6 else []),
        *buttons(body, 0.0, [body.pit + 1.3, body.pit + 1.8]),
    ]
    return Outfit(shapes, _shirt_sleeves(rng), "gown")


def apron(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A dress with a white apron over it."""
    s, y = body.shoulder, body.pit
    half = s * body.waist
    low = body.knee + 0.1
    aside = body.way * body.legs * 0.3 if body.stance == "sit" else 0.0
    bib = [
        (-s * 0.42, y + 0.8),
        (s * 0.42, y + 0.8),
        (half * 0.8, body.belt),
        (-half * 0.8, body.belt),
    ]
    up = body.curve((-half * 0.85, body.belt), (0, body.belt + 0.06), (half * 0.85, body.belt))
    wide = half * 1.1
    hem = body.curve((wide + aside, low - 0.25), (aside, low), (-wide + aside, low - 0.25))
    front = chain(up, line(up[-1], hem[0]), hem, line(hem[-1], up[0]))
    shapes = [
        trunk(body, neck_hole(body, 0.10), "top"),
        *pointed_collar(body, "shirt"),
        *(_strap(body, side, "shirt") for side in (-1, 1)),
        piece("shirt", polygon(body.place(bib))),
        piece("shirt", front),
        *bow(body, y + 0.26, size=0.6),
    ]
    return Outfit(shapes, Cloth("top", 0.13, share=1.0 if rng.random() < 0.5 else _SHORT), "gown")


def overalls(body: Body, character: Character, rng: np.random.Generator) -> Outfit:
    """A T-shirt under trousers with a bib."""
    s, y = body.shoulder, body.pit
    half = s * body.waist + 0.1
    bib = [(-s * 0.48, y + 1.0), (s * 0.48, y + 1.0), (half, body.belt), (half, body.hip + 0.1)]
    corners = [*bib, (-half, body.hip + 0.1), (-half, body.belt)]
    pocket = [(-0.3, y + 1.5), (0.3, y + 1.5), (0.26, y + 1.95), (-0.26, y + 1.95)]
    shapes = [
        trunk(body, neck_hole(body, 0.26, 0.08), "shirt"),
        *(_strap(body, side, "trousers") for side in (-1, 1)),
        piece("trousers", polygon(body.place(corners)), turn=0.14),
        piece("trousers", polygon(body.place(pocket))),
        *buttons(body, -s * 0.40, [y + 1.14]),
        *buttons(body, s * 0.40, [y + 1.14]),
    ]
    return Outfit(
        shapes, Cloth("shirt", 0.10, share=_SHORT if rng.random() < 0.7 else 1.0), "trousers"
    )


def _shirt_sleeves(rng: np.random.Generator) -> Cloth:
    return Cloth("shirt", loose=0.11, share=_SHORT if rng.random() < 0.4 else 1.0)


def _strap(body: Body, side: int, role: str) -> Shape:
    s, y = body.shoulder, body.pit
    spine = [
        (side * (body.neck + 0.26), y - 0.06),
        (side * s * 0.46, y + 0.5),
        (side * s * 0.40, y + 1.1),
    ]
    return piece(role, band(body.place(spine), (0.13, 0.13, 0.13)))
