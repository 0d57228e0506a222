"""Optional packages: said clearly when they are missing."""

from __future__ import annotations

from importlib.util import find_spec

from inkwash.errors import MissingExtra


def need(extra: str, *packages: str) -> None:
    """Raise MissingExtra naming the packages that are absent and the command that installs them."""
    absent = [package for package in packages if find_spec(package) is None]
    if absent:
        raise MissingExtra(
            f"{', '.join(absent)} is not installed; run: pip install 'inkwash[{extra}]'"
        )
