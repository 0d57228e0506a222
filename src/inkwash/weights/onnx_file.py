"""Weights as one ONNX file: the trunk and RGB head as its graph, the palette head in its metadata.

Large tensors are stored in half precision, unless told otherwise, and widened when the file is
loaded. torch's notes on where each node came from are left out: they name folders and outweigh
small nets. The graph is one that ONNX Runtime opens quickly and lays out well, see `onnx_graph`.
"""

from __future__ import annotations

import base64
import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from inkwash.config import NetConfig, to_dict
from inkwash.errors import BadWeights, MissingExtra
from inkwash.writing import refuse_existing, replacing

try:
    import onnx
    import torch
    from google.protobuf.message import DecodeError
    from onnx import numpy_helper
except ImportError as error:
    raise MissingExtra("writing ONNX needs torch and onnx; install inkwash[train]") from error

from inkwash.nets import SGRU, PaletteHead
from inkwash.runtime import net_config
from inkwash.weights.onnx_graph import OPSET, TRANSLATIONS, fold
from inkwash.weights.safetensors_file import filled

HALVED = 4096  # values a tensor has at least to be stored in half precision: norms have fewer


class _TrunkAndRgb(torch.nn.Module):
    def __init__(self, net: SGRU) -> None:
        super().__init__()
        self.net = net

    def forward(self, sketch: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.net.trunk(sketch)
        return self.net.rgb(features), features


def write_onnx(
    net: SGRU,
    path: Path,
    notes: dict[str, Any] | None = None,
    *,
    half: bool = True,
    force: bool = False,
) -> None:
    """Write the network with its config and `notes` (how the weights came about)."""
    refuse_existing(path, force=force)  # before the seconds that an export takes
    config = net.config
    metadata = {"inkwash": json.dumps({"net": to_dict(config), **(notes or {})})}
    model = _export_trunk(net, config)
    if half:
        _halve(model)
    if net.palette is not None:
        head = _export_head(net.palette, config)
        if half:
            _halve(head)
        metadata["palette_head"] = base64.b64encode(head.SerializeToString()).decode()
    onnx.helper.set_model_props(model, metadata)
    with replacing(path, force=force) as file:
        file.write(model.SerializeToString())


def read_onnx(path: Path) -> SGRU:
    """The network of a file that `write_onnx` made, for torch. Raises BadWeights."""
    try:
        model = onnx.load(path)
    except (OSError, DecodeError) as error:
        raise BadWeights(f"{path}: cannot be read as ONNX ({error}); fetch it again") from error
    properties = {item.key: item.value for item in model.metadata_props}
    config = net_config(properties, path)
    tensors = _tensors(model, "net.")
    if "palette_head" in properties:
        head = onnx.load_from_string(base64.b64decode(properties["palette_head"]))
        tensors |= {f"palette.{key}": value for key, value in _tensors(head, "").items()}
    return filled(config, tensors, path)


def _export_trunk(net: SGRU, config: NetConfig) -> onnx.ModelProto:
    side = 2 * config.multiple
    sketch = torch.rand(1, config.in_channels, side, side)
    height, width = (torch.export.Dim(name, min=2, max=1024) for name in ("rows", "columns"))
    shapes = {"sketch": {2: config.multiple * height, 3: config.multiple * width}}
    return _exported(_TrunkAndRgb(net), [sketch], ["pictures", "features"], shapes)


def _export_head(head: PaletteHead, config: NetConfig) -> onnx.ModelProto:
    features = torch.rand(1, config.head, 8, 12)
    colours, present = (
        torch.rand(1, config.proposals, 5, config.colour_features),
        torch.ones(1, config.proposals, 5),
    )
    rows, columns, count = (torch.export.Dim(name) for name in ("rows", "columns", "count"))
    shapes = {"features": {2: rows, 3: columns}, "colours": {2: count}, "present": {2: count}}
    return _exported(head, [features, colours, present], ["scores", "shade"], shapes)


def _exported(
    module: torch.nn.Module,
    arguments: list[torch.Tensor],
    outputs: list[str],
    shapes: dict[str, Any],
) -> onnx.ModelProto:
    """A module's graph; `shapes` names its inputs, in order, and their free dimensions."""
    with _quiet():
        program = torch.onnx.export(
            module.eval().cpu(), tuple(arguments), input_names=list(shapes),
            output_names=outputs, dynamic_shapes=shapes, opset_version=OPSET, dynamo=True,
            verbose=False, optimize=False, custom_translation_table=TRANSLATIONS,
        )  # fmt: skip
    assert program is not None
    fold(program.model)
    model = program.model_proto
    del model.graph.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of its own calls, of axes of one name and of torchvision, unused here."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            warnings.filterwarnings("ignore", message="# The axis name")
            yield
    finally:
        log.setLevel(level)


def _halve(model: onnx.ModelProto) -> None:
    """Store large float tensors as float16 behind a Cast, which the runtime folds away."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < HALVED:
            continue
        name = tensor.name
        half = numpy_helper.from_array(values.astype(np.float16), f"{name}:half")
        tensor.CopyFrom(half)
        casts.append(onnx.helper.make_node("Cast", [half.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)


def _tensors(model: onnx.ModelProto, prefix: str) -> dict[str, torch.Tensor]:
    found = {}
    for tensor in model.graph.initializer:
        name = tensor.name.removesuffix(":half").removeprefix(prefix)
        found[name] = torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
    return found
