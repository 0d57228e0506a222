"""Fields of a manifest, which may say anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkwash.errors import BadProject


def text(said: dict[str, Any], key: str) -> str:
    if not isinstance(said.get(key), str):
        raise BadProject(f"{key} is {said.get(key)!r} in its manifest; it must be a text")
    return said[key]


def texts(said: dict[str, Any], key: str) -> tuple[str, ...]:
    values = said.get(key)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadProject(f"{key} is {values!r} in its manifest; it must be a list of texts")
    return tuple(values)


def number(said: dict[str, Any], key: str) -> float:
    value = said.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise BadProject(f"{key} is {value!r} in its manifest; it must be a number")
    return value


def numbers(said: dict[str, Any], key: str, count: int) -> tuple[float, ...] | None:
    """So many numbers, or None where there are none."""
    values = said.get(key)
    if values is None:
        return None
    if not isinstance(values, list) or len(values) != count:
        raise BadProject(f"{key} is {values!r} in its manifest; it must be {count} numbers")
    return tuple(number({key: value}, key) for value in values)
