"""The colour canvas: fills, shadows, lights, blush."""

from __future__ import annotations

import math
from collections.abc import Sequence

import skia

from inkwash.data.synth.canvas import clipped, plain
from inkwash.data.synth.colours import brightened, lit, multiplied, shaded
from inkwash.data.synth.look import Look
from inkwash.data.synth.scene import Layer, Print, Rgb, Shape

_BLUR = 0.08  # of soft shadows, in the layer's units


class Brush:
    """Paints shapes on one canvas in one look, lit from one side."""

    def __init__(self, canvas: skia.Canvas, look: Look, light: tuple[float, float]) -> None:
        self._canvas, self._look, self._light_from = canvas, look, light

    def draw(self, shape: Shape, layer: Layer) -> None:
        """Fill one shape and shade it."""
        colour = multiplied(layer.palette[shape.role], self._look.ambient)
        with clipped(self._canvas, shape.clip):
            self._canvas.drawPath(shape.path, _filled(shape, colour))
            if self._look.shading != "flat" and not shape.glossy:
                self._shade(shape, colour, layer)
            elif shape.tints:
                with clipped(self._canvas, shape.path):
                    self._tint(shape)
            for printed in shape.prints:
                self._print(shape, printed, layer)

    def _print(self, shape: Shape, printed: Print, layer: Layer) -> None:
        colour = multiplied(layer.palette[printed.role], self._look.ambient)
        with clipped(self._canvas, shape.path), clipped(self._canvas, printed.path):
            self._canvas.drawPath(printed.path, plain(colour))
            if self._look.shading != "flat":
                self._shade(shape, colour, layer)

    def _shade(self, shape: Shape, colour: Rgb, layer: Layer) -> None:
        canvas, look = self._canvas, self._look
        dark = shaded(colour, look.shade, shape.role)
        blur = _BLUR if look.shading == "soft" else 0.0
        with clipped(canvas, shape.path):
            self._tint(shape)
            if shape.turn:
                edge = _beyond(shape.path, self._light(layer), shape.turn)
                canvas.drawPath(edge, plain(dark, blur * shape.turn * 4))
            for shadow in shape.shadows:
                canvas.drawPath(shadow, plain(dark, blur))
            if look.shading in ("cel2", "soft"):
                for shadow in shape.deep:
                    canvas.drawPath(shadow, plain(shaded(dark, look.shade, shape.role), blur))
            for light in shape.lights:
                canvas.drawPath(light, plain(lit(colour), blur * 0.3))
            if look.rim and shape.turn:
                x, y = self._light(layer)
                edge = _beyond(shape.path, (-x, -y), -shape.turn * 0.25)
                canvas.drawPath(edge, plain(lit(colour, 0.3), blur * 0.3))

    def _tint(self, shape: Shape) -> None:
        for tint in shape.tints:
            paint = plain(multiplied(tint.rgb, self._look.ambient), tint.blur)
            paint.setAlphaf(tint.strength)
            self._canvas.drawPath(tint.path, paint)

    def _light(self, layer: Layer) -> tuple[float, float]:
        """Where the light comes from, in the layer's turned frame."""
        (x, y), turn = self._light_from, math.radians(layer.turn)
        return (
            x * math.cos(turn) + y * math.sin(turn),
            y * math.cos(turn) - x * math.sin(turn),
        )


def _filled(shape: Shape, rgb: Rgb) -> skia.Paint:
    paint = plain(rgb)
    if shape.ramp is not None:
        box = shape.path.getBounds()
        ends = [skia.Point(0, box.top()), skia.Point(0, box.bottom())]
        colours = [skia.Color(*brightened(rgb, k)) for k in shape.ramp]
        paint.setShader(skia.GradientShader.MakeLinear(ends, colours))
    return paint


def _beyond(path: skia.Path, light: Sequence[float], distance: float) -> skia.Path:
    """Everything outside of the path moved towards the light: the edge in shadow."""
    moved = skia.Path(path)
    moved.offset(light[0] * distance, light[1] * distance)
    moved.toggleInverseFillType()
    return moved
