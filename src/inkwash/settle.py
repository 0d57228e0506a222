"""Settle: proposals and regions become a painting, a colour for every region.

A region gets the palette colour with the best mean score, or the median of what the RGB head
proposes, lines left out. What the artist says about regions comes after: see `recolour`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells, find_cells
from inkwash.colour import as_uint8, lab_from_srgb
from inkwash.geometry import Window
from inkwash.propose import Proposals
from inkwash.ranking import rank
from inkwash.regions import Regions, find_paper
from inkwash.sketch import Sketch
from inkwash.tone import Shading, Tones, shade_of, shading, spread

Style = Literal["flat", "shaded"]
Paper = Literal["white", "paint"]
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

PAPER_NOTE = "gutters and balloons stay white; --paper paint colours them too"
ONE_FLAT = 7.0  # ΔE76 under which neighbouring regions of the RGB head become one flat


@dataclass(frozen=True, kw_only=True)
class Colouring:
    """One proposal, settled: `colours` (R, 3) sRGB of each region, `clear` (R,) left transparent.

    `tones` are light and shadow on them, None in flat style. `confidence` 0…1 says how sure the
    network was, `rank` in dB how good it is likely to be, against the others of its sketch.
    """

    colours: Pixels
    clear: NDArray[np.bool_]
    tones: Tones | None = None
    title: str = ""
    confidence: float = 0.0
    rank: float = 0.0

    @property
    def shade(self) -> Callable[..., Pixels] | None:
        """What multiplies, made when called, for a window or the page; see `Tones.multiply`."""
        return partial(self.tones.multiply, self.colours, self.clear) if self.tones else None

    @property
    def light(self) -> Callable[..., Pixels] | None:
        """What screens, made when called, for a window or the page; see `Tones.screen`."""
        return partial(self.tones.screen, self.colours, self.clear) if self.tones else None


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
    style: Style = "flat",
    paper: Paper = "white",
) -> Painting:
    """Decide a colour for every region in every proposal.

    style: "shaded" keeps the proposals' gradients inside the regions. paper: "white" leaves the
    gutters and balloons of comic pages without colour, "paint" colours them too. What a hint says
    of a region goes before both: see `recolour.hinted`.
    """
    cells = find_cells(regions, proposals.pictures.shape[1:3])
    white = find_paper(regions) if paper == "white" else np.zeros(regions.count, bool)
    areas = cells.total if white.all() else np.where(white, 0, cells.total)
    if proposals.scores is None:
        colourings = _from_pictures(proposals, regions, cells)
    else:
        colourings = _from_scores(proposals, areas, cells)
    colourings = [replace(colouring, clear=white.copy()) for colouring in colourings]
    colourings = _ranked(colourings, areas, proposals)
    if style == "shaded":
        colourings = _with_tones(colourings, proposals, cells, regions)
    notes = proposals.notes + ((PAPER_NOTE,) if white.any() else ())
    best = max(range(len(colourings)), key=lambda index: colourings[index].rank)
    return Painting(
        sketch=sketch, regions=regions, colourings=tuple(colourings), chosen=best, notes=notes
    )


def _ranked(
    colourings: list[Colouring], areas: NDArray[np.floating], proposals: Proposals
) -> list[Colouring]:
    flats = np.stack([colouring.colours for colouring in colourings])
    sure = np.array([colouring.confidence for colouring in colourings])
    ranks = rank(flats, areas, sure, proposals.palettes, proposals.ranking).tolist()
    return [replace(one, rank=score) for one, score in zip(colourings, ranks, strict=True)]


def _from_scores(
    proposals: Proposals, areas: NDArray[np.floating], cells: Cells
) -> list[Colouring]:
    """areas (R,): how much each region counts; 0 for those that are left white."""
    assert proposals.scores is not None
    colourings = []
    for index, palette in enumerate(proposals.palettes):
        scores = cells.mean(proposals.scores[index, : len(palette)])  # (P, R)
        places = scores.argmax(0)
        sure = np.exp(scores.max(0))
        colourings.append(
            Colouring(
                colours=palette.bytes[places],
                clear=np.zeros(cells.count, bool),
                title=palette.name,
                confidence=float(np.average(sure, weights=areas)),
            )
        )
    return colourings


def _from_pictures(proposals: Proposals, regions: Regions, cells: Cells) -> list[Colouring]:
    colourings = []
    for picture in proposals.pictures:
        colours = cells.median(as_uint8(picture).transpose(2, 0, 1)).T  # (R, 3)
        colours = _join_alike(colours, regions)
        colourings.append(Colouring(colours=colours, clear=np.zeros(cells.count, bool)))
    return colourings


def _join_alike(colours: Pixels, regions: Regions) -> Pixels:
    """Neighbouring regions of nearly one colour get the colour of the largest of them."""
    lab = lab_from_srgb(colours)
    joined = np.arange(len(colours))
    for first, second in regions.neighbours:  # the lower label is the larger region
        if np.linalg.norm(lab[joined[first]] - lab[second]) < ONE_FLAT:
            joined[second] = joined[first]
    return colours[joined]


def _with_tones(
    colourings: list[Colouring], proposals: Proposals, cells: Cells, regions: Regions
) -> list[Colouring]:
    @cache
    def grid(index: int) -> Shading:
        return shading(_shade(colourings[index], proposals, index, cells), cells)

    @lru_cache(maxsize=1)  # tones of a large page take much room; one colouring is seen at a time
    def make(index: int, window: Window) -> tuple[Pixels, Pixels]:
        return spread(grid(index), regions, window)

    def tones(index: int) -> Tones:
        flats = colourings[index].colours
        return Tones(make=partial(make, index), regions=regions, flats=flats)

    return [replace(colouring, tones=tones(index)) for index, colouring in enumerate(colourings)]


def _shade(colouring: Colouring, proposals: Proposals, index: int, cells: Cells) -> Floats:
    if proposals.shade is not None:
        return proposals.shade[index]
    flats = colouring.colours[cells.owner].astype(np.float32) / np.float32(255)
    return shade_of(proposals.pictures[index], flats)
