"""Adobe's binary palettes, big-endian: .ase (swatch exchange) and .aco (Photoshop's swatches)."""

from __future__ import annotations

import colorsys
import math
import struct
from typing import Any

import numpy as np

from inkwash.colour import Rgb, as_uint8, srgb_from_lab
from inkwash.errors import BadPalette
from inkwash.palettes.palette import Palette, Swatch

_ASE_GROUP, _ASE_GROUP_END, _ASE_COLOUR = 0xC001, 0xC002, 0x0001
_ASE_NORMAL = 2  # neither a global nor a spot colour
_ASE_PARTS = {b"RGB ": 3, b"CMYK": 4, b"LAB ": 3, b"Gray": 1}
_ACO_RGB, _ACO_HSB, _ACO_CMYK, _ACO_LAB, _ACO_GREY, _ACO_WIDE_CMYK = 0, 1, 2, 7, 8, 9
_LONGEST_NAME = 1000


def decode_ase(data: bytes) -> Palette:
    """Swatches in file order; the first group's name is the palette's."""
    block = _Cursor(data)
    if block.bytes(4) != b"ASEF":
        raise BadPalette("not an Adobe swatch exchange file: it does not begin with 'ASEF'")
    major, _minor, count = block.numbers("HHI")
    if major != 1:
        raise BadPalette(f"version {major} of .ase is not known; version 1 is read")
    name, swatches = "", []
    for _ in range(count):
        kind, length = block.numbers("HI")
        content = _Cursor(block.bytes(length))
        if kind == _ASE_COLOUR:
            swatches.append(_ase_swatch(content))
        elif kind == _ASE_GROUP and not name:
            name = content.text(*content.numbers("H"))
    return Palette(tuple(swatches), name)


def encode_ase(palette: Palette) -> bytes:
    blocks = [_ase_block(_ASE_COLOUR, _ase_colour(swatch)) for swatch in palette.swatches]
    if palette.name:
        begin = _ase_block(_ASE_GROUP, _text(palette.name, "H"))
        blocks = [begin, *blocks, _ase_block(_ASE_GROUP_END, b"")]
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


def decode_aco(data: bytes) -> Palette:
    """Version 2 (with names) where the file has it, else version 1."""
    cursor = _Cursor(data)
    version, count = cursor.numbers("HH")
    if version not in (1, 2):
        raise BadPalette("not a Photoshop swatches file: it does not begin with version 1 or 2")
    swatches = [_aco_swatch(cursor, version) for _ in range(count)]
    if version == 1 and cursor.left >= 4:
        version, count = cursor.numbers("HH")
        if version != 2:
            raise BadPalette(f"after the first swatches comes version {version}; expected 2")
        swatches = [_aco_swatch(cursor, version) for _ in range(count)]
    return Palette(tuple(swatches))


def encode_aco(palette: Palette) -> bytes:
    """Both versions one after the other, as Photoshop writes them."""
    colours = [
        struct.pack(">5H", _ACO_RGB, *(part * 257 for part in swatch.rgb), 0)
        for swatch in palette.swatches
    ]
    names = [_text(swatch.name, "I") for swatch in palette.swatches]
    named = [colour + name for colour, name in zip(colours, names, strict=True)]
    return b"".join(
        struct.pack(">HH", version, len(parts)) + b"".join(parts)
        for version, parts in ((1, colours), (2, named))
    )


class _Cursor:
    """Reads big-endian values one after the other; `BadPalette` when the bytes run out."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def bytes(self, count: int) -> bytes:
        if count > self.left:
            raise BadPalette(
                f"cut short: {count} bytes expected at byte {self._at}, {self.left} left"
            )
        self._at += count
        return self._data[self._at - count : self._at]

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(">" + form, self.bytes(struct.calcsize(">" + form)))

    def text(self, units: int) -> str:
        """UTF-16 of so many 2-byte units, of which the last is a zero."""
        return self.bytes(2 * units).decode("utf-16-be", "replace").removesuffix("\0")


def _text(text: str, length: str) -> bytes:
    """UTF-16 with a closing zero, after its length in 2-byte units."""
    content = (text[:_LONGEST_NAME] + "\0").encode("utf-16-be", "replace")
    return struct.pack(">" + length, len(content) // 2) + content


def _ase_block(kind: int, content: bytes) -> bytes:
    return struct.pack(">HI", kind, len(content)) + content


def _ase_colour(swatch: Swatch) -> bytes:
    parts = (part / 255 for part in swatch.rgb)
    return _text(swatch.name, "H") + struct.pack(">4s3fH", b"RGB ", *parts, _ASE_NORMAL)


def _ase_swatch(block: _Cursor) -> Swatch:
    name = block.text(*block.numbers("H"))
    model = block.bytes(4)
    if model not in _ASE_PARTS:
        raise BadPalette(f"swatch {name!r} is in {model!r}; RGB, CMYK, LAB and Gray are read")
    parts = block.numbers(f"{_ASE_PARTS[model]}f")
    if not all(map(math.isfinite, parts)):
        raise BadPalette(f"swatch {name!r} has the value {parts}, which is no colour")
    if model == b"CMYK":
        return Swatch(_from_cmyk(*parts), name)
    if model == b"LAB ":
        return Swatch(_from_lab(parts[0] * 100, parts[1], parts[2]), name)
    return Swatch(_bytes_of(*parts) if model == b"RGB " else _bytes_of(*parts * 3), name)


def _aco_swatch(cursor: _Cursor, version: int) -> Swatch:
    space, *parts = cursor.numbers("5H")
    name = cursor.text(*cursor.numbers("I")) if version == 2 else ""
    return Swatch(_aco_rgb(space, parts), name)


def _aco_rgb(space: int, parts: list[int]) -> Rgb:
    if space == _ACO_RGB:
        return parts[0] >> 8, parts[1] >> 8, parts[2] >> 8
    if space == _ACO_HSB:
        return _bytes_of(*colorsys.hsv_to_rgb(*(part / 65535 for part in parts[:3])))
    if space == _ACO_CMYK:  # stored upside down: 0 is full ink
        return _from_cmyk(*(1 - part / 65535 for part in parts))
    if space == _ACO_WIDE_CMYK:
        return _from_cmyk(*(part / 10000 for part in parts))
    if space == _ACO_LAB:
        a, b = (part - 65536 if part >= 32768 else part for part in parts[1:3])
        return _from_lab(parts[0] / 100, a / 100, b / 100)
    if space == _ACO_GREY:  # 0 is white here: how much ink
        return _bytes_of(*(1 - parts[0] / 10000,) * 3)
    raise BadPalette(f"colour space {space} is not known; RGB, HSB, CMYK, Lab and grey are read")


def _bytes_of(red: float, green: float, blue: float) -> Rgb:
    """0…1 to 0…255."""
    red, green, blue = (round(255 * min(1, max(0, part))) for part in (red, green, blue))
    return int(red), int(green), int(blue)


def _from_cmyk(cyan: float, magenta: float, yellow: float, black: float) -> Rgb:
    """Without a printer's profile, as paint programs do when they have none."""
    return _bytes_of(*((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)))


def _from_lab(light: float, a: float, b: float) -> Rgb:
    red, green, blue = as_uint8(srgb_from_lab(np.array([light, a, b], np.float32))).tolist()
    return red, green, blue
