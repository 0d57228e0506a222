"""What was uploaded: where it lies until it is read, and how it becomes a session."""

from __future__ import annotations

import contextlib
import json
import secrets
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from inkwash import project
from inkwash.decode import FORMATS, without_pillow_limit
from inkwash.errors import BadProject, BadSketch
from inkwash.painter import Painter, PaintRequest
from inkwash.serve.limits import Limits
from inkwash.serve.problems import Problem, refused
from inkwash.session import Session
from inkwash.sketch import Invert, Sketch, read

_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
_BROKEN_JSON = (LookupError, ValueError, TypeError)
_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_MOST_LISTED = 2 << 20  # bytes of the list of a project's 10 000 members, with room to spare


@dataclass(frozen=True, kw_only=True)
class Source:
    """An uploaded file. `name` is what the client calls it, without a suffix; never a path."""

    path: Path
    name: str
    is_project: bool

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()


def receive(file: BinaryIO, name: str | None, folder: Path, limits: Limits) -> Source:
    """Copy an upload into a folder under a name of ours, and look whether it can be anything.

    Raises BadProject, or a Problem: 422 for no picture, 413 for more pixels than the limit.
    """
    path = folder / secrets.token_hex(16)
    try:
        with path.open("xb") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
        with path.open("rb") as copy:
            is_project = copy.read(len(_ZIP)) == _ZIP
        source = Source(path=path, name=plain_name(name), is_project=is_project)
        (_look_at_project if is_project else _look_at_picture)(source, limits)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return source


def begin(
    source: Source,
    painter: Painter,
    request: PaintRequest,
    limits: Limits,
    *,
    invert: Invert,
    report: Callable[[str, float], None],
) -> Session:
    """A session with its first painting. Raises BadSketch, BadProject, BadConfig, BadPalette."""
    report("read", 0.0)
    if source.is_project:
        session = open_project(source.path, limits, source.name)
    else:
        sketch = read_sketch(source, limits.pixels, invert)
        session = Session.start(painter, sketch, request, progress=report)
    report("settle", 0.9)
    assert session.painting
    return session


def read_sketch(source: Source, max_pixels: int, invert: Invert = "auto") -> Sketch:
    """Raises BadSketch, which names the client's file."""
    try:
        sketch = read(source.path, invert=invert, max_pixels=max_pixels)
    except BadSketch as error:
        raise BadSketch(str(error).replace(str(source.path), source.name)) from None
    return replace(sketch, name=source.name)


def open_project(path: Path, limits: Limits, name: str) -> Session:
    """Raises BadProject, which names the client's file."""
    try:
        if (count := _count_commands(path, limits.history)) > limits.commands:
            raise BadProject(f"{name}: has {count} commands; the limit is {limits.commands}")
        return project.read(path, max_pixels=limits.pixels)
    except BadProject as error:
        raise BadProject(str(error).replace(str(path), name)) from None


def _count_commands(path: Path, most: int) -> int:
    """Of a project, before any is done; 0 where it is broken, as who reads it says that better."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("history.json") as member:
            return len(json.loads(member.read(most))["commands"])
    except (*_BROKEN_ZIP, *_BROKEN_JSON):
        return 0


def plain_name(name: str | None) -> str:
    """A file's name without folders, suffix and what cannot be printed; at most 100 characters."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    kept = "".join(letter for letter in stem if letter.isprintable()).strip()
    return kept[:100] or "sketch"


def _look_at_picture(source: Source, limits: Limits) -> None:
    """Only its header; whether the rest is whole is seen when it is read."""
    try:
        with without_pillow_limit(), Image.open(source.path, formats=FORMATS) as image:
            width, height = image.size
    except Exception as error:  # on damaged files the decoders raise every class there is
        if source.path.stat().st_size == 0:
            words = f"{source.name}: is empty; save or copy it again"
            raise refused(BadSketch, words, "empty") from None
        known = ", ".join(FORMATS)
        words = f"{source.name}: is no picture; give one of {known}"
        raise refused(BadSketch, words, "no-picture", known=known) from error
    if width * height > limits.pixels:
        raise _too_many(f"{width}×{height}", limits.pixels)


class _Listed(FileIO):
    """A zip of which only the list of members is read, and no long one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_LISTED:
            raise zipfile.BadZipFile(f"its list of members has {size} bytes")
        return super().read(size)


def _look_at_project(source: Source, limits: Limits) -> None:
    """Its list of members, before any is unpacked."""
    try:
        with _Listed(source.path) as file, zipfile.ZipFile(file) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            packed = {info.compress_type for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadProject(f"{source.name}: no project, cut short or damaged ({error})") from None
    if packed - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others know no limit in unpacking
        raise BadProject(f"{source.name}: is packed in a way that no project is")
    if "manifest.json" not in sizes:
        raise BadProject(f"{source.name}: is a zip, but no project of inkwash")
    most = {"history.json": limits.history, "manifest.json": limits.history}
    if any(size > most.get(name, limits.unpacked) for name, size in sizes.items()):
        raise BadProject(f"{source.name}: unpacks to more than a project may")
    if sum(sizes.values()) > limits.unpacked:
        raise BadProject(f"{source.name}: unpacks to more than {limits.unpacked} bytes")


def _too_many(size: str, most: int) -> Problem:
    detail = f"the picture is {size}; the limit is {most} pixels: scale it down"
    title = "Too many pixels"
    return Problem(413, "too-large", detail, title=title, reason="pixels", size=size, limit=most)
