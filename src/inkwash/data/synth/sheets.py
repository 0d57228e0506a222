"""Sheets that show the range of a part: one head or figure for each of its values."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.drawing import portrait
from inkwash.errors import BadConfig

_YAWS = (-2.0, -1.0, -0.4, 0.0, 0.4, 1.0, 2.0)
_WHOLE = {"outfit": "full", "pose": "half", "build": "half", "age": "half", "print": "full"}


def values_of(part: str) -> tuple[Any, ...]:
    """All values of a part: a field of `Character` or of `Hair`, or "yaw".

    Raises BadConfig for a part that has no list of values.
    """
    if part == "yaw":
        return _YAWS
    choices = {name: get_args(hint) for name, hint in _hints().items() if _is_choice(hint)}
    if part not in choices:
        raise BadConfig(f"part {part!r} has no sheet; use one of yaw, {', '.join(choices)}")
    return choices[part]


def sheet(part: str, size: int = 256, base: Character | None = None) -> NDArray[np.uint8]:
    """Line art over colours for each value of a part, side by side: (2 · size, n · size, 3)."""
    base = Character() if base is None else base
    columns = [_column(_with(base, part, value), part, size) for value in values_of(part)]
    return np.concatenate(columns, axis=1)


def _column(character: Character, part: str, size: int) -> NDArray[np.uint8]:
    drawing = portrait(character, size, crop=_WHOLE.get(part, "bust"))
    line = np.repeat(drawing.line[..., None], 3, axis=2)  # (H, W, 3)
    return np.concatenate([line, drawing.colour])


def _with(base: Character, part: str, value: Any) -> Character:
    if part in {field.name for field in fields(Hair)}:
        return replace(base, hair=replace(base.hair, **{part: value}))
    return replace(base, **{part: value})


def _hints() -> dict[str, Any]:
    return {**get_type_hints(Character), **get_type_hints(Hair)}


def _is_choice(hint: Any) -> bool:
    values = get_args(hint)
    return bool(values) and all(isinstance(value, str) for value in values)
