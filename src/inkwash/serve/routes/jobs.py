"""Jobs: where they are, as an answer or as a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from inkwash.serve.jobs import Job, Queue
from inkwash.serve.routes.common import InStudio, problems
from inkwash.serve.schemas import JobView

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
JobId = Annotated[str, Path(description="As the answer 202 gave it")]
STILL_THERE = 15.0  # seconds after which a silent stream says so
_STREAM = {"text/event-stream": {"schema": {"type": "string"}}}


@router.get("/{job_id}", responses=problems(404))
async def get_job(studio: InStudio, job_id: JobId) -> JobView:
    """Where a job is."""
    return studio.queue.view(studio.queue.get(job_id))


@router.delete("/{job_id}", responses=problems(404))
async def cancel_job(studio: InStudio, job_id: JobId) -> JobView:
    """Cancel it; one that runs ends at its next step, one that is over stays as it is."""
    job = studio.queue.get(job_id)
    studio.queue.cancel(job)
    return studio.queue.view(job)


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": _STREAM}, **problems(404)},
)
async def follow_job(studio: InStudio, job_id: JobId) -> Response:
    """The job at every change until it is over, as server-sent events."""
    job = studio.queue.get(job_id)
    return StreamingResponse(
        _events(studio.queue, job),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _events(queue: Queue, job: Job) -> AsyncIterator[str]:
    while True:
        change = job.change
        yield f"data: {queue.view(job).model_dump_json()}\n\n"
        if job.over:
            return
        while not change.is_set():
            try:
                await asyncio.wait_for(change.wait(), STILL_THERE)
            except TimeoutError:
                yield ": still there\n\n"
