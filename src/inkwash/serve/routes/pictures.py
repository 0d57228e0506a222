"""Pictures of a sketch: tiles, proposals, a point, files to take away."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from inkwash.commands import Restyle
from inkwash.serve.drawing import draw, draw_small, encode, tile_box
from inkwash.serve.opened import Opened
from inkwash.serve.outputs import Output, export_session, picks_of
from inkwash.serve.problems import not_found
from inkwash.serve.routes.common import (
    InStudio,
    SketchId,
    a_file,
    download,
    has_already,
    picture,
    problems,
)
from inkwash.serve.schemas import SHOWN_PICK, AtView, ExportFormat, Layer, Style
from inkwash.serve.views import at_view
from inkwash.session import Session

router = APIRouter(prefix="/v1/sketches/{sketch_id}", tags=["pictures"])

Place = Annotated[int, Path(ge=0, le=100_000)]
WEBP = {"image/webp": {"schema": {"type": "string", "format": "binary"}}}
PNG = {"image/png": {"schema": {"type": "string", "format": "binary"}}}
FILE = a_file(".png", ".psd", ".ora", ".inkwash", ".zip")
_STILL = ("sketch", "line", "regions")  # layers that never change


@router.get(
    "/tiles/{layer}/{level}/{column}/{row}.webp",
    response_class=Response,
    responses={
        200: {"content": WEBP},
        304: {"description": "Unchanged"},
        **problems(404, 409, 422),
    },
)
async def get_tile(
    request: Request,
    studio: InStudio,
    sketch_id: SketchId,
    layer: Layer,
    level: Annotated[int, Path(ge=0, le=20)],
    column: Place,
    row: Place,
) -> Response:
    """512 by 512 pixels of a layer, less at the right and lower border; lossless."""
    async with studio.using(sketch_id) as opened:
        box = tile_box(opened.painting.sketch.size, level, column, row)
        if box is None:
            raise not_found("tile")
        since = 0 if layer in _STILL else opened.stamp(level, column, row)
        painting = opened.painting  # after the stamp: never an old picture under a new tag
        tag = f"{opened.epoch}-{layer}-{level}-{column}-{row}-{since}"
        if has_already(request, tag):
            return picture(None, "webp", tag)
        make = partial(_tile, painting, opened.ink, layer, level, box)
        data = await studio.run(studio.tiles.get, (sketch_id, tag), make)
        return picture(data, "webp", tag)


@router.get(
    "/proposals/{number}.{kind}",
    response_class=Response,
    responses={
        200: {"content": WEBP | PNG},
        304: {"description": "Unchanged"},
        **problems(404, 409, 422),
    },
)
async def get_proposal(
    request: Request,
    studio: InStudio,
    sketch_id: SketchId,
    number: Annotated[int, Path(ge=1, le=64)],
    kind: Literal["webp", "png"],
    size: Annotated[int | None, Query(ge=16, le=20_000, description="The long side")] = None,
) -> Response:
    """A proposal of this round as it is when picked: with hints, choices and locks."""
    async with studio.using(sketch_id) as opened:
        async with opened.lock:  # in the middle of a change, tag and picture would not belong
            painting = opened.painting
            if number > len(painting.colourings):
                raise not_found("proposal")
            tag = _fingerprint(opened, number - 1, size, kind)
        if has_already(request, tag):
            return picture(None, kind, tag)
        make = partial(_proposal, painting, number - 1, opened.ink, size, kind)
        data = await studio.run(studio.tiles.get, (sketch_id, tag), make)
        return picture(data, kind, tag)


@router.get("/at", responses=problems(404, 409, 422), tags=["pictures"])
async def at(
    studio: InStudio,
    sketch_id: SketchId,
    x: Annotated[float, Query(allow_inf_nan=False)],
    y: Annotated[float, Query(allow_inf_nan=False)],
) -> AtView:
    """What is at a point: for the eyedropper and for hovering."""
    async with studio.using(sketch_id) as opened:
        return await studio.run(at_view, opened, x, y)


@router.get(
    "/export",
    response_class=FileResponse,
    responses={200: FILE, **problems(404, 409, 422, 507)},
)
async def export(
    studio: InStudio,
    sketch_id: SketchId,
    format: ExportFormat = "png",
    pick: Annotated[str, Query(pattern=SHOWN_PICK)] = "shown",
    layers: Literal["colour", "single"] = "colour",
    style: Style | None = None,
) -> FileResponse:
    """A file to take away: what is shown, or a proposal, or all of them."""
    async with studio.using(sketch_id) as opened:
        picks = picks_of(pick, len(opened.painting.colourings))
        async with opened.lock:
            session = opened.session.copy()
        output = await studio.run_slowly(
            _export, session, format, picks, layers, style, studio.folder.incoming
        )
        return download(output)


def _export(session: Session, format: str, picks, layers, style: Style | None, folder) -> Output:
    if style is not None and style != session.state.request.style:
        session.do(Restyle(style))
    return export_session(session, format, picks, layers, folder)


def _tile(painting, ink, layer: Layer, level: int, box) -> bytes:
    return encode(draw(painting, ink, layer, level, box), "webp")


def _proposal(painting, index: int, ink, size: int | None, kind: str) -> bytes:
    return encode(draw_small(painting, index, ink, size), kind)


def _fingerprint(opened: Opened, index: int, size: int | None, kind: str) -> str:
    """The same for the same picture, also after undo."""
    state, colouring = opened.session.state, opened.painting.colourings[index]
    said = (opened.epoch, state.round, index, state.request.style, size, kind)
    if colouring.tones:
        since = opened.revision if state.locks else None  # locked tones may be of any earlier state
        said += (sorted(colouring.tones.means), sorted(state.choices.items()), since)
    digest = hashlib.blake2b(repr(said).encode(), digest_size=12)
    digest.update(colouring.colours.tobytes())
    digest.update(colouring.clear.tobytes())
    return digest.hexdigest()
