"""Palettes as files: GIMP .gpl, Adobe .ase and .aco, and our own .json.

Only .json keeps roles and shares; .aco has no name for the whole palette.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from inkwash import json_files
from inkwash.colour import parse_hex
from inkwash.errors import BadPalette
from inkwash.palettes import adobe
from inkwash.palettes.palette import Palette, Swatch
from inkwash.writing import write_whole

JSON_FORMAT, JSON_VERSION = "inkwash-palette", 1
_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Format:
    """A kind of palette file; `decode` raises `BadPalette` for bytes that are none of it."""

    title: str
    decode: Callable[[bytes], Palette]
    encode: Callable[[Palette], bytes]


def read(path: str | PathLike[str]) -> Palette:
    """A palette file, by its suffix; a palette without a name gets the file's.

    Raises `BadPalette`, naming the file, when it is missing, of another kind or cut short.
    """
    path = Path(path)
    form = format_of(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadPalette(f"too large for a palette; at most {_MOST_BYTES} bytes are read")
        palette = form.decode(path.read_bytes())
    except OSError as error:
        raise BadPalette(f"{path} cannot be read: {error.strerror}") from None
    except BadPalette as error:
        raise BadPalette(f"{path}: {error}") from None
    return palette if palette.name else Palette(palette.swatches, path.stem, palette.shares)


def write(palette: Palette, path: str | PathLike[str], *, force: bool = False) -> Path:
    """Write in the format that the suffix names, whole or not at all."""
    return write_whole(path, format_of(path).encode(palette), force=force)


def format_of(path: str | PathLike[str]) -> Format:
    """By suffix, upper or lower case; `BadPalette` lists what there is."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(f"{key} ({form.title})" for key, form in FORMATS.items())
        raise BadPalette(f"{path} is no kind of palette file that is known; there are {known}")
    return FORMATS[suffix]


def decode_gpl(data: bytes) -> Palette:
    """A GIMP palette: a header, then `red green blue name` on each line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # old programs wrote the letters of their own system
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if lines[0].strip() != "GIMP Palette":
        raise BadPalette("not a GIMP palette: its first line is not 'GIMP Palette'")
    name, swatches = "", []
    for number, line in enumerate(lines[1:], start=2):
        if found := re.fullmatch(r"Name:(.*)", line):
            name = found[1].strip()
        elif line.strip() and not re.match(r"\s*#|[A-Za-z]+:", line):
            swatches.append(_gpl_swatch(line, number))
    return Palette(tuple(swatches), name)


def encode_gpl(palette: Palette) -> bytes:
    lines = ["GIMP Palette", f"Name: {_one_line(palette.name)}", "Columns: 0", "#"]
    for swatch in palette.swatches:
        numbers = " ".join(f"{part:3d}" for part in swatch.rgb)
        lines.append(f"{numbers}\t{_one_line(swatch.name) or 'Untitled'}")
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def decode_json(data: bytes) -> Palette:
    """Our own format, see docs/palettes.md."""
    return palette_from_value(json_files.decode(data, JSON_FORMAT, JSON_VERSION, BadPalette))


def encode_json(palette: Palette) -> bytes:
    return json_files.encode(JSON_FORMAT, JSON_VERSION, value_of_palette(palette))


def palette_from_value(value: Any) -> Palette:
    """The palette in a JSON object {name, swatches: [{rgb, name, role, share}]}."""
    swatches = value.get("swatches") if isinstance(value, dict) else None
    if not isinstance(swatches, list) or not isinstance(value.get("name", ""), str):
        raise BadPalette('a palette needs a list "swatches" and, if any, a text "name"')
    made = tuple(_json_swatch(item, place) for place, item in enumerate(swatches, start=1))
    shares = [item.get("share") for item in swatches]
    if all(share is None for share in shares):
        return Palette(made, value.get("name", ""))
    for place, share in enumerate(shares, start=1):
        if isinstance(share, bool) or not isinstance(share, (int, float)):
            raise BadPalette(f"swatch {place}: share is {share!r}; give all a number or none")
    return Palette(made, value.get("name", ""), tuple(map(float, shares)))


def value_of_palette(palette: Palette) -> dict[str, Any]:
    """The palette as a JSON object, without what is empty."""
    swatches: list[dict[str, Any]] = []
    for place, swatch in enumerate(palette.swatches):
        item: dict[str, Any] = {"rgb": swatch.hex, "name": swatch.name, "role": swatch.role}
        if palette.shares is not None:
            item["share"] = palette.shares[place]
        swatches.append({key: part for key, part in item.items() if part != ""})
    return {"name": palette.name, "swatches": swatches}


def _json_swatch(item: Any, place: int) -> Swatch:
    if not isinstance(item, dict):
        raise BadPalette(f'swatch {place} is {item!r}; it must be an object with "rgb"')
    if "rgb" not in item:
        given = ", ".join(map(str, item)) or "nothing"
        raise BadPalette(f'swatch {place} has no "rgb", such as "#ff8800", but {given}')
    texts = [item.get(key, "") for key in ("rgb", "name", "role")]
    if not all(isinstance(text, str) for text in texts):
        raise BadPalette(f"swatch {place}: rgb, name and role must be texts")
    try:
        return Swatch(parse_hex(texts[0]), texts[1], texts[2])
    except BadPalette as error:
        raise BadPalette(f"swatch {place}: {error}") from None


def _gpl_swatch(line: str, number: int) -> Swatch:
    found = re.fullmatch(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*))?", line, re.ASCII)
    if not found:
        raise BadPalette(f"line {number} is {line[:40]!r}; expected: red green blue name")
    rgb = int(found[1]), int(found[2]), int(found[3])
    if max(rgb) > 255:
        raise BadPalette(f"line {number}: {rgb} is no colour; each part is at most 255")
    name = (found[4] or "").strip()
    return Swatch(rgb, "" if name == "Untitled" else name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


FORMATS = {
    ".gpl": Format("GIMP palette", decode_gpl, encode_gpl),
    ".ase": Format("Adobe swatch exchange", adobe.decode_ase, adobe.encode_ase),
    ".aco": Format("Adobe colour swatches", adobe.decode_aco, adobe.encode_aco),
    ".json": Format("inkwash palette", decode_json, encode_json),
}
