"""Numbers as pictures: colour ramps, grids of feature maps, maps of ΔE, strips with captions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Maps = NDArray[np.float32]
Pixels = NDArray[np.uint8]

TILE = 84  # long side of a feature map in a grid, pixels
GAP = 2
GRID_WIDTH = 1180  # that a grid may have, pixels
_ENOUGH = 200_000  # values that a limit is taken from
_GROUND, _TEXT = (250, 250, 248), (48, 48, 52)


def _ramp(*stops: tuple[int, int, int]) -> Pixels:
    """256 colours through evenly spaced stops, (256, 3)."""
    places = np.linspace(0, 255, len(stops))
    channels = [np.interp(np.arange(256), places, part) for part in zip(*stops, strict=True)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


SIGNED = _ramp((8, 48, 107), (66, 146, 198), (247, 247, 247), (239, 101, 72), (127, 0, 0))
GREY = _ramp((0, 0, 0), (255, 255, 255))
HEAT = _ramp((13, 8, 45), (106, 23, 110), (203, 71, 89), (251, 155, 60), (252, 250, 180))


class Grid(NamedTuple):
    """Feature maps side by side, and where each is."""

    picture: Pixels  # (H, W, 3)
    columns: int
    step: tuple[int, int]  # from one map to the next, across and down


def signed_limit(values: NDArray[np.floating]) -> float:
    """The magnitude that ends a signed ramp: 99.5 % of the values are within it."""
    step = max(1, values.size // _ENOUGH)
    return max(float(np.quantile(np.abs(values.ravel()[::step]), 0.995)), 1e-6)


def coloured(unit: NDArray[np.floating], ramp: Pixels) -> Pixels:
    """Values in 0…1 through a ramp: (…) → (…, 3)."""
    return ramp[(np.clip(unit, 0, 1) * 255 + 0.5).astype(np.uint8)]


def grid(maps: Maps, ramp: Pixels, low: float, high: float) -> Grid:
    """Feature maps (C, h, w) in rows, each scaled to a long side of `TILE`, `low` to `high` through
    a ramp."""
    count, height, breadth = maps.shape
    scale = TILE / max(height, breadth)
    rows, columns = max(1, round(height * scale)), max(1, round(breadth * scale))
    mode = cv2.INTER_NEAREST if scale > 1 else cv2.INTER_AREA
    across = max(1, min(count, GRID_WIDTH // (columns + GAP)))
    sheet = np.full(
        (-(-count // across) * (rows + GAP), across * (columns + GAP), 3), 255, np.uint8
    )
    for place, one in enumerate(maps):
        top, left = (rows + GAP) * (place // across), (columns + GAP) * (place % across)
        small = cv2.resize(one, (columns, rows), interpolation=mode)
        tile = coloured((small - low) / (high - low), ramp)
        sheet[top : top + rows, left : left + columns] = tile
    return Grid(sheet, across, (columns + GAP, rows + GAP))


def flow(passed: Maps, stopped: Maps) -> Pixels:
    """How much a gate passes and stops at each place, as one picture (h, w, 3): passed is teal,
    stopped orange, both bright where there is much of them."""
    amounts = np.abs(passed).mean(axis=0), np.abs(stopped).mean(axis=0)
    limit = max(float(np.quantile(np.stack(amounts), 0.995)), 1e-6)
    teal, orange = np.array((20, 200, 190)), np.array((235, 110, 20))
    mixed = sum(
        np.clip(amount / limit, 0, 1)[..., None] * colour
        for amount, colour in zip(amounts, (teal, orange), strict=True)
    )
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def heat(values: NDArray[np.floating], limit: float) -> Pixels:
    """A map (h, w) from 0, dark, to `limit`, light, with its scale beneath: (h + …, w, 3)."""
    picture = coloured(values / max(limit, 1e-6), HEAT)
    width = picture.shape[1]
    bar = np.tile(coloured(np.linspace(0, 1, width), HEAT), (8, 1, 1))
    return np.concatenate([picture, np.full((4, width, 3), 255, np.uint8), bar])


def strip(pictures: Sequence[tuple[str, Pixels]], height: int = 360) -> Pixels:
    """Pictures at one height side by side, a caption over each."""
    font = ImageFont.load_default(14)
    scaled = [(caption, to_height(picture, height)) for caption, picture in pictures]
    width = sum(picture.shape[1] + 8 for _, picture in scaled) + 8
    sheet = Image.new("RGB", (width, height + 34), _GROUND)
    draw, left = ImageDraw.Draw(sheet), 8
    for caption, picture in scaled:
        sheet.paste(Image.fromarray(picture), (left, 26))
        draw.text((left, 5), caption, _TEXT, font)
        left += picture.shape[1] + 8
    return np.asarray(sheet)


def rows_of(pictures: Sequence[tuple[str, Pixels]], columns: int) -> Pixels:
    """Strips of `columns` pictures of one size under each other."""
    strips = [strip(pictures[i : i + columns], 300) for i in range(0, len(pictures), columns)]
    width = max(one.shape[1] for one in strips)
    return np.concatenate([widened(one, width) for one in strips])


def widened(picture: Pixels, width: int) -> Pixels:
    """A picture (H, W, 3) with white on its right, up to a width."""
    missing = width - picture.shape[1]
    return np.pad(picture, ((0, 0), (0, missing), (0, 0)), constant_values=_GROUND[0])


def resized(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """A picture at another (width, height)."""
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def to_height(picture: Pixels, height: int) -> Pixels:
    """A picture (H, W, 3) or (H, W) as RGB at another height."""
    rgb = np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture
    width = max(1, round(rgb.shape[1] * height / rgb.shape[0]))
    mode = cv2.INTER_AREA if height < len(rgb) else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=mode), np.uint8)


def to_png(picture: Pixels) -> bytes:
    """An RGB or grey picture as a PNG."""
    flipped = picture[..., ::-1] if picture.ndim == 3 else picture
    return cv2.imencode(".png", flipped)[1].tobytes()


def to_webp(picture: Pixels, quality: int = 70) -> bytes:
    """An RGB picture as a WebP."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=quality, method=0)
    return file.getvalue()
