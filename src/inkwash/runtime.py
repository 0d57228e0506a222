"""Run a network: ONNX Runtime by default, torch as the second backend, one interface over both."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from inkwash.config import NetConfig, from_dict
from inkwash.errors import BadConfig, BadWeights

if TYPE_CHECKING:
    from inkwash.nets import SGRU

Floats = NDArray[np.float32]


class Encoded(NamedTuple):
    """A sketch after the trunk: keep it, and only the palette head runs for other palettes."""

    pictures: Floats  # (K, 3, H, W), the RGB head's colourings, in [-1, 1]
    features: Floats  # (F, h, w) for the palette head, h = H / stem


class Placed(NamedTuple):
    """What the palette head says of one sketch."""

    scores: Floats  # (K, P, h, w) log-probabilities over each palette's colours
    shade: Floats  # (K, h, w) in (-1, 1): under 0 towards black, over 0 towards white


class Runtime(Protocol):
    """A network ready to run; H and W of its input are multiples of `config.multiple`."""

    config: NetConfig
    backend: str
    memory: str  # palettes that the weights remember, see inkwash.proposer; "" for none
    ranking: str  # what was fitted for picking, see inkwash.ranking; "" for none

    def encode(self, x: Floats) -> Encoded:
        """Input (C, H, W): white paper 1, ink 0; then hint RGB in [-1, 1] and mask."""
        ...

    def place(self, features: Floats, colours: Floats, present: Floats) -> Placed:
        """Palettes (G, P, C) and presence (G, P), G = 1 or K; see nets.PaletteHead."""
        ...


class OnnxRuntime:
    """ONNX Runtime on the CPU; the palette head travels inside the file's metadata.

    `model` is what to run instead of the file's bytes: the file with an adapter merged into it.
    """

    backend = "onnx"

    def __init__(self, path: Path, threads: int = 0, *, model: bytes | None = None) -> None:
        self._threads = threads or (os.cpu_count() or 1)
        self._trunk = _session(model or str(path), self._threads, path)
        metadata = self._trunk.get_modelmeta().custom_metadata_map
        self.config = net_config(metadata, path)
        self.memory: str = metadata.get("palette_memory", "")
        self.ranking = ranking_beside(path)
        head = metadata.get("palette_head")
        self._head = head and _session(base64.b64decode(head), self._threads, path)

    def encode(self, x: Floats) -> Encoded:
        outputs = self._trunk.run(["pictures", "features"], {"sketch": x[None]})
        return Encoded(outputs[0][0], outputs[1][0])

    def place(self, features: Floats, colours: Floats, present: Floats) -> Placed:
        if not self._head:
            raise BadWeights("these weights have no palette head; choose others, or no palette")
        k = self.config.proposals
        feed = {
            "features": features[None],
            "colours": np.broadcast_to(colours, (k, *colours.shape[1:]))[None],
            "present": np.broadcast_to(present, (k, *present.shape[1:]))[None],
        }
        scores, shade = self._head.run(["scores", "shade"], feed)
        return Placed(scores[0], shade[0])


class TorchRuntime:
    """torch, for safetensors files and for comparison."""

    backend = "torch"

    def __init__(self, net: SGRU, threads: int = 0, memory: str = "") -> None:
        import torch

        if threads:
            torch.set_num_threads(threads)
        self._torch, self._net = torch, net.eval()
        self.config = net.config
        self.memory = memory
        self.ranking = ""

    def encode(self, x: Floats) -> Encoded:
        with self._torch.inference_mode():
            features = self._net.trunk(self._torch.tensor(x[None]))
            pictures = self._net.rgb(features)
        return Encoded(pictures[0].numpy(), features[0].numpy())

    def place(self, features: Floats, colours: Floats, present: Floats) -> Placed:
        if self._net.palette is None:
            raise BadWeights("these weights have no palette head; choose others, or no palette")
        tensors = [self._torch.tensor(array[None]) for array in (features, colours, present)]
        with self._torch.inference_mode():
            scores, shade = self._net.place(*tensors)
        return Placed(scores[0].numpy(), shade[0].numpy())


def ranking_path(weights: Path) -> Path:
    """Where the ranking of a weights file `NAME.onnx` is: `NAME.ranking.json` beside it."""
    return weights.with_suffix(".ranking.json")


def ranking_beside(weights: Path) -> str:
    """The text of the ranking beside a weights file, "" where there is none."""
    path = ranking_path(weights)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def net_config(metadata: Mapping[str, str], path: Path) -> NetConfig:
    """The config in the metadata of a weights file of either kind. Raises BadWeights."""
    if "inkwash" not in metadata:
        raise BadWeights(f"{path}: was not made by inkwash; make one with inkwash weights export")
    try:
        return from_dict(NetConfig, json.loads(metadata["inkwash"])["net"])
    except (KeyError, TypeError, ValueError, BadConfig) as error:
        raise BadWeights(f"{path}: its config cannot be read ({error}); update inkwash") from error


def _session(model: str | bytes, threads: int, path: Path) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise BadWeights(
            f"{path}: cannot be read as ONNX ({error}); fetch the file again"
        ) from None
