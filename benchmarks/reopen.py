"""A PSD and an ORA of 24 megapixels, opened by programs that are not ours.

`python benchmarks/reopen.py` paints the example sketch at 4096×5792 (nine proposals, shaded), opens
the files with GIMP 2.10, Krita 5 and ImageMagick where they are installed, and writes
benchmarks/results/reopen.csv: the layers that were found with the right name, mode, order and
visibility (of those programs that tell), and how far what the program blended is from our PNG, in
levels of 255, at most and as the share of pixels more than one level away. The files' own previews
are made black first, so that a program that shows the right picture has blended the layers.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tables import write_rows

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import foreign  # noqa: E402
from inkwash.document import Document, compose, render  # noqa: E402
from inkwash.export import write_ora, write_psd  # noqa: E402
from inkwash.painter import Painter  # noqa: E402
from inkwash.settle import Painting  # noqa: E402
from inkwash.sketch import Sketch  # noqa: E402

RESULT = HERE / "results" / "reopen.csv"
SKETCH = HERE.parent / "examples" / "schoolgirl.png"
COLUMNS = ["file", "megabytes", "program", "layers_right", "layers", "most_apart", "share_apart"]
Pixels = NDArray[np.uint8]


class Unseen(Document):
    """A document whose preview is black."""

    def planes(self) -> Pixels:
        planes = np.zeros((4, self.size.height, self.size.width), np.uint8)
        planes[3] = 255
        return planes


def paint(side: int) -> Painting:
    small = cv2.imread(str(SKETCH), cv2.IMREAD_GRAYSCALE)
    size = (side, round(side * small.shape[0] / small.shape[1]))
    sketch = Sketch(ink=cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), name="large")
    return Painter.load().paint(sketch, style="shaded")


def unseen(painting: Painting, picks: list[int] | None) -> Unseen:
    document = compose(painting, picks=picks)
    return Unseen(**{name: getattr(document, name) for name in document.__dataclass_fields__})


def by_gimp(path: Path, document: Document, target: Path) -> tuple[int, Pixels]:
    found = [row for row in foreign.gimp(path, target) if row[0] == "layer"]
    right = 0
    for (_, depth, mode, visible, name), expected in zip(
        found, foreign.rows_of(document.layers), strict=False
    ):
        plain = re.sub(r" #\d+$", "", name)  # GIMP numbers names that are there twice
        names = {name, plain}
        told = (int(depth), foreign.GIMP_MODES[int(mode)], visible == "1")
        right += told == expected[:3] and expected[3] in names
    return right, pixels_of(target)


def by_krita(path: Path, document: Document, target: Path) -> tuple[str, Pixels]:
    foreign.krita(path, target)
    return "not told", pixels_of(target)


def by_imagemagick(path: Path, document: Document, target: Path) -> tuple[str, Pixels]:
    """Of one proposal, since it shows what lies in hidden groups."""
    shape = (document.size.height, document.size.width, 3)
    options = ["-delete", "0", "-background", "none", "-flatten"]
    return "not told", foreign.imagemagick(str(path), options, shape)


def pixels_of(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def measure(
    kind: str, program: str, painting: Painting, folder: Path
) -> list[str | int | float] | None:
    picks = [painting.chosen] if program == "ImageMagick" else None
    document = unseen(painting, picks)
    path = folder / f"{program}.{kind}"
    with path.open("wb") as file:
        (write_psd if kind == "psd" else write_ora)(document, file)
    if kind == "ora":
        assert_unseen(path)
    begin = time.perf_counter()
    right, seen = PROGRAMS[program](path, document, folder / "seen.png")
    seconds = time.perf_counter() - begin
    apart = np.abs(seen.astype(np.int16) - render(painting, painting.chosen)).max(axis=-1)
    print(f"{kind} {program}: {seconds:.0f} s", file=sys.stderr, flush=True)
    megabytes = round(path.stat().st_size / 1e6, 1)
    count = len(foreign.rows_of(document.layers))
    share = f"{(apart > 1).mean():.6f}"
    return [kind, megabytes, program, right, count, int(apart.max()), share]


def assert_unseen(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        merged = Image.open(io.BytesIO(archive.read("mergedimage.png")))
        assert not np.asarray(merged).any()


PROGRAMS: dict[str, Callable[[Path, Document, Path], tuple[int | str, Pixels]]] = {
    "GIMP": by_gimp,
    "Krita": by_krita,
    "ImageMagick": by_imagemagick,
}
RUNS = [("psd", "GIMP"), ("psd", "Krita"), ("psd", "ImageMagick"), ("ora", "Krita")]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--side", type=int, default=4096, help="width of the page in pixels")
    options = parser.parse_args()
    foreign.SECONDS = 1200
    painting = paint(options.side)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, program in RUNS:
            found = measure(kind, program, painting, Path(folder))
            rows.append(dict(zip(COLUMNS, found, strict=True)))
    write_rows(RESULT, rows)


if __name__ == "__main__":
    main()
