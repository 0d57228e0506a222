"""Where training pictures come from: folders of colour pictures or of line/colour pairs.

Three layouts are understood, anywhere under the folder:

- colour pictures: lines are made on the fly; a `SOURCES.csv` beside them may give `style_score`
  (1…5, how much it looks like anime) and `group` (one character, book or episode);
- `NAME_line.EXT` beside `NAME_color.EXT`: true pairs, and `NAME_roles.png` if it is known what
  each pixel shows (grey: 1 + its place in `roles.ROLES`, 0 for nothing);
- `images_bw/NAME` and `images_rgb/NAME`: the layout of the 2019 reimplementation.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadData

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
VALIDATION_EVERY = 12  # one group in so many is held out


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One picture of a data folder, not yet read."""

    colour: Path
    line: Path | None  # None: lines are extracted from the colour picture
    roles: Path | None = None  # what each pixel shows, where it is known
    name: str  # path relative to the data folder
    score: float  # style_score 1…5; 3 where nobody scored
    group: str

    @property
    def held_out(self) -> bool:
        """Whether its group belongs to validation."""
        return is_held_out(self.group)

    def read(self, short_side: int) -> Example:
        """Its pixels; see `read_entry`."""
        return read_entry(self, short_side)


def is_held_out(group: str) -> bool:
    """Whether a group belongs to validation; by a hash of its name, so it never moves."""
    digest = hashlib.sha1(group.encode(), usedforsecurity=False).digest()
    return digest[0] * 256 + digest[1] < 65536 // VALIDATION_EVERY


class Example(NamedTuple):
    """A training picture: RGB (H, W, 3), line art (H, W), and roles (H, W) as in `roles.ROLES`."""

    rgb: NDArray[np.uint8]
    line: NDArray[np.uint8] | None = None
    roles: NDArray[np.uint8] | None = None


def find_entries(folder: Path) -> list[Entry]:
    """All pictures under a folder, sorted by name. Raises BadData when there are none."""
    if not folder.is_dir():
        raise BadData(f"{folder}: is not a folder of training pictures")
    entries = sorted(_walk(folder), key=lambda entry: entry.name)
    if not entries:
        kinds = " ".join(sorted(SUFFIXES))
        raise BadData(f"{folder}: holds no pictures; colour pictures ({kinds}) are needed")
    return entries


def entry_of(path: Path) -> Entry:
    """One picture, with the line art and the roles that lie beside it."""
    return Entry(
        colour=path, line=_line_of(path), roles=_roles_of(path),
        name=str(path), score=3.0, group=path.name,
    )  # fmt: skip


def read_entry(entry: Entry, short_side: int) -> Example:
    """A picture with its lines and roles, scaled down to `short_side` if larger.

    Raises BadData when a file is corrupt or the two sizes differ.
    """
    parts = [None if path is None else _bytes_of(path) for path in (entry.line, entry.roles)]
    return decode(_bytes_of(entry.colour), *parts, name=entry.name, short_side=short_side)


def decode(
    colour: bytes, line: bytes | None, roles: bytes | None = None, *, name: str, short_side: int
) -> Example:
    """An example of its encoded pictures; raises as `read_entry` does."""
    picture = _decode(colour, cv2.IMREAD_UNCHANGED, name)
    rgb = _shrink(_on_white(picture, name), short_side)
    ink = shown = None
    if line is not None:
        ink = _shrink(_beside(picture, line, "line art", name), short_side)
    if roles is not None:
        shown = _beside(picture, roles, "picture of roles", name)
        shown = _shrink(shown, short_side, cv2.INTER_NEAREST)
    return Example(rgb, ink, shown)


def _beside(picture: NDArray[np.uint8], data: bytes, what: str, name: str) -> NDArray[np.uint8]:
    """A grey picture that must have the size of the colour picture."""
    grey = _decode(data, cv2.IMREAD_GRAYSCALE, name)
    if grey.shape[:2] != picture.shape[:2]:
        raise BadData(
            f"{name}: the {what} is {grey.shape[1]}×{grey.shape[0]} and the colour picture"
            f" {picture.shape[1]}×{picture.shape[0]}; give both the same size"
        )
    return grey


def _walk(folder: Path) -> Iterator[Entry]:
    facts = _read_sources(folder)
    for path in folder.rglob("*"):
        if path.suffix.lower() not in SUFFIXES or path.stem.endswith(("_line", "_roles")):
            continue
        if path.parent.name == "images_bw":
            continue
        name = path.relative_to(folder).as_posix()
        score, group = facts.get(path, (3.0, name))
        yield Entry(
            colour=path, line=_line_of(path), roles=_roles_of(path),
            name=name, score=score, group=group,
        )  # fmt: skip


def _line_of(path: Path) -> Path | None:
    if path.stem.endswith("_color"):
        candidate = path.with_stem(path.stem.removesuffix("_color") + "_line")
    elif path.parent.name == "images_rgb":
        candidate = path.parent.with_name("images_bw") / path.name
    else:
        return None
    return candidate if candidate.exists() else None


def _roles_of(path: Path) -> Path | None:
    candidate = path.with_name(path.stem.removesuffix("_color") + "_roles.png")
    return candidate if path.stem.endswith("_color") and candidate.exists() else None


def _read_sources(folder: Path) -> dict[Path, tuple[float, str]]:
    facts = {}
    for table in folder.rglob("SOURCES.csv"):
        with table.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                path = table.parent / row["file"]
                facts[path] = (float(row.get("style_score") or 3), row.get("group") or row["file"])
    return facts


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadData(f"{path}: cannot be read ({error.strerror})") from error


def _decode(data: bytes, mode: int, name: str) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), mode) if data else None
    if picture is None:
        raise BadData(f"{name}: cannot be decoded; remove it or save it again")
    if picture.dtype == np.uint16:
        picture = picture // 257
    return picture.astype(np.uint8)


def _on_white(picture: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    if picture.ndim == 2:
        return np.repeat(picture[..., None], 3, axis=2)
    if picture.shape[2] == 4:
        alpha = picture[..., 3:].astype(np.uint16)
        blended = (picture[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
        picture = blended.astype(np.uint8)
    if picture.shape[2] != 3:
        raise BadData(f"{name}: has {picture.shape[2]} channels; save it as RGB")
    return np.ascontiguousarray(picture[..., ::-1])


def _shrink(
    picture: NDArray[np.uint8], short_side: int, mode: int = cv2.INTER_AREA
) -> NDArray[np.uint8]:
    scale = short_side / min(picture.shape[:2])
    if scale >= 1:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
