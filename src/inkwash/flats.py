"""From regions with a colour each to one layer per colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import format_hex, name_of
from inkwash.geometry import Box
from inkwash.layers import Layer, Pixels, Raster

if TYPE_CHECKING:
    from inkwash.regions import Regions

Ints = NDArray[np.signedinteger]

# Photoshop stops at 8000 layers; nine proposals and their shading stay far under that.
MOST_COLOUR_LAYERS = 250
_FAR = np.iinfo(np.int32).max


def colour_layers(regions: Regions, colours: Pixels, clear: NDArray[np.bool_]) -> list[Layer]:
    """One layer for each colour, cut to its box, the largest area at the bottom.

    colours: (R, 3) of each region. clear: (R,) regions left without colour. The smallest colours
    beyond the 250th share one layer.
    """
    palette, of_region = _number_colours(colours, clear)
    plane = of_region[regions.labels]  # (H, W): 0 where clear, k for palette[k]
    areas = _joined_areas(regions.areas, of_region, len(palette))
    boxes = _joined_boxes(regions.boxes, of_region, len(palette))
    order = 1 + np.argsort(-areas[1:], kind="stable")
    rest = order[MOST_COLOUR_LAYERS - 1 :] if len(order) > MOST_COLOUR_LAYERS else order[:0]
    layers = [_rest_layer(plane, palette, rest, boxes)] if len(rest) else []
    for number in order[: len(order) - len(rest)].tolist():
        layers.append(_colour_layer(plane, palette[number], number, boxes[number]))
    return layers


def single_layer(regions: Regions, colours: Pixels, clear: NDArray[np.bool_]) -> Layer:
    """All flats as one layer of the whole picture; arguments as in `colour_layers`."""
    height, width = regions.labels.shape

    def read() -> Raster:
        alpha_of = np.where(clear, np.uint8(0), np.uint8(255))
        alpha = alpha_of[regions.labels] if clear.any() else None
        return Raster(colour=colours[regions.labels], alpha=alpha)

    return Layer(name="flats", box=Box(0, 0, width, height), pixels=read)


def _joined_areas(areas: Ints, groups: NDArray[np.unsignedinteger], count: int) -> Ints:
    return np.bincount(groups, weights=areas, minlength=count).astype(np.int64)


def _joined_boxes(boxes: Ints, groups: NDArray[np.unsignedinteger], count: int) -> list[Box]:
    """The smallest box around all boxes (left, top, right, bottom) of each group."""
    joined = np.tile(np.array([_FAR, _FAR, 0, 0], np.int64), (count, 1))
    np.minimum.at(joined[:, :2], groups, boxes[:, :2])
    np.maximum.at(joined[:, 2:], groups, boxes[:, 2:])
    return [Box(*sides) for sides in joined.tolist()]


def _number_colours(
    colours: Pixels, clear: NDArray[np.bool_]
) -> tuple[Pixels, NDArray[np.unsignedinteger]]:
    """The different colours (1 + C, 3), and for each region its colour's number or 0."""
    palette, inverse = np.unique(colours[~clear], axis=0, return_inverse=True)
    palette = np.concatenate([np.zeros((1, 3), np.uint8), palette])
    numbers = np.zeros(len(colours), np.min_scalar_type(len(palette)))
    numbers[~clear] = 1 + inverse.reshape(-1)
    return palette, numbers


def _colour_layer(
    plane: NDArray[np.unsignedinteger], colour: Pixels, number: int, box: Box
) -> Layer:
    def read() -> Raster:
        covered = plane[box.slices] == number
        return Raster(colour=colour, alpha=covered.view(np.uint8) * np.uint8(255))

    return Layer(name=_name_of(colour), box=box, pixels=read)


def _rest_layer(
    plane: NDArray[np.unsignedinteger], palette: Pixels, rest: Ints, boxes: list[Box]
) -> Layer:
    box = _around([boxes[number] for number in rest.tolist()])
    alpha_of = np.zeros(len(palette), np.uint8)
    alpha_of[rest] = 255

    def read() -> Raster:
        part = plane[box.slices]
        return Raster(colour=palette[part], alpha=alpha_of[part])

    return Layer(name=f"{len(rest)} small colours", box=box, pixels=read)


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _name_of(colour: Pixels) -> str:
    red, green, blue = (int(part) for part in colour)
    rgb = red, green, blue
    return f"{name_of(rgb)} {format_hex(rgb)}"
