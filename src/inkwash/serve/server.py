"""Run the studio on a socket of this machine."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from inkwash.errors import BadConfig
from inkwash.painter import Painter
from inkwash.serve.app import create_app
from inkwash.serve.folder import Folder
from inkwash.serve.guard import Access, is_loopback
from inkwash.serve.limits import Limits
from inkwash.serve.studio import Studio

PORT = 8765
_GRACE = 5  # seconds that open requests have when the server stops
_SHORTEST_TOKEN = 16


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to listen. A token is made up where one is needed and none is given."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise BadConfig(f"--port {self.port}: give a number from 0 to 65535; 0: any free one")
        if self.token is not None and len(self.token) < _SHORTEST_TOKEN:
            raise BadConfig(f"--token: give {_SHORTEST_TOKEN} characters or more")
        if self.token is None and not is_loopback(self.host):
            object.__setattr__(self, "token", secrets.token_urlsafe(24))

    def url(self, port: int) -> str:
        """What to open in a browser; holds the token."""
        shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(
            self.host, self.host
        )
        shown = f"[{shown}]" if ":" in shown else shown
        return f"http://{shown}:{port}/" + (f"?token={self.token}" if self.token else "")


def serve(
    painter: Painter,
    address: Address,
    data_folder: Path,
    ready: Callable[[str], None],
    limits: Limits | None = None,
) -> None:
    """Serve until the process is told to stop. `ready` is called with the address to open.

    Raises BadConfig where the port or the folder is in use.
    """
    limits = limits or Limits()
    with _listen(address) as listening:
        folder = Folder(data_folder)
        access = Access(host=address.host, token=address.token)
        app = create_app(partial(Studio, painter, folder, limits), access, limits)
        url = address.url(listening.getsockname()[1])
        _run(app, listening, partial(ready, url))


def _run(app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who asks is said by the connection alone
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
        ws="none",
    )
    with suppress(KeyboardInterrupt):  # Ctrl+C is how a studio ends
        _Server(config, ready).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it can be reached."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # Named so that asyncio sees TCP and sends small answers at once (TCP_NODELAY).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise BadConfig(
            f"{address.host}:{address.port}: {reason}; give another --port, or 0 for any free one"
        ) from None
    listening.listen(128)
    return listening
