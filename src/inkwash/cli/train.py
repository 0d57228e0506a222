"""`inkwash train`: train a network by a recipe."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.report import say_json


def train(
    recipe: Path,
    *,
    data: Annotated[list[Path], Parameter(help="Folders of pictures; may be given repeatedly.")],
    out: Annotated[Path, Parameter(help="Folder of the run.")],
    set: Annotated[
        list[str] | None, Parameter(help="key=value, instead of what the recipe says.")
    ] = None,
    resume: Annotated[bool, Parameter(negative="", help="Go on from the last checkpoint.")] = False,
    json: Annotated[bool, Parameter(negative="", help="One JSON object on stdout.")] = False,
) -> int:
    """Train a network; metrics, sheets and checkpoints are written to the folder of the run."""
    from inkwash.extras import need

    need("train", "torch", "lightning_fabric", "safetensors")
    from inkwash.train.config import load_recipe
    from inkwash.train.loop import train as run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    folder = run(load_recipe(recipe, set), data, out, resume=resume)
    if json:
        say_json({"run": str(folder)})
    return 0
