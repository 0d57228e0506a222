"""How fast and how large `data fetch` and `data prepare` are; rows go to results/data.csv.

    python benchmarks/data.py prepare [--source FOLDER] [--limit 400]  # pictures/s
    python benchmarks/data.py fetch [--files 2000]                     # files/s, local server
    python benchmarks/data.py memory [--pictures 1000000]              # MB for such a manifest

Without `--source`, pictures of 512 × 512 are drawn by `inkwash.data.synth`. The share of the
machine that others used meanwhile is a column, for a busy machine makes all of it slower.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tables import add_rows

RESULTS = Path(__file__).parent / "results" / "data.csv"
COLUMNS = ("what", "setting", "count", "seconds", "per_second", "megabytes", "busy_cores_of_others")
JOURNAL = (".prepare", "journal.jsonl")


class Busy:
    """Cores that other processes of this machine used while a block ran."""

    def __enter__(self) -> Busy:
        self._start, self._all, self._mine = time.monotonic(), _machine(), _mine()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds = time.monotonic() - self._start
        others = (_machine() - self._all) - (_mine() - self._mine)
        self.cores = max(0.0, others / self.seconds)


def _machine() -> float:
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _mine() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def write_row(what: str, setting: str, count: int, busy: Busy, megabytes: float) -> None:
    """Append a row to the results and print it."""
    rate = count / busy.seconds
    row = (
        what,
        setting,
        count,
        f"{busy.seconds:.1f}",
        f"{rate:.1f}",
        f"{megabytes:.0f}",
        f"{busy.cores:.2f}",
    )
    add_rows(RESULTS, [dict(zip(COLUMNS, row, strict=True))])
    sys.stdout.write(", ".join(map(str, row)) + "\n")


def peak_megabytes() -> float:
    """Of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def prepare_speed(source: Path | None, limit: int) -> None:
    """Pairs at 256 with the default lines."""
    from inkwash.data.prepare import PrepareConfig, prepare

    with tempfile.TemporaryDirectory() as temporary:
        pictures = Path(temporary, "source")
        _copy(source, pictures, limit) if source else _draw(pictures, limit)
        for workers in (1, 2):
            out = Path(temporary, f"out{workers}")
            with Busy() as busy:
                report = prepare(pictures, out, PrepareConfig(workers=workers))
            setting = f"256 divide folders, workers={workers}"
            write_row("prepare", setting, report.tally.done, busy, peak_megabytes())


def _copy(source: Path, folder: Path, limit: int) -> None:
    """Evenly chosen pictures of a folder."""
    found = sorted(p for p in source.rglob("*") if p.suffix in (".webp", ".png", ".jpg"))
    folder.mkdir()
    for i in np.linspace(0, len(found) - 1, min(limit, len(found))).astype(int):
        shutil.copy(found[i], folder / f"{i:06d}{found[i].suffix}")


def _draw(folder: Path, limit: int) -> None:
    from PIL import Image

    from inkwash.data.synth import draw

    folder.mkdir()
    for seed in range(limit):
        Image.fromarray(draw(seed, 512).colour).save(folder / f"{seed:06d}.png")


def fetch_speed(files: int) -> None:
    """Small pictures from a server in another process, checked and written."""
    from inkwash.data.fetch import FetchConfig, fetch

    ready: multiprocessing.Queue[str] = multiprocessing.Queue()
    server = multiprocessing.Process(target=_serve, args=(ready,), daemon=True)
    server.start()
    url = ready.get()
    with tempfile.TemporaryDirectory() as temporary:
        urls = Path(temporary, "urls.txt")
        urls.write_text("".join(f"{url}/{i}.png\n" for i in range(files)))
        config = FetchConfig(rate=0.0, concurrency=16, smallest_side=16)
        with Busy() as busy:
            report = fetch(urls, Path(temporary, "out"), config)
    server.terminate()
    server.join()
    write_row("fetch", "local server, concurrency=16", report.tally.kept, busy, peak_megabytes())


def _serve(ready: multiprocessing.Queue[str]) -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from booru import Booru

    with Booru() as server:
        ready.put(server.url)
        server.serve_forever()


def memory(pictures: int) -> None:
    """Scan a source of so many (empty) files with a table, resume a journal, write the tables."""
    from inkwash.data.prepare import PrepareConfig, prepare

    with tempfile.TemporaryDirectory() as temporary:
        source, out = Path(temporary, "source"), Path(temporary, "out")
        _fill(source, out, pictures)
        before = peak_megabytes()
        with Busy() as busy:
            report = prepare(source, out, PrepareConfig(workers=1))
        assert report.tally.before == pictures
        setting = f"resume and tables; {before:.0f} MB before"
        write_row("memory", setting, pictures, busy, peak_megabytes())


def _fill(source: Path, out: Path, pictures: int) -> None:
    """Files, SOURCES.csv and a journal that says that every picture is done."""
    from inkwash.data.prepare import PrepareConfig
    from inkwash.data.prepare.journal import Journal

    rng = np.random.default_rng(0)
    source.mkdir()
    with (
        Journal(out, source, PrepareConfig()) as journal,
        (source / "SOURCES.csv").open("w") as table,
    ):
        table.write("file,group,licence,author,origin\n")
        for i in range(pictures):
            name = f"{i % 256:02x}/{i:08d}.png"
            if i < 256:
                (source / name).parent.mkdir()
            os.mknod(source / name)
            table.write(f"{name},{i},CC0,author {i % 9999},https://art.example/posts/{i}\n")
            pair = {"key": f"{i:08d}-0", "box": [0, 0, 512, 512], "ink": 0.1, "colourfulness": 50.0}
            look = rng.bytes(56).hex()
            journal.append({"name": name, "split": "train", "pairs": [pair], "look": look})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="what", required=True)
    verb = verbs.add_parser("prepare")
    verb.add_argument("--source", type=Path)
    verb.add_argument("--limit", type=int, default=400)
    verbs.add_parser("fetch").add_argument("--files", type=int, default=2000)
    verbs.add_parser("memory").add_argument("--pictures", type=int, default=1_000_000)
    arguments = vars(parser.parse_args())
    {"prepare": prepare_speed, "fetch": fetch_speed, "memory": memory}[arguments.pop("what")](
        **arguments
    )


if __name__ == "__main__":
    main()
