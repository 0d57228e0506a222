"""Characters on a page: whose colours a region has, by what the network placed and by hints.

The network places the colours of all characters together. A hint in a character's own colour says
that this character stands there; then each region near it with a role gets that character's colour
for the role.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb, name_of
from inkwash.hints import Hints
from inkwash.palettes import CharacterSheet, Palette
from inkwash.recolour import region_under
from inkwash.regions import Regions
from inkwash.settle import Colouring, Painting


def with_cast(palette: Palette, sheet: CharacterSheet) -> Palette:
    """The colours of all characters, and of a palette what colours roles that none of them has.

    Roles take the shares that the palette gives them, divided by how many characters have it. Its
    name is those of the characters and of the largest colour that is not theirs.
    """
    share_of = dict(zip((s.role for s in palette.swatches), palette.weights.tolist(), strict=True))
    cast = [swatch for character in sheet.characters for swatch in character.swatches]
    roles = [swatch.role for swatch in cast]
    rest = [swatch for swatch in palette.swatches if swatch.role not in roles]
    shares = [share_of.get(role, 1 / len(palette)) / roles.count(role) for role in roles]
    shares += [share_of[swatch.role] for swatch in rest]
    largest = sorted(rest, key=lambda swatch: -share_of[swatch.role])[:1]
    said = [*sheet.names, *(swatch.name or name_of(swatch.rgb) for swatch in largest)]
    return Palette((*cast, *rest), ", ".join(said), tuple(shares))


def recast(painting: Painting, sheet: CharacterSheet, hints: Hints | None) -> Painting:
    """Every region with a role in the colour that the character who stands there has for it.

    Without a hint in a character's colour nothing changes.
    """
    anchors = find_anchors(sheet, hints, painting.regions)
    if not anchors:
        return painting
    owner = nearest_anchor(anchors, painting.regions)
    dressed = [_dressed(colouring, sheet, owner) for colouring in painting.colourings]
    return replace(painting, colourings=tuple(dressed))


def find_anchors(sheet: CharacterSheet, hints: Hints | None, regions: Regions) -> dict[int, int]:
    """Region → character (its place on the sheet), from hints in a colour that only one has."""
    of_colour: dict[Rgb, set[int]] = {}
    for place, character in enumerate(sheet.characters):
        for swatch in character.swatches:
            of_colour.setdefault(swatch.rgb, set()).add(place)
    anchors = {}
    for hint in hints.of_kind("colour", "suggest") if hints else ():
        who = of_colour.get(hint.rgb, set()) if hint.rgb else set()
        if len(who) == 1:
            anchors[region_under(hint, regions)] = min(who)
    return anchors


def nearest_anchor(anchors: dict[int, int], regions: Regions) -> NDArray[np.int64]:
    """The character whose anchor has its middle nearest to each region's middle, (R,)."""
    boxes = regions.boxes.astype(np.float64)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    places = list(anchors)
    apart = np.linalg.norm(middles[:, None] - middles[places][None], axis=-1)  # (R, A)
    return np.array(list(anchors.values()))[apart.argmin(axis=1)]


def _dressed(colouring: Colouring, sheet: CharacterSheet, owner: NDArray[np.int64]) -> Colouring:
    role_of = {swatch.rgb: swatch.role for who in sheet.characters for swatch in who.swatches}
    own = [{swatch.rgb for swatch in who.swatches} for who in sheet.characters]
    colours = colouring.colours.copy()
    for label, (red, green, blue) in enumerate(colouring.colours.tolist()):
        rgb, who = (red, green, blue), owner[label]
        swatch = sheet.characters[who].roles.get(role_of.get(rgb, ""))
        if swatch is not None and rgb not in own[who]:
            colours[label] = swatch.rgb
    return replace(colouring, colours=colours)
