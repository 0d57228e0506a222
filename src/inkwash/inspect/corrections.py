"""Corrections: a sketch, the artist's picture of it, and the region that was corrected.

That the picture is of this sketch is told by its lines: the edges of both are blurred a little and
correlated. Drawn and real pairs reach 0.58 (flats without lines) to 1; pictures of other sketches
stay under 0.36, unless they share their outlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.config import NetConfig
from inkwash.decode import decode
from inkwash.errors import BadData
from inkwash.geometry import Size
from inkwash.inspect.seeing import Seen, see
from inkwash.propose import WorkSize
from inkwash.sketch import MAX_PIXELS, Sketch, read

Pixels = NDArray[np.uint8]

SAME_SKETCH = 0.45  # likeness of lines from which a picture counts as one of the sketch
_SIDE = 384  # short side at which lines are compared
_STRONGEST = 96  # step in brightness from which an edge counts fully
_BLUR = 2.0  # pixels


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A corrected page as the network sees it; H and W are padded, the region is 0 there."""

    seen: Seen
    truth: Tensor  # (1, 3, H, W), 0…255
    region: Tensor  # (1, 1, H, W), 0…1

    @property
    def colours(self) -> Pixels:
        """The corrected picture (h, w, 3), without padding."""
        size = self.seen.size
        pixels = self.truth[0, :, : size.height, : size.width].round().byte()
        return pixels.permute(1, 2, 0).contiguous().numpy()

    @property
    def inside(self) -> NDArray[np.float32]:
        """The region (h, w), 0…1, without padding."""
        size = self.seen.size
        return self.region[0, 0, : size.height, : size.width].numpy()


def read_correction(
    sketch: Path,
    corrected: Path,
    region: Path | None,
    config: NetConfig,
    work_size: WorkSize = "auto",
) -> Correction:
    """Read and check a pair. Raises BadSketch for what is no picture, BadData for a picture of
    another size or another sketch and for an empty region."""
    page = read(sketch)
    colours = read_colours(corrected)
    _expect_size(corrected, colours, page.size)
    check_likeness(page, colours, corrected)
    inside = None if region is None else read_region(region, page.size)
    return correction(page, colours, inside, config, work_size)


def correction(
    sketch: Sketch,
    colours: Pixels,
    inside: NDArray[np.bool_] | None,
    config: NetConfig,
    work_size: WorkSize = "auto",
) -> Correction:
    """The same from arrays: colours (H, W, 3) and region (H, W) of the sketch's size."""
    seen = see(sketch, config, work_size)
    height, width = seen.x.shape[-2:]
    truth = np.full((height, width, 3), 255, np.float32)
    mask = np.zeros((height, width), np.float32)
    size = (seen.size.width, seen.size.height)
    rows, columns = slice(0, seen.size.height), slice(0, seen.size.width)
    truth[rows, columns] = cv2.resize(colours, size, interpolation=cv2.INTER_AREA)
    whole = np.ones(colours.shape[:2], np.float32) if inside is None else inside.astype(np.float32)
    mask[rows, columns] = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return Correction(
        seen=seen,
        truth=torch.from_numpy(truth).permute(2, 0, 1)[None].contiguous(),
        region=torch.from_numpy(mask)[None, None],
    )


def read_colours(path: Path) -> Pixels:
    """A picture as (H, W, 3) sRGB bytes over white. Raises BadSketch."""
    picture = decode(path, max_pixels=MAX_PIXELS)
    colour = picture.colour
    rgb = np.repeat(colour[..., None], 3, axis=2) if colour.ndim == 2 else colour
    if picture.alpha is None:
        return rgb
    alpha = picture.alpha[..., None] / 255.0
    return (rgb * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)


def read_region(path: Path, size: Size) -> NDArray[np.bool_]:
    """A mask (H, W): what is opaque where it has transparency, else what is white.

    Raises BadData for a mask of another size, or with nothing in it.
    """
    picture = decode(path, max_pixels=MAX_PIXELS)
    grey = picture.colour if picture.colour.ndim == 2 else picture.colour.max(axis=2)
    inside = (grey if picture.alpha is None else picture.alpha) >= 128
    _expect_size(path, inside, size)
    if not inside.any():
        raise BadData(f"{path}: the region is empty; paint it white on black, or opaque")
    return inside


def check_likeness(sketch: Sketch, colours: Pixels, path: Path) -> None:
    """Raise BadData where the picture's lines are not those of the sketch."""
    alike = likeness(sketch.lines, colours)
    if alike < SAME_SKETCH:
        raise BadData(
            f"{path}: is not a picture of {sketch.name}: their lines agree to {alike:.2f}, "
            f"{SAME_SKETCH} is the least; give the picture that was painted on this sketch"
        )


def likeness(lines: Pixels, colours: Pixels) -> float:
    """Correlation of the edges of lines (H, W) and of a picture (H, W, 3), -1…1."""
    ours, theirs = (_edges(picture).ravel() for picture in (lines, colours))
    if ours.std() == 0 or theirs.std() == 0:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])


def _edges(picture: Pixels) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    scale = _SIDE / min(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(picture, size, interpolation=mode))
    steps = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    strongest = steps.max(axis=2) if steps.ndim == 3 else steps
    clipped = np.minimum(strongest, _STRONGEST).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(clipped, (0, 0), _BLUR), np.float32)


def _expect_size(path: Path, picture: NDArray, size: Size) -> None:
    found = Size(picture.shape[1], picture.shape[0])
    if found != size:
        raise BadData(f"{path}: is {found}, the sketch is {size}; export it at the sketch's size")
