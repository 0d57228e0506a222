"""`inkwash evaluate`: how good weights are on held-out pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.report import bar, say_json, say_text


def evaluate(
    *,
    data: Annotated[list[Path], Parameter(help="Folders of pictures; may be given repeatedly.")],
    out: Annotated[Path, Parameter(help="Folder for tables and sheets.")],
    weights: Annotated[str, Parameter(help="A name or a file.")] = "default",
    least_score: Annotated[float, Parameter(help="Leave out pictures of a lower score.")] = 4,
    most: Annotated[int, Parameter(help="At most so many pictures; 0: all.")] = 0,
    threads: Annotated[int, Parameter(help="0: all cores.")] = 0,
    force: Annotated[bool, Parameter(negative="", help="Overwrite what is there.")] = False,
    json: Annotated[bool, Parameter(negative="", help="One JSON object on stdout.")] = False,
) -> int:
    """Measure weights on the held-out groups: tables as JSON, CSV and Markdown, and sheets."""
    from inkwash.evaluate import as_markdown
    from inkwash.evaluate import evaluate as run
    from inkwash.painter import Painter

    painter = Painter.load(weights, threads=threads)
    with bar("evaluating", None) as advance:
        table = run(
            painter, data, out, least_score=least_score, most=most, force=force,
            progress=lambda *_: advance(1),
        )  # fmt: skip
    if json:
        say_json(table)
    else:
        say_text(as_markdown(table))
    return 0
