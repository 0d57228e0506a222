"""The server about itself: health, figures, its description, the page and the examples."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from PIL import Image

from inkwash import __version__
from inkwash.serve.guard import COOKIE, Access
from inkwash.serve.manual import STYLE, manual
from inkwash.serve.metrics import TYPE
from inkwash.serve.problems import Problem, not_found
from inkwash.serve.routes.common import CLIENT_COOKIE, InStudio, client_of, has_already, problems
from inkwash.serve.schemas import ExampleView, Health

router = APIRouter()
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_YEAR = 365 * 24 * 3600
_PNG = {"image/png": {"schema": {"type": "string", "format": "binary"}}}


@router.get("/healthz", tags=["server"])
async def health() -> Health:
    """Whether the server answers."""
    return Health(status="ok", version=__version__)


@router.get("/metrics", tags=["server"], response_class=Response)
async def metrics(studio: InStudio) -> Response:
    """Figures as Prometheus text."""
    return Response(await studio.run(studio.metrics.text), media_type=TYPE)


@router.get("/v1/examples", tags=["examples"])
async def list_examples() -> list[ExampleView]:
    """Sketches to try at once, drawn by inkwash's own code."""
    return [
        ExampleView(name=name, width=width, height=height, url=f"/v1/examples/{name}")
        for name, (_, width, height) in _examples().items()
    ]


@router.get(
    "/v1/examples/{name}",
    tags=["examples"],
    response_class=Response,
    responses={200: {"content": _PNG}, **problems(404)},
)
async def get_example(name: str) -> Response:
    """The sketch as PNG."""
    if name not in _examples():
        raise not_found("example")
    return Response(_examples()[name][0], media_type="image/png")


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    return HTMLResponse(manual(request.app.openapi()))


@router.get("/docs.css", include_in_schema=False)
async def docs_style() -> Response:
    return Response(STYLE, media_type="text/css")


@router.get("/", include_in_schema=False)
async def page(request: Request, token: str | None = None) -> Response:
    """The studio; with the right token also the cookie that lets the browser in from now on."""
    access: Access = request.app.state.access
    if token is not None and access.token is not None:
        if not access.is_token(token):
            raise Problem(401, "token", "this is not the token that the studio printed")
        answer: Response = RedirectResponse("/", 303)
        _set_cookie(answer, COOKIE, token)
        return answer
    answer = _file(request, "index.html")
    if len(client_of(request)) != 32 or CLIENT_COOKIE not in request.cookies:
        _set_cookie(answer, CLIENT_COOKIE, secrets.token_hex(16))
    return answer


@router.get("/page/{path:path}", include_in_schema=False)
async def page_file(request: Request, path: str) -> Response:
    return _file(request, path)


def _set_cookie(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="strict")


def _file(request: Request, path: str) -> Response:
    """A file of the page: looked up among those there are, never by joining paths."""
    found = _page_files().get(path)
    if found is None:
        raise not_found("file")
    data = found.read_bytes()
    tag = hashlib.blake2b(data, digest_size=12).hexdigest()
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    suffix = f".{path.rpartition('.')[2]}"
    return Response(data, headers=headers, media_type=_TYPES[suffix])


@cache
def _page_files() -> dict[str, Traversable]:
    return dict(_walk(files("inkwash.serve") / "page", ""))


def _walk(folder: Traversable, prefix: str):
    if not folder.is_dir():
        return
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        elif f".{item.name.rpartition('.')[2]}" in _TYPES:
            yield prefix + item.name, item


@cache
def _examples() -> dict[str, tuple[bytes, int, int]]:
    """Name → PNG, width and height."""
    found = {}
    for item in sorted((files("inkwash.serve") / "examples").iterdir(), key=lambda f: f.name):
        if item.name.endswith(".png"):
            with item.open("rb") as stream, Image.open(stream) as image:
                size = image.size
            found[item.name.removesuffix(".png")] = (item.read_bytes(), *size)
    return found
