"""`inkwash info`: what inkwash wrote into a file."""

from __future__ import annotations

from pathlib import Path

from inkwash.cli.options import Json
from inkwash.cli.report import say_json, say_text
from inkwash.errors import BadData


def info(file: Path, *, json: Json = False) -> int:
    """Show the parameters in a PNG, PSD or ORA that inkwash wrote."""
    from inkwash.export import read_parameters

    parameters = read_parameters(file)
    if parameters is None:
        raise BadData(f"{file}: holds no parameters of inkwash; was it saved by another program?")
    if json:
        say_json(parameters)
    else:
        for key, value in parameters.items():
            say_text(f"{key}: {value}")
    return 0
