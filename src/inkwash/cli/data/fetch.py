"""`inkwash data fetch`: download the pictures that metadata names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json
from inkwash.cli.report import answer, bar
from inkwash.data.fetch import FetchConfig, Tally
from inkwash.extras import need


def fetch(
    metadata: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder of the pictures and the journal.")],
    config: Annotated[FetchConfig, Parameter(name="*")] = FetchConfig(),  # noqa: B008
    json: Json = False,
) -> int:
    """Download what METADATA names: a booru's CSV, JSON lines, or a list of URLs.

    Started again, it goes on where it was and downloads nothing twice.
    """
    need("data", "httpx")
    from inkwash.data.fetch import fetch as run

    seen = 0
    with bar("fetching", None) as advance:

        def progress(tally: Tally) -> None:
            nonlocal seen
            finished = tally.kept + tally.failed
            advance(finished - seen)
            seen = finished

        report = run(metadata, out, config, progress)
    tally = report.tally
    facts = {name: getattr(tally, name) for name in ("wanted", "before", "kept", "failed", "bytes")}
    failures = [str(failure) for failure in report.failures]
    rows = [str(row) for row in report.bad_rows]
    lines = [*(f"{key}: {value}" for key, value in facts.items()), *rows, *failures]
    answer(json, {**facts, "failures": failures, "bad_rows": rows}, lines)
    return 0 if report.complete else 1
