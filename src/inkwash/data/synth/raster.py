"""From a scene to pixels: ink, flat colours, shaded colours and labels in one walk."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from inkwash.data.synth.canvas import clipped
from inkwash.data.synth.ink import Pen
from inkwash.data.synth.light import fallen
from inkwash.data.synth.look import Look
from inkwash.data.synth.scene import Layer, Scene, Shape
from inkwash.data.synth.shading import Brush
from inkwash.data.synth.tones import Tones

_MARGIN = 0.01  # of ink around a shape, in the frame's units
_WHITE = skia.Color(255, 255, 255)


@dataclass(frozen=True)
class Pixels:
    """A rendered scene; arrays of one height and width."""

    ink: NDArray[np.uint8]  # (H, W) 0 is ink: the lines that are seen over the colours
    line: NDArray[np.uint8]  # (H, W) all lines, and tones
    flat: NDArray[np.uint8]  # (H, W, 3)
    shaded: NDArray[np.uint8]  # (H, W, 3)
    labels: NDArray[np.int32]  # (H, W) into `names`
    names: tuple[str, ...]


def render(scene: Scene, width: int, height: int, look: Look, rng: np.random.Generator) -> Pixels:
    """Draw the scene at `width` by `height` pixels."""
    walk = _Walk(scene, width, height, look, rng)
    first = next((i for i, layer in enumerate(scene.layers) if not layer.ground), None)
    for i, layer in enumerate(scene.layers):
        if i == first:
            walk.end_ground()
        walk.draw(layer)
    if first is None:
        walk.end_ground()
    return walk.pixels()


@dataclass(frozen=True)
class _Ground:
    """What was drawn before the first character."""

    ink: NDArray[np.uint8]  # (H, W)
    names: int  # so many labels


class _Walk:
    """Four canvases that every shape is drawn on, back to front."""

    def __init__(
        self, scene: Scene, width: int, height: int, look: Look, rng: np.random.Generator
    ) -> None:
        self._scene, self._look, self._rng = scene, look, rng
        self._width, self._height = width, height
        self._pen = look.pen * min(scene.aspect, 1.0)
        self._arrays = [np.zeros((height, width, 4), dtype=np.uint8) for _ in range(4)]
        surfaces = [skia.Surface(a, colorType=skia.kRGBA_8888_ColorType) for a in self._arrays]
        self._surfaces = surfaces
        self._canvases = tuple(s.getCanvas() for s in surfaces)
        self._ink, self._shaded, self._labels, self._tone = self._canvases
        self._brush = Brush(self._shaded, look, scene.light)
        self._tones = Tones(self._tone, look) if look.tones != "none" else None
        self._ground: _Ground | None = None
        self._names = ["paper"]
        self._colours = [scene.paper]
        for canvas, colour in zip(
            self._canvases,
            (_WHITE, skia.Color(*scene.paper), skia.Color(0, 0, 0), _WHITE),
            strict=True,
        ):
            canvas.clear(colour)
            canvas.scale(height, height)

    def draw(self, layer: Layer) -> None:
        for canvas in self._canvases:
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
            self._brush.draw(shape, layer)
            if self._tones:
                self._tones.draw(shape, layer)
            self._draw_label(shape, layer, groups)
        for canvas in self._canvases:
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
        ink, colours, labels, tone = self._arrays
        numbers = labels[..., 0].astype(np.int32) | labels[..., 1].astype(np.int32) << 8
        return Pixels(
            self._seen(ink[..., 0], numbers),
            np.minimum(ink[..., 0], tone[..., 0]) if self._tones else ink[..., 0].copy(),
            np.array(self._colours, dtype=np.uint8)[numbers],
            self._lit(colours[..., :3], numbers != 0),
            numbers,
            tuple(self._names),
        )

    def end_ground(self) -> None:
        """Blur the ground and remember its lines, as the look says."""
        for surface in self._surfaces:
            surface.flushAndSubmit()
        blur = self._look.haze * self._height
        if blur > 0:
            colours = self._arrays[1]
            colours[...] = cv2.GaussianBlur(colours, (0, 0), blur, borderType=cv2.BORDER_REPLICATE)
            self._surfaces[1].notifyContentWillChange(skia.Surface.kRetain_ContentChangeMode)
        if self._look.painted:
            self._ground = _Ground(self._arrays[0][..., 0].copy(), len(self._names))

    def _seen(self, ink: NDArray[np.uint8], numbers: NDArray[np.int32]) -> NDArray[np.uint8]:
        """The ink without that of a painted ground."""
        if self._ground is None:
            return ink.copy()
        bare = (numbers < self._ground.names) & (ink >= self._ground.ink)
        return np.where(bare, np.uint8(255), ink)

    def _lit(self, colours: NDArray[np.uint8], covered: NDArray[np.bool_]) -> NDArray[np.uint8]:
        if self._look.fall is None:
            return colours
        return fallen(colours, covered, self._look.fall, self._scene.light)

    def _draw_ink(self, shape: Shape, pen: Pen) -> None:
        canvas = self._ink
        black = round(255 * (1 - self._look.ink))
        ink = skia.Paint(AntiAlias=True, Color=skia.Color(black, black, black))
        with clipped(canvas, shape.clip):
            if shape.outline:
                canvas.drawPath(pen.outline(list(shape.outline), 2.0), ink)
            paper = ink if shape.inked else skia.Paint(AntiAlias=True, Color=_WHITE)
            canvas.drawPath(shape.path, paper)
            for printed in shape.prints:
                with clipped(canvas, shape.path):
                    canvas.drawPath(pen.outline(list(printed.outline)), ink)
            if shape.strokes:
                canvas.drawPath(pen.outline(list(shape.strokes)), ink)

    def _draw_label(self, shape: Shape, layer: Layer, groups: dict[str, int]) -> None:
        number = groups.get(shape.group) if shape.group else None
        if number is None:
            number = self._numbered(shape.role, layer)
            if shape.group:
                groups[shape.group] = number
        with clipped(self._labels, shape.clip, smooth=False):
            self._labels.drawPath(shape.path, _labelled(number))
            for printed in shape.prints:
                with clipped(self._labels, shape.path, smooth=False):
                    mark = _labelled(self._numbered(printed.role, layer))
                    self._labels.drawPath(printed.path, mark)

    def _numbered(self, role: str, layer: Layer) -> int:
        """The number of a new label."""
        self._names.append(role)
        self._colours.append(layer.palette[role])
        return len(self._names) - 1


def _labelled(number: int) -> skia.Paint:
    return skia.Paint(Color=skia.Color(number & 255, number >> 8, 0))
