"""Line art of picture files: `inkwash data lines`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkwash.data.lines.registry import DEFAULT, NAMED, Picture, find_extractor
from inkwash.data.lines.sheet import line_sheet
from inkwash.data.pictures import SUFFIXES
from inkwash.data.read import read_rgb
from inkwash.errors import BadConfig, BadData, BadSketch, OutputExists
from inkwash.writing import write_whole


@dataclass(frozen=True, kw_only=True)
class LinesConfig:
    """How line art is drawn of files."""

    extractors: tuple[str, ...] = (DEFAULT,)  # a sheet without any shows all that need no file
    strength: float = 0.5  # 0 faint … 1 bold
    sheet: bool = False  # one PNG with all extractors side by side, instead of a file each
    side: int = 0  # long side in pixels that pictures are scaled down to first; 0: as they are
    largest_pixels: int = 100_000_000
    force: bool = False  # overwrite

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise BadConfig(f"strength = {self.strength} is not between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class LinesReport:
    """Files written, and pictures that could not be drawn."""

    written: list[Path]
    failures: list[tuple[Path, str]]

    @property
    def complete(self) -> bool:
        return not self.failures


def draw_lines(
    paths: Sequence[Path],
    out: Path,
    config: LinesConfig | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LinesReport:
    """Draw the lines of pictures and of folders of pictures.

    Writes `out/NAME.png`, or `out/EXTRACTOR/NAME.png` for several extractors; with
    `config.sheet`, `out` is one PNG. `progress` takes pictures done and in all. Raises BadData for
    paths that are not there and BadConfig for an unknown extractor; a picture that cannot be read
    is reported, and the rest done.
    """
    config = config or LinesConfig()
    names = config.extractors or tuple(sorted(NAMED))
    for name in names:
        find_extractor(name)
    files = _files(paths)
    drawing = _Drawing(out, config, names)
    for done, (name, path) in enumerate(files.items(), start=1):
        drawing.draw(name, path)
        if progress:
            progress(done, len(files))
    drawing.finish()
    return LinesReport(written=drawing.written, failures=drawing.failures)


class _Drawing:
    def __init__(self, out: Path, config: LinesConfig, names: tuple[str, ...]) -> None:
        self.out, self.config, self.names = out, config, names
        self.written: list[Path] = []
        self.failures: list[tuple[Path, str]] = []
        self._shown: list[Picture] = []

    def draw(self, name: str, path: Path) -> None:
        rgb = self._read(path)
        if rgb is None:
            return
        if self.config.sheet:
            self._shown.append(rgb)
            return
        try:
            self._write_lines(name, rgb)
        except OutputExists as error:
            self.failures.append((path, str(error)))

    def _read(self, path: Path) -> Picture | None:
        try:
            rgb = read_rgb(path.read_bytes(), self.config.largest_pixels)
        except (BadSketch, OSError) as error:
            self.failures.append((path, str(error).removeprefix("the bytes: ")))
            return None
        return _shrunk(rgb, self.config.side)

    def finish(self) -> None:
        if self._shown:
            side = self.config.side or 384
            sheet = line_sheet(self._shown, self.names, strength=self.config.strength, side=side)
            self._write(self.out, sheet[..., ::-1])

    def _write_lines(self, name: str, rgb: Picture) -> None:
        for extractor in self.names:
            line = find_extractor(extractor)(rgb, self.config.strength)
            several = len(self.names) > 1
            folder = self.out / _as_folder(extractor) if several else self.out
            self._write(folder / f"{name}.png", line)

    def _write(self, path: Path, picture: Picture) -> None:
        data = cv2.imencode(".png", np.ascontiguousarray(picture))[1].tobytes()
        self.written.append(write_whole(path, data, force=self.config.force))


def _files(paths: Sequence[Path]) -> dict[str, Path]:
    """Pictures by the name of their line art, which no two share."""
    files: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise BadData(f"{path}: there is no such file or folder")
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            if path.is_dir() and file.suffix.lower() not in SUFFIXES:
                continue
            relative = file.relative_to(path) if path.is_dir() else Path(file.name)
            files[_free_name(relative, files)] = file
    return files


def _free_name(file: Path, taken: dict[str, Path]) -> str:
    """`folder/stem`, or `folder/stem.jpg` and so on where that is taken."""
    name = file.with_suffix("").as_posix()
    name = file.as_posix() if name in taken else name
    count = 2
    while name in taken:
        name, count = f"{file.with_suffix('').as_posix()}-{count}", count + 1
    return name


def _as_folder(extractor: str) -> str:
    """A name for a folder: of `onnx:some/where.onnx`, `onnx-where`."""
    kind, colon, file = extractor.partition(":")
    return f"{kind}-{Path(file.partition('?')[0]).stem}" if colon else kind


def _shrunk(rgb: Picture, side: int) -> Picture:
    scale = side / max(rgb.shape[:2])
    if not 0 < scale < 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
