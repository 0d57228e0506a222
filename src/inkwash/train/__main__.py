"""`python -m inkwash.train RECIPE.toml --data DIR --out RUN [--set key=value] [--resume]`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from inkwash.errors import InkwashError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m inkwash.train", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--resume", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    from inkwash.train.config import load_recipe
    from inkwash.train.loop import train

    try:
        config = load_recipe(arguments.recipe, arguments.overrides)
        train(config, arguments.data, arguments.out, resume=arguments.resume)
    except InkwashError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
