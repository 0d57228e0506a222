"""The named palettes that come with inkwash, and the one door to all palettes."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from inkwash.colour import name_of, parse_hex
from inkwash.errors import BadPalette
from inkwash.palettes import files
from inkwash.palettes.palette import Palette, Swatch, parse


@cache
def library() -> MappingProxyType[str, Palette]:
    """Name → palette, in the order of `library.toml`; read at the first call."""
    text = resources.files("inkwash.palettes").joinpath("library.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return MappingProxyType({name: _palette(name, rows) for name, rows in tables.items()})


def named(name: str) -> Palette:
    """A palette of the library; `BadPalette` offers the names that look alike."""
    if name in library():
        return library()[name]
    near = difflib.get_close_matches(name, library(), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`inkwash palette list` shows them"
    raise BadPalette(f"{name!r} is no palette of the library; {hint}")


def load(text: str) -> Palette:
    """What `--palette` takes: `#rrggbb,#rrggbb,…`, a palette file, or a name of the library."""
    if text.lstrip().startswith("#"):
        return parse(text)
    if "." in text or "/" in text or "\\" in text:
        return files.read(text)
    return named(text)


def _palette(name: str, rows: dict[str, Any]) -> Palette:
    colours = [(role, parse_hex(row[0]), row[1]) for role, row in rows.items()]
    swatches = tuple(Swatch(rgb, name_of(rgb), role) for role, rgb, _ in colours)
    return Palette(swatches, name, tuple(percent / 100 for _, _, percent in colours))
