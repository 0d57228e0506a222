"""From regions with a colour each to one layer per colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import format_hex, name_of
from inkwash.geometry import Box
from inkwash.layers import Layer, Pixels, Raster
from inkwash.spans import Spans, spans_by_value

# Photoshop stops at 8000 layers; nine proposals and their shading stay far under that.
MOST_COLOUR_LAYERS = 250


def colour_layers(
    labels: NDArray[np.int32], colours: Pixels, clear: NDArray[np.bool_]
) -> list[Layer]:
    """One layer for each colour, cut to its box, the largest area at the bottom.

    labels: (H, W) the region of each pixel. colours: (R, 3) of each region. clear: (R,) regions
    left without colour. The smallest colours beyond the 250th share one layer.
    """
    palette, of_region = _number_colours(colours, clear)
    found = list(enumerate(spans_by_value(of_region[labels], len(palette))))[1:]
    used = [(number, spans) for number, spans in found if spans.area]
    used.sort(key=lambda entry: -entry[1].area)
    alone = len(used) if len(used) <= MOST_COLOUR_LAYERS else MOST_COLOUR_LAYERS - 1
    layers = [_colour_layer(palette[number], spans) for number, spans in used[:alone]]
    if used[alone:]:
        rest = np.isin(of_region, [number for number, _ in used[alone:]])
        name = f"{len(used) - alone} small colours"
        layers.insert(0, single_layer(labels, colours, ~rest, name))
    return layers


def single_layer(
    labels: NDArray[np.int32], colours: Pixels, clear: NDArray[np.bool_], name: str = "flats"
) -> Layer:
    """All flats as one layer of the whole picture; arguments as in `colour_layers`."""
    height, width = labels.shape

    def read() -> Raster:
        alpha_of = np.where(clear, np.uint8(0), np.uint8(255))
        alpha = alpha_of[labels] if clear.any() else None
        planes = np.stack([values.take(labels) for values in colours.T])  # (3, H, W)
        return Raster(colour=np.moveaxis(planes, 0, -1), alpha=alpha)

    return Layer(name=name, box=Box(0, 0, width, height), pixels=read)


def _number_colours(
    colours: Pixels, clear: NDArray[np.bool_]
) -> tuple[Pixels, NDArray[np.unsignedinteger]]:
    """The different colours (1 + C, 3), and for each region its colour's number or 0."""
    palette, inverse = np.unique(colours[~clear], axis=0, return_inverse=True)
    palette = np.concatenate([np.zeros((1, 3), np.uint8), palette])
    numbers = np.zeros(len(colours), np.min_scalar_type(len(palette)))
    numbers[~clear] = 1 + inverse.reshape(-1)
    return palette, numbers


def _colour_layer(colour: Pixels, spans: Spans) -> Layer:
    box = spans.box
    raster = Raster(colour=colour, alpha=spans.moved(-box.left, -box.top))
    return Layer(name=_name_of(colour), box=box, pixels=raster)


def _name_of(colour: Pixels) -> str:
    red, green, blue = (int(part) for part in colour)
    rgb = red, green, blue
    return f"{name_of(rgb)} {format_hex(rgb)}"
