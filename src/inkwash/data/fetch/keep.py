"""Check that bytes are a wanted picture, and say where it belongs."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from inkwash.data.fetch.config import FetchConfig
from inkwash.data.fetch.post import Post, why_misshapen
from inkwash.decode import decode
from inkwash.errors import BadData, BadSketch

UNKNOWN_LICENCE = "unknown"
_SIGNATURES = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
)
SUFFIXES = (".jpg", ".png", ".webp", ".gif", ".avif", ".tif", ".bmp")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A picture in the folder: one line of the journal, one row of SOURCES.csv."""

    name: str
    file: str  # relative to the folder
    url: str
    width: int
    height: int
    bytes: int
    sha256: str
    group: str
    author: str
    licence: str
    origin: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)


class Unusable(BadData):
    """Bytes that are not a wanted picture; `damaged` where another download may be whole."""

    def __init__(self, reason: str, *, damaged: bool = False) -> None:
        super().__init__(reason)
        self.damaged = damaged


def place_of(name: str, suffix: str) -> str:
    """The file of a post, in one of 256 folders so that none holds millions."""
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:2]}/{name}{suffix}"


def find_file(out: Path, name: str) -> Path | None:
    """The file of a post, if an interrupted run left one."""
    places = (out / place_of(name, suffix) for suffix in SUFFIXES)
    return next((path for path in places if path.is_file()), None)


def examine(data: bytes, post: Post, config: FetchConfig) -> Kept:
    """Decode the whole picture and describe it. Raises Unusable."""
    suffix = _suffix_of(data)
    if suffix is None:
        start = data[:24].decode("ascii", "replace")
        raise Unusable(f"is not a picture: it starts with {start!r}", damaged=not data)
    try:
        picture = decode(data, max_pixels=config.largest_pixels)
    except BadSketch as error:
        reason = str(error).removeprefix("the bytes: ")
        raise Unusable(reason, damaged="damaged" in reason) from error
    height, width = picture.colour.shape[:2]
    misshapen = why_misshapen(width, height, config)
    if misshapen:
        raise Unusable(f"is {width}×{height}: {misshapen}")
    return Kept(
        name=post.name,
        file=place_of(post.name, suffix),
        url=post.url,
        width=width,
        height=height,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        group=post.group,
        author=post.author,
        licence=UNKNOWN_LICENCE,
        origin=post.origin or post.url,
    )


def _suffix_of(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1"):
        return ".avif"
    return next((suffix for mark, suffix in _SIGNATURES if data.startswith(mark)), None)
