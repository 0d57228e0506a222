"""Palettes taken from pictures: k-means in Lab."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import (
    Floats,
    Rgb,
    as_uint8,
    lab_from_srgb,
    name_of,
    srgb_from_lab,
)
from inkwash.errors import BadPalette
from inkwash.palettes.clusters import k_means
from inkwash.palettes.palette import Palette, Swatch

Pixels = NDArray[np.uint8]

LEAST_CHROMA = 4.0  # of a colour in Lab; below it counts as grey
LEAST_COLOURED = 0.001  # share of coloured pixels; below it the picture counts as grey
PAPER = 224  # lines as bright as this are no ink
BLEND = 1 / 300  # of the short side: so near to ink, colours are mixed with it
_WIDEST_LINE = 1 / 80  # of the short side; what is dark and wider is a black area
_LONG_SIDE = 1024  # pictures from files are read no larger: a palette needs no more


def from_picture(pixels: NDArray[np.uint8], count: int = 6, seed: int = 0) -> Palette:
    """The `count` colours that stand best for a picture (H, W, 3), the largest share first.

    The same picture and seed give the same palette; a picture of fewer colours gives fewer.
    Raises `BadPalette` for a picture that is grey throughout or of one colour, and for a
    `count` outside 2…16.
    """
    if not 2 <= count <= 16:
        raise BadPalette(f"{count} colours cannot be taken from a picture; ask for 2 to 16")
    colours, weights = _histogram(pixels.reshape(-1, 3))
    lab = lab_from_srgb(colours)
    _expect_colour(lab, weights)
    centres, nearest = k_means(lab, weights, count, seed)
    shares = np.bincount(nearest, weights, len(centres)) / weights.sum()
    order = np.argsort(-shares, kind="stable")
    found = as_uint8(srgb_from_lab(centres[order]))
    swatches = tuple(_swatch(tuple(rgb)) for rgb in found.tolist())
    return Palette(swatches, shares=tuple(shares[order].tolist()))


def from_file(path: str | PathLike[str], count: int = 6, seed: int = 0) -> Palette:
    """`from_picture` of an image file; lines and what is mostly transparent do not count."""
    from PIL import Image, UnidentifiedImageError

    path = Path(path)
    try:
        with Image.open(path) as image:
            image.draft("RGB", (_LONG_SIDE, _LONG_SIDE))
            image.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.BOX)
            rgba = np.asarray(image.convert("RGBA"))
    except FileNotFoundError:
        raise BadPalette(f"{path}: there is no such file") from None
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise BadPalette(f"{path}: not a picture that can be read ({error})") from None
    try:
        found = from_picture(without_lines(rgba[..., :3], rgba[..., 3]), count, seed)
    except BadPalette as error:
        raise BadPalette(f"{path}: {error}") from None
    return Palette(found.swatches, path.stem, found.shares)


def without_lines(rgb: Pixels, alpha: Pixels | None = None) -> Pixels:
    """The colours (1, N, 3) of a picture (H, W, 3), without its lines and what is transparent.

    A line is dark and thin; a black area stays, as do all pixels where nothing else would.
    """
    if not rgb.size:
        return rgb.reshape(1, -1, 3)
    opaque = np.ones(rgb.shape[:2], bool) if alpha is None else alpha >= 128
    clear = opaque & clear_of_ink(_thin_lines(np.where(opaque[..., None], rgb, np.uint8(255))))
    return rgb[clear if clear.any() else opaque][None]


def clear_of_ink(lines: Pixels) -> NDArray[np.bool_]:
    """Where line art (H, W), paper 255, has neither ink nor colours that are mixed with it."""
    import cv2

    reach = 2 * max(1, round(min(lines.shape) * BLEND)) + 1
    return cv2.erode(lines, np.ones((reach, reach), np.uint8)) >= PAPER


def _thin_lines(rgb: Pixels) -> Pixels:
    """Line art (H, W) of a picture: how dark each pixel is beside what closes over it."""
    import cv2

    side = max(5, round(min(rgb.shape[:2]) * _WIDEST_LINE) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    value = rgb.max(axis=-1)
    closed = cv2.morphologyEx(value, cv2.MORPH_CLOSE, kernel)
    return np.asarray(255.0 * (value + 8.0) / (closed + 8.0), np.uint8)


def _histogram(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The mean sRGB (M, 3) in 0…1 and the count (M,) of each used cell of 32×32×32."""
    cells = (pixels >> 3).astype(np.int32) @ np.array([1024, 32, 1], np.int32)
    counts = np.bincount(cells, minlength=32**3)
    used = np.flatnonzero(counts)
    sums = np.stack([np.bincount(cells, pixels[:, axis], 32**3)[used] for axis in range(3)], axis=1)
    means = sums / counts[used, None] / 255
    return means.astype(np.float32), counts[used].astype(np.float64)


def _expect_colour(lab: Floats, weights: Floats) -> None:
    if len(lab) == 0:
        raise BadPalette("the picture has no opaque pixel; no palette can be taken from it")
    coloured = np.hypot(lab[:, 1], lab[:, 2]) >= LEAST_CHROMA
    if weights[coloured].sum() < LEAST_COLOURED * weights.sum():
        raise BadPalette("the picture is grey throughout; a palette needs a picture with colour")
    if len(lab) == 1:
        raise BadPalette("the picture has one colour only; a palette needs two or more")


def _swatch(rgb: Rgb) -> Swatch:
    return Swatch(rgb, name_of(rgb))
