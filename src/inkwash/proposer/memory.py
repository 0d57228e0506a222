"""What weights remember of the pictures they were trained on: for each the look of its line art and
the colours of its roles. A few tens of kilobytes of text, in the metadata of a weights file."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import lab_from_srgb
from inkwash.errors import BadWeights

Floats = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Palettes of M pictures, each with a colour for each of R roles.

    A look's summary (F,) becomes a place (D,): (summary − centre) / spread @ axes.
    """

    roles: tuple[str, ...]
    centre: Floats  # (F,)
    spread: Floats  # (F,)
    axes: Floats  # (F, D)
    places: Floats  # (M, D)
    weights: Floats  # (M,): 1, or less where many palettes are alike
    colours: NDArray[np.uint8]  # (M, R, 3) sRGB

    def __len__(self) -> int:
        return len(self.colours)

    @cached_property
    def lab(self) -> Floats:
        """(M, R, 3), CIE Lab."""
        return lab_from_srgb(self.colours)

    def place(self, summary: Floats) -> Floats:
        """Where a look lies among the remembered ones."""
        return (summary - self.centre) / self.spread @ self.axes


def encode(memory: Memory) -> str:
    """The memory as text, numbers in half precision."""
    arrays = {field.name: getattr(memory, field.name) for field in fields(memory)}
    roles = json.dumps(arrays.pop("roles"))
    halved = {
        name: array.astype(np.float16) if array.dtype.kind == "f" else array
        for name, array in arrays.items()
    }
    file = io.BytesIO()
    np.savez_compressed(file, roles=np.array(roles), **halved)
    return base64.b64encode(file.getvalue()).decode()


@lru_cache(maxsize=4)
def decode(text: str) -> Memory:
    """What `encode` wrote. Raises BadWeights for anything else."""
    try:
        with np.load(io.BytesIO(base64.b64decode(text, validate=True))) as file:
            arrays = {name: file[name] for name in file.files}
        roles = tuple(json.loads(str(arrays.pop("roles"))))
        widened = {
            name: array.astype(np.float32) if array.dtype == np.float16 else array
            for name, array in arrays.items()
        }
        return Memory(roles=roles, **widened)
    except (ValueError, KeyError, TypeError, OSError, binascii.Error, zipfile.BadZipFile) as error:
        raise BadWeights(
            f"the palettes that the weights remember cannot be read ({error}); learn them again"
        ) from error
