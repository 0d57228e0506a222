"""Read the TensorFlow checkpoint of the 2019 reimplementation (Koumis, Sivanantham, Lam, Pizzorni).

TensorFlow only reads the file; the graph is ours. Kernels are (H, W, in, out) there, transposed
ones (H, W, out, in); here (out, in, H, W) and (in, out, H, W): one permutation serves both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inkwash.config import NetConfig
from inkwash.errors import BadWeights, MissingExtra
from inkwash.weights.checkpoint_files import checkpoint_prefix

try:
    import torch
except ImportError as error:
    raise MissingExtra("importing weights needs torch; install inkwash[train,import]") from error

from inkwash.nets import SGRU
from inkwash.weights.safetensors_file import filled

ROOT = "SGRU_MODEL/"
BLOCKS = 5
WORK_SIZE = 256  # short side that the 2019 code scaled its pictures to
Shape = tuple[int, ...]


class Reader(Protocol):
    """What is asked of TensorFlow's checkpoint reader."""

    def get_variable_to_shape_map(self) -> dict[str, list[int]]: ...

    def get_tensor(self, name: str) -> NDArray[Any]: ...


def import_checkpoint(source: Path) -> SGRU:
    """The network of a `model.ckpt` prefix, a folder that holds one, or a zip.

    It keeps the scale of the 2019 code (`NetConfig.foreign_scale`); its widths are those of the
    tensors; what else is in the file, such as an optimiser's slots, is left out.
    Raises BadWeights naming the first tensor that is missing or of another shape, MissingExtra
    where TensorFlow or torch is not installed.
    """
    with checkpoint_prefix(source) as prefix:
        return net_of(_open(prefix, source), source)


def net_of(reader: Reader, source: Path) -> SGRU:
    """The network of an open checkpoint; `source` is what errors call it."""
    shapes = {name: tuple(shape) for name, shape in reader.get_variable_to_shape_map().items()}
    for _, name in names():
        if name not in shapes:
            raise BadWeights(f"{source}: tensor {name} is missing; this is another network")
    config = _config(shapes)
    _check_shapes(config, shapes, source)
    return filled(config, {key: _tensor(reader, name, source) for key, name in names()}, source)


def names() -> Iterator[tuple[str, str]]:
    """Our tensors' names and those of the 2019 code, in the order of the graph."""
    for key, scope in _units():
        yield f"{key}.conv.weight", f"{ROOT}{scope}/weights"
        yield f"{key}.norm.weight", f"{ROOT}{scope}/LayerNorm/gamma"
        yield f"{key}.norm.bias", f"{ROOT}{scope}/LayerNorm/beta"
    yield "rgb.conv.weight", f"{ROOT}conv2d/kernel"
    yield "rgb.conv.bias", f"{ROOT}conv2d/bias"


def _units() -> Iterator[tuple[str, str]]:
    """Every conv with its norm: the module here, the scope there. There, blocks count from 1."""
    for index in range(BLOCKS):
        block, scope = f"trunk.down.{index}", f"SGB_{index + 1}"
        entered = ["enter"] if index else []
        yield from _numbered(block, scope, "Conv", [*entered, "residual.0", "residual.1"])
        yield f"{block}.gate", f"{scope}/SWISH/Conv"
        yield f"{block}.skip_gate", f"SWISH_{index + 1}/Conv"
    for index in range(BLOCKS):
        block, scope = f"trunk.up.{index}", f"SGB_{BLOCKS - index}_up"
        yield from _numbered(block, scope, "Conv", ["enter", "residual.0", "residual.1"])
        yield from _numbered(block, scope, "Conv2d_transpose", ["up_residual", "up"])
        yield f"{block}.gate", f"{scope}/SWISH/Conv"
    for index, scope in enumerate(("Conv", "Conv_1", "Conv_2")):
        yield f"trunk.head.{index}", scope


def _numbered(block: str, scope: str, kind: str, modules: list[str]) -> Iterator[tuple[str, str]]:
    """Layers of one kind in one scope are called Conv, Conv_1, Conv_2, in the order they run."""
    for index, module in enumerate(modules):
        yield f"{block}.{module}", f"{scope}/{kind}_{index}" if index else f"{scope}/{kind}"


def _config(shapes: dict[str, Shape]) -> NetConfig:
    """The widths that the tensors speak of; a tensor of no use fails the check that follows."""
    blocks = range(1, BLOCKS + 1)
    return NetConfig(
        foreign_scale=True,
        work_size=WORK_SIZE,
        down=tuple(_last(shapes, f"SGB_{i}/Conv_1/weights") for i in blocks),
        up=tuple(_last(shapes, f"SGB_{i}_up/Conv/weights") for i in reversed(blocks)),
        head=_last(shapes, "Conv/weights"),
        proposals=max(_last(shapes, "conv2d/bias") // 3, 1),
    )


def _last(shapes: dict[str, Shape], name: str) -> int:
    """The output channels of a tensor."""
    return max((1, *shapes[ROOT + name][-1:]))


def _check_shapes(config: NetConfig, shapes: dict[str, Shape], source: Path) -> None:
    with torch.device("meta"):  # shapes only: a wrong file costs no memory
        expected = SGRU(config).state_dict()
    for key, name in names():
        shape = tuple(expected[key].shape)
        shape = (*shape[2:], shape[1], shape[0]) if len(shape) == 4 else shape
        if shapes[name] != shape:
            raise BadWeights(
                f"{source}: tensor {name} is {shapes[name]}, expected {shape}; "
                "this is another network"
            )


def _tensor(reader: Reader, name: str, source: Path) -> torch.Tensor:
    try:
        values = np.asarray(reader.get_tensor(name), dtype=np.float32)
    except Exception as error:  # TensorFlow's own errors can only be named once it is imported
        raise BadWeights(
            f"{source}: tensor {name} cannot be read ({error}); fetch it again"
        ) from None
    if not np.isfinite(values).all():
        raise BadWeights(f"{source}: tensor {name} holds numbers that are not finite")
    return torch.from_numpy(
        np.ascontiguousarray(values.T.swapaxes(2, 3) if values.ndim == 4 else values)
    )


def _open(prefix: Path, source: Path) -> Reader:
    for name, value in (("TF_CPP_MIN_LOG_LEVEL", "3"), ("TF_ENABLE_ONEDNN_OPTS", "0")):
        os.environ.setdefault(name, value)  # it greets on stderr otherwise
    try:
        import tensorflow as tf
    except ImportError as error:
        raise MissingExtra(
            "reading a TensorFlow checkpoint needs TensorFlow; install inkwash[import]"
        ) from error
    try:
        return tf.train.load_checkpoint(str(prefix))
    except (tf.errors.OpError, ValueError, RuntimeError) as error:
        raise BadWeights(f"{source}: cannot be read as a checkpoint ({error})") from error
