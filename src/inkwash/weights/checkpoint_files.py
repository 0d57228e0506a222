"""Find a TensorFlow checkpoint: a prefix such as `model.ckpt`, a folder or zip that holds one."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath, PurePosixPath

from inkwash.errors import BadWeights

MAX_UNPACKED = 4 * 2**30  # bytes; the full network with its optimiser's slots takes 0.6 GB
INDEX = ".index"
_PARTS = (INDEX, ".meta")  # files beside the data that a user may point at
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


@contextmanager
def checkpoint_prefix(source: Path, max_unpacked: int = MAX_UNPACKED) -> Iterator[Path]:
    """The prefix that TensorFlow opens; a zip stays unpacked for as long as the block runs.

    Raises BadWeights where there is no checkpoint or more than one, or for an unsafe zip.
    """
    if not source.is_file() or _is_part(source):
        yield _prefix_in(source)
        return
    if not zipfile.is_zipfile(source):
        raise BadWeights(f"{source}: is no TensorFlow checkpoint; {_accepted()}")
    with tempfile.TemporaryDirectory(prefix="inkwash-") as folder:
        _unpack(source, Path(folder), max_unpacked)
        yield _only_prefix(source, Path(folder))


def _is_part(path: PurePath) -> bool:
    return path.suffix in _PARTS or ".data-" in path.name


def _prefix_in(source: Path) -> Path:
    if source.is_dir():
        return _only_prefix(source, source)
    prefix = source.with_name(source.name.partition(".data-")[0])
    if prefix.suffix in _PARTS:
        prefix = prefix.with_suffix("")
    if not prefix.with_name(prefix.name + INDEX).is_file():
        raise BadWeights(f"{source}: there is no {prefix.name}{INDEX} there; {_accepted()}")
    return prefix


def _only_prefix(source: Path, folder: Path) -> Path:
    """The one checkpoint in a folder; a Mac's `._` files are not checkpoints."""
    found = sorted(p for p in folder.rglob(f"*{INDEX}") if not p.name.startswith("."))
    if not found:
        raise BadWeights(f"{source}: holds no checkpoint (*{INDEX}); {_accepted()}")
    if len(found) > 1:
        names = ", ".join(str(p.relative_to(folder).with_suffix("")) for p in found[:6])
        raise BadWeights(f"{source}: holds {len(found)} checkpoints; give one of them: {names}")
    return found[0].with_suffix("")


def _unpack(source: Path, folder: Path, max_unpacked: int) -> None:
    """Unpack the checkpoint's files only, and none outside of the folder."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = [m for m in archive.infolist() if _is_part(PurePosixPath(m.filename))]
            _refuse_unsafe(source, members, max_unpacked)
            archive.extractall(folder, members)
    except (*_ZIP_ERRORS, OSError) as error:
        raise BadWeights(f"{source}: cannot be unpacked ({error}); fetch it again") from error


def _refuse_unsafe(source: Path, members: list[zipfile.ZipInfo], max_unpacked: int) -> None:
    # `zipfile` never reads more of a member than its stated size, so the sum can be trusted.
    size = sum(member.file_size for member in members)
    if size > max_unpacked:
        raise BadWeights(
            f"{source}: would unpack to {size} bytes, over {max_unpacked}; "
            "unpack it yourself and give the folder"
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BadWeights(f"{source}: {member.filename!r} lies outside the zip; do not trust it")


def _accepted() -> str:
    return "give a prefix such as model.ckpt, a folder that holds one, or checkpoint.zip"
