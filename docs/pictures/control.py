"""The picture of docs/control.md, made by the commands that stand there: `make pictures`."""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from inkwash import project
from inkwash.cli import main as inkwash
from inkwash.document import render

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TILE = 300  # pixels wide
STEPS = 5  # commands that have a tile


def main() -> None:
    text = (HERE.parent / "control.md").read_text("utf-8")
    block = re.search(r"```sh\n(.*?)```", text, re.S)
    assert block is not None
    tiles = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in ("examples", "docs"):
            (Path(folder) / name).symlink_to(ROOT / name)
        for line in block[1].splitlines():
            _, *arguments = shlex.split(line)
            if code := inkwash(arguments):
                raise SystemExit(f"{line}: ended with {code}")
            tiles.append(tile())
    strip = Image.fromarray(np.concatenate(tiles[:STEPS], axis=1))
    strip.save(HERE / "control.webp", quality=82)


def tile() -> np.ndarray:
    """What the project shows now, with a white frame."""
    painting = project.read("girl.inkwash").painting
    picture = Image.fromarray(render(painting, painting.chosen))
    picture.thumbnail((TILE, TILE * 2), Image.Resampling.LANCZOS)
    return np.asarray(ImageOps.expand(picture, 6, "white"))


if __name__ == "__main__":
    main()
