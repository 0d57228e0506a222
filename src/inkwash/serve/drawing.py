"""What the studio shows of a painting: windows of its layers, at full size or smaller.

Smaller pictures are drawn from every n-th pixel of the regions, at twice the size wanted, and then
averaged: as good to the eye as drawing all of the page, at the cost of what is shown.
"""

from __future__ import annotations

import threading
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.document import colour_in, paper_layer, render, render_box
from inkwash.export import encode_png
from inkwash.geometry import Box, Size, Window
from inkwash.layers import Layer, Pixels, Raster, flatten
from inkwash.serve.schemas import Layer as LayerName
from inkwash.settle import Painting

TILE = 512
_MOST_LEVELS = 16


class Ink:
    """The ink of a sketch at full size, half, a quarter …: made when asked for, then kept."""

    def __init__(self, ink: Pixels) -> None:
        self._levels = [ink]
        self._lock = threading.Lock()

    def level(self, number: int) -> Pixels:
        """(⌈H / 2ⁿ⌉, ⌈W / 2ⁿ⌉) or with a last axis of 3."""
        with self._lock:
            while len(self._levels) <= number:
                self._levels.append(halved(self._levels[-1]))
            return self._levels[number]

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self._levels)


def halved(pixels: Pixels) -> Pixels:
    """The mean of every 2×2 pixels; a last odd row or column counts twice."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = _padded(pixels, height + height % 2, width + width % 2)
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def count_levels(size: Size) -> int:
    """So many that the last fits into one tile."""
    longest = max(size.width, size.height)
    return 1 + max(0, (longest - 1).bit_length() - (TILE - 1).bit_length())


def tile_box(size: Size, level: int, column: int, row: int) -> Box | None:
    """The part of the page that a tile shows; None where there is no such tile."""
    side = TILE << level
    box = Box(column * side, row * side, (column + 1) * side, (row + 1) * side)
    if level >= count_levels(size) or min(column, row) < 0:
        return None
    if box.left >= size.width or box.top >= size.height:
        return None
    return Box(box.left, box.top, min(box.right, size.width), min(box.bottom, size.height))


def draw(painting: Painting, ink: Ink, layer: LayerName, level: int, box: Box) -> Pixels:
    """A layer of the shown colouring inside a box of the page, 1 / 2ˡᵉᵛᵉˡ of its size.

    (h, w, 3), or (h, w, 4) for "shade" and "line". The box starts at a multiple of 2ˡᵉᵛᵉˡ.
    "regions" has numbers, not colours: red + 256 green + 65536 blue is the region.
    """
    if layer == "regions":
        return _as_numbers(painting.regions.labels[box.slices][:: 1 << level, :: 1 << level])
    if level == 0 and layer == "picture":
        return render_box(painting, painting.chosen, box)
    step = 1 << max(0, level - 1)
    drawn = _draw_window(painting, painting.chosen, ink, layer, Window(box, step))
    return drawn if level == 0 else halved(drawn)


def draw_small(painting: Painting, index: int, ink: Ink, longest: int | None) -> Pixels:
    """A colouring with its line, (h, w, 3), its long side at most so many pixels."""
    size = painting.sketch.size
    room = max(size.width, size.height)
    if longest is None or longest >= room:
        return render(painting, index)[..., :3]
    step = 1 << max(0, (room // (2 * longest)).bit_length() - 1)
    window = Window(Box(0, 0, size.width, size.height), step)
    drawn = _draw_window(painting, index, ink, "picture", window)
    small = (max(1, size.width * longest // room), max(1, size.height * longest // room))
    return np.asarray(cv2.resize(drawn, small, interpolation=cv2.INTER_AREA), np.uint8)


def encode(pixels: Pixels, kind: str) -> bytes:
    """Lossless WebP, or PNG."""
    if kind == "png":
        return encode_png(pixels)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "WEBP", lossless=True, quality=0, method=0)
    return stream.getvalue()


def _draw_window(
    painting: Painting, index: int, ink: Ink, layer: LayerName, window: Window
) -> Pixels:
    lines = _ink_in(ink, window)
    if layer == "line":
        return _as_line(lines)
    size = Size(lines.shape[1], lines.shape[0])
    if layer == "sketch":
        return _flat([paper_layer(size), _ink_layer(lines)], size)
    colour = colour_in(painting, index, window)
    if layer == "shade":
        return _padded(_as_shade(colour), *lines.shape[:2])
    parts = colour[:1] if layer == "flats" else colour
    own = colour[0].box.size
    drawn = _padded(_flat([paper_layer(own), *parts], own), *lines.shape[:2])
    if layer == "flats":
        return drawn
    under = Layer(name="", box=paper_layer(size).box, pixels=Raster(colour=drawn))
    return _flat([under, _ink_layer(lines)], size)


def _ink_in(ink: Ink, window: Window) -> Pixels:
    """The ink of a window, each pixel the mean of a step; steps are powers of 2."""
    level = window.step.bit_length() - 1
    box = window.box
    rows = slice(box.top >> level, -(-box.bottom >> level))
    columns = slice(box.left >> level, -(-box.right >> level))
    return ink.level(level)[rows, columns]


def _ink_layer(lines: Pixels) -> Layer:
    box = Box(0, 0, lines.shape[1], lines.shape[0])
    return Layer(name="ink", box=box, pixels=Raster(colour=lines), blend="multiply")


def _flat(layers: list[Layer], size: Size) -> Pixels:
    return np.ascontiguousarray(np.moveaxis(flatten(layers, size)[:3], 0, -1))


def _as_line(lines: Pixels) -> Pixels:
    """Ink as (h, w, 4) that looks on white as it is, and on any colour as multiplied."""
    if lines.ndim == 2:
        black = np.zeros((*lines.shape, 4), np.uint8)
        black[..., 3] = 255 - lines
        return black
    return _darkening(np.full((*lines.shape[:2], 3), 255, np.uint8), lines)


def _as_shade(colour: tuple[Layer, ...]) -> Pixels:
    """Shade and light as (h, w, 4) to be laid over the flats, black and white where tones are
    grey; what it gives over them is what the two layers give."""
    size = colour[0].box.size
    if len(colour) < 3:
        return np.zeros((size.height, size.width, 4), np.uint8)
    shade, light = (layer.read().colour for layer in colour[1:])
    if shade.ndim == light.ndim == 2:
        pixels = np.where(light > 0, np.uint8(255), np.uint8(0))
        return np.dstack([pixels, pixels, pixels, np.where(light > 0, light, 255 - shade)])
    flats = np.asarray(colour[0].read().colour)
    shade, light = _three(shade), _three(light)
    dark, lit = _darkening(flats, shade), _lightening(flats, light)
    return np.where(light.any(axis=-1, keepdims=True), lit, dark)


def _as_numbers(labels: NDArray[np.integer]) -> Pixels:
    """Labels (h, w) as three bytes each, the lowest first: (h, w, 3)."""
    return np.dstack([labels & 255, labels >> 8 & 255, labels >> 16 & 255]).astype(np.uint8)


def _three(tone: Pixels) -> Pixels:
    return tone if tone.ndim == 3 else np.repeat(tone[..., None], 3, axis=-1)


def _darkening(under: Pixels, factor: Pixels) -> Pixels:
    """(h, w, 4) that laid over `under` gives under · factor, as transparent as can be."""
    alpha = 255 - factor.min(axis=-1)
    share = np.maximum(alpha, 1)[..., None].astype(np.float32) / 255
    over = under * ((factor / np.float32(255) - 1 + share) / share)
    return np.dstack([_bytes(over), alpha])


def _lightening(under: Pixels, screen: Pixels) -> Pixels:
    """(h, w, 4) that laid over `under` gives 255 - (255 - under) · (255 - screen) / 255."""
    lit = _darkening(255 - under, 255 - screen)
    lit[..., :3] = 255 - lit[..., :3]
    return lit


def _bytes(values: NDArray[np.floating]) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _padded(pixels: Pixels, height: int, width: int) -> Pixels:
    """Grown to the right and below by what lies at the border."""
    down, right = height - pixels.shape[0], width - pixels.shape[1]
    if not (down or right):
        return pixels
    return np.pad(pixels, ((0, down), (0, right), *((0, 0),) * (pixels.ndim - 2)), mode="edge")
