"""Compose: from a painting to a document of layers, the same for every writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from inkwash.flats import colour_layers, single_layer
from inkwash.geometry import Box, Size, Window
from inkwash.layers import Blend, Group, Layer, Pixels, Raster, flatten
from inkwash.sketch import Sketch

if TYPE_CHECKING:
    from inkwash.settle import Colouring, Painting

LayerKind = Literal["colour", "single"]
Tone = Pixels | Callable[..., Pixels]  # (H, W) greys or (H, W, 3)


@dataclass(frozen=True, kw_only=True)
class Document:
    """Layers bottom to top, and what a file says about them; `parameters` must fit JSON."""

    size: Size
    layers: tuple[Layer | Group, ...]
    name: str = "untitled"
    dpi: tuple[float, float] | None = None
    icc_profile: bytes | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)

    def planes(self) -> Pixels:
        """What is seen, (4, H, W): red, green, blue, alpha."""
        return flatten(self.layers, self.size)

    def flatten(self) -> Pixels:
        """What is seen: (H, W, 3), or (H, W, 4) where not all of it is opaque."""
        planes = self.planes()
        count = 3 if planes[3].min() == 255 else 4
        return np.ascontiguousarray(np.moveaxis(planes[:count], 0, -1))


def compose(
    painting: Painting,
    *,
    layers: LayerKind = "colour",
    picks: Sequence[int] | None = None,
    parameters: Mapping[str, object] | None = None,
) -> Document:
    """Paper, a group for each colouring (the chosen one seen), and the ink on top.

    layers: "colour" gives each flat colour a layer, "single" puts all flats in one.
    picks: which colourings, counted from 0; None takes all. If the chosen one is not among
    them, the first of them is seen.
    """
    sketch = painting.sketch
    shown = list(range(len(painting.colourings))) if picks is None else list(picks)
    seen = painting.chosen if painting.chosen in shown else shown[0]
    groups = [_proposal(painting, index, layers, index == seen) for index in shown]
    # Groups go from the last up to the first: layer panels then list them 1 to 9 downwards.
    return Document(
        size=sketch.size,
        layers=(paper_layer(sketch.size), *reversed(groups), ink_layer(sketch)),
        name=sketch.name,
        dpi=sketch.dpi,
        icc_profile=sketch.icc_profile,
        parameters=dict(parameters or {}),
    )


def render(painting: Painting, index: int) -> Pixels:
    """One colouring in full: (H, W, 3), or (H, W, 4) where regions were left transparent."""
    return compose(painting, layers="single", picks=(index,)).flatten()


def render_box(painting: Painting, index: int, box: Box) -> Pixels:
    """The part of `render` inside a box of the page, without the work for the rest."""
    sketch = painting.sketch
    alpha = None if sketch.alpha is None else sketch.alpha[box.slices]
    part = replace(sketch, ink=sketch.ink[box.slices], alpha=alpha)
    layers = (paper_layer(box.size), *colour_in(painting, index, Window(box)), ink_layer(part))
    return Document(size=box.size, layers=layers).flatten()


def colour_in(painting: Painting, index: int, window: Window) -> tuple[Layer, ...]:
    """Flats, shade and light of one colouring, of the size of the window's pixels."""
    colouring, labels = painting.colourings[index], painting.regions.labels[window.slices]
    size = Size(labels.shape[1], labels.shape[0])
    flats = single_layer(labels, colouring.colours, colouring.clear)
    return (flats, *_tones(colouring, size, window))


def paper_layer(size: Size) -> Layer:
    return Layer(name="paper", box=_whole(size), pixels=Raster(colour=np.full(3, 255, np.uint8)))


def ink_layer(sketch: Sketch) -> Layer:
    """The lines, byte for byte: on multiply, or black with the sketch's own transparency.

    Transparent black lines stay transparent, since over any opaque colour that looks exactly as
    multiplying does. Other transparent lines are multiplied as they look on white.
    """
    alpha = sketch.alpha
    if alpha is not None and np.array_equal(sketch.ink, 255 - alpha):
        raster, blend = Raster(colour=np.zeros(3, np.uint8), alpha=alpha), "normal"
    else:
        raster, blend = Raster(colour=sketch.ink), "multiply"
    return Layer(name="ink", box=_whole(sketch.size), pixels=raster, blend=blend)


def _proposal(painting: Painting, index: int, kind: LayerKind, visible: bool) -> Group:
    colouring, labels = painting.colourings[index], painting.regions.labels
    if kind == "colour":
        flats = colour_layers(labels, colouring.colours, colouring.clear)
    else:
        flats = [single_layer(labels, colouring.colours, colouring.clear)]
    tones = _tones(colouring, painting.sketch.size)
    name = f"{index + 1} {colouring.title}".strip()
    return Group(name=name, layers=(*flats, *tones), visible=visible)


def _tones(colouring: Colouring, size: Size, window: Window | None = None) -> Iterator[Layer]:
    """Layers of `size` with the tones of the window, or of the page."""
    if colouring.shade is not None:
        yield _tone_layer("shade", _within(colouring.shade, window), 255, "multiply", size)
    if colouring.light is not None:
        yield _tone_layer("light", _within(colouring.light, window), 0, "screen", size)


def _within(tone: Tone, window: Window | None) -> Callable[[], Pixels]:
    if callable(tone):
        return partial(tone, window) if window else tone
    return lambda: tone[window.slices] if window else tone


def _tone_layer(
    name: str, tone: Callable[[], Pixels], neutral: int, blend: Blend, size: Size
) -> Layer:
    """A tone that is transparent where it changes nothing, so that hidden paper shows through."""

    def read() -> Raster:
        pixels = tone()
        works = pixels != neutral if pixels.ndim == 2 else (pixels != neutral).any(axis=2)
        return Raster(colour=pixels, alpha=works.view(np.uint8) * np.uint8(255))

    return Layer(name=name, box=_whole(size), pixels=read, blend=blend)


def _whole(size: Size) -> Box:
    return Box(0, 0, size.width, size.height)
