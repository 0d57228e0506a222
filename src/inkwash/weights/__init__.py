"""Weights: from a name to a file to a network that runs.

A name is "default" (embedded), a file, or the stem of a file in the cache folder. Files are ONNX
(everything that painting needs, no torch) or safetensors (for torch and training). "NAME+FILE" is a
name with an adapter, see `inkwash adapt`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from inkwash.errors import BadWeights
from inkwash.palettes import Palette
from inkwash.runtime import OnnxRuntime, Runtime, TorchRuntime
from inkwash.weights.adapter import Adapter, read_adapter
from inkwash.weights.initialisers import merge
from inkwash.weights.memory import read_memory, write_memory

if TYPE_CHECKING:
    from inkwash.nets import SGRU

Backend = Literal["onnx", "torch"]
SUFFIXES = (".onnx", ".safetensors")
DEFAULT = "default"


@dataclass(frozen=True)
class Weights:
    """A weights file, what it is called, and what an artist's pages changed in it."""

    name: str
    path: Path
    adapter: Adapter | None = None

    @cached_property
    def sha256(self) -> str:
        """Of the whole file, without the adapter, in hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def palettes(self) -> tuple[Palette, ...]:
        """Those of the artist's pages: they are proposed first."""
        return self.adapter.palettes if self.adapter else ()


def find(name: str | Path) -> Weights:
    """The file of a name. Raises BadWeights, naming what there is."""
    if str(name) == DEFAULT:
        return Weights(DEFAULT, embedded())
    path = Path(name)
    if "+" in str(name) and not path.exists():
        return _adapted(*str(name).split("+", 1))
    if path.suffix in SUFFIXES:
        if not path.is_file():
            raise BadWeights(f"{path}: there is no such weights file")
        return Weights(path.stem, path)
    for found in installed():
        if found.name == str(name):
            return found
    if path.exists():
        raise BadWeights(f"{path}: is no .onnx or .safetensors; try inkwash weights import {path}")
    names = ", ".join(found.name for found in installed())
    raise BadWeights(f"{name!r} names no weights; there are: {names}; or give a file's path")


def installed() -> list[Weights]:
    """The embedded weights, then those in the cache folder."""
    here = [Weights(DEFAULT, embedded())]
    if cache_folder().is_dir():
        files = sorted(p for p in cache_folder().iterdir() if p.suffix in SUFFIXES)
        here += [Weights(path.stem, path) for path in files]
    return here


def embedded() -> Path:
    """The weights inside the package."""
    return Path(str(resources.files("inkwash") / "embedded" / "default.onnx"))


def cache_folder() -> Path:
    """Where a user's own weights are looked for by name."""
    from platformdirs import user_data_path

    return user_data_path("inkwash") / "weights"


def load(
    name: str | Path | Weights = DEFAULT, *, backend: Backend = "onnx", threads: int = 0
) -> Runtime:
    """A network ready to run; `threads` 0 takes all cores.

    Raises BadWeights for a missing or damaged file, MissingExtra where torch is needed.
    """
    weights = name if isinstance(name, Weights) else find(name)
    if backend == "torch":
        return TorchRuntime(open_net(weights), threads, read_memory(weights.path))
    path = weights.path if weights.path.suffix == ".onnx" else _as_onnx(weights)
    if weights.adapter is None:
        return OnnxRuntime(path, threads)
    merged = merge(path.read_bytes(), weights.adapter.deltas())
    return OnnxRuntime(path, threads, model=merged)


def open_net(weights: Weights) -> SGRU:
    """The network in torch, its adapter added. Raises BadWeights, MissingExtra."""
    net = read_net(weights.path)
    if weights.adapter is not None:
        from inkwash.weights.torch_adapter import add_to

        add_to(net, weights.adapter.deltas())
    return net


def read_net(path: Path) -> SGRU:
    """An SGRU in torch from either kind of file. Raises BadWeights, MissingExtra."""
    if path.suffix == ".onnx":
        from inkwash.weights.onnx_file import read_onnx

        return read_onnx(path)
    from inkwash.weights.safetensors_file import read_safetensors

    return read_safetensors(path)


def _adapted(base: str, file: str) -> Weights:
    """Weights with an adapter that was made for them."""
    weights, adapter = find(base), read_adapter(Path(file))
    try:
        adapter.expect_base(weights.sha256, base)
    except BadWeights as error:
        raise BadWeights(f"{file}: {error}") from None
    return Weights(f"{weights.name}+{Path(file).stem}", weights.path, adapter)


def _as_onnx(weights: Weights) -> Path:
    """The ONNX twin of a safetensors file, made once and kept in the cache folder."""
    from inkwash.weights.onnx_file import write_onnx

    twin = cache_folder() / "converted" / f"{weights.sha256[:16]}.onnx"
    if not twin.exists():
        write_onnx(read_net(weights.path), twin, half=False, force=True)
        write_memory(twin, twin, read_memory(weights.path), force=True)
    return twin
