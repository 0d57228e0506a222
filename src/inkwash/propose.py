"""Propose: a sketch through the network becomes nine colourings on a small grid.

The short side is scaled to the network's working size, the rest padded with white to its multiple,
and the padding cut off again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb
from inkwash.config import NetConfig
from inkwash.errors import BadConfig
from inkwash.geometry import Size
from inkwash.hints import Hints, raster
from inkwash.palettes import HINTED, Palette, fit_with, palette_features
from inkwash.roles import knows_roles, place_by_role, role_chances
from inkwash.runtime import Encoded, Runtime
from inkwash.sketch import Sketch

WorkSize = int | Literal["auto", "native"]
SMALLEST_WORK_SIZE = 32
AUTO_WORK_PIXELS = 1_000_000  # that a strip of any length may have
MOST_WORK_PIXELS = 6_000_000
WORK_BYTES = 1_200  # that the network needs for each

# By how much, in log-probability, a hint's colour must win: without it a dab on a sleeve would
# colour skies, as training hints mostly lie on what is large.
HINT_DOUBT = 2.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Study:
    """A sketch after the trunk, kept so that palettes can change without running it again."""

    encoded: Encoded
    size: Size  # of the working picture without its padding
    # What is seen without the hints, as a hint must not change what is proposed elsewhere, and
    # without the padding: features (F, h, w), and chances (R, h, w) of the roles that are known.
    seen: Floats
    chances: Floats | None = None
    hinted: tuple[Rgb, ...] = ()  # the colours of the hints that the network was told


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """K colourings on a grid of h × w cells that covers the whole sketch.

    `pictures` (K, h, w, 3), sRGB 0…1. From the palette head come also `palettes` (K of them),
    `scores` (K, P, h, w), log-probabilities over a palette's colours, and `shade` (K, h, w) in
    (-1, 1), under 0 towards black and over 0 towards white; from the RGB head they do not.
    """

    pictures: Floats
    palettes: tuple[Palette, ...] = ()
    scores: Floats | None = None
    shade: Floats | None = None
    notes: tuple[str, ...] = ()  # what was done to palettes that were too long
    ranking: str = ""  # `Runtime.ranking` of the network that made them

    @property
    def count(self) -> int:
        return len(self.pictures)


def study(
    sketch: Sketch, runtime: Runtime, *, hints: Hints | None = None, work_size: WorkSize = "auto"
) -> Study:
    """Run the trunk. Raises BadConfig for a working size out of range."""
    size = choose_size(sketch.size, runtime.config, work_size)
    encoded = untold = runtime.encode(network_input(sketch, hints, size, runtime.config))
    told = hints.items if hints is not None and runtime.config.hints else ()
    hinted = tuple(hint.rgb for hint in told if hint.rgb is not None)
    can_ask = knows_roles(runtime.config)
    if hinted and can_ask:
        untold = runtime.encode(network_input(sketch, None, size, runtime.config))
    rows, columns = _grid(size, runtime.config)
    seen = untold.features[:, :rows, :columns]
    chances = role_chances(seen, runtime) if can_ask else None
    return Study(encoded=encoded, size=size, seen=seen, chances=chances, hinted=hinted)


def propose(study: Study, runtime: Runtime, palettes: tuple[Palette, ...] = ()) -> Proposals:
    """Nine colourings: with palettes (one for all, or one each) placed by the palette head,
    without by the RGB head. The hints' colours join the palettes, so that what belongs to a hinted
    region can follow it. Raises BadPalette, BadWeights, BadConfig."""
    if not palettes:
        pictures = study.encoded.pictures[:, :, : study.size.height, : study.size.width]
        unit = np.clip((pictures + 1) / 2, 0, 1, dtype=np.float32)
        pictures = np.ascontiguousarray(unit.transpose(0, 2, 3, 1))
        return Proposals(pictures=pictures, ranking=runtime.ranking)
    count = runtime.config.proposals
    if len(palettes) not in (1, count):
        raise BadConfig(f"{len(palettes)} palettes given; give 1 for all proposals or {count}")
    fitted, notes = zip(*(fit_with(palette, study.hinted) for palette in palettes), strict=True)
    placed = runtime.place(study.encoded.features, *palette_features(fitted, runtime.config.roles))
    rows, columns = _grid(study.size, runtime.config)
    scores = placed.scores[:, :, :rows, :columns]
    shade = placed.shade[:, :rows, :columns]
    each = fitted if len(fitted) == count else fitted * count
    if study.chances is not None:
        scores = place_by_role(scores, each, study.chances, runtime.config.roles)
    if study.hinted:
        scores = _cautious(scores, each)
    scores = _normal(scores)
    return Proposals(
        pictures=_render(scores, shade, each),
        palettes=each,
        scores=scores,
        shade=shade,
        notes=tuple(dict.fromkeys(filter(None, notes))),
        ranking=runtime.ranking,
    )


def _cautious(scores: Floats, palettes: tuple[Palette, ...]) -> Floats:
    """Scores (K, P, h, w) in which hints' colours go only where the network is sure of them."""
    doubt = np.zeros(scores.shape[:2], np.float32)
    for index, palette in enumerate(palettes):
        doubt[index, : len(palette)] = [HINT_DOUBT * (s.name == HINTED) for s in palette.swatches]
    return scores - doubt[..., None, None]


