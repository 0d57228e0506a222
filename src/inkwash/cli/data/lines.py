"""`inkwash data lines`: line art of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json
from inkwash.cli.report import answer
from inkwash.data.lines import LinesConfig


def lines(
    *pictures: Path,
    out: Annotated[Path, Parameter(help="A folder, or a PNG with --sheet.")],
    config: Annotated[LinesConfig, Parameter(name="*")] = LinesConfig(),  # noqa: B008
    json: Json = False,
) -> int:
    """Draw line art of pictures, one file each, or a sheet that shows all extractors."""
    from inkwash.data.lines import draw_lines

    report = draw_lines(list(pictures), out, config)
    files = [str(file) for file in report.written]
    failures = [f"{path}: {reason}" for path, reason in report.failures]
    answer(json, {"files": files, "failures": failures}, [*files, *failures])
    return 0 if report.complete else 1
