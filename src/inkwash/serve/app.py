"""The app: routes, errors, and the guard around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp

from inkwash import __version__
from inkwash.serve import problems, schemas
from inkwash.serve.guard import Access, Guard
from inkwash.serve.limits import Limits
from inkwash.serve.routes import about, jobs, paint, palettes, pictures, sketches
from inkwash.serve.routes.common import problems as problem_answers
from inkwash.serve.studio import Studio

DESCRIPTION = "Sketches in, nine colourings out; the same calls that the studio's page makes."


def create_app(
    make_studio: Callable[[], Studio], access: Access, limits: Limits | None = None
) -> ASGIApp:
    """The app behind its guard. `make_studio` is called when the server starts, in its loop."""
    app = create_api(make_studio, access)

    def answered(method: str, route: str, status: int, seconds: float) -> None:
        app.state.studio.metrics.answered(method, route, status, seconds)

    return Guard(app, access, limits or Limits(), answered)


def create_api(make_studio: Callable[[], Studio], access: Access) -> FastAPI:
    """The app without its guard."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        studio = app.state.studio = make_studio()
        studio.start()
        try:
            yield
        finally:
            await studio.close()

    app = FastAPI(
        title="inkwash",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        responses=problem_answers(401, 403, 421),
    )
    app.state.access = access
    app.include_router(sketches.uploads)
    for part in (sketches, pictures, palettes, jobs, paint, about):
        app.include_router(part.router)
    problems.install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description, with problems where it would say HTTPValidationError."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        known = found["components"]["schemas"]
        known["Problem"] = schemas.Problem.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            known.pop(name, None)
        meaning = problem_answers(422)[422]
        for calls in found["paths"].values():
            for call in calls.values():
                if "422" in call["responses"]:
                    call["responses"]["422"] = meaning
        app.openapi_schema = found
    return app.openapi_schema
