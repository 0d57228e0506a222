"""One character as layers, back to front, at a place in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inkwash.data.synth.accessories import animal_ears, glasses, headwear
from inkwash.data.synth.body import Body, body_of
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes import dress
from inkwash.data.synth.eyes import brows, eyes
from inkwash.data.synth.face import face
from inkwash.data.synth.hair import back_hair, front_hair, tails
from inkwash.data.synth.head import head_of
from inkwash.data.synth.mouth import mouth
from inkwash.data.synth.scene import Layer, Rgb, Shape

CROPS = ("bust", "half", "full")
_TOP = -1.62  # over the hair, in the body's units


@dataclass(frozen=True)
class Place:
    """Where the middle of the skull is, and how large its radius."""

    x: float
    y: float
    scale: float


def place_in(
    character: Character, crop: str, aspect: float, x: float | None = None, share: float = 1.0
) -> Place:
    """The place of a character in a frame of height 1 and width `aspect`.

    `crop` is bust, half or full: how much of the body is seen. `x` is where the character
    stands, the middle where not given; `share` makes it smaller.
    """
    body = body_of(character)
    low = _lowest(crop, body)
    scale = min(share / (low - _TOP), aspect / (3.1 if crop == "bust" else 3.4))
    slack = 1 - (low - _TOP) * scale
    # A tall frame is filled downwards: the body goes on below the crop.
    top = slack * (0.3 if share == 1.0 and crop != "full" else 1.0)
    middle = aspect / 2 - 0.08 * scale * head_of(character).turn if x is None else x
    return Place(middle, top - _TOP * scale, scale)


def _lowest(crop: str, body: Body) -> float:
    return {"bust": body.pit + 1.15, "half": body.belt + 0.75, "full": body.sole + 0.4}[crop]


def figure(character: Character, palette: Mapping[str, Rgb], place: Place) -> list[Layer]:
    """The layers of one character."""
    rng = np.random.default_rng(character.seed)
    head, body = head_of(character), body_of(character)
    hair = front_hair(character, head, rng)
    behind, before = tails(character, head, rng)
    back = [*behind, *back_hair(character, head, rng), *animal_ears(character, head)]
    front = [
        *face(character, head, palette["blush"], hair[0].path),
        *mouth(character, head),
        *brows(character, head),
        *eyes(character, head),
        *glasses(character, head),
        *hair,
        *headwear(character, head),
    ]
    still = Layer(
        shapes=[*dress(body, character, rng), *before],
        palette=palette,
        scale=place.scale,
        x=place.x,
        y=place.y,
    )
    return [_tilted(still, back, character), still, _tilted(still, front, character)]


def _tilted(like: Layer, shapes: list[Shape], character: Character) -> Layer:
    return Layer(
        shapes=shapes,
        palette=like.palette,
        scale=like.scale,
        turn=character.tilt,
        x=like.x,
        y=like.y,
    )
