"""The palettes of the artist's pages: one for all of them, and those that it does not cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.adapt.pages import Page
from inkwash.colour import lab_from_srgb
from inkwash.data.roles import ROLES
from inkwash.errors import BadData, BadPalette
from inkwash.palettes import Palette, from_picture

COLOURS = 12  # of a palette: light and shadow of hair, skin and clothes have places of their own
MOST_PALETTES = 9  # as many as there are proposals
COVERED = 8.0  # mean ΔE76 up to which a palette stands for a page
PAPER = 224  # lines as bright as this are no ink
BLEND = 1 / 300  # of the short side: so near to ink, colours are mixed with it
LEAST_SHARE = 0.004  # of a colour: less is what is left of edges
_PIXELS = 20_000  # looked at in each page
_SURE = 0.6  # share of a colour's pixels that must show one role


def page_palettes(pages: Sequence[Page], colours: int = COLOURS) -> tuple[Palette, ...]:
    """The palette of all pages together, then palettes of pages that it does not cover.

    Colours have roles where the pages say what they show. Raises BadData for a page without
    colour.
    """
    for page in pages:
        _expect_colour(page)
    palettes = [_palette(pages, colours, "pages")]
    for page in pages:
        if len(palettes) < MOST_PALETTES and _apart(page, palettes) > COVERED:
            palettes.append(_palette([page], colours, page.name))
    return tuple(palettes)


def palette_for(page: Page, palettes: Sequence[Palette]) -> Palette:
    """The palette that covers a page best."""
    return min(palettes, key=lambda palette: _apart(page, [palette]))


def _expect_colour(page: Page) -> None:
    try:
        from_picture(_coloured(page)[0][None], 2)
    except BadPalette:
        raise BadData(
            f"{page.name}: is grey or of one colour; there is no colour to learn: leave it out"
        ) from None


def _palette(pages: Sequence[Page], colours: int, name: str) -> Palette:
    seen = [_coloured(page) for page in pages]
    pixels = np.concatenate([rgb for rgb, _ in seen])
    roles = np.concatenate([shown for _, shown in seen])
    found = from_picture(pixels[None], colours)
    nearest = _distances(pixels, found).argmin(1)
    swatches = tuple(
        replace(swatch, role=_role(roles[nearest == place]))
        for place, swatch in enumerate(found.swatches)
    )
    whole = Palette(swatches, name, found.shares)
    return whole.take([place for place, share in enumerate(whole.weights) if share >= LEAST_SHARE])


def _role(shown: NDArray[np.uint8]) -> str:
    """What most of a colour's pixels show, or nothing."""
    votes = np.bincount(shown, minlength=1 + len(ROLES))
    best = int(votes.argmax())
    return ROLES[best - 1] if best and votes[best] > _SURE * votes.sum() else ""


def _coloured(page: Page) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """RGB (N, 3) and roles (N,) of pixels away from ink, as many of each page."""
    reach = 2 * max(1, round(min(page.lines.shape) * BLEND)) + 1
    clear = cv2.erode(page.lines, np.ones((reach, reach), np.uint8)) >= PAPER
    places = np.flatnonzero(clear if clear.any() else page.lines >= PAPER)
    places = np.random.default_rng(0).choice(places, _PIXELS)
    roles = np.zeros_like(page.lines) if page.roles is None else page.roles
    return page.rgb.reshape(-1, 3)[places], roles.ravel()[places]


def _apart(page: Page, palettes: Sequence[Palette]) -> float:
    """Mean ΔE76 from the page to the nearest of the palettes."""
    pixels = _coloured(page)[0]
    return min(float(_distances(pixels, palette).min(1).mean()) for palette in palettes)


def _distances(pixels: NDArray[np.uint8], palette: Palette) -> NDArray[np.floating]:
    """(N, P): ΔE76 of each pixel to each colour."""
    return np.linalg.norm(lab_from_srgb(pixels)[:, None] - palette.lab[None], axis=-1)
