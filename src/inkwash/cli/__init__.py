"""The command line: one lazy file a verb; arguments in, one call below, nothing else."""

from __future__ import annotations

import sys
from typing import Any

from inkwash import __version__
from inkwash.errors import InkwashError

VERBS = {
    "paint": "Colour sketches: nine colourings each, as PNG, PSD, ORA and a sheet.",
    "segment": "Write the regions of a sketch as a label picture and a preview.",
    "studio": "Colour sketches in a browser, and an HTTP API.",
    "info": "Say what a file is, and what inkwash wrote into it.",
    "train": "Train a network by a recipe.",
    "evaluate": "Measure weights on held-out pictures.",
    "adapt": "Learn an artist's colours from finished pages.",
    "doctor": "Say what is installed and whether it works.",
}
GROUPS = {
    "project": "Keep a sketch and all that was said about it in one file.",
    "palette": "Show, take and list palettes.",
    "weights": "List, show, import and export weights.",
    "data": "Make training data.",
    "inspect": "Look inside a network.",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 all done, 1 some failed, 2 wrong usage."""
    from cyclopts import CycloptsError

    called = "".join((sys.argv[1:] if arguments is None else arguments)[:1])
    try:
        code = _app(called)(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _fail(f"{error} (inkwash --help shows what there is)")
    except InkwashError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("stopped", code=130)
    return code if isinstance(code, int) else 0


def _app(called: str = "") -> Any:
    """The verbs; the one that is called says of itself what its docstring says."""
    from cyclopts import App, Parameter

    app = App(
        name="inkwash",
        help="Colours manga and anime line art.",
        version=__version__,
        result_action="return_value",
        default_parameter=Parameter(negative_iterable=()),  # no --empty-data
    )
    for name, text in VERBS.items():
        said = None if name == called else text
        app.command(f"inkwash.cli.{name}:{name}", name=name, help=said)
    for name, text in GROUPS.items():
        app.command(f"inkwash.cli.{name}:app", name=name, help=text)
    return app


def _fail(message: str, code: int = 2) -> int:
    print(f"inkwash: {message}", file=sys.stderr)  # noqa: T201
    return code
