"""Palettes: the library, files of other programs, character sheets, and pictures."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import Annotated, BinaryIO, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Response, UploadFile

from inkwash import json_files
from inkwash.decode import decode
from inkwash.errors import BadPalette, BadSketch
from inkwash.palettes import (
    FORMATS,
    SHEET_FORMAT,
    CharacterSheet,
    Palette,
    decode_sheet,
    from_picture,
    library,
    without_lines,
)
from inkwash.serve.bodies import palette_of
from inkwash.serve.problems import Problem
from inkwash.serve.routes.common import InStudio, only_known_fields, problems
from inkwash.serve.schemas import PaletteBody, PaletteView, SheetView
from inkwash.serve.sources import plain_name
from inkwash.serve.views import palette_view, sheet_view

router = APIRouter(prefix="/v1/palettes", tags=["palettes"])
MOST_BYTES = 64 * 2**20
_LONGEST = 1024  # pixels that are looked at; a palette needs no more
_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.get("")
async def list_palettes() -> list[PaletteView]:
    """The library that comes with inkwash."""
    return [palette_view(palette) for palette in library().values()]


@router.post("", dependencies=[Depends(only_known_fields)], responses=problems(400, 408, 413, 422))
async def read_palette(
    studio: InStudio,
    file: UploadFile,
    count: Annotated[int, Query(ge=2, le=16, description="Colours of a picture")] = 6,
) -> PaletteView | SheetView:
    """A palette of a file: .gpl, .ase, .aco, .json, or a picture's colours; of the .json of a
    character sheet, its characters."""
    read = partial(_read, file.file, file.filename or "", count, studio.limits.pixels)
    found = await studio.run(read)
    return palette_view(found) if isinstance(found, Palette) else sheet_view(found)


@router.post(
    "/export",
    response_class=Response,
    responses={200: {"content": _FILE}, **problems(400, 408, 413, 422)},
)
async def write_palette(
    body: PaletteBody, format: Literal["gpl", "ase", "aco", "json"] = "gpl"
) -> Response:
    """A palette as a file for other programs."""
    palette = palette_of(body)
    name = "".join(c for c in palette.name if c.isascii() and (c.isalnum() or c in " -_"))
    disposition = f'attachment; filename="{name.strip() or "palette"}.{format}"'
    return Response(
        FORMATS[f".{format}"].encode(palette),
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition},
    )


def _read(file: BinaryIO, name: str, count: int, max_pixels: int) -> Palette | CharacterSheet:
    """Raises BadPalette, naming the file, or a Problem 413."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Problem(413, "too-large", f"the file is too large; the limit is {MOST_BYTES} bytes")
    title, suffix = plain_name(name), PurePosixPath(name).suffix.lower()
    try:
        if suffix == ".json" and json_files.format_of(data, BadPalette) == SHEET_FORMAT:
            return decode_sheet(data)
        if suffix in FORMATS:
            found = FORMATS[suffix].decode(data)
            return found if found.name else Palette(found.swatches, title, found.shares)
        found = from_picture(_pixels(data, max_pixels), count)
    except (BadPalette, BadSketch) as error:
        raise BadPalette(f"{title}: {error}") from None
    return Palette(found.swatches, title, found.shares)


def _pixels(data: bytes, max_pixels: int) -> np.ndarray:
    """(1, N, 3) of a picture, without its lines and what is mostly transparent."""
    picture = decode(data, max_pixels=max_pixels)
    step = max(1, max(picture.colour.shape[:2]) // _LONGEST)
    colour = picture.colour[::step, ::step]
    colour = colour if colour.ndim == 3 else np.repeat(colour[..., None], 3, axis=-1)
    return without_lines(colour, None if picture.alpha is None else picture.alpha[::step, ::step])
