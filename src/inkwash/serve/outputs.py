"""Files to take away: what is shown, written by the same writers as everywhere."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from inkwash import project
from inkwash.document import LayerKind
from inkwash.errors import BadConfig
from inkwash.export import Job as Naming
from inkwash.export import save

if TYPE_CHECKING:
    from inkwash.session import Session
    from inkwash.settle import Painting

MEDIA_TYPES = {
    ".png": "image/png",
    ".psd": "image/vnd.adobe.photoshop",
    ".ora": "image/openraster",
    ".inkwash": "application/vnd.inkwash",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Output:
    """One file in a folder of its own; `remove` when it was sent."""

    path: Path

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.path.suffix]

    def remove(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)


def export_session(
    session: Session, form: str, picks: Sequence[int] | None, layers: LayerKind, folder: Path
) -> Output:
    """What a session shows, as "png", "psd", "ora", "project", or "all" of them in a zip.

    picks: counted from 0; None: what is shown. Raises BadConfig, OutputFailed.
    """
    place = Path(mkdtemp(dir=folder))
    try:
        painting = session.painting
        picks = (painting.chosen,) if picks is None else picks
        name = file_name(painting)
        files = []
        if form in ("project", "all"):
            files.append(project.write(session, place / f"{name}{project.SUFFIX}"))
        if form != "project":
            forms = ("png", "psd", "ora") if form == "all" else (form,)
            parameters = {"commands": session.done}
            files += _save(painting, forms, picks, layers, place, name, parameters)
        return _one(files, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def export_painting(
    painting: Painting, form: str, layers: LayerKind, folder: Path, parameters: dict[str, object]
) -> Output:
    """A painting as "png", "sheet", "psd", "ora", or "zip" of every colouring."""
    place = Path(mkdtemp(dir=folder))
    try:
        name = file_name(painting)
        every = range(len(painting.colourings)) if form in ("zip", "psd", "ora") else None
        picks = (painting.chosen,) if every is None else tuple(every)
        forms = ("png",) if form == "zip" else (form,)
        return _one(_save(painting, forms, picks, layers, place, name, parameters), name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def picks_of(text: str, count: int) -> tuple[int, ...] | None:
    """ "shown", "all", or a number from 1, as numbers from 0. Raises BadConfig."""
    if text == "shown":
        return None
    if text == "all":
        return tuple(range(count))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= count):
        raise BadConfig(f"pick {text}: give a number from 1 to {count}, shown, or all")
    return (int(text) - 1,)


def file_name(painting: Painting) -> str:
    """The sketch's name, fit for a file of any system."""
    return Naming(painting=painting, folder=Path(), picks=()).name[:100]


def _save(painting, forms, picks, layers, place: Path, name: str, parameters) -> list[Path]:
    """The files, named after the sketch: a single picture has no number."""
    written = save(
        painting, place, forms, picks=picks, layers=layers, parameters=parameters, force=True
    )
    pictures = sum(path.suffix == ".png" for path in written)
    return [_renamed(path, name, numbered=pictures > 1) for path in written]


def _renamed(path: Path, name: str, *, numbered: bool) -> Path:
    end = f"-{path.stem}" if numbered and path.suffix == ".png" else ""
    return path.rename(path.with_name(f"{name}{end}{path.suffix}"))


def _one(files: list[Path], name: str) -> Output:
    if len(files) == 1:
        return Output(files[0])
    packed = files[0].with_name(f"{name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            archive.write(path, path.name)
            path.unlink()
    return Output(packed)
