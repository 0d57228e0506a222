"""What a picture is made of before it has pixels: strokes, shapes and layers, back to front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import skia

from inkwash.data.synth.curves import Points

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of ink along `curve`.

    `widths` are spread evenly along the curve and blended: (1, 1) is an even line, (1, 0.2) one
    that is lifted off the paper. They count in pens, or in the layer's own units when `brush`.
    """

    curve: Points
    widths: Sequence[float] = (0.75, 1.0, 0.75)
    brush: bool = False


@dataclass(frozen=True, slots=True)
class Tint:
    """A soft patch of colour over a shape: blush, a glow. `blur` in the layer's units."""

    path: skia.Path
    rgb: Rgb
    strength: float
    blur: float


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed on a shape: stripes, flowers. Cut at its edge, shaded as it is."""

    role: str
    path: skia.Path
    outline: Sequence[Stroke] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One closed area with its role, its ink and its shading, in the layer's units."""

    role: str
    path: skia.Path
    group: str = ""
    """Shapes of one layer with the same group are one region; empty means the shape itself."""
    outline: Sequence[Stroke] = ()
    """Drawn under the fill at twice the width, so that overlapping contours unite."""
    strokes: Sequence[Stroke] = ()
    """Drawn over the fill."""
    shadows: Sequence[skia.Path] = ()
    deep: Sequence[skia.Path] = ()
    lights: Sequence[skia.Path] = ()
    tints: Sequence[Tint] = ()
    prints: Sequence[Print] = ()
    turn: float = 0.0
    """Width of the shadow along the edge that the light does not reach."""
    ramp: tuple[float, float] | None = None
    """Brightness at the top and at the bottom of a vertical gradient; None is plain."""
    clip: skia.Path | None = None
    inked: bool = False
    """Filled with ink in the line art: pupils, black spots."""
    glossy: bool = False
    """Never shaded: highlights, screens, skies."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Shapes in one frame of reference: scaled, turned (degrees), moved into the picture."""

    shapes: Sequence[Shape]
    palette: Mapping[str, Rgb]
    scale: float = 1.0
    turn: float = 0.0
    x: float = 0.0
    y: float = 0.0
    pen: float = 1.0
    """The layer's pen against the picture's: backgrounds are drawn thinner."""
    clip: skia.Path | None = None
    """Nothing is drawn outside of it; in the scene's frame."""
    ground: bool = False
    """Behind all characters."""

    @property
    def matrix(self) -> skia.Matrix:
        matrix = skia.Matrix.Translate(self.x, self.y)
        matrix.preRotate(self.turn)
        matrix.preScale(self.scale, self.scale)
        return matrix


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Layers back to front in a frame of height 1 and width `aspect`."""

    layers: Sequence[Layer]
    aspect: float = 1.0
    paper: Rgb = (255, 255, 255)
    light: tuple[float, float] = field(default=(-0.6, -0.8))
    """Where the light comes from: a unit vector in the picture, y downwards."""
