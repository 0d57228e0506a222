"""Hints as files: our JSON, and PNG overlays from paint programs. See docs/hints.md."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from inkwash import json_files
from inkwash.colour import format_hex, parse_hex
from inkwash.errors import BadHints, BadPalette
from inkwash.geometry import Size
from inkwash.hints.model import Area, Dot, Hint, Hints, Shape, Stroke
from inkwash.hints.overlay import hints_from_overlay
from inkwash.writing import write_whole

FORMAT, VERSION = "inkwash-hints", 1
_MOST = 1_000_000  # pixels along a side; beyond it a number is a mistake
OVERLAY_SUFFIXES = (".png", ".webp", ".tif", ".tiff")
_OVERLAY_FORMATS = ("PNG", "WEBP", "TIFF")


def read(path: str | PathLike[str], size: Size | None = None) -> Hints:
    """A .json file or a picture with a transparent layer; with `size`, made for such a sketch.

    Raises `BadHints`, naming the file, when it is missing, broken, of another kind, or for a
    picture of another size.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix != ".json" and suffix not in OVERLAY_SUFFIXES:
        raise BadHints(
            f"{path} is no kind of hints file that is known; there are .json and, painted on a "
            f"transparent layer, {', '.join(OVERLAY_SUFFIXES)}"
        )
    try:
        if suffix != ".json":
            return _read_overlay(path, size)
        hints = decode(path.read_bytes())
        if size is not None:
            hints.expect_size(size)
    except BadHints as error:
        raise BadHints(f"{path}: {error}") from None
    except OSError as error:
        raise BadHints(f"{path} cannot be read: {error.strerror or error}") from None
    return hints


def write(hints: Hints, path: str | PathLike[str], *, force: bool = False) -> Path:
    """Write as JSON, whole or not at all."""
    return write_whole(path, encode(hints), force=force)


def encode(hints: Hints) -> bytes:
    size = [hints.size.width, hints.size.height]
    return json_files.encode(
        FORMAT, VERSION, {"size": size, "hints": [value_of(hint) for hint in hints.items]}
    )


def decode(data: bytes | str) -> Hints:
    """From JSON; `BadHints` names the item and the field that are wrong."""
    value = json_files.decode(data, FORMAT, VERSION, BadHints)
    items = value.get("hints")
    if not isinstance(items, list):
        raise BadHints('"hints" is missing; it is the list of the hints')
    size = Size(*_whole_numbers(value, "size", 2))
    if min(size.width, size.height) < 1 or max(size.width, size.height) > _MOST:
        raise BadHints(f"size is {value['size']}; it is [width, height], each 1 to {_MOST}")
    return Hints(size, tuple(_numbered_hint(item, place) for place, item in enumerate(items, 1)))


def value_of(hint: Hint) -> dict[str, Any]:
    """The hint as a JSON object."""
    shape = hint.shape
    value: dict[str, Any] = {"kind": hint.kind}
    if hint.rgb is not None:
        value["rgb"] = format_hex(hint.rgb)
    if isinstance(shape, Dot):
        return value | {"shape": "dot", "x": shape.x, "y": shape.y, "radius": shape.radius}
    if isinstance(shape, Stroke):
        points = [list(point) for point in shape.points]
        return value | {"shape": "stroke", "points": points, "width": shape.width}
    return value | {"shape": "area", "runs": [list(run) for run in shape.runs]}


def _numbered_hint(item: Any, place: int) -> Hint:
    try:
        return _hint(item)
    except (BadHints, BadPalette) as error:
        raise BadHints(f"hint {place}: {error}") from None


