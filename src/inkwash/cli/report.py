"""What a command says: progress and notes to stderr, one JSON object to stdout if asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class Report:
    """Collects what was done and what failed; `finish` prints it and gives the exit code."""

    json: bool = False
    done: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    def say(self, line: str) -> None:
        """One line for a person."""
        print(line, file=sys.stderr, flush=True)  # noqa: T201

    def add(self, **facts: Any) -> None:
        self.done.append(facts)

    def fail(self, name: str, error: Exception) -> None:
        """Record that one of several inputs failed; the others go on."""
        text = str(error)
        self.failed.append({"input": name, "error": text})
        self.say(f"failed: {text if name in text else f'{name}: {text}'}")

    def finish(self) -> int:
        if self.json:
            say_json({"done": self.done, "failed": self.failed})
        if self.failed:
            self.say(f"{len(self.done)} done, {len(self.failed)} failed")
        return 1 if self.failed else 0


def answer(json: bool, facts: Any, lines: Iterable[object] | None = None) -> None:
    """What a verb was asked for, on stdout: for programs its facts as one JSON object, for people
    these lines, or, without any, a line for each fact."""
    if json:
        say_json(facts)
    elif lines is None:
        say_facts(facts)
    else:
        say_lines(lines)


def say_json(facts: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps(facts, ensure_ascii=False, default=str))  # noqa: T201


def say_text(text: str) -> None:
    """What a command was asked for, on stdout."""
    print(text)  # noqa: T201


def say_lines(lines: Iterable[object]) -> None:
    """Lines of an answer, on stdout."""
    for line in lines:
        say_text(str(line))


def say_facts(facts: Mapping[str, Any], inside: str = "") -> None:
    """A line for each fact; facts within facts as `key.key: value`, lists of them by number."""
    for key, value in facts.items():
        if isinstance(value, Mapping):
            say_facts(value, f"{inside}{key}.")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            say_facts(
                {f"{key} {place}": _short(item) for place, item in enumerate(value, 1)}, inside
            )
        else:
            say_text(f"{inside}{key}: {_short(value)}")


def _short(value: Any) -> Any:
    """What fits on a line, on one; a table with tables in it stays a table."""
    if isinstance(value, Mapping):
        return (
            value if any(isinstance(v, list) for v in value.values()) else _listed(value.values())
        )
    if isinstance(value, list | tuple):
        return _listed(value)
    return "none" if value is None else value


def _listed(values: Iterable[Any]) -> str:
    texts = list(map(str, values))
    return ("; " if any("," in text for text in texts) else ", ").join(texts)


def track(items: Sequence[T], what: str) -> Iterator[T]:
    """Iterate with a progress bar on a terminal, with plain lines elsewhere."""
    if len(items) == 1 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track as rich_track

    yield from rich_track(items, description=what, console=Console(stderr=True))


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Any]:
    """A function `advance(n)` that moves a bar on a terminal and does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)


@contextmanager
def following(what: str, total: int) -> Iterator[Any]:
    """A function `follow(done, words)`: a bar with a few words after it on a terminal, a line at
    every tenth of the way elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, words: _tenths(what, total, done, words)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(what), BarColumn(), TextColumn("{task.fields[words]}")
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total, words="")
        yield lambda done, words: progress.update(task, completed=done, words=words)


def _tenths(what: str, total: int, done: int, words: str) -> None:
    if done % max(1, total // 10) == 0 or done == total:
        print(f"{what}: {done}/{total}, {words}", file=sys.stderr, flush=True)  # noqa: T201
