"""From a folder of pairs to a report."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from inkwash.data.check.charts import Shown, histogram, worst_sheet
from inkwash.data.check.measure import Measured, Problem, measure_job, read_pair, shard_pairs
from inkwash.data.prepare.pool import map_in_order
from inkwash.data.prepare.source import Job, Source
from inkwash.errors import BadData
from inkwash.writing import write_whole

_NO_LICENCE = "not stated"
_SHARES = (0, 5, 25, 50, 75, 95, 100)


@dataclass(frozen=True, kw_only=True)
class CheckConfig:
    """How a folder is checked."""

    worst: int = 6  # pairs shown of each kind of worst
    largest_pixels: int = 100_000_000
    workers: int = 0  # processes; 0: one for each core
    force: bool = False  # overwrite an earlier report


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What is in a folder of pairs."""

    pairs: int
    colour_only: int  # colour pictures without line art
    sizes: dict[str, int]  # pictures by width×height, commonest first
    licences: dict[str, int]
    percentiles: dict[str, dict[int, float]]  # of ink, colourfulness, agreement: 0…100 → value
    broken: list[Problem]
    files: list[Path]  # report.json and pictures

    @property
    def complete(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def check(
    folder: Path,
    out: Path,
    config: CheckConfig | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CheckReport:
    """Read every pair of a folder or of its shards; write a report and pictures of it to `out`.

    `progress` takes files done and in all. Raises BadData for a folder without pictures; broken
    pairs are reported.
    """
    config = config or CheckConfig()
    source, jobs = _jobs(folder)
    good: list[Measured] = []
    broken: list[Problem] = [*_unpaired(source)] if source else []
    unpaired = {problem.name for problem in broken}
    jobs = [job for job in jobs if job.name not in unpaired]
    work = partial(measure_job, largest_pixels=config.largest_pixels)
    for done, results in enumerate(map_in_order(work, jobs, config.workers), start=1):
        for result in results:
            if isinstance(result, Problem):
                broken.append(result)
            else:
                good.append(result)
        if progress:
            progress(done, len(jobs))
    writer = _Writer(folder, out, config, source.lines if source else {})
    writer.draw(good)
    return writer.report(good, sorted(broken), _licences(source, good))


def _jobs(folder: Path) -> tuple[Source | None, list[Job]]:
    shards = sorted(folder.glob("*.tar")) if folder.is_dir() else []
    if shards:
        return None, [Job(str(folder), shard.name, "") for shard in shards]
    source = Source(folder)
    return source, list(source.jobs())


def _unpaired(source: Source) -> Iterator[Problem]:
    """Halves of pairs, and rows of SOURCES.csv without a file."""
    for name in source.names:
        parent, stem = Path(name).parent.name, Path(name).stem
        if name in source.lines:
            continue
        if parent == "images_rgb" or stem.endswith("_color"):
            yield Problem(name, "has no line art beside it")
        elif parent == "images_bw" or stem.endswith("_line"):
            yield Problem(name, "has no colour picture beside it")
    for name in source.missing():
        yield Problem(name, "is listed in SOURCES.csv and not there")


def _licences(source: Source | None, good: list[Measured]) -> Counter[str]:
    if source is None:
        return Counter()
    return Counter(source.facts(pair.name).licence or _NO_LICENCE for pair in good)


class _Writer:
    def __init__(self, folder: Path, out: Path, config: CheckConfig, lines: dict[str, str]) -> None:
        self.folder, self.out, self.config, self.lines = folder, out, config, lines
        self.files: list[Path] = []

    def report(
        self, good: list[Measured], broken: list[Problem], licences: Counter[str]
    ) -> CheckReport:
        pairs = [pair for pair in good if pair.ink is not None]
        sizes = Counter(f"{pair.width}×{pair.height}" for pair in good)
        facts: dict[str, Any] = {
            "pairs": len(pairs),
            "colour_only": len(good) - len(pairs),
            "sizes": dict(sizes.most_common()),
            "licences": dict(licences.most_common()),
            "percentiles": {
                "ink": _percentiles([pair.ink for pair in pairs]),
                "colourfulness": _percentiles([pair.colourfulness for pair in good]),
                "agreement": _percentiles([pair.agreement for pair in pairs]),
            },
        }
        listed = {**facts, "broken": [problem._asdict() for problem in broken]}
        text = json.dumps(listed, ensure_ascii=False, indent=1)
        self._write("report.json", text.encode())
        return CheckReport(**facts, broken=broken, files=self.files)

    def draw(self, good: list[Measured]) -> None:
        pairs = [pair for pair in good if pair.ink is not None]
        colours = [pair.colourfulness for pair in good]
        self._write("colourfulness.png", _png(histogram(colours, "colourfulness", 160)))
        inks = [pair.ink or 0.0 for pair in pairs]
        self._write("ink.png", _png(histogram(inks, "ink coverage", 0.4, percent=True)))
        if pairs:
            self._write("worst.png", _png(worst_sheet(self._worst(pairs))))

    def _worst(self, pairs: list[Measured]) -> list[tuple[str, list[Shown]]]:
        kinds = (
            ("lines that fit the colours least", lambda pair: pair.agreement, "agreement {:.2f}"),
            ("most ink", lambda pair: -pair.ink, "ink {:.0%}"),
            ("least colourful", lambda pair: pair.colourfulness, "colourfulness {:.0f}"),
        )
        return [
            (title, [self._shown(p, mark.format(abs(key(p)))) for p in self._first(pairs, key)])
            for title, key, mark in kinds
        ]

    def _first(self, pairs: list[Measured], key: Callable[[Measured], Any]) -> list[Measured]:
        return sorted(pairs, key=key)[: self.config.worst]

    def _shown(self, pair: Measured, mark: str) -> Shown:
        rgb, line = read_pair(*self._bytes(pair.name), self.config.largest_pixels)
        if line is None:
            raise BadData(f"{pair.name}: changed while it was checked; check again")
        return Shown(f"{mark}  {Path(pair.name).stem}", rgb, line)

    def _bytes(self, name: str) -> tuple[bytes, bytes]:
        shard = name.partition("/")[0]
        if shard.endswith(".tar"):
            pairs = shard_pairs(Job(str(self.folder), shard, ""))
            return next((rgb, line) for key, rgb, line in pairs if key == name)
        line = self.lines[name]
        return (self.folder / name).read_bytes(), (self.folder / line).read_bytes()

    def _write(self, name: str, data: bytes) -> None:
        self.files.append(write_whole(self.out / name, data, force=self.config.force))


def _percentiles(values: list[Any]) -> dict[int, float]:
    if not values:
        return {}
    found = np.percentile(np.asarray(values, np.float64), _SHARES)
    return {share: round(float(value), 4) for share, value in zip(_SHARES, found, strict=True)}


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
