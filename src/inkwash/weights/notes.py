"""What a weights file says of itself, read without torch, onnx or safetensors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inkwash.errors import BadWeights
from inkwash.weights.initialisers import metadata_of

_LENGTH = 8  # bytes that say how long the header of a safetensors file is
_MOST_HEADER = 100_000_000


def read_metadata(path: Path) -> dict[str, str]:
    """The texts in a weights file. Raises BadWeights for one that is missing or damaged."""
    try:
        data = path.read_bytes()
        return metadata_of(data) if path.suffix == ".onnx" else _of_safetensors(data)
    except (OSError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise BadWeights(f"{path}: cannot be read as weights ({error}); fetch it again") from error


def read_notes(path: Path) -> dict[str, Any]:
    """How the weights came about, as training wrote it: the recipe, the step; {} where nobody did.

    Raises BadWeights.
    """
    text = read_metadata(path).get("inkwash", "{}")
    try:
        notes = dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise BadWeights(f"{path}: its notes cannot be read ({error}); fetch it again") from error
    return {key: value for key, value in notes.items() if key not in ("net", "format")}


def _of_safetensors(data: bytes) -> dict[str, str]:
    """https://huggingface.co/docs/safetensors: a length, then as many bytes of JSON."""
    length = int.from_bytes(data[:_LENGTH], "little")
    if not 2 <= length <= min(_MOST_HEADER, len(data) - _LENGTH):
        raise ValueError(f"its header would have {length} bytes")
    return dict(json.loads(data[_LENGTH : _LENGTH + length]).get("__metadata__", {}))