def _normal(scores: Floats) -> Floats:
    """Scores (K, P, h, w) as log-probabilities over P."""
    below = scores - scores.max(axis=1, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=1, keepdims=True))


def _grid(size: Size, config: NetConfig) -> tuple[int, int]:
    """Rows and columns of the features of a working picture without its padding."""
    return -(-size.height // config.stem), -(-size.width // config.stem)


def choose_size(size: Size, config: NetConfig, work_size: WorkSize) -> Size:
    """The working size of a sketch; raises BadConfig when it is too small or too large."""
    if work_size == "native":
        chosen = size
    else:
        side = _side_for(size, config) if work_size == "auto" else work_size
        if side < SMALLEST_WORK_SIZE:
            raise BadConfig(f"work size {side} is under {SMALLEST_WORK_SIZE} pixels; give more")
        chosen = size.scaled_to_short_side(side)
    if chosen.area > MOST_WORK_PIXELS:
        raise BadConfig(
            f"a working size of {chosen} would need about {chosen.area * WORK_BYTES / 1e9:.1f} GB; "
            f"the limit is {MOST_WORK_PIXELS / 1e6:g} megapixels: give a smaller --work-size"
        )
    return chosen


def _side_for(size: Size, config: NetConfig) -> int:
    """The network's own working size; less for strips, which would become very long."""
    stretch = max(size.width, size.height) / size.short_side
    return max(SMALLEST_WORK_SIZE, min(config.work_size, int((AUTO_WORK_PIXELS / stretch) ** 0.5)))


def network_input(sketch: Sketch, hints: Hints | None, size: Size, config: NetConfig) -> Floats:
    """(C, H, W): paper 1 and ink 0, then hint RGB in [-1, 1] and mask; padded with white."""
    grow = size.width > sketch.size.width
    mode = cv2.INTER_CUBIC if grow else cv2.INTER_AREA
    lines = cv2.resize(sketch.lines, (size.width, size.height), interpolation=mode)
    padding = size.padding_to_multiple(config.multiple)
    height, width = size.height + padding.bottom, size.width + padding.right
    x = np.zeros((config.in_channels, height, width), np.float32)
    x[0] = 1.0
    x[0, : size.height, : size.width] = lines.astype(np.float32) / 255.0
    if hints is not None and len(hints) and config.hints:
        x[1:, : size.height, : size.width] = raster(hints, size)
    return x


def _render(scores: Floats, shade: Floats, palettes: tuple[Palette, ...]) -> Floats:
    pictures = np.empty((*shade.shape, 3), np.float32)
    for index, palette in enumerate(palettes):
        weights = np.exp(scores[index, : len(palette)])
        flat = np.tensordot(weights, palette.rgb, (0, 0))  # (h, w, 3)
        pictures[index] = shaded(flat, shade[index])
    return pictures


def shaded(flat: Floats, shade: Floats) -> Floats:
    """Flat colours (h, w, 3) in 0…1, multiplied and screened by a shade (h, w) in (-1, 1)."""
    dark, light = np.minimum(shade, 0)[..., None], np.maximum(shade, 0)[..., None]
    return flat * (1 + dark) + light * (1 - flat)
