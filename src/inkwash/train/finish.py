"""The end of a run: its averaged weights as files that `--weights` takes."""

from __future__ import annotations

import logging
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inkwash.config import NetConfig, from_dict
from inkwash.errors import BadWeights
from inkwash.nets import SGRU
from inkwash.runtime import OnnxRuntime, TorchRuntime
from inkwash.train import checkpoint
from inkwash.weights.safetensors_file import read_safetensors, write_safetensors

log = logging.getLogger(__name__)

NEEDED_FOR_ONNX = ("onnx", "onnxscript", "onnxruntime")
AGREEMENT = 1e-3  # largest difference of ONNX and torch, on [-1, 1]


def export(run: Path, *, best: bool = False, work_size: int = 0) -> list[Path]:
    """Write `weights.safetensors` and `weights.onnx` into the folder of a run.

    The newest checkpoint is taken, or the best by validation. Where onnx, onnxscript or onnxruntime
    is not installed, only the first is written. Raises BadWeights if the ONNX file does not agree
    with torch.
    """
    state = checkpoint.load(run / "best.pt" if best else checkpoint.newest(run))
    config = from_dict(NetConfig, state["config"]["net"])
    net = SGRU(replace(config, work_size=work_size or config.work_size))
    net.load_state_dict(state["average"])
    notes = {"recipe": _without_paths(state["config"]), "step": state["step"]}
    tensors, graph = run / "weights.safetensors", run / "weights.onnx"
    write_safetensors(net, tensors, notes, force=True)
    absent = [package for package in NEEDED_FOR_ONNX if find_spec(package) is None]
    if absent:
        log.info("%s: not written, as %s is not installed", graph, ", ".join(absent))
        return [tensors]
    from inkwash.weights.onnx_file import write_onnx

    write_onnx(read_safetensors(tensors), graph, notes, force=True)
    check(tensors, graph)
    log.info("weights: %s, %s", tensors, graph)
    return [tensors, graph]


def _without_paths(recipe: dict[str, Any]) -> dict[str, Any]:
    """The recipe without what is only true on the machine that trained."""
    return {key: value for key, value in recipe.items() if key not in ("vgg", "start")}


def check(tensors: Path, graph: Path) -> None:
    """Raise BadWeights if the two files do not give the same pictures and placements."""
    ours, theirs = TorchRuntime(read_safetensors(tensors)), OnnxRuntime(graph)
    config = ours.config
    generator = torch.Generator().manual_seed(0)
    shape = (config.in_channels, config.multiple, 2 * config.multiple)
    x = torch.rand(shape, generator=generator).numpy()
    a, b = ours.encode(x), theirs.encode(x)
    worst = float(np.abs(a.pictures - b.pictures).max())
    if config.keys:
        colours = torch.rand((1, 6, config.colour_features), generator=generator).numpy()
        present = np.ones((1, 6), np.float32)
        placed = ours.place(a.features, colours, present)
        other = theirs.place(a.features, colours, present)
        worst = max(worst, float(np.abs(placed.shade - other.shade).max()))
    if not worst <= AGREEMENT:
        raise BadWeights(f"{graph}: differs from torch by {worst:.2g}; the limit is {AGREEMENT}")
