"""What a file of inkwash is, and the essentials of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inkwash import json_files, project
from inkwash.config import to_dict
from inkwash.errors import BadData
from inkwash.export import read_parameters
from inkwash.hints import KINDS, Hints
from inkwash.hints import read as read_hints
from inkwash.palettes import FORMATS, Palette, read_sheet
from inkwash.palettes import read as read_palette
from inkwash.proposer import decode
from inkwash.runtime import net_config
from inkwash.session import Session
from inkwash.weights import SUFFIXES, Weights, find, installed
from inkwash.weights.adapter import read_adapter
from inkwash.weights.memory import KEY
from inkwash.weights.notes import read_metadata, read_notes

Facts = dict[str, Any]
_UNKNOWN = (
    "holds nothing that inkwash wrote; there are painted PNG, PSD and ORA, projects, adapters, "
    "weights, palettes, hints and character sheets"
)


def about(path: Path) -> Facts:
    """The facts of a file, ready for JSON, `kind` among them; of a painted picture the parameters
    that it carries.

    Raises BadData for a file that is none of inkwash's; BadProject, BadWeights, BadPalette,
    BadHints for one that is damaged.
    """
    if not path.is_file():
        raise BadData(f"{path}: there is no such file; check the path")
    read = _reader_for(path)
    if read is not None:
        return read(path)
    parameters = read_parameters(path)
    if parameters is None:
        raise BadData(f"{path}: {_UNKNOWN}")
    return parameters


def about_session(session: Session) -> Facts:
    """What is in a project."""
    painting, size = session.painting, session.origin.sketch.size
    return {
        "sketch": session.origin.sketch.name,
        "size": [size.width, size.height],
        "regions": session.origin.regions.count,
        "shown": painting.chosen + 1,
        "decided": sorted(painting.decided),
        "hints": len(session.state.request.hints or ()),
        "rounds": len(session.rounds),
        "commands": [type(command).__name__.lower() for command in session.commands],
        "done": session.done,
        "notes": [*session.notes, *painting.notes],
    }


def about_weights(weights: Weights) -> Facts:
    """The network, the history and the remembered palettes of a weights file."""
    metadata = read_metadata(weights.path)
    net = net_config(metadata, weights.path)
    facts: Facts = {
        "name": weights.name,
        "path": str(weights.path),
        "sha256": weights.sha256,
        "megabytes": _megabytes(weights.path),
        "palettes_remembered": len(decode(metadata[KEY])) if metadata.get(KEY) else 0,
        "net": to_dict(net),
        **read_notes(weights.path),
    }
    if weights.adapter is not None:
        facts["adapter"] = dict(weights.adapter.notes)
    return facts


def _reader_for(path: Path) -> Callable[[Path], Facts] | None:
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _BY_FORMAT.get(_format_of(path))
    if suffix == project.SUFFIX or _holds(path, "manifest.json"):
        return _project
    if suffix in SUFFIXES:
        return _weights
    if suffix in FORMATS:
        return _palette
    return _adapter if _holds(path, "about.npy") else None


def _holds(path: Path, member: str) -> bool:
    """Whether it is an archive with such a member."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return member in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadData(f"{path}: is an archive that is damaged ({error}); copy it again") from None


def _format_of(path: Path) -> str:
    try:
        return json_files.format_of(path.read_bytes(), BadData)
    except BadData as error:
        raise BadData(f"{path}: {error}") from None


def _project(path: Path) -> Facts:
    return {
        "kind": "project",
        "megabytes": _megabytes(path),
        **about_session(project.read(path)),
    }


def _weights(path: Path) -> Facts:
    return {"kind": "weights", **about_weights(find(path))}


def _adapter(path: Path) -> Facts:
    adapter = read_adapter(path)
    fits = [weights.name for weights in installed() if weights.sha256 == adapter.base]
    return {
        "kind": "adapter",
        "megabytes": _megabytes(path),
        "weights_sha256": adapter.base,
        "weights": fits[0] if fits else None,
        **adapter.notes,
        "palettes": [_colours(palette) for palette in adapter.palettes],
    }


def _palette(path: Path) -> Facts:
    return {"kind": "palette", **_colours(read_palette(path))}


def _sheet(path: Path) -> Facts:
    characters = [_colours(character) for character in read_sheet(path).characters]
    return {"kind": "character sheet", "characters": characters}


def _hints(path: Path) -> Facts:
    hints: Hints = read_hints(path)
    counts = {kind: len(hints.of_kind(kind)) for kind in KINDS}
    return {
        "kind": "hints",
        "size": [hints.size.width, hints.size.height],
        "hints": len(hints),
        **{kind: count for kind, count in counts.items() if count},
    }


def _colours(palette: Palette) -> Facts:
    swatches: list[Facts] = [
        {key: text for key, text in (("rgb", s.hex), ("name", s.name), ("role", s.role)) if text}
        for s in palette.swatches
    ]
    if palette.shares is not None:
        for swatch, share in zip(swatches, palette.shares, strict=True):
            swatch["share"] = round(share, 4)
    return {"name": palette.name, "colours": swatches}


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 2)


_BY_FORMAT: dict[str, Callable[[Path], Facts]] = {
    "inkwash-palette": _palette,
    "inkwash-characters": _sheet,
    "inkwash-hints": _hints,
}
