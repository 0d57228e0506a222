"""Where a sketch shows skin, hair, clothes: the palette head, asked to place roles, says it.

What all proposals agree on, each with a palette of the library, is surer than what one of them says
of one palette, so the colours of any palette that have roles are placed with it in mind.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from inkwash.config import NetConfig
from inkwash.palettes import Palette, has_natural_skin, library, palette_features
from inkwash.regions import Seen
from inkwash.runtime import Runtime

LARGE, SMALL = 0.0015, 0.0002  # shares of the page
# Kinds of things, with the share that a part of each covers at least: where two of them are seen,
# there is a border, drawn or not.
KINDS = (
    (("background", "sky"), LARGE),
    (("skin",), LARGE),
    (("hair",), LARGE),
    (("top", "bottom", "accent"), LARGE),
    (("eyes", "eye-white"), SMALL),
)
LEAST_CHANCE = 1e-4  # of a role against the likeliest: no place is impossible
# L* of skin in the palettes that it is asked with: faces are mostly light, and a dark skin beside
# the white of eyes is placed less surely.
LIGHT_SKIN = 80.0

Floats = NDArray[np.float32]


def knows_roles(config: NetConfig) -> bool:
    """Whether the network can be asked: it knows roles that palettes of the library have."""
    return bool(config.keys and config.roles and _role_palettes(config.roles))


def role_chances(features: Floats, runtime: Runtime) -> Floats:
    """How likely each cell of features (F, h, w) has each of the network's roles, (R, h, w),
    summing to 1 over roles.

    The proposals place several palettes by turns, so that no colour of one palette decides.
    """
    config = runtime.config
    palettes = _role_palettes(config.roles)
    each = tuple(palettes[index % len(palettes)] for index in range(config.proposals))
    placed = runtime.place(features, *palette_features(each, config.roles))
    return np.exp(placed.scores).mean(0)


def seen_kinds(chances: Floats, roles: tuple[str, ...]) -> Seen:
    """Ground, skin, hair, clothes and eyes, of the chances (R, h, w) of roles."""
    likely = [chances[[role in kind for role in roles]].sum(axis=0) for kind, _ in KINDS]
    return Seen(chances=np.stack(likely), least=tuple(least for _, least in KINDS))


def place_by_role(
    scores: Floats, palettes: tuple[Palette, ...], chances: Floats, roles: tuple[str, ...]
) -> Floats:
    """Scores (K, P, h, w) of K palettes, lower for a colour where its role is less likely than
    another; a colour whose role is not among those of the chances (R, h, w) keeps its score."""
    against = np.log(np.maximum(chances / chances.max(axis=0), LEAST_CHANCE))
    placed = scores.copy()
    for found, palette in zip(placed, palettes, strict=True):
        for place, swatch in enumerate(palette.swatches):
            if swatch.role in roles:
                found[place] += against[roles.index(swatch.role)]
    return placed


@cache
def _role_palettes(roles: tuple[str, ...]) -> tuple[Palette, ...]:
    """Palettes of the library with one colour for each role, in the order of the roles; shares are
    withheld, as they would tell how much to place."""
    light = [palette.roles for palette in library().values() if _has_light_skin(palette)]
    complete = [swatch for swatch in light if set(roles) <= set(swatch)]
    return tuple(Palette(tuple(swatch[role] for role in roles)) for swatch in complete)


def _has_light_skin(palette: Palette) -> bool:
    places = [place for place, swatch in enumerate(palette.swatches) if swatch.role == "skin"]
    return has_natural_skin(palette) and bool(palette.lab[places, 0].min() > LIGHT_SKIN)
