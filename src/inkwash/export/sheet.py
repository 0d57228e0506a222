"""One picture to choose from: the sketch and every colouring, numbered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkwash.export.layout import Grid, shrink
from inkwash.export.png import encode_png
from inkwash.export.registry import Job, Output, writer

_BACKGROUND, _FRAME, _TEXT = (244, 244, 242), (196, 196, 192), (48, 48, 52)
_CHOSEN = (214, 64, 48)


@writer("sheet")
def sheet_outputs(job: Job) -> Iterable[Output]:
    yield Output(job.folder / "sheet.png", lambda file: _write(job, file))


def _write(job: Job, file: BinaryIO) -> None:
    pixels = np.asarray(draw_sheet(job))
    file.write(encode_png(pixels, parameters=job.parameters))


def draw_sheet(job: Job) -> Image.Image:
    """The sheet, at most 3000 pixels a side; the chosen colouring has a frame and a mark."""
    grid = job.grid
    sheet = Image.new("RGB", (grid.size.width, grid.size.height), _BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    for place, (picture, caption, chosen) in enumerate(_entries(job)):
        _place(sheet, draw, grid, place, picture, chosen)
        _write_caption(draw, grid, place, caption, chosen)
    return sheet


def _entries(job: Job) -> Iterator[tuple[Image.Image, str, bool]]:
    """Picture, caption and whether it is the chosen one, in reading order."""
    sketch = job.painting.sketch
    yield shrink(sketch.ink, job.grid.cell), "sketch", False
    for index, colouring in enumerate(job.painting.colourings):
        caption = f"{index + 1}   {colouring.title}".strip()
        yield job.thumbnail(index), caption, index == job.painting.chosen


def _place(
    sheet: Image.Image,
    draw: ImageDraw.ImageDraw,
    grid: Grid,
    place: int,
    picture: Image.Image,
    chosen: bool,
) -> None:
    left, top = grid.corner(place)
    left += (grid.cell.width - picture.width) // 2
    top += (grid.cell.height - picture.height) // 2
    thick = max(2, grid.font // 5) if chosen else 1
    right, bottom = left + picture.width, top + picture.height
    frame = (left - thick, top - thick, right + thick - 1, bottom + thick - 1)
    draw.rectangle(frame, fill=_CHOSEN if chosen else _FRAME)
    sheet.paste(picture, (left, top))


def _write_caption(
    draw: ImageDraw.ImageDraw, grid: Grid, place: int, caption: str, chosen: bool
) -> None:
    left, top = grid.corner(place)
    middle = top + grid.cell.height + grid.caption // 2
    font = ImageFont.load_default(grid.font)
    if chosen:
        radius = grid.font // 4
        dot = (left, middle - radius, left + 2 * radius, middle + radius)
        draw.ellipse(dot, fill=_CHOSEN)
        left += 4 * radius
        caption += "   picked"
    room = grid.corner(place)[0] + grid.cell.width - left
    draw.text((left, middle), _cut(draw, caption, font, room), _TEXT, font, anchor="lm")


def _cut(
    draw: ImageDraw.ImageDraw,
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    room: int,
) -> str:
    """As many letters as fit into `room` pixels."""
    while text and draw.textlength(text, font) > room:
        text = text[:-1].rstrip()
    return text
