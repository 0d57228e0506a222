"""From a folder of pictures to pairs on disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from inkwash.data.pictures import Entry as PictureEntry
from inkwash.data.prepare.alike import Alike, Look
from inkwash.data.prepare.config import PrepareConfig
from inkwash.data.prepare.journal import Journal
from inkwash.data.prepare.pair import Made, make_pairs
from inkwash.data.prepare.pool import map_in_order
from inkwash.data.prepare.source import Job, Source
from inkwash.data.prepare.write import Writer, open_writer
from inkwash.errors import BadConfig


@dataclass
class Tally:
    """Counts of a run, as they grow."""

    pictures: int = 0  # in the source folder
    before: int = 0  # of these, done by earlier runs
    done: int = 0  # read now, whatever became of them
    pairs: int = 0  # written now
    splits: Counter[str] = field(default_factory=Counter)  # pairs by train, validation
    dropped: Counter[str] = field(default_factory=Counter)  # pictures by reason
    failed: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Pictures per second so far."""
        return self.done / max(time.monotonic() - self.started, 1e-9)


Progress = Callable[[Tally], None]


@dataclass(frozen=True, kw_only=True)
class PrepareReport:
    """What became of every picture; LEFT_OUT.csv beside the pairs says it by name."""

    out: Path
    tally: Tally
    failures: list[tuple[str, str]]  # name, reason

    @property
    def complete(self) -> bool:
        """Whether every picture could be read."""
        return not self.failures


def prepare(
    source: Path,
    out: Path,
    config: PrepareConfig | None = None,
    progress: Progress | None = None,
) -> PrepareReport:
    """Make training pairs of the pictures under `source` in `out`, with SOURCES.csv as manifest.

    The same source and settings give the same files, with any number of workers. A second run
    continues the first. Raises BadData for no pictures, OutputExists when `out` has pairs of other
    settings, OutputFailed when the disk refuses; a picture that cannot be read is reported, and the
    rest done.
    """
    config = config or PrepareConfig()
    config.check_lines()
    if out.resolve().is_relative_to(source.resolve()):
        raise BadConfig(f"{out} lies inside the source {source}; give an --out beside it")
    pictures = Source(source)
    with Journal(out, source, config) as journal:
        run = _Run(pictures, config, journal, progress or (lambda tally: None))
        try:
            run.run()
        finally:
            run.writer.abandon()
        journal.write_tables()
    return PrepareReport(out=out, tally=run.tally, failures=run.failures)


class _Run:
    def __init__(
        self, source: Source, config: PrepareConfig, journal: Journal, progress: Progress
    ) -> None:
        self.source, self.config, self.journal, self.progress = source, config, journal, progress
        self.writer: Writer = open_writer(journal.out, config, journal.shards)
        self.tally = Tally(pictures=len(source))
        self.failures: list[tuple[str, str]] = []
        self.alike = Alike(config.alike)
        self.names: list[str] = []  # by number in `alike`
        self.done: set[str] = set()
        self.again: set[str] = set()  # known to be kept, but their shard was never finished
        self._remember()

    def run(self) -> None:
        work = partial(make_pairs, config=self.config)
        for made in self._engine()(work, self._jobs(), self.config.workers):
            self._settle(made)
            self._note_shards()
            self.tally.done += 1
            self.progress(self.tally)
        self.writer.close()
        self._note_shards()

    def _engine(self) -> Callable[..., Iterator[Made]]:
        if self.config.engine == "ray":
            from inkwash.data.prepare.on_ray import map_on_ray

            return map_on_ray
        return map_in_order

    def _jobs(self) -> Iterator[Job]:
        """First what unfinished shards held, so that they fill up as they did before."""
        yield from (job for job in self.source.jobs() if job.name in self.again)
        for job in self.source.jobs():
            if job.name in self.done:
                self.tally.before += 1
            elif job.name not in self.again:
                yield job

    def _remember(self) -> None:
        """Take in what earlier runs did."""
        for entry in self.journal.entries():
            if "look" in entry:
                self._add_look(entry["name"], Look.from_hex(entry["look"]))
            if self.journal.is_done(entry):
                self.done.add(entry["name"])
            elif "pairs" in entry:
                self.again.add(entry["name"])

    def _settle(self, made: Made) -> None:
        """Keep, drop or report one picture; results come in the order of the names."""
        if made.failed:
            self.tally.failed += 1
            self.failures.append((made.name, made.failed))
            self.journal.append({"name": made.name, "failed": made.failed})
            return
        dropped = made.dropped or self._duplicate_of(made)
        if dropped:
            self.tally.dropped[dropped.partition(":")[0]] += 1
            self.journal.append({"name": made.name, "dropped": dropped})
            return
        self._keep(made)

    def _duplicate_of(self, made: Made) -> str:
        if self.config.alike < 0 or made.look is None or made.name in self.again:
            return ""
        number = self.alike.find(made.look)
        return "" if number is None else f"duplicate: of {self.names[number]}"

    def _keep(self, made: Made) -> None:
        facts = self._facts_of(made)
        shard = self.writer.write(made.pairs, facts["split"], facts)
        entry = {"name": made.name, **facts, "pairs": [pair.facts() for pair in made.pairs]}
        if shard:
            entry["shard"] = shard
        if made.look is not None and made.name not in self.again:
            entry["look"] = made.look.to_hex()
            self._add_look(made.name, made.look)
        self.journal.append(entry)
        self.tally.pairs += len(made.pairs)
        self.tally.splits[facts["split"]] += len(made.pairs)

    def _facts_of(self, made: Made) -> dict[str, Any]:
        known = self.source.facts(made.name)
        group = known.group or made.name
        return {
            "source": made.name,
            "group": group,
            "licence": known.licence,
            "author": known.author,
            "origin": known.origin,
            "style_score": known.style_score,
            "split": split_of(group),
            "source_width": made.width,
            "source_height": made.height,
            "sha256": made.sha256,
        }

    def _add_look(self, name: str, look: Look) -> None:
        self.alike.add(look)
        self.names.append(name)

    def _note_shards(self) -> None:
        for shard in self.writer.finished():
            self.journal.append({"shard": shard})


def split_of(group: str) -> str:
    """train or validation: the trainer's own rule, so that both always agree."""
    entry = PictureEntry(colour=Path(), line=None, roles=None, name="", score=3.0, group=group)
    return "validation" if entry.held_out else "train"
