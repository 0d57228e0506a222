"""Which function draws which outfit, and in which order it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from inkwash.data.synth.arms import SKIN, pose_of, sleeve
from inkwash.data.synth.body import Body, neck
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.armour import armour
from inkwash.data.synth.clothes.casual import hoodie, sweater, tee
from inkwash.data.synth.clothes.formal import coat, dress_with_collar, kimono
from inkwash.data.synth.clothes.lower import LOWER
from inkwash.data.synth.clothes.parts import Outfit
from inkwash.data.synth.clothes.prints import printed
from inkwash.data.synth.clothes.rear import rear
from inkwash.data.synth.clothes.summer import (
    apron,
    overalls,
    pinafore,
    sundress,
    tank,
    vest,
)
from inkwash.data.synth.clothes.uniforms import blazer, sailor
from inkwash.data.synth.hands import hand
from inkwash.data.synth.props import held, seat
from inkwash.data.synth.scene import Shape

Maker = Callable[[Body, Character, np.random.Generator], Outfit]

OUTFITS: Mapping[str, Maker] = {
    "sailor": sailor,
    "blazer": blazer,
    "sweater": sweater,
    "hoodie": hoodie,
    "tee": tee,
    "kimono": kimono,
    "dress": dress_with_collar,
    "coat": coat,
    "armour": armour,
    "tank": tank,
    "sundress": sundress,
    "vest": vest,
    "pinafore": pinafore,
    "apron": apron,
    "overalls": overalls,
}


_BEHIND = frozenset(("behind",))
_BEFORE = frozenset(("hold", "chest", "cross", "run"))
"""Poses whose arms the trunk hides: of a figure that faces us, and of one seen from behind."""

_PRINTED = {"sailor": "skirt", "blazer": "skirt", "coat": "shirt", "armour": "cape"}
"""The role that takes a print, where it is not the top."""


def dress(body: Body, character: Character, rng: np.random.Generator) -> list[Shape]:
    """The whole body in clothes: legs, neck, trunk, arms, back to front."""
    outfit = OUTFITS[character.outfit](body, character, rng)
    away = character.facing == "away"
    outfit = rear(body, character, outfit) if away else outfit
    arms = [shape for side in (-1.0, 1.0) for shape in _arm(body, character, side, outfit)]
    hidden = character.pose in (_BEFORE if away else _BEHIND)
    behind, front = (arms, []) if hidden else ([], arms)
    prop = held(body, rng) if character.pose == "hold" and not away else []
    shapes = [
        *(seat(body) if body.stance == "sit" else []),
        *outfit.behind,
        *behind,
        *LOWER[outfit.lower](body),
        neck(body),
        *outfit.shapes,
        *prop,
        *front,
        *outfit.over,
    ]
    cloth = _PRINTED.get(character.outfit, "top")
    return [
        printed(shape, character.print, rng) if shape.role == cloth else shape for shape in shapes
    ]


def _arm(body: Body, character: Character, side: float, outfit: Outfit) -> list[Shape]:
    arms = outfit.arms
    bare = replace(SKIN, start=arms.share * 0.7)
    skin = [sleeve(body, character, side, bare)] if arms.share < 0.95 else []
    cloth = [sleeve(body, character, side, arms)] if arms.share else []
    seen = [] if pose_of(character, side) == "tucked" else [hand(body, character, side)]
    return [*skin, *seen, *cloth]
