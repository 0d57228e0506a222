"""Weights as safetensors, the network's config in the metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inkwash.config import NetConfig, to_dict
from inkwash.errors import BadWeights, MissingExtra
from inkwash.writing import replacing

try:
    import torch
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save
except ImportError as error:
    raise MissingExtra(
        "safetensors files need torch; install inkwash[train] or use an ONNX file"
    ) from error

from inkwash.nets import SGRU
from inkwash.runtime import net_config

FORMAT = 1


def write_safetensors(
    net: SGRU,
    path: Path,
    notes: dict[str, Any] | None = None,
    *,
    half: bool = True,
    force: bool = False,
) -> None:
    """Write the tensors and the config; `notes` says how they came about.

    Half precision halves the file; imported weights need `half=False` to give the pictures of
    their own code (half precision moves them by more than 1 of 255).
    """
    about = {"format": FORMAT, "net": to_dict(net.config), **(notes or {})}
    kind = torch.float16 if half else torch.float32
    tensors = {key: value.to(kind).contiguous() for key, value in net.state_dict().items()}
    with replacing(path, force=force) as file:
        file.write(save(tensors, {"inkwash": json.dumps(about)}))


def read_safetensors(path: Path) -> SGRU:
    """Raises BadWeights naming the first tensor that is missing or of another shape."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise BadWeights(f"{path}: cannot be read as safetensors ({error})") from error
    return filled(net_config(metadata, path), tensors, path)


def filled(config: NetConfig, tensors: dict[str, torch.Tensor], path: Path) -> SGRU:
    """An SGRU with these tensors; BadWeights names the first that does not fit."""
    net = SGRU(config)
    for key, value in net.state_dict().items():
        if key not in tensors:
            raise BadWeights(f"{path}: tensor {key} is missing; this is another network")
        if tensors[key].shape != value.shape:
            raise BadWeights(
                f"{path}: tensor {key} is {tuple(tensors[key].shape)}, "
                f"its config asks for {tuple(value.shape)}"
            )
    net.load_state_dict({key: tensors[key] for key in net.state_dict()})
    return net.eval()
