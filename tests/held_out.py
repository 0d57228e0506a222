"""A folder of drawn pictures in groups, some of them held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from inkwash.data.pictures import is_held_out
from sketches import draw_rooms

NAMES = [f"g{number}" for number in range(400)]
HELD = [name for name in NAMES if is_held_out(name)]
TRAINED = [name for name in NAMES if not is_held_out(name)]


def draw_colours(seed: int) -> np.ndarray:
    """Rooms in two colours, with their lines."""
    page = draw_rooms(120, 100)
    random = np.random.default_rng(seed)
    colours = random.integers(60, 255, (2, 3))
    picture = np.where(np.arange(120)[None, :, None] < 60, colours[0], colours[1])
    return (picture * (page[..., None] / 255.0)).astype(np.uint8)


def write_pictures(folder: Path, held: int = 2, trained: int = 4) -> Path:
    """`0.png` … with a SOURCES.csv; the first `held` pictures are held out."""
    rows = ["file,style_score,group"]
    for index, group in enumerate(HELD[:held] + TRAINED[:trained]):
        Image.fromarray(draw_colours(index)).save(folder / f"{index}.png")
        rows.append(f"{index}.png,5,{group}")
    (folder / "SOURCES.csv").write_text("\n".join(rows))
    return folder