def _hint(item: Any) -> Hint:
    if not isinstance(item, dict):
        raise BadHints(f"it is {item!r}; a hint is an object with kind and shape")
    form, rgb = item.get("shape"), item.get("rgb")
    if not isinstance(form, str) or form not in _SHAPES:
        raise BadHints(f"shape is {form!r}; it is one of {', '.join(_SHAPES)}")
    fields, make = _SHAPES[form]
    if unknown := item.keys() - {"kind", "shape", "rgb", *fields}:
        raise BadHints(f"{min(unknown)} is no field of a {form}; there are {', '.join(fields)}")
    if not isinstance(rgb, str | None):
        raise BadHints(f"rgb is {rgb!r}; write it as #rrggbb")
    return Hint(item.get("kind"), make(item), None if rgb is None else parse_hex(rgb))  # type: ignore[arg-type]


def _dot(item: dict[str, Any]) -> Dot:
    return Dot(_number(item, "x"), _number(item, "y"), _number(item, "radius", Dot.radius))


def _stroke(item: dict[str, Any]) -> Stroke:
    points = [_pair(point) for point in _list(item, "points")]
    return Stroke(tuple(points), _number(item, "width", Stroke.width))


def _area(item: dict[str, Any]) -> Area:
    runs = _list(item, "runs")
    return Area(tuple(_whole_numbers({"runs": run}, "runs", 3) for run in runs))  # type: ignore[arg-type]


# By the name of a shape: its fields and how it is made of them.
_SHAPES: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], Shape]]] = {
    "dot": (("x", "y", "radius"), _dot),
    "stroke": (("points", "width"), _stroke),
    "area": (("runs",), _area),
}


def _number(item: dict[str, Any], field: str, default: float | None = None) -> float:
    value = item.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _MOST:
        raise BadHints(f"{field} is {value!r}; it must be a number of pixels")
    return value


def _list(item: dict[str, Any], field: str) -> list[Any]:
    if not isinstance(item.get(field), list):
        raise BadHints(f"{field} is {item.get(field)!r}; it must be a list")
    return item[field]


def _pair(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) != 2:
        raise BadHints(f"points has {point!r}; a point is [x, y]")
    named = {"points": point[0]}, {"points": point[1]}
    return _number(named[0], "points"), _number(named[1], "points")


def _whole_numbers(item: dict[str, Any], field: str, count: int) -> tuple[int, ...]:
    value = item.get(field)
    if not (
        isinstance(value, list) and len(value) == count and all(type(part) is int for part in value)
    ):
        raise BadHints(f"{field} is {value!r}; it must be {count} whole numbers")
    return tuple(value)


def decode_overlay(data: bytes, size: Size) -> Hints:
    """Of the bytes of a picture with a transparent layer, as large as the sketch.

    One of another size is a `BadHints` before its pixels are unpacked.
    """
    return hints_from_overlay(_pixels(BytesIO(data), size))


def _read_overlay(path: Path, size: Size | None) -> Hints:
    with path.open("rb") as stream:
        pixels = _pixels(stream, size)
    return hints_from_overlay(pixels)


def _pixels(stream: BinaryIO, size: Size | None) -> NDArray[np.uint8]:
    """(H, W, 4). `BadHints` for a picture without transparency, where all would be a hint."""
    from PIL import Image, UnidentifiedImageError

    from inkwash.decode import without_pillow_limit

    limit = nullcontext() if size is None else without_pillow_limit()  # as large as the sketch
    try:
        with limit, Image.open(stream, formats=_OVERLAY_FORMATS) as image:
            if size is not None:
                Hints(Size(*image.size)).expect_size(size)
            if not image.has_transparency_data:
                raise BadHints("no transparent layer; paint the hints on one and save with alpha")
            return np.asarray(image.convert("RGBA"))
    except (BadHints, MemoryError):
        raise
    except UnidentifiedImageError:
        raise BadHints(
            f"not a picture of a kind read here: {', '.join(_OVERLAY_FORMATS)}"
        ) from None
    except Exception as error:  # on damaged files the decoders raise every class there is
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BadHints(
            f"not a picture that can be read whole ({reason}); save the layer again"
        ) from error
