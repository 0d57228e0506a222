"""Our own JSON files: each says at its beginning what it is and in which version."""

from __future__ import annotations

import json
from typing import Any

from inkwash.errors import InkwashError

Error = type[InkwashError]  # what is raised: BadHints, BadPalette, …


def encode(form: str, version: int, value: dict[str, Any]) -> bytes:
    """The file of an object."""
    whole = {"format": form, "version": version, **value}
    return (json.dumps(whole, indent=1, allow_nan=False) + "\n").encode()


def decode(data: bytes | str, form: str, version: int, error: Error) -> dict[str, Any]:
    """The object in a file of this format and version; raises `error` for anything else."""
    value = _loaded(data, error)
    found = value.get("format") if isinstance(value, dict) else None
    if found != form:
        raise error(f'another kind of JSON: its "format" is {found!r:.60}, not {form!r}')
    expect_version(value, version, error)
    return value


def format_of(data: bytes | str, error: Error) -> str:
    """The format that a file says it is of; "" for none. Raises `error` for what is no JSON."""
    value = _loaded(data, error)
    return str(value.get("format", "")) if isinstance(value, dict) else ""


def expect_version(value: dict[str, Any], version: int, error: Error) -> None:
    """Raise `error` for an object of another version, newer ones above all."""
    found = value.get("version")
    if isinstance(found, int) and found > version:
        raise error(
            f"version {found} was made by a newer inkwash; this one reads {version}: update it"
        )
    if found != version:
        raise error(f"version is {found!r}; it must be {version}")


def _loaded(data: bytes | str, error: Error) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as reason:
        raise error(f"not JSON, or broken in the middle ({reason})") from None
