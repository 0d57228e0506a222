"""`inkwash train`: train a network by a recipe."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json
from inkwash.cli.report import answer


def train(
    recipe: Path,
    *,
    data: Annotated[
        list[str] | None,
        Parameter(
            negative="", help="Folders of pictures, tar shards or URLs of shards; may be repeated."
        ),
    ] = None,
    out: Annotated[Path, Parameter(help="Folder of the run.")] = Path("run"),
    set: Annotated[
        list[str] | None, Parameter(negative="", help="key=value, instead of what the recipe says.")
    ] = None,
    resume: Annotated[bool, Parameter(negative="", help="Go on from the last checkpoint.")] = False,
    measure_lambda: Annotated[
        bool, Parameter(negative="", help="Print λ measured on the data, and stop.")
    ] = False,
    json: Json = False,
) -> int:
    """Train a network; metrics, sheets and checkpoints are written to the folder of the run."""
    from inkwash.extras import need

    need("train", "torch", "safetensors")
    from inkwash.train.config import load_recipe

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    config = load_recipe(recipe, set)
    if measure_lambda:
        from inkwash.train.magnitudes import as_toml, measure_lambdas

        lambdas = measure_lambdas(config, data or [])
        answer(json, {"lambdas": lambdas}, [as_toml(lambdas)])
        return 0
    from inkwash.train.loop import train as run

    folder = run(config, data or [], out, resume=resume)
    answer(json, {"run": str(folder)}, [])
    return 0
