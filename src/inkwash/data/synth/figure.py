"""One character as layers, back to front, at a place in the picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inkwash.data.synth.accessories import animal_ears, glasses, headwear
from inkwash.data.synth.body import Body, body_of
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes import dress
from inkwash.data.synth.eyes import brows, eyes
from inkwash.data.synth.face import ears, face
from inkwash.data.synth.hair import back_hair, front_hair, rear_hair, tails
from inkwash.data.synth.head import Head, head_of
from inkwash.data.synth.mouth import mouth
from inkwash.data.synth.scene import Layer, Rgb, Shape

CROPS = ("face", "bust", "half", "full")
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
    low = _below_chin(_lowest(crop, body), character)
    scale = min(share / (low - _TOP), aspect / (3.1 if crop in ("face", "bust") else 3.4))
    slack = 1 - (low - _TOP) * scale
    # A tall frame is filled downwards: the body goes on below the crop.
    top = slack * (0.3 if share == 1.0 and crop != "full" else 1.0)
    middle = aspect / 2 - 0.08 * scale * head_of(character).turn if x is None else x
    return Place(middle, top - _TOP * scale, scale)


def _lowest(crop: str, body: Body) -> float:
    return {
        "face": body.pit + 0.2,
        "bust": body.pit + 1.15,
        "half": body.belt + 0.75,
        "full": body.sole + 0.4,
    }[crop]


def figure(character: Character, palette: Mapping[str, Rgb], place: Place) -> list[Layer]:
    """The layers of one character."""
    rng = np.random.default_rng(character.seed)
    head, body = head_of(character), body_of(character)
    views = _from_behind if character.facing == "away" else _from_front
    back, before, front = views(character, head, palette, rng)
    away, lean = _below_chin(0.0, character) * place.scale, math.radians(character.lean)
    still = Layer(
        shapes=dress(body, character, rng),
        palette=palette,
        scale=place.scale / character.head,
        turn=character.lean,
        x=place.x - math.sin(lean) * away,
        y=place.y + math.cos(lean) * away,
    )
    above = replace(still, shapes=before, scale=place.scale, x=place.x, y=place.y)
    nod = character.lean + character.tilt
    return [
        replace(above, shapes=back, turn=nod),
        still,
        above,
        replace(above, shapes=front, turn=nod),
    ]


def _from_front(
    character: Character, head: Head, palette: Mapping[str, Rgb], rng: np.random.Generator
) -> tuple[list[Shape], list[Shape], list[Shape]]:
    """The head's shapes behind the body, before it, and over all of it."""
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
    return back, before, front


def _from_behind(
    character: Character, head: Head, palette: Mapping[str, Rgb], rng: np.random.Generator
) -> tuple[list[Shape], list[Shape], list[Shape]]:
    """As `_from_front`: all hair lies over the body, and there is no face."""
    behind, before = tails(character, head, rng)
    worn = character.headwear if character.headwear in ("hat", "ribbon", "band") else "none"
    front = [
        *animal_ears(character, head),
        *ears(character, head),
        *rear_hair(character, head, rng),
        *behind,
        *before,
        *headwear(replace(character, headwear=worn), head),
    ]
    return [], [], front


def _below_chin(y: float, character: Character) -> float:
    """From a height in the body's frame to one in the head's: they meet at the chin."""
    chin = head_of(character).chin
    return chin + (y - chin) / character.head
