"""Writing files so that a reader never meets half of one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from os import PathLike
from pathlib import Path

from inkwash.errors import OutputExists, OutputFailed


def write_whole(path: str | PathLike[str], data: bytes, *, force: bool = False) -> Path:
    """Write under a temporary name beside `path`, then rename: the old file stays until then.

    Raises `OutputExists` for a file that is there and no `force`, `OutputFailed` when the disk
    or the permissions do not let it be written.
    """
    path = Path(path)
    if path.exists() and not force:
        raise OutputExists(f"{path} exists; pass --force (force=True) to overwrite it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputFailed(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except OSError as error:
        raise OutputFailed(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
    return path


def _umask() -> int:
    """What new files of this process are denied; temporary files are born closed to others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
