"""What the artist decides region by region: a painting goes in, another painting comes out.

Regions are labels of `painting.regions`, proposals are counted from 0, as in `Painting.chosen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadConfig
from inkwash.hints import Dot, Hint, Hints
from inkwash.palettes import Palette, snap
from inkwash.recolour import last_words, region_under
from inkwash.regions import Regions
from inkwash.settle import Colouring, Painting
from inkwash.tone import mixed as mix_tones

NEAR = 0.05  # of the short side: parts of one thing that a strand of hair or a strap divides
_SIGHT = 512  # pixels along the short side at which nearness is looked at
_DOT = 1 / 85  # of the short side: three pixels at the network's usual size

Labels = NDArray[np.int64]
Mask = NDArray[np.bool_]


def choose(painting: Painting, region: int, proposal: int, *, spread: bool = False) -> Painting:
    """The chosen colouring with one region as another proposal has it: hair from 3, coat from 7.

    spread: `similar` regions come along. Raises BadConfig where there is no such region or
    proposal.
    """
    source = _colouring(painting, proposal)
    labels = similar(painting, region, proposal) if spread else np.array([_label(painting, region)])
    taken = mask_of(labels, painting.regions)
    mine = list(painting.colourings)
    mine[painting.chosen] = mixed(mine[painting.chosen], source, taken, painting.regions)
    decided = painting.decided | frozenset(labels.tolist())
    return replace(painting, colourings=tuple(mine), decided=decided)


def similar(painting: Painting, region: int, proposal: int) -> Labels:
    """The region, and those of its colour in a proposal that touch it or lie near, one by one.

    What the artist decided elsewhere is left out. Labels ascending, (N,).
    """
    colours = _colouring(painting, proposal).colours
    same = (colours == colours[_label(painting, region)]).all(axis=1)
    same[list(painting.decided)] = False
    same[region] = True
    reached = _near(same, region, painting.regions)
    pairs = painting.regions.neighbours[same[painting.regions.neighbours].all(axis=1)]
    while len(touched := pairs[reached[pairs].any(axis=1) & ~reached[pairs].all(axis=1)]):
        reached[touched] = True
    return np.flatnonzero(reached)


def hold(painting: Painting, earlier: Sequence[Colouring], kept: Mask) -> Painting:
    """The regions `kept` (R,) exactly as the earlier colourings have them: one each, or one for
    all. Their bytes do not change, whatever was proposed since."""
    each = earlier if len(earlier) == len(painting.colourings) else [earlier[0]] * _count(painting)
    held = [
        mixed(colouring, before, kept, painting.regions)
        for colouring, before in zip(painting.colourings, each, strict=True)
    ]
    return replace(painting, colourings=tuple(held))


def mixed(ours: Colouring, theirs: Colouring, taken: Mask, regions: Regions) -> Colouring:
    """Ours, but the regions `taken` (R,) with colour, transparency and shading from theirs."""
    return replace(
        ours,
        colours=np.where(taken[:, None], theirs.colours, ours.colours),
        clear=np.where(taken, theirs.clear, ours.clear),
        tones=mix_tones(ours.tones, theirs.tones, taken),
    )


def snapped(painting: Painting, palette: Palette, strength: float) -> Painting:
    """Every flat moved towards the palette's nearest colour by ΔE2000, by `strength` 0…1.

    Raises BadPalette for another strength.
    """
    moved = [
        replace(colouring, colours=snap(colouring.colours, palette, strength))
        for colouring in painting.colourings
    ]
    return replace(painting, colourings=tuple(moved))


def regions_with(hints: Hints | None, regions: Regions, *kinds: str) -> Mask:
    """The regions that hints of these kinds speak for, (R,)."""
    items = hints.items if hints is not None else ()
    return mask_of([region_under(hint, regions) for hint in items if hint.kind in kinds], regions)


def locked_regions(hints: Hints | None, regions: Regions) -> Mask:
    """The regions that are locked and for which no later hint speaks, (R,)."""
    said = last_words(hints, regions)[0] if hints is not None else {}
    return mask_of([label for label, hint in said.items() if hint.kind == "lock"], regions)


def before_locks(hints: Hints | None, regions: Regions) -> Hints | None:
    """What was said about locked regions before they were locked."""
    locked = locked_regions(hints, regions)
    if hints is None or not locked.any():
        return None
    said = (hint for hint in hints.items if hint.kind != "lock")
    return Hints(hints.size, tuple(hint for hint in said if locked[region_under(hint, regions)]))


def mask_of(labels: Iterable[int] | Labels, regions: Regions) -> Mask:
    """Labels as (R,) bool."""
    mask = np.zeros(regions.count, bool)
    mask[list(labels)] = True
    return mask


def told_to_network(hints: Hints | None, painting: Painting, labels: Iterable[int]) -> Hints:
    """The hints, and the colours of regions that hold as suggestions, so that the rest can
    follow them."""
    colours = painting.colourings[painting.chosen].colours
    hints = hints if hints is not None else Hints(painting.sketch.size)
    return hints.with_items(
        Hint("suggest", dot_inside(painting.regions, label), _rgb(colours[label]))
        for label in sorted(labels)
    )


def dot_inside(regions: Regions, label: int) -> Dot:
    """A dot at the place of a region that is farthest from its border."""
    box, mask = regions.box(label), regions.mask(label)
    paper = mask & ~regions.ink[box.slices]
    inside = np.pad(paper if paper.any() else mask, 1).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    radius = min(float(depth[y, x]), _DOT * min(regions.labels.shape))
    return Dot(box.left + int(x) + 0.5, box.top + int(y) + 0.5, max(0.5, radius))


def _near(same: Mask, region: int, regions: Regions) -> Mask:
    """Of the regions `same`, those that a closing by NEAR joins with this one, (R,)."""
    step = max(1, min(regions.labels.shape) // _SIGHT)
    labels = regions.labels[::step, ::step]
    across = 1 + 2 * round(NEAR / 2 * min(labels.shape))  # each side grows by half the distance
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    found = same[labels]
    _, parts = cv2.connectedComponents(cv2.dilate(found.astype(np.uint8), kernel))
    part_of = np.zeros(regions.count, np.int32)
    part_of[labels[found]] = parts[found]
    near = same & (part_of == part_of[region]) & (part_of > 0)
    near[region] = True
    return near


def _colouring(painting: Painting, proposal: int) -> Colouring:
    if not 0 <= proposal < _count(painting):
        raise BadConfig(f"proposal {proposal + 1}: choose from 1 to {_count(painting)}")
    return painting.colourings[proposal]


def _label(painting: Painting, region: int) -> int:
    if not 0 <= region < painting.regions.count:
        raise BadConfig(
            f"region {region}: the sketch has regions 0 to {painting.regions.count - 1}"
        )
    return region


def _count(painting: Painting) -> int:
    return len(painting.colourings)


def _rgb(colour: NDArray[np.uint8]) -> tuple[int, int, int]:
    red, green, blue = colour.tolist()
    return red, green, blue
