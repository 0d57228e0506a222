"""`inkwash inspect activations`: what every layer makes of a sketch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.arguments import work_size_of
from inkwash.cli.options import Force, Json, Weights, WorkSize
from inkwash.cli.report import answer


def activations(
    sketch: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder for the page, pictures and figures.")],
    layer: Annotated[
        list[str] | None, Parameter(help="Only this layer, such as up4.gate; may be repeated.")
    ] = None,
    work_size: WorkSize = "auto",
    weights: Weights = "default",
    force: Force = False,
    json: Json = False,
) -> int:
    """Feature maps of blocks, gates and heads: DIR/index.html, activations.json, layers/*.webp."""
    from inkwash import inspect
    from inkwash.sketch import read
    from inkwash.writing import refuse_existing

    refuse_existing(out / "index.html", force=force)
    size = work_size_of(work_size)
    page = read(sketch)
    net = inspect.open_net(weights)
    seen = inspect.see(page, net.config, size)
    found = inspect.activations(net, seen.x, layer or (), size=seen.size)
    about = {"sketch": seen.name, "weights": weights}
    facts = inspect.write_report(inspect.report(found), out, about, force=force)
    answer(json, facts, [f"{out / 'index.html'}: {len(found)} layers"])
    return 0
