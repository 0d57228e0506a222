"""The studio's speed, and 32 clients at once: `python benchmarks/serve.py`.

Writes benchmarks/results/serve.csv. A real `inkwash studio` is started for each part and asked over
HTTP. `seconds` are what a client waits (the median of several), `cpu_seconds` what the server's
process spent on it: on a machine that others use too, seconds are too many. Level-0 tiles are at
full size; the sketch is the example sketch, scaled.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image
from tables import write_rows

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from load import Seen, colour_hint, events, figure, paint_at_once  # noqa: E402

RESULT = HERE / "results" / "serve.csv"
SKETCH = HERE.parent / "examples" / "schoolgirl.png"
COLUMNS = ["part", "what", "value", "unit", "cpu_seconds"]
WIDTHS = {"1 megapixel": 841, "4 megapixels": 1680, "24 megapixels": 4096}
CLIENTS, LOAD_WIDTH = 32, 420

Row = dict[str, object]


@contextmanager
def studio() -> Iterator[httpx.Client]:
    """A client of a studio of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "inkwash", "studio", "--json", "--port", "0"]
        process = subprocess.Popen(
            [*command, "--data-dir", folder], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        try:
            with httpx.Client(base_url=url, timeout=600) as client:
                yield client
        finally:
            process.terminate()
            process.wait(60)
            process.stdout.close()


def picture(width: int) -> bytes:
    """The example sketch at another width, as PNG."""
    stream = io.BytesIO()
    with Image.open(SKETCH) as image:
        height = round(width * image.height / image.width)
        image.resize((width, height), Image.Resampling.LANCZOS).save(stream, "PNG")
    return stream.getvalue()


class Timer:
    """Collects rows of one part."""

    def __init__(self, part: str, client: httpx.Client) -> None:
        self.part, self.client = part, client
        self.rows: list[Row] = []

    def measure(self, what: str, act: Callable[[int], object], times: int = 5) -> None:
        seconds, before = [], self._cpu()
        for number in range(times):
            began = time.perf_counter()
            act(number)
            seconds.append(time.perf_counter() - began)
        spent = (self._cpu() - before) / times
        value = round(statistics.median(seconds), 3)
        row = {"part": self.part, "what": what, "value": value, "unit": "s"}
        self.rows.append({**row, "cpu_seconds": round(spent, 3)})
        print(self.rows[-1], flush=True)

    def _cpu(self) -> float:
        return figure(self.client.get("/metrics").text, "cpu")


def measure_size(part: str, width: int, times: int) -> list[Row]:
    """One sketch of this width: opened, hinted, looked at, asked again."""
    data = picture(width)
    with studio() as client:
        timer = Timer(part, client)
        sketches: list[str] = []
        timer.measure("first paint, a server that was just started",
                      lambda _: sketches.append(opened(client, data)), 1)  # fmt: skip
        timer.measure("first paint", lambda _: sketches.append(opened(client, data)), times)
        path, side = sketches[-1], width
        place = (int(0.49 * side), int(0.68 * side))
        where = (place[0] // 512, place[1] // 512)
        tile = f"{path}/tiles/picture/0/{where[0]}/{where[1]}.webp"
        top = f"{path}/tiles/picture/{client.get(path).json()['levels'] - 1}/0/0.webp"
        for style in ("flat", "shaded"):
            timer.measure(f"{style}: other style", lambda _, s=style: done(
                client.post(f"{path}/style", json={"style": s})), 1)  # fmt: skip
            timer.measure(f"{style}: a hint, and the tile under it", lambda n: (
                done(client.post(f"{path}/hints", json=colour_hint(place, f"#{n:02x}4060"))),
                done(client.get(tile))), times)  # fmt: skip
            timer.measure(f"{style}: a choice, and the tile under it", lambda n: (
                done(client.post(f"{path}/choices", json={
                    "x": place[0] // 3, "y": place[1], "proposal": n % 9 + 1})),
                done(client.get(tile))), times)  # fmt: skip
            timer.measure(f"{style}: a hint, and the whole page in one tile", lambda n: (
                done(client.post(f"{path}/hints", json=colour_hint(place, f"#{n:02x}6040"))),
                done(client.get(top))), times)  # fmt: skip
            timer.measure(f"{style}: nine thumbnails of 300 pixels", lambda n: [
                done(client.get(f"{path}/proposals/{k}.webp?size={300 + n}"))
                for k in range(1, 10)], times)  # fmt: skip
        timer.measure("new proposals", lambda _: asked(client, f"{path}/reroll"), times)
        timer.measure("saved and opened again", lambda _: opened(
            client, done(client.get(f"{path}/export?format=project")).content), 1)  # fmt: skip
        return timer.rows


def opened(client: httpx.Client, data: bytes) -> str:
    """The path of a new sketch when its first painting is there."""
    accepted = done(client.post("/v1/sketches", files={"file": ("page.png", data)})).json()
    followed(client, accepted)
    return f"/v1/sketches/{accepted['id']}"


def asked(client: httpx.Client, path: str) -> None:
    followed(client, done(client.post(path)).json())


def followed(client: httpx.Client, accepted: dict) -> None:
    said = events(client.get(f"/v1/jobs/{accepted['job']}/events").text)[-1]
    assert said["state"] == "done", said


def done(answer: httpx.Response) -> httpx.Response:
    return answer.raise_for_status()


def measure_load(seconds: float) -> list[Row]:
    """32 clients, each with a sketch of a quarter megapixel at a time."""
    with studio() as client:
        opened(client, picture(LOAD_WIDTH))
        before = figure(client.get("/metrics").text, "cpu")
        began = time.monotonic()
        seen = asyncio.run(
            paint_at_once(str(client.base_url), picture(LOAD_WIDTH), CLIENTS, seconds)
        )
        took = time.monotonic() - began
        spent = figure(client.get("/metrics").text, "cpu") - before
    part = f"{CLIENTS} clients for {seconds:g} s"
    rows = [
        {"part": part, "what": what, "value": round(value, 3), "unit": unit}
        for what, value, unit in figures(seen, took)
    ]
    return [*rows, {"part": part, "what": "cores kept busy", "value": round(spent / took, 2)}]


def figures(seen: Seen, took: float) -> list[tuple[str, float, str]]:
    failed = sum(count for status, count in seen.statuses.items() if status >= 500)
    megabytes = [value / 1e6 for value in seen.memory]
    return [
        ("requests", seen.statuses.total(), ""),
        ("answers 5xx", failed, ""),
        ("answers 429", seen.statuses[429], ""),
        ("until the last was done", took, "s"),
        ("sketches painted", sum(seen.painted), ""),
        ("fewest of one client", min(seen.painted), ""),
        ("most of one client", max(seen.painted), ""),
        ("memory at the start", megabytes[0], "MB"),
        ("memory at most", max(megabytes), "MB"),
        ("memory at the end", megabytes[-1], "MB"),
        *((f"{kind}: {name}", seen.quantile(kind, share), "s")
          for kind in ("job", "hint", "tile", "export")
          for name, share in (("median", 0.5), ("95 %", 0.95))),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=[*WIDTHS, "load"])
    chosen = parser.parse_args()
    rows: list[Row] = []
    for part in chosen.only or [*WIDTHS, "load"]:
        if part == "load":
            rows += measure_load(chosen.seconds)
        else:
            rows += measure_size(part, WIDTHS[part], chosen.times)
        write(rows)


def write(rows: list[Row]) -> None:
    write_rows(RESULT, rows, COLUMNS)


if __name__ == "__main__":
    main()
