"""Settle: proposals and regions become a painting, a colour for every region.

A region gets the palette colour with the best mean score, or the median of what the RGB head
proposes, lines left out; what the artist said about a region is applied exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells, find_cells
from inkwash.colour import as_uint8, lab_from_srgb
from inkwash.hints import Dot, Hint, Hints, pixels_of
from inkwash.palettes import Palette
from inkwash.propose import Proposals
from inkwash.regions import Regions
from inkwash.sketch import Sketch
from inkwash.tone import shade_of, spread

Style = Literal["flat", "shaded"]
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

BALANCE, BALANCE_STEPS = 0.5, 3  # how far, and how often, colours are brought to their shares
ONE_FLAT = 7.0  # ΔE76 under which neighbouring regions of the RGB head become one flat


@dataclass(frozen=True, kw_only=True)
class Colouring:
    """One proposal, settled: `colours` (R, 3) sRGB of each region, `clear` (R,) left transparent.

    `shade` multiplies (255 leaves as it is) and `light` screens (0 leaves as it is): None, or
    made when called, (H, W) uint8. `confidence` 0…1 says how sure the network was.
    """

    colours: Pixels
    clear: NDArray[np.bool_]
    shade: Callable[[], Pixels] | None = None
    light: Callable[[], Pixels] | None = None
    title: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Painting:
    """A sketch, its regions, and their colourings, one of them chosen (counted from 0)."""

    sketch: Sketch
    regions: Regions
    colourings: tuple[Colouring, ...]
    chosen: int = 0
    notes: tuple[str, ...] = ()
    decided: frozenset[int] = frozenset()  # regions that the artist chose or locked


def settle(
    proposals: Proposals,
    regions: Regions,
    sketch: Sketch,
    *,
    hints: Hints | None = None,
    style: Style = "flat",
) -> Painting:
    """Decide a colour for every region in every proposal. Raises BadHints for another size."""
    cells = find_cells(regions, proposals.pictures.shape[1:3])
    if proposals.scores is None:
        colourings = _from_pictures(proposals, regions, cells)
    else:
        colourings = _from_scores(proposals, cells)
    if style == "shaded":
        colourings = [
            _with_tones(colouring, proposals, index, cells, regions)
            for index, colouring in enumerate(colourings)
        ]
    notes: tuple[str, ...] = ()
    if hints is not None and len(hints):
        hints.expect_size(sketch.size)
        colourings, notes = apply_hints(colourings, regions, hints)
    best = max(range(len(colourings)), key=lambda index: colourings[index].confidence)
    return Painting(
        sketch=sketch, regions=regions, colourings=tuple(colourings), chosen=best, notes=notes
    )


def apply_hints(
    colourings: list[Colouring], regions: Regions, hints: Hints
) -> tuple[list[Colouring], tuple[str, ...]]:
    """Exact colours and cleared regions in every colouring; the later of two hints wins."""
    said, notes = last_words(hints, regions)
    return [_obeying(colouring, said) for colouring in colourings], notes


def last_words(hints: Hints, regions: Regions) -> tuple[dict[int, Hint], tuple[str, ...]]:
    """Region → the last hint that decides about it, and a note for each two that fight."""
    said: dict[int, Hint] = {}
    notes = []
    for hint in hints.of_kind("colour", "clear", "lock"):
        label = region_under(hint, regions)
        before = said.get(label)
        if before is not None and (before.kind, before.rgb) != (hint.kind, hint.rgb):
            notes.append(f"two hints speak for region {label}; the later one wins")
        said[label] = hint
    return said, tuple(dict.fromkeys(notes))


def region_under(hint: Hint, regions: Regions) -> int:
    """The region a mark speaks for: under a dot's centre, or under most of a stroke or area."""
    height, width = regions.labels.shape
    if isinstance(hint.shape, Dot):
        x, y = min(int(hint.shape.x), width - 1), min(int(hint.shape.y), height - 1)
        return int(regions.labels[y, x])
    from inkwash.geometry import Size

    box, mask = pixels_of(hint.shape, Size(width, height))
    return int(np.bincount(regions.labels[box.slices][mask]).argmax())


def _obeying(colouring: Colouring, said: dict[int, Hint]) -> Colouring:
    colours, clear = colouring.colours.copy(), colouring.clear.copy()
    for label, hint in said.items():
        if hint.kind != "lock":
            clear[label] = hint.kind == "clear"
        if hint.rgb is not None:
            colours[label] = hint.rgb
    return replace(colouring, colours=colours, clear=clear)


def _from_scores(proposals: Proposals, cells: Cells) -> list[Colouring]:
    assert proposals.scores is not None
    colourings = []
    for index, palette in enumerate(proposals.palettes):
        scores = cells.mean(proposals.scores[index, : len(palette)])  # (P, R)
        places = balanced(scores, cells.total, palette).argmax(0)
        sure = np.exp(scores.max(0))
        colourings.append(
            Colouring(
                colours=palette.bytes[places],
                clear=np.zeros(cells.count, bool),
                title=palette.name,
                confidence=float(np.average(sure, weights=cells.total)),
            )
        )
    return colourings


def balanced(scores: Floats, areas: NDArray[np.floating], palette: Palette) -> Floats:
    """Scores (P, R) with a bias for each colour, so that every colour of the palette is used.

    A network that is not sure says everywhere the colour that is commonest. As in Sinkhorn's
    matrix scaling (1967), colours get the bias that brings their part of the page near their
    share: what then counts is where a colour fits better than elsewhere. Regions weigh by the
    root of their area, so that a background does not decide alone.
    """
    weight = np.sqrt(areas) / np.sqrt(areas).sum()
    wanted = (palette.weights + 1 / len(palette)) / 2
    bias = np.zeros(len(palette))
    for _ in range(BALANCE_STEPS):
        logits = scores + bias[:, None]
        soft = np.exp(logits - logits.max(0))
        used = (soft / soft.sum(0)) @ weight
        bias += BALANCE * (np.log(wanted) - np.log(used + 1e-6))
    return scores + bias[:, None]


def _from_pictures(proposals: Proposals, regions: Regions, cells: Cells) -> list[Colouring]:
    colourings = []
    for picture in proposals.pictures:
        colours = cells.median(picture.transpose(2, 0, 1)).T  # (R, 3)
        colours = as_uint8(_join_alike(colours, regions))
        colourings.append(Colouring(colours=colours, clear=np.zeros(cells.count, bool)))
    return colourings


def _join_alike(colours: Floats, regions: Regions) -> Floats:
    """Neighbouring regions of nearly one colour get the colour of the largest of them."""
    lab = lab_from_srgb(colours)
    joined = np.arange(len(colours))
    for first, second in regions.neighbours:  # the lower label is the larger region
        if np.linalg.norm(lab[joined[first]] - lab[second]) < ONE_FLAT:
            joined[second] = joined[first]
    return colours[joined]


def _with_tones(
    colouring: Colouring, proposals: Proposals, index: int, cells: Cells, regions: Regions
) -> Colouring:
    if proposals.shade is not None:
        shade = proposals.shade[index]
    else:
        flats = colouring.colours[cells.owner].astype(np.float32) / 255
        shade = shade_of(proposals.pictures[index], flats)
    both = cache(lambda: spread(shade, cells, regions))
    return replace(colouring, shade=lambda: both()[0], light=lambda: both()[1])
