"""A small booru for tests: an HTTP server of our own that can misbehave in every known way."""

from __future__ import annotations

import io
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image


def picture_bytes(seed: int, side: int = 48, kind: str = "PNG") -> bytes:
    """A coloured picture of blocks, different for every seed."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    image = Image.fromarray(blocks).resize((side, side), Image.Resampling.NEAREST)
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def bomb_bytes() -> bytes:
    """A PNG of a few bytes that says it is 60 000 × 60 000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


class Booru(ThreadingHTTPServer):
    """Pictures at /N.png; every other path is a fault. `asked` counts requests by path."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.times: dict[str, list[float]] = {}
        self.served: Counter[str] = Counter()  # pictures sent to the last byte
        self.agents: set[str] = set()
        self.delay = delay
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Booru
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server, path = self.server, self.path.partition("?")[0]
        with server.lock:
            server.asked[path] += 1
            server.times.setdefault(path, []).append(time.monotonic())
            server.agents.add(self.headers["user-agent"])
            nth = server.asked[path]
        time.sleep(server.delay)
        name = path.strip("/")
        fault = getattr(self, f"_{name.replace('-', '_')}", None)
        if fault is not None:
            fault(nth)
        else:
            self._picture(name)

    def _picture(self, name: str) -> None:
        seed = int("".join(c for c in name if c.isdigit()) or 0)
        self._send(200, picture_bytes(seed))
        with self.server.lock:
            self.server.served[self.path] += 1

    def _send(self, status: int, body: bytes, kind: str = "image/png", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _slow_down(self, nth: int) -> None:
        if nth == 1:
            self._send(429, b"slow down", "text/plain", Retry_After="1")
        else:
            self._send(200, picture_bytes(1001))

    def _wait_a_day(self, nth: int) -> None:
        self._send(429, b"slow down", "text/plain", Retry_After="86400")

    def _twice_500(self, nth: int) -> None:
        if nth <= 2:
            self._send(500, b"oops", "text/plain")
        else:
            self._send(200, picture_bytes(1002))

    def _always_503(self, nth: int) -> None:
        self._send(503, b"oops", "text/plain")

    def _truncated(self, nth: int) -> None:
        body = picture_bytes(1003)
        self._send(200, body[: len(body) // 2])

    def _html(self, nth: int) -> None:
        self._send(200, b"<!doctype html><p>Please log in", "text/html; charset=utf-8")

    def _html_as_png(self, nth: int) -> None:
        self._send(200, b"<!doctype html><p>Please log in")

    def _circle(self, nth: int) -> None:
        self._send(302, b"", Location="/circle")

    def _moved(self, nth: int) -> None:
        self._send(301, b"", Location="/1004.png")

    def _huge(self, nth: int) -> None:
        self._send(200, picture_bytes(1005), length=str(2 * 1024**3))
        self.close_connection = True

    def _endless(self, nth: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for _ in range(10_000):
            self.wfile.write(bytes(10_000))

    def _cut(self, nth: int) -> None:
        body = picture_bytes(1006)
        self._send(200, body[: len(body) // 2], length=str(len(body)))
        self.wfile.flush()
        self.connection.close()
        self.close_connection = True

    def _cut_once(self, nth: int) -> None:
        if nth == 1:
            self._cut(nth)
        else:
            self._send(200, picture_bytes(1007))

    def _bomb(self, nth: int) -> None:
        self._send(200, bomb_bytes())

    def _gone(self, nth: int) -> None:
        self._send(404, b"gone", "text/plain")

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@contextmanager
def running_booru(delay: float = 0.0) -> Iterator[Booru]:
    """A booru on a free port of this machine."""
    with Booru(delay) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
