"""Palettes: what they are, their files, the library, and what is done with them."""

from inkwash.palettes.characters import (
    MOST_CHARACTERS,
    SHEET_FORMAT,
    CharacterSheet,
    decode_sheet,
    encode_sheet,
    read_sheet,
    sheet_of,
    write_sheet,
)
from inkwash.palettes.clusters import k_means
from inkwash.palettes.extract import clear_of_ink, from_file, from_picture, without_lines
from inkwash.palettes.features import palette_features
from inkwash.palettes.files import FORMATS, read, write
from inkwash.palettes.fitting import FEWEST, HINTED, MOST, fit, fit_with, nearest, snap
from inkwash.palettes.library import library, load, named
from inkwash.palettes.palette import EYE_WHITE, Palette, Swatch, palette_of, parse
from inkwash.palettes.skin import has_natural_skin, is_skin

__all__ = [
    "EYE_WHITE",
    "FEWEST",
    "FORMATS",
    "HINTED",
    "MOST",
    "MOST_CHARACTERS",
    "SHEET_FORMAT",
    "CharacterSheet",
    "Palette",
    "Swatch",
    "clear_of_ink",
    "decode_sheet",
    "encode_sheet",
    "fit",
    "fit_with",
    "from_file",
    "from_picture",
    "has_natural_skin",
    "is_skin",
    "k_means",
    "library",
    "load",
    "named",
    "nearest",
    "palette_features",
    "palette_of",
    "parse",
    "read",
    "read_sheet",
    "sheet_of",
    "snap",
    "without_lines",
    "write",
    "write_sheet",
]
