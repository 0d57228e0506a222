"""A session to a file and back: which member holds what."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from inkwash import __version__
from inkwash.config import from_dict, to_dict
from inkwash.errors import BadConfig, BadHints, BadPalette, BadProject
from inkwash.hints import Hints, encode
from inkwash.json_files import expect_version
from inkwash.painter import PaintRequest
from inkwash.project.archive import Reader, Writer, reading, writing
from inkwash.project.history import commands_from, value_of_commands
from inkwash.project.parts import (
    read_regions,
    read_round,
    read_sketch,
    write_regions,
    write_round,
    write_sketch,
)
from inkwash.session import Origin, Session
from inkwash.sketch import MAX_PIXELS
from inkwash.writing import replacing

FORMAT, VERSION, SUFFIX = "inkwash-project", 1, ".inkwash"
OTHERWISE = "this version of inkwash settles {count} regions otherwise than the one that saved it"


def write(session: Session, path: str | PathLike[str], *, force: bool = False) -> Path:
    """Save a session, whole or not at all: a file that was there stays until the new one is done.

    Raises OutputExists without `force`, OutputFailed where the system refuses.
    """
    path = Path(path)
    with replacing(path, force=force) as file, writing(file) as archive:
        _write_members(archive, session)
    return path


def read(path: str | PathLike[str], *, max_pixels: int = MAX_PIXELS) -> Session:
    """Open a project. It shows exactly what it showed when it was saved.

    Raises BadProject, naming the file, for one that is missing, cut short, damaged, too large,
    or from a newer version.
    """
    try:
        with open(path, "rb") as file, reading(file) as archive:
            return _read_members(archive, max_pixels)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadProject(f"{os.fspath(path)}: cannot be read: {reason}; check the path") from None
    except (BadProject, BadConfig, BadHints, BadPalette) as error:
        raise BadProject(f"{os.fspath(path)}: {error}") from None


def _write_members(archive: Writer, session: Session) -> None:
    origin, painting = session.origin, session.painting
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"inkwash {__version__}",
        "sketch": write_sketch(archive, origin.sketch),
        "regions": write_regions(archive, origin.regions),
        "request": to_dict(origin.request),
        "rounds": [write_round(archive, *numbered) for numbered in enumerate(session.rounds)],
        "chosen": painting.chosen + 1,
    }
    archive.json("manifest.json", manifest)
    archive.json("history.json", value_of_commands(session.commands, session.done))
    hints = session.state.request.hints or Hints(origin.sketch.size)
    archive.bytes("hints.json", encode(hints))
    archive.array("colourings/colours.npy", _colours(session))
    archive.array("colourings/clear.npy", np.stack([c.clear for c in painting.colourings]))


def _read_members(archive: Reader, max_pixels: int) -> Session:
    manifest = archive.json("manifest.json")
    _expect_format(manifest)
    sketch = read_sketch(archive, _table(manifest, "sketch"), max_pixels)
    regions = read_regions(archive, _table(manifest, "regions"), sketch.size)
    request = from_dict(PaintRequest, _table(manifest, "request"), "request.")
    palettes = manifest.get("rounds")
    if not isinstance(palettes, list) or not palettes:
        raise BadProject("its manifest has no rounds of proposals")
    rounds = [read_round(archive, number, value) for number, value in enumerate(palettes)]
    commands, done = commands_from(archive.json("history.json"), len(rounds))
    session = Session(
        Origin(sketch=sketch, regions=regions, request=request), rounds, commands, done
    )
    return _with_notes(session, archive)


def _with_notes(session: Session, archive: Reader) -> Session:
    """The session, which says so if it does not look as it did when it was saved."""
    ours = _colours(session)
    saved = archive.array("colourings/colours.npy", "uint8", lambda shape: shape == ours.shape)
    if different := int((ours != saved).any(axis=(0, 2)).sum()):
        session.notes = (OTHERWISE.format(count=different),)
    return session


def _colours(session: Session):
    """(K, R, 3) of what is seen."""
    return np.stack([colouring.colours for colouring in session.painting.colourings])


def _expect_format(manifest: Any) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadProject(f'no project of inkwash: its manifest has no "format": "{FORMAT}"')
    expect_version(manifest, VERSION, BadProject)


def _table(manifest: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(manifest.get(key), dict):
        raise BadProject(f"its manifest has no table {key!r}")
    return manifest[key]
