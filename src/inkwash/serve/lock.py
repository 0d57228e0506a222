"""One server a data folder: a lock that the system takes away when the process ends, however."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from inkwash.errors import BadConfig


def hold(path: Path) -> IO[bytes]:
    """The lock; it is held until the file is closed. Raises BadConfig where another holds it."""
    file = path.open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        raise BadConfig(
            f"another studio works in {path.parent}; close it, or give --data-dir another folder"
        ) from None
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
