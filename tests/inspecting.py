"""What tests of inspection share: a tiny network's weights, a sketch, and a picture of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.data.synth import Drawing, draw
from inkwash.inspect import Correction, correction
from inkwash.sketch import read
from inkwash.weights.safetensors_file import write_safetensors
from tiny_net import TINY, tiny_net

SIZE = (72, 96)  # width and height


def drawing(seed: int = 3) -> Drawing:
    return draw(seed, SIZE, kind="bust")


def named(drawn: Drawing, *names: str) -> NDArray[np.bool_]:
    """Where a drawing shows these parts."""
    return np.isin(drawn.labels, [i for i, name in enumerate(drawn.names) if name in names])


def corrected(seed: int = 3, inside: NDArray[np.bool_] | None = None) -> Correction:
    drawn = drawing(seed)
    return correction(read(drawn.line), drawn.colour, inside, TINY)


def files(folder: Path, seed: int = 3) -> tuple[str, str, str]:
    """A sketch, its picture and a mask of its skin, as files."""
    drawn = drawing(seed)
    parts = {"line": drawn.line, "colour": drawn.colour, "skin": named(drawn, "skin")}
    paths = []
    for name, pixels in parts.items():
        path = folder / f"{name}{seed}.png"
        Image.fromarray(pixels).save(path)
        paths.append(str(path))
    return paths[0], paths[1], paths[2]


def weights(folder: Path) -> str:
    path = folder / "tiny.safetensors"
    write_safetensors(tiny_net(), path, half=False)
    return str(path)
