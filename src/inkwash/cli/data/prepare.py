"""`inkwash data prepare`: pictures become training pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json
from inkwash.cli.report import answer
from inkwash.data.prepare import PrepareConfig


def prepare(
    source: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder of the pairs; an unfinished one is continued.")],
    config: Annotated[PrepareConfig, Parameter(name="*")] = PrepareConfig(),  # noqa: B008
    json: Json = False,
) -> int:
    """Filter the pictures under SOURCE, draw their lines, cut, split and write pairs."""
    from inkwash.data.prepare import prepare as run

    report = run(source, out, config)
    failures = [f"{name}: {reason}" for name, reason in report.failures]
    tally = report.tally
    facts = {
        "out": str(report.out),
        "pictures": tally.pictures,
        "before": tally.before,
        "pairs": tally.pairs,
        "splits": dict(tally.splits),
        "dropped": dict(tally.dropped),
        "failed": tally.failed,
    }
    lines = [*(f"{key}: {value}" for key, value in facts.items()), *failures]
    answer(json, {**facts, "failures": failures}, lines)
    return 0 if report.complete else 1
