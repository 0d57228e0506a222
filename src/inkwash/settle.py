"""Settle: proposals and regions become a painting, a colour for every region.

A region gets the palette colour with the best mean score, or the median of what the RGB head
proposes, lines left out; what the artist said about a region is applied exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells, find_cells
from inkwash.colour import Rgb, as_uint8, lab_from_srgb
from inkwash.errors import BadConfig
from inkwash.geometry import Size, Window
from inkwash.hints import Dot, Hint, Hints, Shape, pixels_of
from inkwash.propose import Proposals
from inkwash.ranking import AGREEMENT, disagreement, rank
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
    of a region goes before both: see `hinted`.
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

    return [
        replace(colouring, tones=Tones(make=partial(make, index), regions=regions))
        for index, colouring in enumerate(colourings)
    ]


def _shade(colouring: Colouring, proposals: Proposals, index: int, cells: Cells) -> Floats:
    if proposals.shade is not None:
        return proposals.shade[index]
    flats = colouring.colours[cells.owner].astype(np.float32) / np.float32(255)
    return shade_of(proposals.pictures[index], flats)
