"""One call for programs: a picture in, a file out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import FileResponse
from pydantic import WithJsonSchema
from starlette.datastructures import UploadFile as StarletteFile

from inkwash.document import LayerKind
from inkwash.errors import BadSketch
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import CharacterSheet, decode_sheet
from inkwash.propose import Proposals, Study
from inkwash.regions import Regions
from inkwash.serve.bodies import hints_of, hints_said, palette_of, parsed
from inkwash.serve.jobs import Job, Task
from inkwash.serve.outputs import Output, export_painting
from inkwash.serve.problems import NAMESPACE, Problem
from inkwash.serve.routes.common import (
    Client,
    InStudio,
    KeptPlace,
    Upload,
    a_file,
    download,
    only_known_fields,
    problems,
)
from inkwash.serve.schemas import (
    GAP,
    PICK,
    HintsBody,
    PaintFormat,
    PaletteBody,
    Paper,
    Style,
)
from inkwash.serve.sources import Source, read_sketch, receive
from inkwash.serve.studio import Studio
from inkwash.session import Progress
from inkwash.settle import Painting
from inkwash.sketch import Sketch

router = APIRouter(prefix="/v1", tags=["paint"], route_class=Upload)
LOOK_AFTER = 0.5  # seconds after which it is looked whether the client is still there
HINTS = {"anyOf": [{"type": "string"}, {"type": "string", "format": "binary"}]}
_FILE = a_file(".png", ".psd", ".ora", ".zip")


@router.post(
    "/paint",
    response_class=FileResponse,
    dependencies=[Depends(only_known_fields)],
    responses={200: _FILE, **problems(400, 408, 409, 413, 422, 429, 507)},
)
async def paint(
    request: Request,
    studio: InStudio,
    client: Client,
    place: KeptPlace,
    file: UploadFile,
    hints: Annotated[
        Annotated[Any, WithJsonSchema(HINTS)],
        File(description="JSON, see HintsBody, as text or file; or a painted layer as a file"),
    ] = None,
    palette: Annotated[str | None, Form(description="JSON, a library name, or #rrggbb,…")] = None,
    characters: Annotated[
        str | None, Form(description="JSON, the whole of a character sheet's file")
    ] = None,
    format: Annotated[PaintFormat, Form()] = "png",
    style: Annotated[Style, Form()] = "flat",
    paper: Annotated[Paper, Form()] = "white",
    pick: Annotated[str, Form(pattern=PICK)] = "best",
    seed: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    snap: Annotated[float | None, Form(ge=0, le=1)] = None,
    gap: Annotated[str, Form(pattern=GAP)] = "auto",
    layers: Annotated[Literal["colour", "single"], Form()] = "colour",
) -> FileResponse:
    """Paint a picture and answer with the file."""
    wanted = PaintRequest(
        style=style,
        paper=paper,
        pick="best" if pick == "best" else int(pick),
        seed=seed,
        snap=snap,
        gap="auto" if gap == "auto" else float(gap),
        palettes=(palette_of(_palette_body(palette)),) if palette else (),
        characters=_sheet(characters),
    )
    said = await _hints_said(hints, studio)
    source = await studio.run(
        receive, file.file, file.filename, studio.folder.incoming, studio.limits
    )
    work = partial(_work, studio, source, wanted, said, partial(_write, format, layers))
    job = Job(kind="paint", client=client, sketch=None, work=work, clean=source.remove)
    try:
        if source.is_project:
            raise BadSketch(f"{source.name}: is a project; open it with /v1/sketches")
        studio.queue.add(job, place)
    except Exception:
        source.remove()
        raise
    return download(await _outcome(studio, job, request))


async def _hints_said(given: Any, studio: Studio) -> HintsBody | bytes | None:
    """Of the field or the file `hints`. Raises a Problem 413, 422."""
    if not isinstance(given, StarletteFile):
        return await studio.run(hints_said, given) if given else None
    if (given.size or 0) > (most := studio.limits.body):
        detail = f"hints: the file has {given.size} bytes; the limit is {most}: give fewer hints"
        raise Problem(413, "too-large", detail)
    return await studio.run(hints_said, await given.read())


class _Watched(Painter):
    """A painter that says what it does; it ends between two steps when its job is cancelled."""

    def __init__(self, painter: Painter, report: Progress) -> None:
        super().__init__(painter.runtime, painter.palettes)
        self._painter, self._report = painter, report

    def study(self, sketch: Sketch, request: PaintRequest) -> Study:
        self._report("propose", 0.2)
        return self._painter.study(sketch, request)

    def propose(self, studied: Study, request: PaintRequest) -> Proposals:
        self._report("propose", 0.4)
        return self._painter.propose(studied, request)

    def segment(
        self,
        sketch: Sketch,
        studied: Study,
        request: PaintRequest,
        *,
        progress: Callable[[str, float], None] | None = None,
    ) -> Regions:
        self._report("segment", 0.5)
        regions = self._painter.segment(sketch, studied, request, progress=progress)
        self._report("settle", 0.7)
        return regions


async def _work(
    studio: Studio,
    source: Source,
    wanted: PaintRequest,
    said: HintsBody | bytes | None,
    write: Callable[[Painting, Path, PaintRequest], Output],
    task: Task,
) -> Output:
    task.report("read", 0.0)
    sketch = await task.run(read_sketch, source, studio.limits.pixels)
    if said is not None:
        wanted = replace(wanted, hints=await task.run(hints_of, said, sketch.size))
    painter = _Watched(studio.painter, task.report)
    painting = await task.run(painter.paint, sketch, wanted)
    task.report("save", 0.8)
    return await task.run(write, painting, studio.folder.incoming, wanted)


def _write(
    format: PaintFormat, layers: LayerKind, painting: Painting, folder: Path, wanted: PaintRequest
) -> Output:
    parameters = {"style": wanted.style, "seed": wanted.seed}
    return export_painting(painting, format, layers, folder, parameters)


async def _outcome(studio: Studio, job: Job, request: Request) -> Output:
    """What the job made; it is cancelled when the client goes away. Raises its Problem."""
    finished = asyncio.create_task(studio.queue.finished(job))
    while not finished.done():
        await asyncio.wait((finished,), timeout=LOOK_AFTER)
        if await request.is_disconnected():
            studio.queue.cancel(job)
    if job.state == "done":
        output, job.output = job.output, None
        return output
    if job.problem is None:
        raise Problem(409, "cancelled", "the job was cancelled")
    said = dict(job.problem)
    word = said.pop("type").removeprefix(NAMESPACE)
    raise Problem(said.pop("status"), word, said.pop("detail"), **said)


def _palette_body(text: str) -> PaletteBody | str:
    return parsed(PaletteBody, text, "palette") if text.lstrip().startswith("{") else text


def _sheet(text: str | None) -> CharacterSheet | None:
    return decode_sheet(text.encode()) if text else None
