"""What manga puts on dark hair and cloth in the line art: spots of black, screentone."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from inkwash.data.synth.canvas import clipped, plain
from inkwash.data.synth.colours import lightness
from inkwash.data.synth.look import Look
from inkwash.data.synth.scene import Layer, Shape

_DARK = 100  # lightness 0…255 under which an area takes a tone
_WHITE = (255, 255, 255)
_PITCH = 0.011  # between dots, as a share of the picture's height
_TILE = 32  # pixels of the picture of one dot
_BLACKS = frozenset(("hair", "tie", "ribbon", "socks", "shoes"))
_DOTTED = _BLACKS | frozenset(
    ("top", "collar", "lapel", "hood", "skirt", "trousers", "hat", "cape", "obi", "prop")
)


class Tones:
    """Fills dark shapes with black or with dots, on a canvas of their own."""

    def __init__(self, canvas: skia.Canvas, look: Look) -> None:
        self._canvas, self._look = canvas, look
        self._roles = _BLACKS if look.tones == "blacks" else _DOTTED

    def draw(self, shape: Shape, layer: Layer) -> None:
        """Lay the tone of one shape over what lies behind it."""
        with clipped(self._canvas, shape.clip):
            self._canvas.drawPath(shape.path, plain(_WHITE))
            if shape.role in self._roles and lightness(layer.palette[shape.role]) < _DARK:
                self._canvas.drawPath(shape.path, self._paint(layer))
                with clipped(self._canvas, shape.path):
                    for light in shape.lights:
                        self._canvas.drawPath(light, plain(_WHITE))

    def _paint(self, layer: Layer) -> skia.Paint:
        paint = plain((0, 0, 0))
        if self._look.tones == "dots":
            size = _PITCH / layer.scale / _TILE
            grid = skia.Matrix.RotateDeg(45).preScale(size, size)
            repeat = skia.TileMode.kRepeat
            linear = skia.SamplingOptions(skia.FilterMode.kLinear)
            paint.setShader(_dot().makeShader(repeat, repeat, linear, grid))
        return paint


@cache
def _dot() -> skia.Image:
    """A black dot on white (32, 32)."""
    y, x = np.mgrid[:_TILE, :_TILE] + 0.5 - _TILE / 2
    grey = np.clip(np.hypot(x, y) - _TILE * 0.32 + 0.5, 0, 1) * 255
    tile = np.repeat(grey[..., None], 4, axis=2).astype(np.uint8)
    tile[..., 3] = 255
    return skia.Image.fromarray(tile)
