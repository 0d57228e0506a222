"""What clients send and read, and many who paint at once."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

BUSY = 429
_MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.M)
_CPU = re.compile(r"^process_cpu_seconds_total (\S+)$", re.M)


@dataclass
class Seen:
    """What all clients together saw; seconds until each answer, by kind of call."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    painted: list[int] = field(default_factory=list)  # sketches that each client got painted
    refused: Counter[int] = field(default_factory=Counter)  # by client, jobs put off with 429
    memory: list[float] = field(default_factory=list)  # bytes, as time goes on

    def quantile(self, kind: str, share: float) -> float:
        values = sorted(self.seconds.get(kind, [0.0]))
        return values[min(len(values) - 1, int(share * len(values)))]


class Client:
    """One artist: uploads, waits, hints, looks, takes the picture away, closes, and again."""

    def __init__(self, number: int, url: str, seen: Seen, picture: bytes, end: float) -> None:
        self.number, self.seen, self.picture, self.end = number, seen, picture, end
        self.http = httpx.AsyncClient(base_url=url, timeout=120)
        self.painted = 0

    async def work(self) -> int:
        """One sketch, and others until the end; how many were painted."""
        async with self.http:
            await self._call("page", "GET", "/")
            await self._paint_one()
            while time.monotonic() < self.end:
                await self._paint_one()
        return self.painted

    async def _paint_one(self) -> None:
        upload = {"files": {"file": ("page.png", self.picture)}}
        opened = await self._job("POST", "/v1/sketches", **upload)
        if opened is None:
            return
        self.painted += 1
        path = f"/v1/sketches/{opened['id']}"
        for colour in ("#d04040", "#4040d0"):
            await self._call("hint", "POST", f"{path}/hints", json=colour_hint((35, 30), colour))
            await self._call("tile", "GET", f"{path}/tiles/picture/0/0/0.webp")
        await self._job("POST", f"{path}/reroll")
        await self._call("export", "GET", f"{path}/export")
        await self._call("close", "DELETE", path)

    async def _job(self, method: str, path: str, **options) -> dict | None:
        """Ask, again when the queue is full, and wait until it is done; None after the end."""
        began = time.monotonic()
        while (answer := await self._call("ask", method, path, **options)).status_code == BUSY:
            self.seen.refused[self.number] += 1
            if time.monotonic() > self.end:
                return None
            await asyncio.sleep(min(1.0, float(answer.headers["retry-after"])))
        accepted = answer.json()
        events = await self._call("events", "GET", f"/v1/jobs/{accepted['job']}/events")
        assert '"state":"done"' in events.text, events.text[-500:]
        self.seen.seconds.setdefault("job", []).append(time.monotonic() - began)
        return accepted

    async def _call(self, kind: str, method: str, path: str, **options) -> httpx.Response:
        began = time.monotonic()
        answer = await self.http.request(method, path, **options)
        self.seen.statuses[answer.status_code] += 1
        self.seen.seconds.setdefault(kind, []).append(time.monotonic() - began)
        return answer


def events(text: str) -> list[dict[str, Any]]:
    """What a stream of server-sent events said."""
    lines = [line for line in text.split("\n\n") if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def colour_hint(place: tuple[int, int], rgb: str, kind: str = "colour") -> dict[str, Any]:
    x, y = place
    mark = {"kind": kind, "shape": "dot", "x": x, "y": y}
    return {"hints": [mark | ({"rgb": rgb} if kind in ("colour", "suggest") else {})]}


async def paint_at_once(url: str, picture: bytes, clients: int, seconds: float) -> Seen:
    """So many clients for so long; each may finish what it has begun."""
    seen, end = Seen(), time.monotonic() + seconds
    watching = asyncio.create_task(_watch_memory(url, seen))
    work = [Client(number, url, seen, picture, end).work() for number in range(clients)]
    seen.painted = list(await asyncio.gather(*work))
    watching.cancel()
    return seen


def figure(text: str, name: str) -> float:
    """A figure of `/metrics`: "memory" in bytes or "cpu" in seconds."""
    found = {"memory": _MEMORY, "cpu": _CPU}[name].search(text)
    assert found, text
    return float(found[1])


async def _watch_memory(url: str, seen: Seen) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        while True:
            seen.memory.append(figure((await http.get("/metrics")).text, "memory"))
            await asyncio.sleep(0.5)
