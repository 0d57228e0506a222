"""`python -m inkwash.train RECIPE.toml --data DIR --out RUN [--set key=value] [--resume]`.

Needs torch, numpy, OpenCV, safetensors and lightning-fabric, not the packages of the command line.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from inkwash.errors import InkwashError


def main() -> int:
    arguments = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        return _run(arguments)
    except InkwashError as error:
        logging.error("%s", error)
        return 1


def _run(arguments: argparse.Namespace) -> int:
    from inkwash.train.config import load_recipe

    config = load_recipe(arguments.recipe, arguments.overrides)
    if arguments.measure_lambda:
        from inkwash.train.magnitudes import as_toml, measure_lambdas

        sys.stdout.write(as_toml(measure_lambdas(config, arguments.data)) + "\n")
        return 0
    from inkwash.train.loop import train

    train(config, arguments.data, arguments.out, resume=arguments.resume)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inkwash.train", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument(
        "--data", action="append", default=[], help="a folder, a tar shard or a URL; repeatable"
    )
    parser.add_argument("--out", type=Path, default=Path("run"), help="folder of the run")
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="KEY=VALUE")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--measure-lambda", action="store_true", help="print λ for the recipe's loss, and stop"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
