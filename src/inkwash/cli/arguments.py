"""What several verbs read from their arguments; a bad one raises BadConfig or BadPalette."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.palettes import CharacterSheet, Palette


def palettes_of(names: list[str] | None, reference: Path | None) -> tuple[Palette, ...]:
    from inkwash.palettes import from_file, load

    if names and reference:
        raise BadConfig("--palette and --reference were both given; choose one")
    if reference:
        return (from_file(reference),)
    return tuple(load(name) for name in names or ())


def cast_of(sheet: Path | None, names: list[str] | None) -> CharacterSheet | None:
    """The sheet, or of it the characters that were named."""
    from inkwash.palettes import CharacterSheet, read_sheet

    if sheet is None:
        if names:
            raise BadConfig("--character needs the --characters FILE that they are in")
        return None
    cast = read_sheet(sheet)
    return CharacterSheet(tuple(cast[name] for name in names)) if names else cast


def formats_of(text: str) -> list[str]:
    from inkwash.export import FORMATS

    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in FORMATS]
    if wrong or not names:
        got = wrong[0] if wrong else "nothing"
        raise BadConfig(f"format {got}: choose from {', '.join(sorted(FORMATS))}")
    return names


def whole_number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadConfig(f"--{what} {text}: is not a whole number or one of the words it takes")
    return int(text)


def gap_of(text: str) -> float | Literal["auto"]:
    """The word auto, or a number of pixels."""
    if text == "auto":
        return "auto"
    try:
        return float(text)
    except ValueError as error:
        raise BadConfig(f"--gap {text}: is not a number; give auto or pixels") from error


def work_size_of(text: str) -> int | Literal["auto", "native"]:
    """The word auto or native, or a number of pixels."""
    if text == "auto" or text == "native":
        return text
    return whole_number(text, "work-size")
