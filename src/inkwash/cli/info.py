"""`inkwash info`: what a file is, and what inkwash wrote into it."""

from __future__ import annotations

from pathlib import Path

from inkwash.cli.options import Json
from inkwash.cli.report import answer


def info(file: Path, *, json: Json = False) -> int:
    """Say what a file is: a painted PNG, PSD or ORA with the parameters that made it, a project, an
    adapter, weights, a palette, a character sheet, hints."""
    from inkwash.about import about

    answer(json, about(file))
    return 0
