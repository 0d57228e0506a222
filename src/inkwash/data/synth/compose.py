"""From a character to a scene: busts, half and full figures before a background."""

from __future__ import annotations

import numpy as np

from .body import Body, body_of
from .casting import random_character
from .character import Character
from .clothes import dress
from .eyes import brows, eyes
from .face import face
from .hair import back_hair, front_hair, tails
from .head import head_of
from .mouth import mouth
from .palettes import palette_of
from .scene import Layer, Rgb, Scene

KINDS = ("bust", "half", "full")


def composed(rng: np.random.Generator, kind: str | None, aspect: float) -> tuple[Scene, str]:
    """A scene and the name of its light."""
    kind = kind or str(rng.choice(KINDS))
    character = random_character(rng)
    layers = figure(character, palette_of(character, rng), kind, aspect)
    return Scene(layers=layers, aspect=aspect, paper=(255, 255, 255)), "day"


def _frame(kind: str, body: Body) -> tuple[float, float]:
    """Top and bottom of what is seen, in the body's units."""
    low = {"bust": body.pit + 1.15, "half": body.belt + 0.75, "full": body.sole + 0.4}[kind]
    return -1.62, low


def figure(character: Character, palette: dict[str, Rgb], kind: str, aspect: float) -> list[Layer]:
    """The layers of one character."""
    head, body = head_of(character), body_of(character)
    top, low = _frame(kind, body)
    scale = min(1 / (low - top), aspect / 3.4)
    y = 1 - low * scale
    rng = np.random.default_rng(character.seed)
    hair = front_hair(character, head, rng)
    behind, before = tails(character, head, rng)
    place = {
        "palette": palette,
        "scale": scale,
        "x": aspect / 2 - 0.08 * scale * character.yaw,
        "y": y,
    }
    tilted = {**place, "turn": character.tilt}
    return [
        Layer(shapes=[*behind, *back_hair(character, head, rng)], **tilted),
        Layer(shapes=dress(body, character, rng), **place),
        Layer(shapes=before, **place),
        Layer(
            shapes=[
                *face(character, head, palette["blush"], hair[0].path),
                *mouth(character, head),
                *brows(character, head),
                *eyes(character, head),
                *hair,
            ],
            **tilted,
        ),
    ]
