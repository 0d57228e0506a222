"""Drawn pictures for training: as a source without a disk, or as a folder of pairs."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.data.pictures import Example
from inkwash.data.roles import role_index
from inkwash.data.synth.drawing import Drawing, checked_size, draw
from inkwash.errors import BadConfig, OutputExists

Size = int | tuple[int, int]
"""A side, or (width, height), in pixels."""

_TRAINING = "drawn"  # a group that is never held out; see pictures.is_held_out
_STYLE_SCORE = 5.0  # how much they look like anime, on the scale of SOURCES.csv
_STRIDE = 1_000_003  # seeds of two sources meet only after so many pictures


class DrawnPictures:
    """A source of `count` pictures that are drawn when they are read; nothing is stored.

    Picture `index` of a seed is always the same. Pictures take the sizes of a list in turns.
    Raises BadConfig for a size or a count that cannot be drawn.
    """

    def __init__(self, count: int, seed: int = 0, size: Size | list[Size] = 256) -> None:
        self.sizes = [checked_size(each) for each in (size if isinstance(size, list) else [size])]
        self.scores: NDArray[np.floating] = np.full(_checked_count(count), _STYLE_SCORE)
        self._seed = seed

    def __len__(self) -> int:
        return len(self.scores)

    def drawing(self, index: int) -> Drawing:
        """The whole drawing, with regions and names."""
        return draw(_seed_of(self._seed, index), self.sizes[index % len(self.sizes)])

    def read(self, index: int) -> Example:
        """The picture, its line art and the role of each pixel."""
        drawing = self.drawing(index)
        return Example(drawing.colour, drawing.line, roles_of(drawing))


def roles_of(drawing: Drawing) -> NDArray[np.uint8]:
    """What each pixel shows, (H, W): 1 + its place in `roles.ROLES`, 0 for nothing of these."""
    return np.array([role_index(name) for name in drawing.names], np.uint8)[drawing.labels]


def write_pairs(
    folder: Path | str,
    count: int,
    *,
    seed: int = 0,
    size: Size | list[Size] = 256,
    lines: float = 1.0,
    held_out: bool = True,
) -> Path:
    """Write pairs of pictures, what they show, and `SOURCES.csv` to a new folder.

    Beside `NAME_color.png` and `NAME_line.png` stand `NAME_roles.png`, see `roles_of`, and
    `NAME_labels.npz` with `labels` (H, W) uint16 and their `names`. `lines` is the share of
    pictures that get their line art, 0…1: training extracts those of the others, as it does of
    real pictures. `held_out = False` keeps all for training: validation is then left to the
    pictures of other folders. The folder appears when it is complete.
    Raises OutputExists for a folder that exists, BadConfig for what is out of range.
    """
    target = Path(folder)
    if target.exists():
        raise OutputExists(f"{target} exists; name a new folder, or remove it first")
    pictures = DrawnPictures(count, seed, size)
    lined = _lined(count, lines, seed)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        names = [_write(unfinished, pictures.drawing(i), i, lined[i]) for i in range(count)]
        _write_sources(unfinished, names, held_out)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return target


def _lined(count: int, share: float, seed: int) -> NDArray[np.bool_]:
    """Which pictures get their line art, (count,): by lot, but exactly so many."""
    if not 0 <= share <= 1:
        raise BadConfig(f"lines {share} is not a share; give 0 (none) to 1 (all)")
    order = np.random.default_rng(seed).permutation(count)
    return order < round(share * count)


def _seed_of(seed: int, index: int) -> int:
    return seed * _STRIDE + index


def _checked_count(count: int) -> int:
    if count < 1:
        raise BadConfig(f"count {count} cannot be drawn; ask for 1 picture or more")
    return count


def _write(folder: Path, drawing: Drawing, index: int, lined: bool) -> str:
    name = f"{index:06d}"
    Image.fromarray(drawing.colour).save(folder / f"{name}_color.png")
    if lined:
        Image.fromarray(drawing.line).save(folder / f"{name}_line.png")
    Image.fromarray(roles_of(drawing)).save(folder / f"{name}_roles.png")
    labels = drawing.labels.astype(np.uint16)
    np.savez_compressed(folder / f"{name}_labels.npz", labels=labels, names=np.array(drawing.names))
    return name


def _write_sources(folder: Path, names: list[str], held_out: bool) -> None:
    with (folder / "SOURCES.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [
            (f"{name}_color.png", _STYLE_SCORE, name if held_out else _TRAINING) for name in names
        ]
        csv.writer(file).writerows([("file", "style_score", "group"), *rows])
