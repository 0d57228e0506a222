"""Scenes by lot: busts, half and full figures, groups, pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from inkwash.data.synth.backgrounds import BACKGROUNDS, background
from inkwash.data.synth.casting import random_character
from inkwash.data.synth.figure import figure, place_in
from inkwash.data.synth.page import framed, panels
from inkwash.data.synth.palettes import palette_of
from inkwash.data.synth.scene import Layer, Scene

Staged = Callable[[np.random.Generator, float, str, str], list[Layer]]


def composed(rng: np.random.Generator, kind: str | None, aspect: float) -> tuple[Scene, str]:
    """A scene and the name of its light."""
    kind = kind or str(rng.choice(list(_CHANCES), p=list(_CHANCES.values())))
    name = str(rng.choice(_VIEWS)) if kind == "view" else _background_name(rng)
    ambient = _ambient(name, rng)
    light = (-0.6, -0.8) if rng.random() < 0.6 else (0.6, -0.8)
    layers = _STAGES[kind](rng, aspect, name, ambient)
    return Scene(layers=layers, aspect=aspect, light=light), ambient


def _single(crop: str) -> Staged:
    def stage(rng: np.random.Generator, aspect: float, name: str, ambient: str) -> list[Layer]:
        character = random_character(rng)
        behind = background(name, rng, aspect, ambient)
        place = place_in(character, crop, aspect)
        return [*behind, *figure(character, palette_of(character, rng), place)]

    return stage


def _view(rng: np.random.Generator, aspect: float, name: str, ambient: str) -> list[Layer]:
    """A ground without anybody."""
    return background(name, rng, aspect, ambient)


def _group(rng: np.random.Generator, aspect: float, name: str, ambient: str) -> list[Layer]:
    """Two or three characters who overlap, the outer ones behind."""
    layers = background(name, rng, aspect, ambient)
    count = 2 if aspect < 1 or rng.random() < 0.55 else 3
    spots = (np.arange(count) + 0.5) / count + rng.uniform(-0.04, 0.04, count)
    crop = str(rng.choice(["half", "full"]))
    head = random_character(rng).head  # of all of them: a chibi is a style of drawing
    for i in np.argsort(-np.abs(spots - 0.5)):
        character = replace(random_character(rng), head=head)
        share = float(rng.uniform(0.82, 0.98))
        place = place_in(character, crop, aspect * 1.4, float(spots[i]) * aspect, share)
        layers += figure(character, palette_of(character, rng), place)
    return layers


def _page(rng: np.random.Generator, aspect: float, name: str, ambient: str) -> list[Layer]:
    """A comic page: each panel has its own crop and ground."""
    layers = []
    for panel in panels(rng, aspect):
        character = random_character(rng)
        crop = str(rng.choice(["face", "bust", "half"], p=[0.35, 0.45, 0.2]))
        inside = [
            *background(_background_name(rng), rng, panel.aspect, ambient),
            *figure(character, palette_of(character, rng), place_in(character, crop, panel.aspect)),
        ]
        layers += framed(panel, inside, rng)
    return layers


_STAGES: Mapping[str, Staged] = {
    "face": _single("face"),
    "bust": _single("bust"),
    "half": _single("half"),
    "full": _single("full"),
    "group": _group,
    "page": _page,
    "view": _view,
}
_CHANCES = {
    "face": 0.1,
    "bust": 0.28,
    "half": 0.25,
    "full": 0.15,
    "group": 0.12,
    "page": 0.02,
    "view": 0.08,
}
_OUTDOORS = ("sky", "sea", "forest", "street", "hills", "city")
_INDOORS = ("window", "shelf", "classroom", "corridor", "room")
_VIEWS = (*_OUTDOORS, *_INDOORS)
KINDS = tuple(_STAGES)


def _background_name(rng: np.random.Generator) -> str:
    if rng.random() < 0.4:
        return "paper"
    return str(rng.choice(list(BACKGROUNDS)))


def _ambient(name: str, rng: np.random.Generator) -> str:
    if name in _INDOORS:
        return str(rng.choice(["day", "indoor", "dusk", "night"], p=[0.36, 0.4, 0.14, 0.1]))
    if name in _OUTDOORS:
        return str(rng.choice(["day", "dusk", "overcast", "night"], p=[0.55, 0.18, 0.13, 0.14]))
    return "studio" if name == "paper" else "day"
