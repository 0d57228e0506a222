"""What every request must pass, before anything else looks at it.

- Host: only names of this machine, so that a foreign name that was made to resolve to it (DNS
  rebinding) leads nowhere.
- Origin: a request that changes something must come from our own page, or from no page at all
  (CSRF); there is no CORS, so that no other page can read an answer.
- Token, where one is set, compared in constant time.
- The size of a body and the time between its parts.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkwash.serve.limits import Limits
from inkwash.serve.problems import Problem

SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/healthz",)  # without a token
COOKIE = "inkwash-token"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

Answered = Callable[[str, str, int, float], None]


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may come in. host: where the server listens. token: None on loopback."""

    host: str = "127.0.0.1"
    token: str | None = None

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    def allows_host(self, host: str) -> bool:
        """Whether a Host header names this machine. An address cannot be rebound, a name can."""
        name = _without_port(host)
        if name == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            own = (self.host.lower(), socket.gethostname().lower())
            return not self.is_loopback and name in own
        return address.is_loopback or not self.is_loopback

    def allows_token(self, headers: Headers) -> bool:
        if self.token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        bearer = given.strip() if scheme.lower() == "bearer" else ""
        return self.is_token(bearer) | self.is_token(_cookie(headers, COOKIE))

    def is_token(self, given: str) -> bool:
        """Whether this is the token; takes as long for any text of its length."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, access: Access, limits: Limits, answered: Answered) -> None:
        self._app, self._access, self._limits, self._answered = app, access, limits, answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = time.monotonic()
        headers = Headers(scope=scope)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
                route = getattr(scope.get("route"), "path", "none")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._answered(method, route, message["status"], time.monotonic() - began)
            await send(message)

        try:
            self._check(scope, headers)
            most = self._limits.upload if _is_form(headers) else self._limits.body
            body = _Body(receive, most, self._limits.seconds)
            body.check_length(headers)
            await self._app(scope, body, send_safely)
        except Problem as problem:
            await problem.response()(scope, receive, send_safely)
        return None

    def _check(self, scope: Scope, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._access.allows_host(hosts[0]):
            raise Problem(421, "host", "this is no name of this server; use its own address")
        if scope["method"] not in SAFE:
            _expect_own_page(headers, hosts[0])
        elif headers.get("sec-fetch-site") == "cross-site" and scope["path"].startswith("/v1/"):
            raise Problem(403, "cross-site", "another site asked for this; open the studio itself")
        if scope["path"] in OPEN or _is_entrance(scope) or self._access.allows_token(headers):
            return
        raise Problem(
            401,
            "token",
            "a token is needed: the studio printed an address with one when it started",
            headers={"WWW-Authenticate": "Bearer"},
        )


class _Body:
    """`receive` that stops at so many bytes, and after so long a silence."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive, self._left, self._most, self._seconds = receive, most, most, seconds
        self._complete = False

    def check_length(self, headers: Headers) -> None:
        """Refuse at once what says itself that it is too large."""
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise Problem(400, "invalid", "Content-Length is no number")
        if len(length) > 15 or int(length) > self._most:
            raise self._too_large()

    async def __call__(self) -> Message:
        if self._complete:  # only the end of the connection is awaited now, for as long as it takes
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._seconds)
        except TimeoutError:
            raise Problem(408, "slow", "the rest of the request did not come") from None
        self._left -= len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._left < 0:
            raise self._too_large()
        return message

    def _too_large(self) -> Problem:
        return Problem(
            413, "too-large", f"the request is too large; the limit is {self._most} bytes"
        )


_METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE")


def _expect_own_page(headers: Headers, host: str) -> None:
    """Origin may say https where a proxy in front of us speaks it."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    own = [f"{scheme}://{host}".lower() for scheme in ("http", "https")]
    if foreign or (origin is not None and origin.lower() not in own):
        raise Problem(403, "cross-site", "another site asked for this; only the studio's page may")


def _is_form(headers: Headers) -> bool:
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def _is_entrance(scope: Scope) -> bool:
    """`/?token=…`, where the token is looked at by the page's own route."""
    return scope["path"] == "/" and "token" in QueryParams(scope.get("query_string", b""))


def _without_port(host: str) -> str:
    """The name or address of a Host header, lower case."""
    host = host.strip().lower()
    if host.startswith("[") and "]" in host:
        return host[1:].partition("]")[0]
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _cookie(headers: Headers, name: str) -> str:
    jar: Any = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""
