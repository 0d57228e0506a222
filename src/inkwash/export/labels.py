"""The regions of a sketch as a label picture for programs and a preview for people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from inkwash.errors import BadData
from inkwash.layers import Pixels
from inkwash.regions import Regions
from inkwash.sketch import Sketch
from inkwash.writing import refuse_existing, replacing

MOST_LABELS = 65536


def write_labels(
    regions: Regions, sketch: Sketch, path: Path, *, force: bool = False
) -> tuple[Path, Path]:
    """Write a 16-bit grey PNG with each pixel's region, and `NAME-preview.png` in random colours.

    Raises OutputExists, OutputFailed, and BadData beyond 65 536 regions.
    """
    if regions.count > MOST_LABELS:
        raise BadData(f"{regions.count} regions do not fit a 16-bit PNG; raise --gap")
    path = path.with_suffix(".png")
    shown = path.with_name(f"{path.stem}-preview.png")
    for file in (path, shown):
        refuse_existing(file, force=force)
    _write(path, Image.fromarray(regions.labels.astype(np.uint16)), force)
    _write(shown, Image.fromarray(preview(regions, sketch)), force)
    return path, shown


def preview(regions: Regions, sketch: Sketch) -> Pixels:
    """(H, W, 3): each region in a colour of its own, the lines on top."""
    rng = np.random.default_rng(1)
    colours = rng.integers(120, 250, (regions.count, 3)).astype(np.uint8)
    flats = colours[regions.labels].astype(np.uint16)
    lines = sketch.lines[..., None].astype(np.uint16)
    return (flats * lines // 255).astype(np.uint8)


def _write(path: Path, picture: Image.Image, force: bool) -> None:
    with replacing(path, force=force) as file:
        picture.save(file, "PNG", compress_level=1)
