"""The pictures of docs/adapt.md: a drawn character's finished pages, and new ones before and after.

    python docs/pictures/adapt.py [FOLDER]

Writes adapt.webp (what `inkwash paint` makes of new sketches) and adapt-preview.webp (the preview
that is written while it learns). What it makes on the way stays in FOLDER, if that is given; an
adapter that is there already is taken as it is.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.cli import main as inkwash
from inkwash.data.synth import Character, Drawing, Hair, Look, portrait

HERE = Path(__file__).parent
SIZE = 640
TILE = 240
COLOURS = {
    "hair": (214, 92, 70),
    "skin": (250, 222, 202),
    "iris": (70, 140, 90),
    "top": (60, 84, 150),
}
WHO = Character(
    hair=Hair(fringe="swept", sides="long", back="wavy", length=1.1), outfit="coat", seed=4
)
FINISHED = (
    replace(WHO, yaw=-0.6, mouth="smile", pose="wave"),
    replace(WHO, yaw=0.4, mouth="flat", pose="chest", brows="stern"),
    replace(WHO, yaw=0.9, mouth="open", pose="down", tilt=6.0),
)
NEW = (
    replace(WHO, yaw=0.0, mouth="cat", pose="hips", tilt=-5.0),
    replace(WHO, yaw=-0.9, mouth="open", pose="behind", brows="raised"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name)
        finished, new = [drawn(who) for who in FINISHED], [drawn(who) for who in NEW]
        for place, drawing in enumerate(finished):
            save(folder / "pages" / f"{place}_line.png", drawing.line)
            save(folder / "pages" / f"{place}_color.png", drawing.colour)
        sketches = [folder / f"new-{place}.png" for place in range(len(new))]
        for path, drawing in zip(sketches, new, strict=True):
            save(path, drawing.line)
        adapter = folder / "girl.adapter"
        if not adapter.exists():
            run("adapt", folder / "pages", "--out", adapter)
        before = painted(sketches, "default", folder / "before")
        after = painted(sketches, f"default+{adapter}", folder / "after")
        rows = [[drawing.colour for drawing in finished]]
        rows += [list(row) for row in zip([d.line for d in new], before, after, strict=True)]
        write(HERE / "adapt.webp", rows)
        preview = Image.open(folder / "girl.preview.png")
        preview.thumbnail((4 * TILE, 4 * TILE))
        preview.save(HERE / "adapt-preview.webp", quality=82)


def drawn(who: Character) -> Drawing:
    return portrait(who, SIZE, crop="bust", colours=COLOURS, look=Look(shading="cel"), seed=3)


def painted(sketches: list[Path], weights: str, out: Path) -> list[NDArray[np.uint8]]:
    """The first proposal of each sketch."""
    run("paint", *sketches, "--weights", weights, "--out", out, "--pick", "best", "--force")
    return [np.asarray(Image.open(next((out / path.stem).glob("[1-9].png")))) for path in sketches]


def run(*arguments: object) -> None:
    if code := inkwash([str(argument) for argument in arguments]):
        raise SystemExit(f"inkwash {arguments[0]} ended with {code}")


def save(path: Path, pixels: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def write(path: Path, rows: list[list[NDArray[np.uint8]]]) -> None:
    """Tiles in rows, a white line between them."""
    step = TILE + 8
    width = step * max(map(len, rows)) - 8
    sheet = Image.new("RGB", (width, step * len(rows) - 8), "white")
    for y, row in enumerate(rows):
        for x, pixels in enumerate(row):
            tile = Image.fromarray(pixels).convert("RGB").resize((TILE, TILE), Image.Resampling.BOX)
            sheet.paste(tile, (x * step, y * step))
    sheet.save(path, quality=82)


if __name__ == "__main__":
    main()
