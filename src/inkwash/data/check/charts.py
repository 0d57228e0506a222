"""Pictures of a check: histograms, and a sheet of the worst pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 640, 300  # of a histogram, pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 20, 20, 44, 34
_GROUND, _TEXT, _BAR = (250, 250, 248), (48, 48, 52), (70, 110, 160)
_CELL = 160  # of the sheet, pixels

Pixels = NDArray[np.uint8]


class Shown(NamedTuple):
    """A pair for the sheet."""

    caption: str
    rgb: Pixels  # (H, W, 3)
    line: Pixels  # (H, W)


def histogram(values: ArrayLike, title: str, end: float, *, percent: bool = False) -> Image.Image:
    """Forty bars from 0 to `end`; values over it count in the last bar."""
    numbers = np.minimum(np.asarray(values, np.float64), end)
    counts, _ = np.histogram(numbers, 40, (0.0, end))
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    middle = f"median {_written(float(np.median(numbers)), percent)}" if numbers.size else "none"
    draw.text((_LEFT, 12), f"{title}: {numbers.size} pictures, {middle}", _TEXT, _font(16))
    floor, span = _HEIGHT - _BOTTOM, (_WIDTH - _LEFT - _RIGHT) / len(counts)
    for i, count in enumerate(counts):
        height = (floor - _TOP) * count / max(counts.max(), 1)
        left = _LEFT + i * span
        draw.rectangle((left, floor - height, left + span - 2, floor), fill=_BAR)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        text = _written(end * share, percent) + (" +" if share == 1.0 else "")
        place = _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
        draw.text((place, floor + 8), text, _TEXT, _font(13), anchor=_anchor(share))
    return image


def worst_sheet(rows: Sequence[tuple[str, Sequence[Shown]]]) -> Image.Image:
    """A row for each kind of worst: its title, then colour and lines of each pair."""
    widest = max(len(pairs) for _, pairs in rows)
    height = _CELL + 52
    sheet = Image.new("RGB", (max(1, widest) * (2 * _CELL + 12) + 12, height * len(rows)), _GROUND)
    draw = ImageDraw.Draw(sheet)
    for row, (title, pairs) in enumerate(rows):
        top = row * height
        draw.text((12, top + 6), title, _TEXT, _font(16))
        for column, shown in enumerate(pairs):
            left = 12 + column * (2 * _CELL + 12)
            draw.text((left, top + 28), shown.caption[:40], _TEXT, _font(13))
            sheet.paste(_thumbnail(shown.rgb), (left, top + 46))
            sheet.paste(_thumbnail(shown.line), (left + _CELL, top + 46))
    return sheet


def _thumbnail(picture: Pixels) -> Image.Image:
    image = Image.fromarray(picture).convert("RGB")
    image.thumbnail((_CELL, _CELL))
    return image


def _written(number: float, percent: bool) -> str:
    return f"{number:.0%}" if percent else f"{number:.0f}"


def _anchor(share: float) -> str:
    return "la" if share == 0 else "ra" if share == 1 else "ma"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
