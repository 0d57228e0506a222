"""A studio on a real socket of this machine, for tests of the server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from inkwash.export import encode_png
from inkwash.painter import Painter
from inkwash.serve.app import create_app
from inkwash.serve.folder import Folder
from inkwash.serve.guard import Access
from inkwash.serve.limits import Limits
from inkwash.serve.studio import Studio
from load import events
from sketches import draw_rooms
from tiny_net import tiny_runtime

LEFT, RIGHT, DISC, PAGE = (35, 30), (170, 80), (72, 80), (5, 5)
PNG = encode_png(draw_rooms())
AIKO = {
    "name": "Aiko",
    "swatches": [{"rgb": "#f9dcc8", "role": "skin"}, {"rgb": "#6b4030", "role": "hair"}],
}
REN = {"name": "Ren", "swatches": [{"rgb": "#2a1c1a", "role": "hair"}]}


class GatedPainter(Painter):
    """A painter whose network waits while the gate is closed."""

    def __init__(self) -> None:
        super().__init__(tiny_runtime())
        self.gate = threading.Event()
        self.gate.set()
        self.runs = 0

    def study(self, sketch, request):
        self.runs += 1
        assert self.gate.wait(30)
        return super().study(sketch, request)


@dataclass
class Served:
    """A server in a thread of its own, and a client of it."""

    url: str
    painter: GatedPainter
    data: Path
    studios: list[Studio]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.another()

    @property
    def studio(self) -> Studio:
        return self.studios[-1]

    def another(self, **options: Any) -> httpx.Client:
        """A client with cookies of its own."""
        return httpx.Client(base_url=self.url, timeout=30, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.client.post(path, **options)

    def upload(self, data: bytes = PNG, name: str = "rooms.png", **request: Any) -> dict[str, Any]:
        """Open a sketch without waiting for its job: {"id", "job"}."""
        answer = self.post(
            "/v1/sketches",
            files={"file": (name, data)},
            data={"request": json.dumps(request)} if request else {},
        )
        assert answer.status_code == 202, answer.text
        return answer.json()

    def open(self, data: bytes = PNG, name: str = "rooms.png", **request: Any) -> str:
        """Open a sketch, and its id when the first painting is there."""
        opened = self.upload(data, name, **request)
        job = self.wait(opened["job"])
        assert job["state"] == "done", job
        return f"/v1/sketches/{opened['id']}"

    def wait(self, job_id: str) -> dict[str, Any]:
        """The job when it is over."""
        return events(self.get(f"/v1/jobs/{job_id}/events").text)[-1]


def expect_problem(answer: httpx.Response, status: int, word: str) -> dict[str, Any]:
    """That an answer is this problem, in RFC 9457's form."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["type"] == f"urn:inkwash:{word}", said
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


def wait_until(there: Callable[[], Any], seconds: float = 10.0) -> None:
    """Until something is true; fails when it takes longer."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@contextmanager
def serving(
    data: Path, limits: Limits | None = None, access: Access | None = None
) -> Iterator[Served]:
    """A server for the length of the block; it stops as one that is told to."""
    painter, studios = GatedPainter(), []

    def make() -> Studio:
        studios.append(Studio(painter, Folder(data), limits))
        return studios[-1]

    app = create_app(make, access or Access(), limits)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", lifespan="on", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=partial(server.run, sockets=[listening]))
    thread.start()
    wait_until(lambda: server.started)
    served = Served(f"http://127.0.0.1:{listening.getsockname()[1]}", painter, data, studios)
    try:
        yield served
    finally:
        painter.gate.set()
        served.client.close()
        server.should_exit = True
        thread.join(20)
        listening.close()
        assert not thread.is_alive()
