"""How much a client may ask for."""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of the server; sizes in bytes unless said otherwise."""

    upload: int = 128 * MEBI  # of a request with files
    body: int = 16 * MEBI  # of any other request
    seconds: float = 60.0  # that a client may keep silent in the middle of a request
    pixels: int = 64_000_000  # of a sketch
    unpacked: int = 1024 * MEBI  # of a project, all members together
    history: int = 32 * MEBI  # of a project's history, unpacked
    commands: int = 20_000  # of one sketch
    rounds: int = 40  # of proposals of one sketch
    memory: int = 1536 * MEBI  # of sketches that are open; the others are on the disk
    tiles: int = 96 * MEBI  # of encoded tiles that are kept
    kept: int = 200  # sketches on the list
    closed: int = 20  # closed sketches whose file is kept
    queued: int = 64  # jobs that wait
    queued_of_one: int = 8  # of one client
    remembered: int = 256  # finished jobs that can still be asked for
