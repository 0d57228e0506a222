"""How parts of the network are written as ONNX, so that ONNX Runtime opens and runs them quickly.

torch's exporter writes a norm as twenty nodes whose shapes ONNX Runtime does not see through; it
then leaves all convolutions in its slower layout. `benchmarks/speed.py` measures the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from onnxscript import ir, opset18, optimizer

OPSET = 18
ops: Any = opset18  # its own types know no values of a graph under construction


def fold(model: ir.Model) -> None:
    """Compute what depends on no weight. Weights keep their names and shapes: files are read back
    by them, and adapters are merged by them."""
    optimizer.fold_constants(model, should_fold=_has_no_weights)
    optimizer.remove_unused_nodes(model)


def _has_no_weights(node: ir.Node) -> bool | None:
    """False where a node must stay; None leaves the choice to the optimizer."""
    weighted = any(value is not None and value.is_initializer() for value in node.inputs)
    return False if weighted else None


def _layer_norm(
    x: Any, groups: int, weight: Any, bias: Any, eps: float, cudnn_enabled: bool = True
) -> Any:
    """A group norm with one group: over C, H, W, then a gain and a shift per channel.

    The last is a batch norm with mean 0 and variance 1, one pass where Mul and Add are two.
    """
    assert groups == 1
    channels = weight.shape[0]
    rows = ops.Reshape(x, ops.Constant(value_ints=[0, 1, -1]))
    zero, one = (ops.Constant(value_floats=[value]) for value in (0.0, 1.0))
    normed = ops.InstanceNormalization(rows, one, zero, epsilon=eps)
    zeros, ones = (ops.Constant(value_floats=[value] * channels) for value in (0.0, 1.0))
    shaped = ops.Reshape(normed, ops.Shape(x))
    return ops.BatchNormalization(shaped, weight, bias, zeros, ones, epsilon=0.0)


def _conv(
    x: Any, weight: Any, bias: Any = None, stride: Sequence[int] = (1, 1),
    padding: Sequence[int] = (0, 0), dilation: Sequence[int] = (1, 1), groups: int = 1,
) -> Any:  # fmt: skip
    """A convolution; without a bias, none is written, where torch writes zeros to be expanded."""
    inputs = (x, weight) if bias is None else (x, weight, bias)
    return ops.Conv(
        *inputs, strides=stride, pads=[*padding, *padding], dilations=dilation, group=groups
    )


def _log_softmax(x: Any, axis: int, dtype: Any = None) -> Any:
    """Written out, since ONNX Runtime moves the axis to the end and back for its LogSoftmax."""
    axes = ops.Constant(value_ints=[axis])
    less = ops.Sub(x, ops.ReduceMax(x, axes))
    return ops.Sub(less, ops.Log(ops.ReduceSum(ops.Exp(less), axes)))


TRANSLATIONS: dict[Any, Any] = {
    torch.ops.aten.group_norm.default: _layer_norm,
    torch.ops.aten.conv2d.default: _conv,
    torch.ops.aten.log_softmax.int: _log_softmax,
}
