"""The pictures of the documentation, made with the embedded weights: `make pictures`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

import inkwash
from inkwash.data.synth import draw
from inkwash.export import draw_sheet
from inkwash.export.registry import Job
from inkwash.palettes import library

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parent.parent / "examples").glob("*.png"))
WIDTH = 1600
ONE_PALETTE = "school-summer"
DRAWN = (11, 23, 42)  # seeds of sketches beside the examples


def main() -> None:
    painter = inkwash.Painter.load()
    sketch = inkwash.read(EXAMPLES[3])
    write("sheet", sheet_of(painter.paint(sketch)))
    palettes = tuple(list(library().values())[::5][:9])
    write("one-sketch-nine-palettes", sheet_of(painter.paint(sketch, palettes=palettes)))
    write("nine-sketches-one-palette", nine_sketches(painter))
    write("shaded", sheet_of(painter.paint(EXAMPLES[0], style="shaded")))


def nine_sketches(painter: inkwash.Painter) -> Image.Image:
    """Examples and drawn sketches, all under one palette, the picked colouring of each."""
    pages: list[object] = [*EXAMPLES, *(draw(seed, (512, 724), kind="bust").line for seed in DRAWN)]
    tiles = []
    for page in pages:
        painting = painter.paint(page, palettes=(library()[ONE_PALETTE],))
        picture = Image.fromarray(inkwash.render(painting, painting.chosen))
        tiles.append(np.asarray(picture.resize((256, 362), Image.Resampling.LANCZOS)))
    return Image.fromarray(np.concatenate(tiles[:9], axis=1))


def sheet_of(painting: inkwash.Painting) -> Image.Image:
    return draw_sheet(Job(painting=painting, folder=HERE, picks=range(9)))


def write(name: str, picture: Image.Image) -> None:
    picture.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    picture.save(HERE / f"{name}.webp", quality=82)


if __name__ == "__main__":
    main()
