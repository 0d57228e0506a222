"""Which function draws which outfit, and in which order it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..arms import SKIN, sleeve
from ..body import Body, neck
from ..character import Character
from ..hands import hand
from ..scene import Shape
from .casual import hoodie, sweater, tee
from .formal import coat, dress_with_collar, kimono
from .lower import LOWER
from .parts import Outfit
from .uniforms import blazer, sailor

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
}


def dress(body: Body, character: Character, rng: np.random.Generator) -> list[Shape]:
    """The whole body in clothes: legs, neck, trunk, arms, back to front."""
    outfit = OUTFITS[character.outfit](body, character, rng)
    shapes = [*LOWER[outfit.lower](body), neck(body), *outfit.shapes]
    for side in (-1.0, 1.0):
        if outfit.arms.share < 0.95:
            shapes.append(sleeve(body, character, side, SKIN))
        shapes += [hand(body, character, side), sleeve(body, character, side, outfit.arms)]
    return shapes
