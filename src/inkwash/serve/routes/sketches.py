"""Sketches: open, look, close; and everything the artist does with one."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response, UploadFile

from inkwash.commands import Erase, Propose, Remove, Restyle, Snap
from inkwash.errors import BadConfig
from inkwash.painter import PaintRequest
from inkwash.palettes import Palette
from inkwash.serve.bodies import cast_of, hints_of, palettes_of, parsed, region_of, request_of
from inkwash.serve.problems import Problem
from inkwash.serve.routes.common import (
    Client,
    Expected,
    InStudio,
    KeptPlace,
    SketchId,
    Upload,
    only_known_fields,
    problems,
)
from inkwash.serve.schemas import (
    Accepted,
    ChoiceBody,
    HintsBody,
    PalettesBody,
    PickBody,
    RerollBody,
    SketchEntry,
    SketchView,
    Spot,
    StartRequest,
    StyleBody,
)
from inkwash.serve.sources import receive
from inkwash.serve.studio import Studio
from inkwash.serve.views import sketch_view
from inkwash.serve.work import ask_again
from inkwash.serve.work import open_sketch as queue_opening
from inkwash.session import Session


class Opening(Upload):
    """An upload of a sketch, which must find room on the list."""

    def expect_room(self, studio: Studio) -> None:
        studio.expect_place()


router = APIRouter(prefix="/v1/sketches", tags=["sketches"])
uploads = APIRouter(prefix="/v1/sketches", tags=["sketches"], route_class=Opening)
CHANGE = problems(400, 404, 408, 409, 412, 413, 422)
ASK = problems(400, 404, 408, 409, 412, 413, 422, 429)


@uploads.post(
    "",
    status_code=202,
    dependencies=[Depends(only_known_fields)],
    responses=problems(400, 408, 409, 413, 422, 429),
)
async def open_sketch(
    studio: InStudio,
    client: Client,
    place: KeptPlace,
    file: UploadFile,
    request: Annotated[str, Form(description="JSON, see StartRequest")] = "{}",
) -> Accepted:
    """Open a picture or a project; the job reads and paints it."""
    body = parsed(StartRequest, request, "request")
    wanted = request_of(body)
    source = await studio.run(
        receive, file.file, body.name or file.filename, studio.folder.incoming, studio.limits
    )
    try:
        job = queue_opening(studio, client, place, source, wanted, body.invert)
    except Problem:
        source.remove()
        raise
    assert job.sketch is not None
    return Accepted(id=job.sketch, job=job.id)


@router.get("")
async def list_sketches(studio: InStudio) -> list[SketchEntry]:
    """Those that are kept, the newest change first."""
    return [SketchEntry(**asdict(entry)) for entry in studio.folder.entries()]


@router.get("/{sketch_id}", responses=problems(404, 409, 422))
async def get_sketch(studio: InStudio, sketch_id: SketchId) -> SketchView:
    """The state."""
    async with studio.using(sketch_id) as opened, opened.lock:
        return await studio.run(sketch_view, opened)


@router.delete("/{sketch_id}", status_code=204, responses=problems(404, 422))
async def close_sketch(studio: InStudio, sketch_id: SketchId) -> Response:
    """Close it: saved, and off the list."""
    await studio.close_sketch(sketch_id)
    return Response(status_code=204)


@router.post("/{sketch_id}/reopen", status_code=204, responses=problems(404, 409, 422))
async def reopen_sketch(studio: InStudio, sketch_id: SketchId) -> Response:
    """Put one of those that were closed last back on the list, as it was."""
    await studio.reopen_sketch(sketch_id)
    return Response(status_code=204)


@router.post("/{sketch_id}/hints", responses=CHANGE)
async def add_hints(
    studio: InStudio, sketch_id: SketchId, body: HintsBody, expected: Expected
) -> SketchView:
    """Colour, lock, clear or suggest."""

    def act(session: Session) -> None:
        session.hint(*hints_of(body, session.origin.sketch.size).items)

    return await studio.change(sketch_id, expected, act)


@router.delete("/{sketch_id}/hints/{place}", responses=CHANGE)
async def remove_hint(
    studio: InStudio,
    sketch_id: SketchId,
    place: Annotated[int, Path(ge=0, le=1_000_000)],
    expected: Expected,
) -> SketchView:
    """Take hint number `place` of the state's list away, counted from 0."""

    def act(session: Session) -> None:
        _expect_hint(place, len(session.state.request.hints or ()))
        session.do(Remove(place))

    return await studio.change(sketch_id, expected, act)


@router.post("/{sketch_id}/choices", responses=CHANGE)
async def choose(
    studio: InStudio, sketch_id: SketchId, body: ChoiceBody, expected: Expected
) -> SketchView:
    """A region as another proposal has it."""

    def act(session: Session) -> None:
        session.choose(region_of(body, session), body.proposal - 1, spread=body.spread)

    return await studio.change(sketch_id, expected, act)


