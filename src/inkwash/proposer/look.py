"""What a sketch looks like to the network: a summary of the trunk's features, and which parts it
sees: the palette head, asked to place roles, says where skin, hair and clothes are."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkwash.config import NetConfig
from inkwash.palettes import Palette, library
from inkwash.propose import Study, palette_features
from inkwash.proposer.named import has_natural_skin
from inkwash.runtime import Runtime

COARSE = 4  # cells of the features, each way, that are one to the palette head: parts are large
SHARE_SPREAD = 3.0  # shares of roles count so much in a summary beside features of spread 1

Floats = NDArray[np.float32]


class Look(NamedTuple):
    """`summary` (F,): mean and spread of each feature, and the shares; `shares` (R,): how much of
    the sketch each role takes, summing to 1."""

    summary: Floats
    shares: Floats


def can_look(config: NetConfig) -> bool:
    """Whether the network knows roles, and the library has palettes with all of them."""
    return bool(config.keys and config.roles and _role_palettes(config.roles))


def look_at(studied: Study, runtime: Runtime) -> Look:
    """A few milliseconds after the trunk has run."""
    features = seen_features(studied, runtime)
    shares = role_chances(shrunk(features, COARSE), runtime).mean((1, 2))
    spread = features.std((1, 2))
    summary = np.concatenate([features.mean((1, 2)), spread, SHARE_SPREAD * shares])
    return Look(summary.astype(np.float32), shares)


def seen_features(studied: Study, runtime: Runtime) -> Floats:
    """Features (F, h, w) without those of the padding."""
    stem, size = runtime.config.stem, studied.size
    encoded = studied.untold or studied.encoded
    return encoded.features[:, : -(-size.height // stem), : -(-size.width // stem)]


def role_chances(features: Floats, runtime: Runtime) -> Floats:
    """How likely each cell has each role, (R, h, w), summing to 1 over roles.

    Every proposal places another palette, so that no colour of one palette decides.
    """
    config = runtime.config
    palettes = _role_palettes(config.roles)
    each = tuple(palettes[index % len(palettes)] for index in range(config.proposals))
    placed = runtime.place(features, *palette_features(each, config.roles))
    return np.exp(placed.scores).mean(0)


def shrunk(values: Floats, step: int) -> Floats:
    """Means over step × step cells of (C, h, w), h and w at least `step`; cells that the right and
    lower edge cut are left out."""
    count, rows, columns = values.shape[0], values.shape[1] // step, values.shape[2] // step
    whole = values[:, : rows * step, : columns * step]
    return whole.reshape(count, rows, step, columns, step).mean((2, 4))


@cache
def _role_palettes(roles: tuple[str, ...]) -> tuple[Palette, ...]:
    """Palettes of the library with one colour for each role, in the order of the roles; shares are
    withheld, as they would tell how much to place."""
    natural = [palette for palette in library().values() if has_natural_skin(palette)]
    complete = [palette.roles for palette in natural if set(roles) <= set(palette.roles)]
    return tuple(Palette(tuple(swatch[role] for role in roles)) for swatch in complete)
