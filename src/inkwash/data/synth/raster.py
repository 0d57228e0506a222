"""From a scene to pixels: ink, flat colours, shaded colours and labels in one walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray

from inkwash.data.synth.colours import brightened, lit, multiplied, shaded
from inkwash.data.synth.ink import Pen
from inkwash.data.synth.look import Look
from inkwash.data.synth.scene import Layer, Rgb, Scene, Shape

_MARGIN = 0.01  # of ink around a shape, in the frame's units
_WHITE = skia.Color(255, 255, 255)


@dataclass(frozen=True)
class Pixels:
    """A rendered scene; arrays of one height and width."""

    ink: NDArray[np.uint8]  # (H, W) 0 is ink
    flat: NDArray[np.uint8]  # (H, W, 3)
    shaded: NDArray[np.uint8]  # (H, W, 3)
    labels: NDArray[np.int32]  # (H, W) into `names`
    names: tuple[str, ...]


def render(scene: Scene, width: int, height: int, look: Look, rng: np.random.Generator) -> Pixels:
    """Draw the scene at `width` by `height` pixels."""
    walk = _Walk(scene, width, height, look, rng)
    for layer in scene.layers:
        walk.draw(layer)
    return walk.pixels()


class _Walk:
    """Three canvases that every shape is drawn on, back to front."""

    def __init__(
        self, scene: Scene, width: int, height: int, look: Look, rng: np.random.Generator
    ) -> None:
        self._scene, self._look, self._rng = scene, look, rng
        self._width, self._height = width, height
        self._pen = look.pen * min(scene.aspect, 1.0)
        self._arrays = [np.zeros((height, width, 4), dtype=np.uint8) for _ in range(3)]
        surfaces = [skia.Surface(a, colorType=skia.kRGBA_8888_ColorType) for a in self._arrays]
        self._surfaces = surfaces
        self._ink, self._shaded, self._labels = (s.getCanvas() for s in surfaces)
        self._names = ["paper"]
        self._colours = [scene.paper]
        for canvas, colour in zip(
            (self._ink, self._shaded, self._labels),
            (_WHITE, skia.Color(*scene.paper), skia.Color(0, 0, 0)),
            strict=True,
        ):
            canvas.clear(colour)
            canvas.scale(height, height)

    def draw(self, layer: Layer) -> None:
        canvases = (self._ink, self._shaded, self._labels)
        for canvas in canvases:
            canvas.save()
            if layer.clip is not None:
                canvas.clipPath(layer.clip, doAntiAlias=canvas is not self._labels)
            canvas.concat(layer.matrix)
        pixel = 1 / (self._height * layer.scale)
        pen = Pen(self._look, self._pen * layer.pen / layer.scale, pixel, self._rng)
        groups: dict[str, int] = {}
        for shape in layer.shapes:
            if not self._in_frame(shape, layer):
                continue
            self._draw_ink(shape, pen)
            self._draw_colour(shape, layer)
            self._draw_label(shape, layer, groups)
        for canvas in canvases:
            canvas.restore()

    def _in_frame(self, shape: Shape, layer: Layer) -> bool:
        """Whether any of it is seen; decided in the frame's units, the same at every size."""
        if shape.path.isEmpty():
            return True
        box = layer.matrix.mapRect(shape.path.getBounds())
        inside = box.left() < self._scene.aspect + _MARGIN and box.right() > -_MARGIN
        return inside and box.top() < 1 + _MARGIN and box.bottom() > -_MARGIN

    def pixels(self) -> Pixels:
        for surface in self._surfaces:
            surface.flushAndSubmit()
        ink, colours, labels = self._arrays
        numbers = labels[..., 0].astype(np.int32) | labels[..., 1].astype(np.int32) << 8
        return Pixels(
            ink[..., 0].copy(),
            np.array(self._colours, dtype=np.uint8)[numbers],
            colours[..., :3],
            numbers,
            tuple(self._names),
        )

    def _draw_ink(self, shape: Shape, pen: Pen) -> None:
        canvas = self._ink
        black = round(255 * (1 - self._look.ink))
        ink = skia.Paint(AntiAlias=True, Color=skia.Color(black, black, black))
        with _clipped(canvas, shape.clip):
            if shape.outline:
                canvas.drawPath(pen.outline(list(shape.outline), 2.0), ink)
            paper = ink if shape.inked else skia.Paint(AntiAlias=True, Color=_WHITE)
            canvas.drawPath(shape.path, paper)
            if shape.strokes:
                canvas.drawPath(pen.outline(list(shape.strokes)), ink)

    def _draw_label(self, shape: Shape, layer: Layer, groups: dict[str, int]) -> None:
        number = groups.get(shape.group) if shape.group else None
        if number is None:
            number = len(self._names)
            self._names.append(shape.role)
            self._colours.append(layer.palette[shape.role])
            if shape.group:
                groups[shape.group] = number
        paint = skia.Paint(Color=skia.Color(number & 255, number >> 8, 0))
        with _clipped(self._labels, shape.clip, smooth=False):
            self._labels.drawPath(shape.path, paint)

    def _draw_colour(self, shape: Shape, layer: Layer) -> None:
        colour = multiplied(layer.palette[shape.role], self._look.ambient)
        with _clipped(self._shaded, shape.clip):
            self._shaded.drawPath(shape.path, _filled(shape, colour))
            if self._look.shading != "flat" and not shape.glossy:
                self._shade(shape, colour, layer)
            elif shape.tints:
                with _clipped(self._shaded, shape.path):
                    self._tint(shape)

    def _shade(self, shape: Shape, colour: Rgb, layer: Layer) -> None:
        canvas, look = self._shaded, self._look
        dark = shaded(colour, look.shade, shape.role)
        blur = 0.08 if look.shading == "soft" else 0.0
        with _clipped(canvas, shape.path):
            self._tint(shape)
            if shape.turn:
                edge = _beyond(shape.path, self._light(layer), shape.turn)
                canvas.drawPath(edge, _plain(dark, blur * shape.turn * 4))
            for shadow in shape.shadows:
                canvas.drawPath(shadow, _plain(dark, blur))
            if look.shading in ("cel2", "soft"):
                for shadow in shape.deep:
                    canvas.drawPath(shadow, _plain(shaded(dark, look.shade, shape.role), blur))
            for light in shape.lights:
                canvas.drawPath(light, _plain(lit(colour), blur * 0.3))
            if look.rim and shape.turn:
                x, y = self._light(layer)
                edge = _beyond(shape.path, (-x, -y), -shape.turn * 0.25)
                canvas.drawPath(edge, _plain(lit(colour, 0.6), blur * 0.3))

    def _tint(self, shape: Shape) -> None:
        for tint in shape.tints:
            paint = _plain(multiplied(tint.rgb, self._look.ambient), tint.blur)
            paint.setAlphaf(tint.strength)
            self._shaded.drawPath(tint.path, paint)

    def _light(self, layer: Layer) -> tuple[float, float]:
        x, y = self._scene.light
        return (-x if layer.flip else x), y


class _clipped:  # noqa: N801
    """Within the block the canvas draws inside `path` only."""

    def __init__(self, canvas: skia.Canvas, path: skia.Path | None, smooth: bool = True) -> None:
        self._canvas, self._path, self._smooth = canvas, path, smooth

    def __enter__(self) -> None:
        if self._path is not None:
            self._canvas.save()
            self._canvas.clipPath(self._path, doAntiAlias=self._smooth)

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            self._canvas.restore()


def _plain(rgb: Rgb, blur: float = 0.0) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Color=skia.Color(*rgb))
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def _filled(shape: Shape, rgb: Rgb) -> skia.Paint:
    paint = _plain(rgb)
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
