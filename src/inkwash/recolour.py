"""Recolour: what the artist says about regions, done exactly to a settled painting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from inkwash.colour import Rgb
from inkwash.errors import BadConfig
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints, Shape, pixels_of
from inkwash.ranking import AGREEMENT, disagreement
from inkwash.regions import Regions
from inkwash.settle import Colouring, Painting


def hinted(painting: Painting, hints: Hints | None) -> Painting:
    """Exact colours and cleared regions in every colouring; the later of two hints wins, and a
    note says so. Raises BadHints for hints of another size."""
    if not hints:
        return painting
    hints.expect_size(painting.sketch.size)
    said, notes = last_words(hints, painting.regions)
    given = {
        label: hint.rgb
        for label, hint in said.items()
        if hint.kind == "clear" or hint.rgb is not None
    }
    colourings = tuple(recoloured(colouring, given) for colouring in painting.colourings)
    return replace(painting, colourings=colourings, notes=painting.notes + notes)


def first_choice(painting: Painting, hints: Hints) -> int:
    """The colouring, counted from 0, that ranks highest and has the hints' colours of itself.

    To be asked before the hints are applied: afterwards all have them. Raises BadHints.
    """
    hints.expect_size(painting.sketch.size)
    said, _ = last_words(hints, painting.regions)
    given = {label: hint.rgb for label, hint in said.items() if hint.rgb is not None}
    flats = np.stack([colouring.colours for colouring in painting.colourings])
    ranks = np.array([colouring.rank for colouring in painting.colourings])
    return int((ranks - AGREEMENT * disagreement(flats, given)).argmax())


def repaint(
    painting: Painting, region: int, colour: Rgb | None, *, index: int | None = None
) -> Painting:
    """One region in another colour, or left clear with None; nothing else is decided again.

    index: which colouring, counted from 0; None for the chosen one. To see it, render
    `painting.regions.box(region)` alone with `inkwash.document.render_box`.
    Raises BadConfig where there is no such region or colouring.
    """
    index = painting.chosen if index is None else index
    if not 0 <= region < painting.regions.count:
        most = painting.regions.count - 1
        raise BadConfig(f"region {region}: the sketch has regions 0 to {most}")
    if not 0 <= index < len(painting.colourings):
        raise BadConfig(f"colouring {index + 1}: choose from 1 to {len(painting.colourings)}")
    colourings = list(painting.colourings)
    colourings[index] = recoloured(colourings[index], {region: colour})
    return replace(painting, colourings=tuple(colourings))


def recoloured(colouring: Colouring, given: Mapping[int, Rgb | None]) -> Colouring:
    """The colouring with these colours of regions, None for clear.

    Under tones a given colour is the mean of its region.
    """
    colours, clear, tones = colouring.colours.copy(), colouring.clear.copy(), colouring.tones
    for label, colour in given.items():
        clear[label] = colour is None
        if colour is not None:
            colours[label] = colour
    if tones is not None:
        tones = replace(tones, means=tones.means | given.keys())
    return replace(colouring, colours=colours, clear=clear, tones=tones)


def last_words(hints: Hints, regions: Regions) -> tuple[dict[int, Hint], tuple[str, ...]]:
    """Region → the last hint that decides about it, and a note for each two that fight."""
    said: dict[int, Hint] = {}
    notes = []
    for hint in hints.of_kind("colour", "clear", "lock"):
        label = region_under(hint, regions)
        before = said.get(label)
        fights = before is not None and (before.kind, before.rgb) != (hint.kind, hint.rgb)
        if fights and hint.kind != "lock":  # a lock keeps what was said before it
            notes.append(f"two hints speak for region {label}; the later one wins")
        said[label] = hint
    return said, tuple(dict.fromkeys(notes))


def region_under(hint: Hint, regions: Regions) -> int:
    """The region a mark speaks for: under a dot's centre, or under most of a stroke or area."""
    if hint.shape not in regions.under:
        regions.under[hint.shape] = _region_under(hint.shape, regions)
    return regions.under[hint.shape]


def _region_under(shape: Shape, regions: Regions) -> int:
    height, width = regions.labels.shape
    if isinstance(shape, Dot):
        x, y = min(int(shape.x), width - 1), min(int(shape.y), height - 1)
        return int(regions.labels[y, x])
    box, mask = pixels_of(shape, Size(width, height))
    return int(np.bincount(regions.labels[box.slices][mask]).argmax())
