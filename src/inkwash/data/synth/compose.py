"""From a character to a scene: busts, half and full figures before a background."""

from __future__ import annotations

import numpy as np

from .accessories import animal_ears, glasses, headwear
from .backgrounds import BACKGROUNDS, background
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
    name = _background_name(rng)
    ambient = _ambient(name, rng)
    layers = [
        *background(name, rng, aspect, ambient),
        *figure(character, palette_of(character, rng), kind, aspect),
    ]
    light = (-0.6, -0.8) if rng.random() < 0.6 else (0.6, -0.8)
    return Scene(layers=layers, aspect=aspect, light=light), ambient


def _background_name(rng: np.random.Generator) -> str:
    if rng.random() < 0.3:
        return "paper"
    return str(rng.choice(list(BACKGROUNDS)))


def _ambient(name: str, rng: np.random.Generator) -> str:
    if name in ("window", "shelf", "classroom"):
        return str(rng.choice(["day", "indoor", "dusk"], p=[0.4, 0.45, 0.15]))
    if name in ("sky", "sea", "forest", "street"):
        return str(rng.choice(["day", "dusk", "overcast", "night"], p=[0.55, 0.18, 0.13, 0.14]))
    return "day"


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
        Layer(
            shapes=[*behind, *back_hair(character, head, rng), *animal_ears(character, head)],
            **tilted,
        ),
        Layer(shapes=dress(body, character, rng), **place),
        Layer(shapes=before, **place),
        Layer(
            shapes=[
                *face(character, head, palette["blush"], hair[0].path),
                *mouth(character, head),
                *brows(character, head),
                *eyes(character, head),
                *glasses(character, head),
                *hair,
                *headwear(character, head),
            ],
            **tilted,
        ),
    ]
