"""Adapters: what `inkwash adapt` learned, as small changes to the tensors of other weights.

A file holds numpy arrays (an npz archive, nothing pickled). A change is the whole difference of a
tensor, or two thin matrices whose product it is (Hu et al., *LoRA*, 2021). It is bound to its base
weights by their sha256.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadPalette, BadWeights
from inkwash.palettes import Palette
from inkwash.palettes.files import palette_from_value, value_of_palette
from inkwash.weights.initialisers import Deltas
from inkwash.writing import write_whole

FORMAT, VERSION = "inkwash-adapter", 1
MOST_BYTES = 10_000_000
MOST_UNPACKED = 100_000_000  # of all tensors that an adapter changes
LEFT, RIGHT = "@left", "@right"  # the factors of a change of low rank

Arrays = Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """Changes to the weights whose file has the sha256 `base`.

    `arrays` are by tensor name: NAME (the change itself), or NAME@left (M, r) and NAME@right
    (r, …), whose product it is. `palettes` are those of the artist's pages, proposed first.
    """

    base: str
    arrays: Arrays
    palettes: tuple[Palette, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)  # how it came about

    def deltas(self) -> Deltas:
        """What is added to each tensor, in single precision."""
        found = {}
        for name, values in self.arrays.items():
            values = values.astype(np.float32)
            if name.endswith(LEFT):
                right = self.arrays[name.removesuffix(LEFT) + RIGHT].astype(np.float32)
                values = np.tensordot(values, right, 1)
            if not name.endswith(RIGHT):
                found[name.removesuffix(LEFT)] = values
        return found

    def expect_base(self, sha256: str, name: str) -> None:
        """Raise BadWeights unless it was made for the weights with this sha256."""
        if sha256 != self.base:
            raise BadWeights(
                f"made for weights with sha256 {self.base[:12]}…, and {name} has {sha256[:12]}…; "
                "name those weights, or run inkwash adapt again"
            )


def write_adapter(adapter: Adapter, path: Path, *, force: bool = False) -> None:
    """Raises BadWeights over 10 MB, OutputExists without `force`."""
    about = {
        "format": FORMAT,
        "version": VERSION,
        "base": adapter.base,
        "palettes": [value_of_palette(palette) for palette in adapter.palettes],
        **adapter.notes,
    }
    stream = io.BytesIO()
    text = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(stream, about=text, **adapter.arrays)  # type: ignore[arg-type]
    if stream.tell() > MOST_BYTES:
        raise BadWeights(
            f"{path}: would have {stream.tell() / 1e6:.1f} MB; the limit is {MOST_BYTES / 1e6:g} "
            "MB: give a lower rank"
        )
    write_whole(path, stream.getvalue(), force=force)


def read_adapter(path: Path) -> Adapter:
    """Raises BadWeights, naming the file, for one that is missing, damaged or no adapter."""
    try:
        return _read(path)
    except FileNotFoundError:
        raise BadWeights(f"{path}: there is no such adapter file") from None
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise BadWeights(f"{path}: cannot be read as an adapter ({error}); make it anew") from None
    except (BadWeights, BadPalette) as error:
        raise BadWeights(f"{path}: {error}") from None


def _read(path: Path) -> Adapter:
    if path.stat().st_size > MOST_BYTES:
        raise BadWeights(f"is no adapter: it has more than {MOST_BYTES / 1e6:g} MB")
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise BadWeights("is no adapter of inkwash: its arrays are too large")
    with np.load(data, allow_pickle=False) as file:
        about = json.loads(file["about"].tobytes())
        arrays = {name: file[name] for name in file.files if name != "about"}
    _expect_version(about)
    _check(arrays)
    palettes = tuple(palette_from_value(value) for value in about["palettes"])
    known = ("format", "version", "base", "palettes")
    notes = {key: value for key, value in about.items() if key not in known}
    return Adapter(base=str(about["base"]), arrays=arrays, palettes=palettes, notes=notes)


def _expect_version(about: Any) -> None:
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise BadWeights(f'is no adapter of inkwash: it has no "format": "{FORMAT}"')
    if about.get("version") != VERSION:
        raise BadWeights(
            f"is an adapter of version {about.get('version')!r}; this inkwash reads {VERSION}"
        )


def _check(arrays: Arrays) -> None:
    """Raise BadWeights for numbers that are none, factors that do not fit, or too much of them."""
    size = 0
    for name, values in arrays.items():
        if values.dtype.kind != "f" or not np.isfinite(values).all():
            raise BadWeights(f"tensor {name} holds what are no finite numbers; make it anew")
        size += values.nbytes
        if name.endswith(LEFT):
            right = arrays.get(name.removesuffix(LEFT) + RIGHT, np.empty(0))
            if values.ndim != 2 or right.ndim < 2 or values.shape[1] != right.shape[0]:
                raise BadWeights(f"tensor {name} does not fit its other factor; make it anew")
            size += 4 * values.shape[0] * right[0].size
    if size > MOST_UNPACKED:
        raise BadWeights(f"is no adapter of inkwash: it changes over {MOST_UNPACKED / 4e6:g} M")
