"""What several routes take from a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from inkwash.serve.outputs import MEDIA_TYPES, Output
from inkwash.serve.problems import MEDIA_TYPE, Problem
from inkwash.serve.studio import Studio

CLIENT_COOKIE = "inkwash-client"


def studio_of(request: Request) -> Studio:
    return request.app.state.studio


def client_of(request: Request) -> str:
    """Whose turn a job takes: that of a browser, or of an address."""
    cookie = request.cookies.get(CLIENT_COOKIE, "")
    if re.fullmatch(r"[0-9a-f]{32}", cookie):
        return cookie
    return request.client.host if request.client else "unknown"


def expected_revision(
    if_match: Annotated[
        str | None, Header(description='`"revision"` of the state that this builds on')
    ] = None,
) -> int | None:
    """None where any will do; -1, which no state has, for what is no revision of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'"?([0-9]{1,18})"?', if_match.strip())
    return int(found[1]) if found else -1


class Upload(APIRoute):
    """A route whose body holds files for a job: they are read when there is room for it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_if_room(request: Request) -> Response:
            studio = studio_of(request)
            self.expect_room(studio)
            with studio.queue.arriving(client_of(request)) as let_go:
                request.state.let_go = let_go
                return await handle(request)

        return handle_if_room

    def expect_room(self, studio: Studio) -> None:
        """Raise a Problem where there is no room besides the queue's."""


def kept_place(request: Request) -> Callable[[], None]:
    """Lets go of the place that is kept for the job of an `Upload`: for `Queue.add`."""
    return request.state.let_go


async def only_known_fields(request: Request) -> None:
    """Raise a Problem 422 for a field that is not known: a slip of the pen would go unseen."""
    known = [field.alias for field in request.scope["route"].dependant.body_params]
    for field in await request.form():
        if field not in known:
            detail = f"field {field[:60]!r} is not known; there are {', '.join(known)}"
            raise Problem(422, "invalid", detail)


InStudio = Annotated[Studio, Depends(studio_of)]
Client = Annotated[str, Depends(client_of)]
KeptPlace = Annotated[Callable[[], None], Depends(kept_place)]
Expected = Annotated[int | None, Depends(expected_revision)]
SketchId = Annotated[str, Path(description="As the upload answered it")]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the description: the errors that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


def a_file(*suffixes: str) -> dict[str, Any]:
    """For the description: an answer that is a file of one of these kinds."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {"content": {MEDIA_TYPES[suffix]: schema for suffix in suffixes}}


_MEANINGS = {
    400: "The body cannot be read",
    401: "A token is needed",
    403: "Another site asked for it",
    404: "There is no such thing",
    408: "The rest of the request did not come",
    409: "It cannot be done now",
    412: "The sketch has changed since; `state` has the new state",
    413: "Too large",
    421: "Not a name of this server",
    422: "What was sent does not fit",
    429: "Too many jobs wait; see Retry-After",
    507: "No room on the disk or in memory",
}


def picture(data: bytes | None, kind: str, tag: str) -> Response:
    """Bytes of a picture with their ETag; None where the client has them already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    if data is None:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=f"image/{kind}", headers=headers)


def has_already(request: Request, tag: str) -> bool:
    """Whether If-None-Match names this tag."""
    known = request.headers.get("if-none-match", "")
    return f'"{tag}"' in (part.strip().removeprefix("W/") for part in known.split(","))


class _Download(FileResponse):
    """A file that is sent once, whole, and removed however that ends."""

    def __init__(self, output: Output) -> None:
        super().__init__(
            output.path,
            media_type=output.media_type,
            filename=output.path.name,
            headers={"Cache-Control": "no-store", "Accept-Ranges": "none"},
        )
        self._output = output

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        try:
            await super().__call__({**scope, "headers": headers}, receive, send)
        finally:
            self._output.remove()


def download(output: Output) -> FileResponse:
    """Send the file to be saved, and remove it then."""
    return _Download(output)
