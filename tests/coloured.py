"""Coloured pictures for tests of data, drawn here: a figure of flats with dark outlines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def coloured(seed: int, width: int = 96, height: int = 96) -> NDArray[np.uint8]:
    """(height, width, 3): outlined ellipses of bright colours on a tinted ground."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (2 * width, 2 * height), tuple(rng.integers(180, 256, 3).tolist()))
    draw = ImageDraw.Draw(image)
    for _ in range(7):
        left, top = rng.uniform(0, 1.4, 2) * (width, height)
        right, bottom = (left, top) + rng.uniform(0.3, 0.9, 2) * (width, height)
        colour = tuple(rng.integers(40, 256, 3).tolist())
        draw.ellipse((left, top, right, bottom), fill=colour, outline=(20, 10, 30), width=4)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


def save(path: Path, picture: NDArray[np.uint8], **options: object) -> Path:
    """Write a picture; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, **options)
    return path


def folder_of(folder: Path, count: int, **shape: int) -> Path:
    """A folder of so many different pictures, named 000.png …"""
    for i in range(count):
        save(folder / f"{i:03d}.png", coloured(i, **shape))
    return folder
