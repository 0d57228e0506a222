"""A painting drawn by hand, so that writers are tested without the steps before them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.layers import Pixels
from inkwash.regions.table import Regions, describe
from inkwash.sketch import Sketch


@dataclass(frozen=True, kw_only=True)
class FakeColouring:
    colours: Pixels
    clear: NDArray[np.bool_]
    shade: Pixels | None = None
    light: Pixels | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class FakePainting:
    sketch: Sketch
    regions: Regions
    colourings: list[FakeColouring]
    chosen: int = 0

    def render(self, index: int) -> Pixels:
        """Flats, shade, light and ink, each rounded to 8 bits as layers are."""
        colouring = self.colourings[index]
        colours = np.where(colouring.clear[:, None], 255, colouring.colours)
        picture = colours[self.regions.labels].astype(np.float64)
        painted = ~colouring.clear[self.regions.labels][..., None]
        if colouring.shade is not None:
            shaded = np.rint(picture * colouring.shade[..., None] / 255)
            picture = np.where(painted, shaded, picture)
        if colouring.light is not None:
            lit = 255 - np.rint((255 - picture) * (255 - colouring.light[..., None]) / 255)
            picture = np.where(painted, lit, picture)
        ink = self.sketch.ink if self.sketch.ink.ndim == 3 else self.sketch.ink[..., None]
        return np.rint(picture * ink / 255).astype(np.uint8)


def read_pixels(path: Path) -> Pixels:
    """The pixels of an RGB picture file, (H, W, 3)."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def draw_painting(
    width: int = 120,
    height: int = 160,
    *,
    count: int = 3,
    blobs: int = 12,
    chosen: int = 0,
    shaded: bool = True,
    transparent: bool = False,
    coloured: bool = False,
    name: str = "page",
    dpi: tuple[float, float] | None = (300, 300),
    icc_profile: bytes | None = None,
) -> FakePainting:
    """Discs with outlines on paper, `count` colourings of them; the same for the same numbers."""
    random = np.random.default_rng(7)
    labels = np.zeros((height, width), np.int32)
    ink = np.full((height, width), 255, np.uint8)
    reach = min(width, height)
    for blob in range(1, blobs + 1):
        centre = int(random.integers(width)), int(random.integers(height))
        radius = int(random.integers(reach // 12, reach // 4 + 2))
        cv2.circle(labels, centre, radius, blob, -1)
        cv2.circle(ink, centre, radius, 0, max(1, reach // 60), cv2.LINE_AA)
    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape).astype(np.int32)
    regions = describe(labels, ink < 128, line_width=2, gap=4, notes=())
    colourings = [_colouring(index, regions, random, shaded) for index in range(count)]
    alpha = 255 - ink if transparent else None
    pixels = np.stack([ink, np.maximum(ink, 40), ink], axis=-1) if coloured else ink
    sketch = Sketch(ink=pixels, alpha=alpha, name=name, dpi=dpi, icc_profile=icc_profile)
    return FakePainting(sketch=sketch, regions=regions, colourings=colourings, chosen=chosen)


def _colouring(
    index: int, regions: Regions, random: np.random.Generator, shaded: bool
) -> FakeColouring:
    colours = random.integers(60, 256, (regions.count, 3)).astype(np.uint8)
    if regions.count > 4:
        colours[2] = colours[3]  # two regions of one colour share a layer
    clear = np.zeros(regions.count, np.bool_)
    clear[0] = True  # the background stays paper
    height, width = regions.labels.shape
    slope = np.linspace(0, 1, width)[None, :] * np.ones((height, 1))
    painted = ~clear[regions.labels]
    shade = np.where(painted, 255 - 90 * slope, 255).astype(np.uint8)
    light = np.where(painted, np.clip(60 - 120 * slope, 0, 60), 0).astype(np.uint8)
    return FakeColouring(
        colours=colours,
        clear=clear,
        shade=shade if shaded else None,
        light=light if shaded else None,
        title=("warm", "cool", "night")[index % 3],
    )
