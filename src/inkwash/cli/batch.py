"""Several sketches in one call: which files are meant, and where the results of each go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from inkwash.cli.report import Report
from inkwash.errors import InkwashError
from inkwash.writing import fit_name, refuse_existing

STREAM = "-"


def inputs_of(paths: Iterable[str], recursive: bool, report: Report) -> list[str]:
    """Every file that was named or lies in a folder that was named, once; "-" stays as it is."""
    from inkwash.sketch import find_pictures

    found: list[str] = []
    for path in paths:
        if path == STREAM or not Path(path).is_dir():
            found.append(path)
            continue
        try:
            found += map(str, find_pictures(path, recursive=recursive))
        except InkwashError as error:
            report.fail(path, error)
    once: dict[str, str] = {}
    for path in found:
        once.setdefault(_place_of(path), path)
    return list(once.values())


def names_of(inputs: Sequence[str]) -> list[str]:
    """What the results of each are called: like the file, without its suffix.

    Of files with one name the first keeps it; the others are NAME-2, NAME-3, …, as far as no
    other file is called so. Upper and lower case are one, as they are on many disks.
    """
    stems = ["sketch" if path == STREAM else fit_name(Path(path).stem) for path in inputs]
    taken, names = {stem.casefold() for stem in stems}, dict[str, str]()
    for stem in stems:
        name = _numbered(stem, taken) if stem.casefold() in names else stem
        taken.add(name.casefold())
        names[name.casefold()] = name
    return list(names.values())


def refuse_painted(folder: Path, formats: Sequence[str], pick: str) -> None:
    """Before any work: raise OutputExists for a file that is sure to be written and is there."""
    numbers = range(1, 10) if pick == "all" else [pick] if pick != "best" else []
    names = [f"{number}.png" for number in numbers] if "png" in formats else []
    names += ["sheet.png"] if "sheet" in formats else []
    names += [f"{folder.name}.{kind}" for kind in ("psd", "ora") if kind in formats]
    for name in names:
        refuse_existing(folder / name, force=False)


def _numbered(stem: str, taken: set[str]) -> str:
    return next(name for n in count(2) if (name := f"{stem}-{n}").casefold() not in taken)


def _place_of(path: str) -> str:
    """One text for all spellings of a path."""
    return path if path == STREAM else os.path.abspath(path)
