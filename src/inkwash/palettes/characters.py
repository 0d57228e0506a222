"""Character sheets: for each named character of a chapter a palette whose swatches have roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeVar

from inkwash import json_files
from inkwash.errors import BadPalette
from inkwash.palettes import files
from inkwash.palettes.palette import Palette
from inkwash.writing import write_whole

SHEET_FORMAT, SHEET_VERSION = "inkwash-characters", 1
MOST_CHARACTERS = 64
T = TypeVar("T")


@dataclass(frozen=True)
class CharacterSheet:
    """Palettes with different names, one a character; every swatch has a role of its own.

    Raises `BadPalette` for no character or more than 64, a nameless one, one name twice, or a role
    that is missing or given twice within a character.
    """

    characters: tuple[Palette, ...]

    def __post_init__(self) -> None:
        names = [character.name for character in self.characters]
        if not names or "" in names:
            raise BadPalette("a character sheet needs one character or more, each with a name")
        if len(names) > MOST_CHARACTERS:
            raise BadPalette(f"{len(names)} characters; a sheet has at most {MOST_CHARACTERS}")
        if double := [name for name in names if names.count(name) > 1]:
            raise BadPalette(f"character {double[0]!r} comes twice; names must differ")
        for character in self.characters:
            _expect_roles(character)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(character.name for character in self.characters)

    def __getitem__(self, name: str) -> Palette:
        """The palette of a character; `BadPalette` lists who there is."""
        for character in self.characters:
            if character.name == name:
                return character
        raise BadPalette(f"no character {name!r} on the sheet; there are {', '.join(self.names)}")


def decode_sheet(data: bytes) -> CharacterSheet:
    """From JSON; `BadPalette` names the character and the swatch that are wrong."""
    value = json_files.decode(data, SHEET_FORMAT, SHEET_VERSION, BadPalette)
    if not isinstance(value.get("characters"), list):
        raise BadPalette('a character sheet needs a list "characters"')
    return sheet_of(value["characters"], files.palette_from_value)


def sheet_of(values: Iterable[T], palette_of: Callable[[T], Palette]) -> CharacterSheet:
    """Of a value for each character; a `BadPalette` of `palette_of` gets the character's number."""
    characters = []
    for place, value in enumerate(values, start=1):
        try:
            characters.append(palette_of(value))
        except BadPalette as error:
            raise BadPalette(f"character {place}: {error}") from None
    return CharacterSheet(tuple(characters))


def encode_sheet(sheet: CharacterSheet) -> bytes:
    characters = [files.value_of_palette(character) for character in sheet.characters]
    return json_files.encode(SHEET_FORMAT, SHEET_VERSION, {"characters": characters})


def read_sheet(path: str | PathLike[str]) -> CharacterSheet:
    """A character sheet file; errors name it."""
    try:
        return decode_sheet(Path(path).read_bytes())
    except OSError as error:
        raise BadPalette(f"{path} cannot be read: {error.strerror}") from None
    except BadPalette as error:
        raise BadPalette(f"{path}: {error}") from None


def write_sheet(sheet: CharacterSheet, path: str | PathLike[str], *, force: bool = False) -> Path:
    return write_whole(path, encode_sheet(sheet), force=force)


def _expect_roles(character: Palette) -> None:
    roles = [swatch.role for swatch in character.swatches]
    for swatch in character.swatches:
        if not swatch.role:
            raise BadPalette(f"character {character.name!r}: {swatch.hex} has no role, e.g. hair")
        if roles.count(swatch.role) > 1:
            raise BadPalette(f"character {character.name!r} has the role {swatch.role!r} twice")
