"""The palettes of the artist's pages: one for all of them, and those that it does not cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkwash.adapt.pages import Page
from inkwash.adapt.roles import Chances
from inkwash.colour import lab_from_srgb
from inkwash.data.roles import ROLES
from inkwash.errors import BadData, BadPalette
from inkwash.palettes import Palette, clear_of_ink, from_picture
from inkwash.palettes.extract import PAPER

COLOURS = 12  # of a palette: light and shadow of hair, skin and clothes have places of their own
MOST_PALETTES = 9  # as many as there are proposals
COVERED = 8.0  # mean ΔE76 up to which a palette stands for a page
LEAST_SHARE = 0.004  # of a colour: less is what is left of edges
_PIXELS = 20_000  # looked at in each page
_TOLD = 0.6  # share of a colour's pixels that pages must give one role
_SEEN = 0.35  # how likely, on average over them, the network must find one

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class _Look:
    """Some pixels of a page: RGB (N, 3), the roles that it tells (N,), 0 for none, and how likely
    each role is that the network sees (N, R)."""

    rgb: Pixels
    told: Pixels
    seen: NDArray[np.float32]


def page_palettes(
    pages: Sequence[Page], colours: int = COLOURS, seen: Sequence[Chances] = ()
) -> tuple[Palette, ...]:
    """The palette of all pages together, then palettes of pages that it does not cover.

    Colours have the roles that pages tell, or else those that the network sees there (`seen`, one
    for each page, or nothing). Raises BadData for a page without colour.
    """
    looks = [_look(page, place, seen) for place, page in enumerate(pages)]
    for page, look in zip(pages, looks, strict=True):
        _expect_colour(page, look)
    palettes = [_palette(looks, colours, "pages")]
    for page, look in zip(pages, looks, strict=True):
        if len(palettes) < MOST_PALETTES and _apart(look.rgb, palettes) > COVERED:
            palettes.append(_palette([look], colours, page.name))
    return tuple(palettes)


def palette_for(page: Page, palettes: Sequence[Palette]) -> Palette:
    """The palette that covers a page best."""
    pixels = _look(page).rgb
    return min(palettes, key=lambda palette: _apart(pixels, [palette]))


def _expect_colour(page: Page, look: _Look) -> None:
    try:
        from_picture(look.rgb[None], 2)
    except BadPalette:
        raise BadData(
            f"{page.name}: is grey or of one colour; there is no colour to learn: leave it out"
        ) from None


def _palette(looks: Sequence[_Look], colours: int, name: str) -> Palette:
    rgb = np.concatenate([look.rgb for look in looks])
    told = np.concatenate([look.told for look in looks])
    seen = np.concatenate([look.seen for look in looks])
    found = from_picture(rgb[None], colours)
    nearest = _distances(rgb, found).argmin(1)
    swatches = []
    for place, swatch in enumerate(found.swatches):
        mine = nearest == place
        swatches.append(replace(swatch, role=_told(told[mine]) or _seen(seen[mine])))
    whole = Palette(tuple(swatches), name, found.shares)
    return whole.take([place for place, share in enumerate(whole.weights) if share >= LEAST_SHARE])


def _told(roles: Pixels) -> str:
    """What pages say that most of a colour's pixels show, or nothing."""
    votes = np.bincount(roles, minlength=1 + len(ROLES))
    best = int(votes.argmax())
    return ROLES[best - 1] if best and votes[best] > _TOLD * votes.sum() else ""


def _seen(chances: NDArray[np.float32]) -> str:
    """What the network sees where a colour is, or nothing."""
    if not len(chances):
        return ""
    means = chances.mean(0)
    best = int(means.argmax())
    return ROLES[best] if means[best] > _SEEN else ""


def _look(page: Page, place: int = 0, seen: Sequence[Chances] = ()) -> _Look:
    """Pixels away from ink, as many of each page."""
    clear = clear_of_ink(page.lines)
    places = np.flatnonzero(clear if clear.any() else page.lines >= PAPER)
    places = np.random.default_rng(0).choice(places, _PIXELS)
    rows, columns = np.divmod(places, page.lines.shape[1])
    told = np.zeros(_PIXELS, np.uint8) if page.roles is None else page.roles[rows, columns]
    chances = np.zeros((_PIXELS, len(ROLES)), np.float32)
    if len(seen):
        height, width = seen[place].shape[:2]
        there = rows * height // page.lines.shape[0], columns * width // page.lines.shape[1]
        chances = seen[place][there]
    return _Look(page.rgb[rows, columns], told, chances)


def _apart(pixels: Pixels, palettes: Sequence[Palette]) -> float:
    """Mean ΔE76 from pixels to the nearest of the palettes."""
    return min(float(_distances(pixels, palette).min(1).mean()) for palette in palettes)


def _distances(pixels: Pixels, palette: Palette) -> NDArray[np.floating]:
    """(N, P): ΔE76 of each pixel to each colour."""
    return np.linalg.norm(lab_from_srgb(pixels)[:, None] - palette.lab[None], axis=-1)
