"""A sheet that shows line extractors side by side on the same pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkwash.data.lines.drawn import ink_coverage
from inkwash.data.lines.registry import Picture, find_extractor

_MARGIN, _CAPTION = 8, 26  # pixels
_GROUND, _TEXT = (236, 236, 236), (40, 40, 40)


def line_sheet(
    pictures: Sequence[Picture], names: Sequence[str], *, strength: float = 0.5, side: int = 384
) -> Picture:
    """RGB (H, W, 3): a row for each picture (h, w, 3), the picture and then each extractor's lines.

    Pictures are scaled to `side` pixels on the long side first, as lines are drawn at the size
    they are looked at. Captions give the share of ink. Raises what `find_extractor` raises.
    """
    rows = [_row(_fitted(picture, side), names, strength, side) for picture in pictures]
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)), _GROUND)
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return np.asarray(sheet)


def _row(picture: Picture, names: Sequence[str], strength: float, side: int) -> Image.Image:
    """One picture and its lines, each with a caption above."""
    lines = [find_extractor(name)(picture, strength) for name in names]
    captions = ["picture"]
    captions += [
        f"{n}   {ink_coverage(line):.1%} ink" for n, line in zip(names, lines, strict=True)
    ]
    step = side + _MARGIN
    row = Image.new("RGB", (_MARGIN + len(captions) * step, _CAPTION + picture.shape[0]), _GROUND)
    draw = ImageDraw.Draw(row)
    font = ImageFont.load_default(15)
    for i, (cell, caption) in enumerate(zip([picture, *lines], captions, strict=True)):
        draw.text((_MARGIN + i * step, 4), caption, _TEXT, font)
        row.paste(Image.fromarray(cell), (_MARGIN + i * step, _CAPTION))
    return row


def _fitted(rgb: Picture, side: int) -> Picture:
    scale = side / max(rgb.shape[:2])
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(rgb), size, interpolation=mode), np.uint8)
