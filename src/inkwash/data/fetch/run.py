"""From metadata to a folder of pictures."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inkwash.data.fetch.config import FetchConfig
from inkwash.data.fetch.download import Downloader, Failed
from inkwash.data.fetch.journal import Journal
from inkwash.data.fetch.metadata import BadRow, read_posts
from inkwash.data.fetch.post import Post, why_unwanted
from inkwash.errors import InkwashError


@dataclass
class Tally:
    """Counts of a run, as they grow."""

    wanted: int = 0  # posts that pass the filters, up to the limit
    before: int = 0  # of these, done or refused for good by earlier runs
    kept: int = 0  # downloaded now
    failed: int = 0
    bytes: int = 0  # of the pictures downloaded now
    unwanted: Counter[str] = field(default_factory=Counter)  # by reason
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Pictures per second so far."""
        return self.kept / max(time.monotonic() - self.started, 1e-9)


Progress = Callable[[Tally], None]


@dataclass(frozen=True)
class Failure:
    """A picture that did not come."""

    name: str
    url: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FetchReport:
    """What became of every row of the metadata."""

    tally: Tally
    failures: list[Failure]
    bad_rows: list[BadRow]

    @property
    def complete(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def fetch(
    metadata: Path,
    out: Path,
    config: FetchConfig | None = None,
    progress: Progress | None = None,
) -> FetchReport:
    """Download the wanted pictures of a metadata file into `out`, with SOURCES.csv beside them.

    A second run continues the first: what is there is not asked for again. `progress` is called
    after each picture. Raises BadData for metadata that cannot be read, OutputFailed when the
    disk refuses; a picture that fails is reported, and the rest done.
    """
    config = config or FetchConfig()
    run = _Run(config, progress or (lambda tally: None))
    posts = run.wanted(read_posts(metadata, config, run.bad_rows.append))
    if config.dry_run:
        for _ in posts:
            run.progress(run.tally)
        return run.report()
    with Journal(out) as journal:
        try:
            asyncio.run(run.download_all(posts, journal))
        finally:
            journal.write_sources()
    return run.report()


class _Run:
    def __init__(self, config: FetchConfig, progress: Progress) -> None:
        self.config, self.progress = config, progress
        self.tally = Tally()
        self.failures: list[Failure] = []
        self.bad_rows: list[BadRow] = []

    def report(self) -> FetchReport:
        return FetchReport(tally=self.tally, failures=self.failures, bad_rows=self.bad_rows)

    def wanted(self, posts: Iterator[Post]) -> Iterator[Post]:
        for post in posts:
            reason = why_unwanted(post, self.config)
            if reason:
                self.tally.unwanted[reason] += 1
                continue
            if self.config.limit and self.tally.wanted == self.config.limit:
                return
            self.tally.wanted += 1
            yield post

    async def download_all(self, posts: Iterator[Post], journal: Journal) -> None:
        """As many tasks as downloads at once, all taking from the same iterator."""
        todo = self._not_done(posts, journal)
        try:
            async with (
                Downloader(journal.out, journal.parts, self.config) as downloader,
                asyncio.TaskGroup() as tasks,
            ):
                for _ in range(self.config.concurrency):
                    tasks.create_task(self._work(todo, downloader, journal))
        except BaseExceptionGroup as group:
            ours = group.subgroup(InkwashError)
            raise (ours.exceptions[0] if ours else group) from None

    def _not_done(self, posts: Iterator[Post], journal: Journal) -> Iterator[Post]:
        seen: set[str] = set()
        for post in posts:
            refused = post.name in journal.refused and not self.config.retry_failed
            if post.name in journal.kept or refused or post.name in seen:
                self.tally.before += 1
                continue
            seen.add(post.name)
            yield post

    async def _work(self, todo: Iterator[Post], downloader: Downloader, journal: Journal) -> None:
        for post in todo:
            try:
                kept = await downloader.download(post)
            except Failed as error:
                journal.fail(post.name, post.url, str(error), final=error.final)
                self.tally.failed += 1
                self.failures.append(Failure(post.name, post.url, str(error)))
            else:
                journal.keep(kept)
                self.tally.kept += 1
                self.tally.bytes += kept.bytes
            self.progress(self.tally)
