"""`inkwash data check`: what is in a folder of pairs, and what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json
from inkwash.cli.report import answer
from inkwash.data.check import CheckConfig


def check(
    folder: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder for histograms and the worst pairs.")],
    config: Annotated[CheckConfig, Parameter(name="*")] = CheckConfig(),  # noqa: B008
    json: Json = False,
) -> int:
    """Count pairs, sizes and licences, draw histograms, show the worst, list broken pairs."""
    from inkwash.data.check import check as run

    report = run(folder, out, config)
    facts = {
        "pairs": report.pairs,
        "colour_only": report.colour_only,
        "sizes": {str(size): count for size, count in report.sizes.items()},
        "licences": dict(report.licences),
        "broken": [str(pair) for pair in report.broken],
        "files": [str(file) for file in report.files],
    }
    answer(json, facts, [f"{key}: {value}" for key, value in facts.items()])
    return 0 if report.complete else 1