@router.post("/{sketch_id}/erase", responses=CHANGE)
async def erase(
    studio: InStudio, sketch_id: SketchId, body: Spot, expected: Expected
) -> SketchView:
    """Forget all that was said about a region."""

    def act(session: Session) -> None:
        session.do(Erase((region_of(body, session),)))

    return await studio.change(sketch_id, expected, act)


@router.post("/{sketch_id}/pick", responses=CHANGE)
async def pick(
    studio: InStudio, sketch_id: SketchId, body: PickBody, expected: Expected
) -> SketchView:
    """Show another proposal; choices and locks stay."""
    return await studio.change(sketch_id, expected, lambda s: s.pick(body.proposal - 1))


@router.post("/{sketch_id}/style", responses=CHANGE)
async def set_style(
    studio: InStudio, sketch_id: SketchId, body: StyleBody, expected: Expected
) -> SketchView:
    """Flat or shaded; paper white or painted."""

    def act(session: Session) -> None:
        session.do(Restyle(body.style or session.state.request.style, body.paper))

    return await studio.change(sketch_id, expected, act)


@router.post("/{sketch_id}/undo", responses=CHANGE)
async def undo(studio: InStudio, sketch_id: SketchId, expected: Expected) -> SketchView:
    """Take the last command back."""
    return await studio.change(sketch_id, expected, _undo)


@router.post("/{sketch_id}/redo", responses=CHANGE)
async def redo(studio: InStudio, sketch_id: SketchId, expected: Expected) -> SketchView:
    """Do again what was taken back last."""
    return await studio.change(sketch_id, expected, _redo)


@router.post("/{sketch_id}/propose", status_code=202, responses=ASK)
async def propose(
    studio: InStudio, client: Client, sketch_id: SketchId, expected: Expected
) -> Accepted:
    """Ask the network again, now that it can see the hints."""

    def command(session: Session) -> Propose:
        return Propose(session.state.request.seed)

    job = await ask_again(studio, client, sketch_id, expected, "propose", command)
    return Accepted(id=sketch_id, job=job.id)


@router.post("/{sketch_id}/reroll", status_code=202, responses=ASK)
async def reroll(
    studio: InStudio,
    client: Client,
    sketch_id: SketchId,
    expected: Expected,
    body: RerollBody | None = None,
) -> Accepted:
    """Other colours: proposed palettes take the place of given ones; what was chosen or locked
    holds, and so do characters."""
    seed = body.seed if body else None

    def command(session: Session) -> Propose:
        return Propose(_next_seed(session) if seed is None else seed, _given_up(session))

    job = await ask_again(studio, client, sketch_id, expected, "reroll", command)
    return Accepted(id=sketch_id, job=job.id)


@router.post("/{sketch_id}/palettes", status_code=202, responses=ASK)
async def set_palettes(
    studio: InStudio, client: Client, sketch_id: SketchId, expected: Expected, body: PalettesBody
) -> Accepted:
    """Other palettes from now on, flats moved towards one, or the colours of characters."""
    wanted = PaintRequest(
        palettes=palettes_of(body.palettes or ()),
        snap=body.snap,
        characters=cast_of(body.characters),
    )
    given, proposals = len(wanted.palettes), studio.painter.runtime.config.proposals
    if given not in (0, 1, proposals):
        raise BadConfig(f"{given} palettes given; give 1 for all proposals or {proposals}")
    command = partial(_with_palettes, wanted, body.seed)
    job = await ask_again(studio, client, sketch_id, expected, "palettes", command)
    return Accepted(id=sketch_id, job=job.id)


def _expect_hint(place: int, count: int) -> None:
    if place >= count:
        there_are = f"hints 0 to {count - 1}" if count else "no hints"
        raise BadConfig(f"hint {place}: is not there; the sketch has {there_are}")


def _with_palettes(wanted: PaintRequest, seed: int | None, session: Session) -> Propose | Snap:
    if wanted.snap is not None and seed is None:
        return Snap(wanted.palettes[0], wanted.snap)
    seed = session.state.request.seed if seed is None else seed
    return Propose(seed, wanted.palettes, wanted.snap, wanted.characters)


def _next_seed(session: Session) -> int:
    """One after the largest that was asked for, be it undone: what was seen does not come again."""
    asked = {command.seed for command in session.commands if isinstance(command, Propose)}
    asked.add(session.origin.request.seed)
    seed = (max(asked) + 1) % 2**31
    while seed in asked:  # after the largest that there is
        seed += 1
    return seed


def _given_up(session: Session) -> tuple[Palette, ...] | None:
    """No palettes instead of given ones, which would give the same proposals again; None where
    none were given, or flats only go towards one."""
    request = session.state.request
    return () if request.palettes and request.snap is None else None


def _undo(session: Session) -> None:
    if not session.undo():
        raise Problem(409, "nothing-to-undo", "there is nothing to undo")


def _redo(session: Session) -> None:
    if not session.redo():
        raise Problem(409, "nothing-to-redo", "there is nothing to redo")
