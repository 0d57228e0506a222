"""Weights as one ONNX file: the trunk and RGB head as its graph, the palette head in its metadata.

Tensors are stored in half precision, unless told otherwise, and widened when the file is loaded.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from inkwash.config import NetConfig, from_dict, to_dict
from inkwash.errors import BadWeights, MissingExtra
from inkwash.export.atomic import replacing

try:
    import onnx
    import torch
    from onnx import numpy_helper
except ImportError as error:
    raise MissingExtra("writing ONNX needs torch and onnx; install inkwash[train]") from error

from inkwash.nets import SGRU, PaletteHead
from inkwash.weights.safetensors_file import filled

OPSET = 18


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
    net = net.eval().cpu()
    config = net.config
    side = 2 * config.multiple
    sketch = torch.rand(1, config.in_channels, side, side)
    height, width = (torch.export.Dim(name, min=2, max=1024) for name in ("rows", "columns"))
    shapes = {"sketch": {2: config.multiple * height, 3: config.multiple * width}}
    model = _exported(_TrunkAndRgb(net), (sketch,), ["sketch"], ["pictures", "features"], shapes)
    if half:
        _halve(model)
    metadata = {"inkwash": json.dumps({"net": to_dict(config), **(notes or {})})}
    if net.palette is not None:
        metadata["palette_head"] = base64.b64encode(_head_bytes(net.palette, config)).decode()
    onnx.helper.set_model_props(model, metadata)
    with replacing(path, force=force) as file:
        file.write(model.SerializeToString())


def read_onnx(path: Path) -> SGRU:
    """The network of a file that `write_onnx` made, for torch."""
    model = onnx.load(path)
    properties = {item.key: item.value for item in model.metadata_props}
    if "inkwash" not in properties:
        raise BadWeights(f"{path}: is not an inkwash ONNX file; make one with weights export")
    config = from_dict(NetConfig, json.loads(properties["inkwash"])["net"])
    tensors = _tensors(model, "net.")
    if "palette_head" in properties:
        head = onnx.load_from_string(base64.b64decode(properties["palette_head"]))
        tensors |= {f"palette.{key}": value for key, value in _tensors(head, "").items()}
    return filled(config, tensors, path)


def _head_bytes(head: PaletteHead, config: NetConfig) -> bytes:
    features = torch.rand(1, config.head, 8, 12)
    colours, present = torch.rand(1, config.proposals, 5, 5), torch.ones(1, config.proposals, 5)
    rows, columns, count = (torch.export.Dim(name) for name in ("rows", "columns", "count"))
    shapes = {"features": {2: rows, 3: columns}, "colours": {2: count}, "present": {2: count}}
    inputs = ["features", "colours", "present"]
    model = _exported(head, (features, colours, present), inputs, ["scores", "shade"], shapes)
    return model.SerializeToString()


def _exported(module, arguments, inputs, outputs, shapes) -> onnx.ModelProto:
    program = torch.onnx.export(
        module, arguments, input_names=inputs, output_names=outputs, dynamic_shapes=shapes,
        opset_version=OPSET, dynamo=True, verbose=False, optimize=False,
    )  # fmt: skip
    assert program is not None
    return program.model_proto


def _halve(model: onnx.ModelProto) -> None:
    """Store large float tensors as float16 behind a Cast, which the runtime folds away."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 16:
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
