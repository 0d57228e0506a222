"""The jobs: what they do step by step, and how their outcome joins what was done meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

from inkwash.commands import Propose, Snap
from inkwash.errors import BadConfig
from inkwash.painter import PaintRequest
from inkwash.propose import Proposals
from inkwash.serve.jobs import Job, Stopped, Task
from inkwash.serve.opened import Opened
from inkwash.serve.problems import refused
from inkwash.serve.sources import Source, begin
from inkwash.serve.studio import Studio, expect_revision
from inkwash.session import Session
from inkwash.sketch import Invert

CommandOf = Callable[[Session], Propose | Snap]  # made when the job begins


def open_sketch(
    studio: Studio,
    client: str,
    let_go: Callable[[], None],
    source: Source,
    request: PaintRequest,
    invert: Invert,
) -> Job:
    """Queue the reading and first painting of an upload; let_go: as `Queue.add` takes it.

    Raises a Problem for want of room.
    """
    studio.expect_place()
    sketch_id = secrets.token_hex(16)

    async def work(task: Task) -> None:
        session = await task.run(
            begin, source, studio.painter, request, studio.limits,
            invert=invert, report=task.report,
        )  # fmt: skip
        task.report("save", 0.95)
        number = await task.run(studio.folder.save, sketch_id, session)
        await studio.add(await studio.run(Opened, sketch_id, session, number))
        if task.job.stop.is_set():  # cancelled while it was saved
            del studio.beginning[sketch_id]
            await studio.close_sketch(sketch_id)
            raise Stopped

    def clean() -> None:
        studio.beginning.pop(sketch_id, None)
        source.remove()

    job = Job(kind="open", client=client, sketch=sketch_id, work=work, clean=clean)
    studio.beginning[sketch_id] = studio.queue.add(job, let_go)
    return job


async def ask_again(
    studio: Studio,
    client: str,
    sketch_id: str,
    expected: int | None,
    kind: str,
    command_of: CommandOf,
) -> Job:
    """Queue a run of the network for a sketch; one that still waits there makes way for it.

    Raises a Problem where there is no such sketch, it has changed, or there is no room.
    """
    async with studio.using(sketch_id) as opened:
        expect_revision(opened, expected)
        if len(opened.session.rounds) >= studio.limits.rounds:
            most = studio.limits.rounds
            detail = f"this sketch has {most} rounds of proposals, which is the limit"
            raise refused(BadConfig, detail, "rounds", limit=most)
        _make_way(studio, opened)

        async def work(task: Task) -> None:
            async with studio.using(sketch_id) as held:  # else it might leave the memory meanwhile
                await _ask(studio, held, command_of, task)

        job = Job(kind=kind, client=client, sketch=sketch_id, work=work)
        job.clean = partial(_forget_job, opened, job)
        opened.job = studio.queue.add(job).id
        return job


async def _ask(studio: Studio, opened: Opened, command_of: CommandOf, task: Task) -> None:
    async with opened.lock:
        before = opened.session.copy()
    command = command_of(before)
    if isinstance(command, Snap):
        join = partial(_done, command)
    else:
        grown = before.copy()
        asked = partial(before.ask, progress=task.report)
        proposals = await task.run(asked, studio.painter, command)
        await task.run(_accept, grown, command, proposals)
        join = partial(_joined, before, grown, command, proposals)
    async with opened.lock:
        task.report("settle", 0.95)
        expect_revision(opened, None)
        await studio.run(opened.accept, join)
        studio.touch(opened)


def _accept(session: Session, command: Propose, proposals: Proposals) -> None:
    session.accept(command, proposals)
    assert session.painting  # settled here, so that nobody waits for it later


def _done(command: Snap, session: Session) -> Session:
    session.do(command)
    return session


def _joined(
    before: Session, grown: Session, command: Propose, proposals: Proposals, now: Session
) -> Session:
    """What grew out of the session while it did not change; else the session, grown now."""
    if now.done == before.done and now.commands == before.commands:
        return grown
    now.accept(command, proposals)
    return now


def _make_way(studio: Studio, opened: Opened) -> None:
    if opened.job is not None:
        job = studio.queue.get(opened.job)
        if job.state == "queued":
            studio.queue.cancel(job)


def _forget_job(opened: Opened, job: Job) -> None:
    if opened.job == job.id:
        opened.job = None
