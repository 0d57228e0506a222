"""The pictures of the documentation, made with the embedded weights: `make pictures`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
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
FAULTS = {"schoolgirl": 3, "boy": 1, "kimono": 5}  # example → a proposal with a fault


def main() -> None:
    painter = inkwash.Painter.load()
    sketch = inkwash.read(EXAMPLES[3])
    write("sheet", sheet_of(painter.paint(sketch)))
    palettes = tuple(list(library().values())[::5][:9])
    write("one-sketch-nine-palettes", sheet_of(painter.paint(sketch, palettes=palettes)))
    write("nine-sketches-one-palette", nine_sketches(painter))
    write("limits", faults(painter))
    write("shaded", sheet_of(painter.paint(EXAMPLES[0], style="shaded")))


def faults(painter: inkwash.Painter) -> Image.Image:
    """Proposals that show what the model card tells of its limits."""
    pages = {page.stem: page for page in EXAMPLES}
    paintings = [(painter.paint(pages[name]), number) for name, number in FAULTS.items()]
    return row([inkwash.render(painting, number - 1) for painting, number in paintings])


def nine_sketches(painter: inkwash.Painter) -> Image.Image:
    """Examples and drawn sketches, all under one palette, the picked colouring of each."""
    pages: list[object] = [*EXAMPLES, *(draw(seed, (512, 724), kind="bust").line for seed in DRAWN)]
    paintings = [painter.paint(page, palettes=(library()[ONE_PALETTE],)) for page in pages[:9]]
    return row([inkwash.render(painting, painting.chosen) for painting in paintings])


def row(pictures: list[NDArray[np.uint8]]) -> Image.Image:
    tiles = [
        np.asarray(Image.fromarray(picture).resize((256, 362), Image.Resampling.LANCZOS))
        for picture in pictures
    ]
    return Image.fromarray(np.concatenate(tiles, axis=1))


def sheet_of(painting: inkwash.Painting) -> Image.Image:
    return draw_sheet(Job(painting=painting, folder=HERE, picks=range(9)))


def write(name: str, picture: Image.Image) -> None:
    picture.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    picture.save(HERE / f"{name}.webp", quality=82)


if __name__ == "__main__":
    main()
