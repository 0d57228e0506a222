"""Files appear whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inkwash.errors import InkwashError, OutputExists, OutputFailed

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or choose another --out",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another --out",
    errno.EACCES: "no permission to write there; choose another --out",
    errno.EPERM: "no permission to write there; choose another --out",
    errno.EROFS: "the disk is read-only; choose another --out",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter --out or rename the sketch",
    errno.EFBIG: "the file is larger than this disk allows; write fewer proposals with --pick",
    errno.EEXIST: "a file stands where a folder is needed; choose another --out",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another --out",
    errno.EISDIR: "a folder stands where the file is to go; remove it or choose another --out",
}


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise `OutputExists` if there is something at `path` and `force` is not set."""
    if not force and os.path.lexists(path):
        raise OutputExists(
            f"{path}: exists already; pass --force to overwrite it or choose another --out"
        )


@contextmanager
def replacing(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A new file, opened for writing, that takes the place of `path` when the block ends well.

    Missing folders are made. If the block fails, `path` stays as it was and nothing is left.
    Raises `OutputExists` without `force`, `OutputFailed` where the system refuses.
    """
    refuse_existing(path, force=force)
    temporary = path.parent / f".inkwash-{secrets.token_hex(8)}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # else a power failure may leave the name with no bytes
        os.replace(temporary, path)
    except OSError as error:
        raise _explained(path, error) from error
    finally:
        _remove(temporary)


def write_whole(path: str | os.PathLike[str], data: bytes, *, force: bool = False) -> Path:
    """Write bytes through `replacing`, and return the path. Raises what `replacing` raises."""
    path = Path(path)
    with replacing(path, force=force) as file:
        file.write(data)
    return path


def fit_name(name: str) -> str:
    """The name without what some system's file names cannot hold; never empty."""
    kept = "".join(c if c.isprintable() and c not in '<>:"/\\|?*' else "_" for c in name)
    return kept.strip(" .") or "untitled"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:  # the folder could not be made, so neither was the file
        return


def _explained(path: Path, error: OSError) -> InkwashError:
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, f"{reason}; choose another --out")
    return OutputFailed(f"{path}: cannot be written: {remedy}")
