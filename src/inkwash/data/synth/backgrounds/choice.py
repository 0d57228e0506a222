"""Which function draws which background."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from inkwash.data.synth.backgrounds.indoors import classroom, shelf_room, window_room
from inkwash.data.synth.backgrounds.outdoors import forest, sea, sky, street
from inkwash.data.synth.backgrounds.plain import Ground, disc, dots, haze, plain, stripes
from inkwash.data.synth.backgrounds.rooms import corridor, living_room
from inkwash.data.synth.backgrounds.scenery import city, hills
from inkwash.data.synth.scene import Layer

BACKGROUNDS: Mapping[str, Callable[[np.random.Generator, float, str], Ground]] = {
    "plain": plain,
    "haze": haze,
    "dots": dots,
    "stripes": stripes,
    "disc": disc,
    "sky": sky,
    "sea": sea,
    "forest": forest,
    "street": street,
    "window": window_room,
    "shelf": shelf_room,
    "classroom": classroom,
    "hills": hills,
    "city": city,
    "corridor": corridor,
    "room": living_room,
}


def background(name: str, rng: np.random.Generator, aspect: float, ambient: str) -> list[Layer]:
    """The layer of a background; none for "paper"."""
    if name == "paper":
        return []
    shapes, palette = BACKGROUNDS[name](rng, aspect, ambient)
    return [Layer(shapes=shapes, palette=palette, pen=0.75, ground=True)]
