"""The ways to colour a case: by the RGB head, by the true palette, by proposed palettes.

All of them share one run of the trunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import as_uint8
from inkwash.errors import BadPalette
from inkwash.evaluate.cases import Case, fit
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.palettes import from_picture
from inkwash.propose import Proposals
from inkwash.settle import Colouring

COLOURS = 6  # of the truth's palette
WAYS = ("rgb", "true palette", "proposed palettes")
FORMS = ("proposed", "settled")  # as the network says it; as it is exported, flats under lines

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """K colourings of a case in one way and form.

    `pictures` (K, H, W, 3) at the size of measurement; `colours`: K times (R, 3), None for the
    form that has no regions; `picked`: the one chosen without the truth.
    """

    way: str
    form: str
    pictures: Pixels
    colours: Sequence[Pixels] | None
    picked: int


def seen_by(painter: Painter, case: Case) -> Case:
    """The case with the regions that this painter paints."""
    request = PaintRequest()
    studied = painter.study(case.sketch, request)
    return replace(case, regions=painter.segment(case.sketch, studied, request))


def colour(painter: Painter, case: Case, request: PaintRequest | None = None) -> Iterator[Outcome]:
    """An outcome for each form of each way that the weights know."""
    request = request or PaintRequest()
    studied = painter.study(case.sketch, request)
    for asked, way in requests(painter, case, request):
        proposals = painter.propose(studied, asked)
        painting = finish(proposals, case.regions, case.sketch, asked)
        yield Outcome(
            way=way, form="proposed", pictures=as_proposed(proposals, case),
            colours=None, picked=painting.chosen,
        )  # fmt: skip
        yield settled(way, painting.colourings, painting.chosen, case)


def requests(
    painter: Painter, case: Case, request: PaintRequest
) -> Iterator[tuple[PaintRequest, str]]:
    """What is asked of the painter, and the name of that way."""
    yield replace(request, head="rgb"), WAYS[0]
    if not painter.runtime.config.keys:
        return
    try:
        palettes = (from_picture(case.truth, COLOURS),)
    except BadPalette:  # a picture without colour says nothing about placing colours
        palettes = ()
    if palettes:
        yield replace(request, palettes=palettes, head="palette"), WAYS[1]
    yield replace(request, head="palette"), WAYS[2]


def as_proposed(proposals: Proposals, case: Case) -> Pixels:
    """The network's own pictures, (K, H, W, 3)."""
    return np.stack([fit(as_uint8(picture), case.size) for picture in proposals.pictures])


def settled(way: str, colourings: Sequence[Colouring], picked: int, case: Case) -> Outcome:
    """Flats under lines, as they are exported."""
    pictures = [case.inked(colouring.colours, colouring.clear) for colouring in colourings]
    colours = [colouring.colours for colouring in colourings]
    return Outcome(
        way=way, form="settled", pictures=np.stack(pictures), colours=colours, picked=picked
    )
