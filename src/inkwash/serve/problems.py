"""Errors as RFC 9457 problem details."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from inkwash import errors
from inkwash.serve.words import listed, without_options

MEDIA_TYPE = "application/problem+json"
NAMESPACE = "urn:inkwash:"
log = logging.getLogger("inkwash.serve")

_WORDS: dict[type[errors.InkwashError], tuple[int, str, str]] = {
    errors.BadSketch: (422, "bad-sketch", "This cannot be read as a sketch"),
    errors.BadHints: (422, "bad-hints", "These hints cannot be used"),
    errors.BadPalette: (422, "bad-palette", "This palette cannot be used"),
    errors.BadConfig: (422, "bad-config", "This is not possible"),
    errors.BadProject: (422, "bad-project", "This project cannot be opened"),
    errors.OutputFailed: (507, "disk", "The file could not be written"),
}
_HTTP_WORDS = {
    400: (
        "invalid",
        "the body cannot be read: it is damaged, or a text in a form is over 1 MiB; "
        "send hints that long as a file",
    ),
    404: ("not-found", "there is nothing at this address; /docs lists what there is"),
    405: ("not-allowed", "this address does not take this method; Allow and /docs say which"),
}


class Problem(HTTPException):
    """An answer that is an error; `members` are more members of the problem's object."""

    def __init__(
        self,
        status: int,
        word: str,
        detail: str,
        *,
        title: str | None = None,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(status, detail, headers)
        self.status, self.word = status, word
        self.title = title or word.replace("-", " ").capitalize()
        self.members = members

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": NAMESPACE + self.word,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }

    def response(self) -> JSONResponse:
        return JSONResponse(
            self.as_dict(), self.status, headers=self.headers, media_type=MEDIA_TYPE
        )


def not_found(what: str) -> Problem:
    return Problem(404, "not-found", f"there is no such {what}; it may have been closed")


def refused(kind: type[errors.InkwashError], detail: str, reason: str, **values: Any) -> Problem:
    """A problem like that of an error of ours, with a word for its reason and what that names."""
    status, word, title = _WORDS[kind]
    return Problem(status, word, detail, title=title, reason=reason, **values)


def problem_of(error: BaseException) -> Problem:
    """What went wrong, in the words of a problem; what is not ours is logged and not shown."""
    if isinstance(error, Problem):
        return error
    for kind, (status, word, title) in _WORDS.items():
        if isinstance(error, kind):
            return Problem(status, word, without_options(str(error)), title=title)
    if isinstance(error, MemoryError):
        return Problem(507, "memory", "this does not fit into memory; use a smaller sketch")
    # As text: a log that keeps the error itself would keep all that its frames hold.
    log.error("unexpected error\n%s", "".join(traceback.format_exception(error)))
    return Problem(500, "internal", "an error of inkwash's own; its log says more")


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    for kind in (Problem, errors.InkwashError, MemoryError, Exception):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)


async def _answer(request: Request, error: Exception) -> JSONResponse:
    return problem_of(error).response()


async def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return invalid(error.errors()).response()


def invalid(found: Sequence[Mapping[str, Any]]) -> Problem:
    """A problem of pydantic's errors, or of ours as {loc, msg}."""
    errors = listed(found)
    return Problem(
        422, "invalid", errors[0]["message"], title="The request is not valid", errors=errors
    )


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    word, detail = _HTTP_WORDS.get(error.status_code, ("http", str(error.detail)))
    headers = dict(error.headers) if error.headers else None
    return Problem(error.status_code, word, detail, headers=headers).response()
