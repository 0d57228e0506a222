"""Files of a data folder appear whole: written into a hidden folder, then renamed.

A run that is killed leaves half a file only in the hidden folder, which the next run empties.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from inkwash.errors import OutputFailed


def place(data: bytes, path: Path, parts: Path) -> None:
    """Write `path` by way of the folder `parts`. Raises OutputFailed where the system refuses."""
    part = parts / path.name
    try:
        part.write_bytes(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, path)
    except OSError as error:
        raise refused(path, error) from error


def empty_parts(parts: Path) -> None:
    """Make the hidden folder, or forget what a killed run left in it. Raises OSError."""
    parts.mkdir(parents=True, exist_ok=True)
    for left_over in parts.iterdir():
        left_over.unlink()


def refused(path: Path, error: OSError) -> OutputFailed:
    """The error a user sees when the system does not let a file be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputFailed(
            f"{path}: the disk is full; free some space and run again, what is done stays done"
        )
    reason = error.strerror or str(error)
    return OutputFailed(f"{path}: cannot be written: {reason}; choose another --out")
