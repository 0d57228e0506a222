"""What a weights file says of itself, read without torch, onnx or safetensors."""

from __future__ import annotations

import json
import os
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

from inkwash.errors import BadWeights
from inkwash.weights.initialisers import metadata_of

_LENGTH = 8  # bytes that say how long the header of a safetensors file is
_MOST_HEADER = 100_000_000


def read_metadata(path: Path) -> dict[str, str]:
    """The texts in a weights file; its tensors are not read.

    Raises BadWeights for one that is missing or damaged.
    """
    try:
        with path.open("rb") as file:
            return _of_onnx(file) if path.suffix == ".onnx" else _of_safetensors(file)
    except (OSError, ValueError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise BadWeights(f"{path}: cannot be read as weights ({error}); fetch it again") from error


def read_notes(path: Path) -> dict[str, Any]:
    """How the weights came about, as training wrote it: the recipe, the step; {} where nobody did.

    Raises BadWeights.
    """
    text = read_metadata(path).get("inkwash", "{}")
    try:
        notes = dict(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadWeights(f"{path}: its notes cannot be read ({error}); fetch it again") from error
    return {key: value for key, value in notes.items() if key not in ("net", "format")}


def _of_onnx(file: BinaryIO) -> dict[str, str]:
    with mmap(file.fileno(), 0, access=ACCESS_READ) as model:  # only pages that are used are read
        return metadata_of(model)


def _of_safetensors(file: BinaryIO) -> dict[str, str]:
    """https://huggingface.co/docs/safetensors: a length, then as many bytes of JSON."""
    length = int.from_bytes(file.read(_LENGTH), "little")
    size = os.fstat(file.fileno()).st_size
    if not 2 <= length <= min(_MOST_HEADER, size - _LENGTH):
        raise ValueError(f"its header would have {length} bytes")
    texts = dict(json.loads(file.read(length)).get("__metadata__", {}))
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("its metadata are no texts")
    return texts
