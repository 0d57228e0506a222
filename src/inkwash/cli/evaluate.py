"""`inkwash evaluate`: how good weights are on held-out pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from inkwash.cli.options import Folders, Force, Json
from inkwash.cli.report import Report, bar, say_text
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.painter import Painter


def evaluate(
    *,
    data: Folders,
    out: Annotated[Path, Parameter(help="Folder for tables and the page.")],
    weights: Annotated[
        list[str] | None, Parameter(help="Names or files, to compare side by side.")
    ] = None,
    least_score: Annotated[float, Parameter(help="Leave out pictures of a lower score.")] = 4,
    most: Annotated[int, Parameter(help="At most so many pictures; 0: all.")] = 0,
    hints: Annotated[Path | None, Parameter(help="hints.json of an earlier evaluation.")] = None,
    hint_curve: Annotated[bool, Parameter(help="Measure with 1 to 25 hints too.")] = True,
    vgg: Annotated[Path | None, Parameter(help="VGG-19's weights: .pth or .safetensors.")] = None,
    lpips: Annotated[Path | None, Parameter(help="LPIPS as ONNX.")] = None,
    inception: Annotated[Path | None, Parameter(help="Inception's features as ONNX.")] = None,
    threads: Annotated[int, Parameter(help="Pictures at once; 0: one a core.")] = 0,
    force: Force = False,
    json: Json = False,
) -> int:
    """Measure weights on the held-out groups: tables as JSON, CSV, Markdown, and an HTML page."""
    from inkwash.evaluate import Plan, as_markdown, load_judges, read_marks
    from inkwash.evaluate import evaluate as run
    from inkwash.evaluate.hinted import COUNTS
    from inkwash.evaluate.writers import PAGE, as_json

    plan = Plan(
        least_score=least_score, most=most, counts=COUNTS if hint_curve else (), threads=threads,
        judges=load_judges(vgg=vgg, lpips=lpips, inception=inception),
        hints=read_marks(hints) if hints else None,
    )  # fmt: skip
    with bar("evaluating", None) as advance:
        table = run(
            painters_of(weights or ["default"]), data, out, plan,
            force=force, progress=lambda *_: advance(1),
        )  # fmt: skip
    if json:
        say_text(as_json(table))
    else:
        say_text(as_markdown(table))
    Report().say(f"wrote {out / PAGE} and its tables")
    return 0


def painters_of(names: list[str]) -> dict[str, Painter]:
    """A painter for each weights, called as the file is; a name that comes twice is refused."""
    from inkwash.painter import Painter
    from inkwash.weights import find

    painters = {}
    for name in names:
        title = find(name).name
        if title in painters:
            raise BadConfig(f"--weights {name}: another is called {title!r} too; rename the file")
        painters[title] = Painter.load(name, threads=1)  # pictures run side by side instead
    return painters
