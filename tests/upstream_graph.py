"""The graph of the 2019 code at tiny widths, written with TensorFlow's own operations.

It shares no code with `inkwash.nets`: NHWC, names as that code gave them, random weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

DOWN = (3, 4, 5, 6, 7)
UP = (9, 8, 7, 5, 4)  # from the smallest to the largest pictures
HEAD = 6
PROPOSALS = 9
v1 = tf.compat.v1
Tensor = Any  # TensorFlow's own annotations allow for shapes that are not known


def save_checkpoint(folder: Path, sketch: np.ndarray) -> np.ndarray:
    """Write `model.ckpt` and return what the graph makes of a sketch (1, H, W, 1) in 0…255.

    The result is (9, H, W, 3) on the 0…255 scale, not clipped.
    """
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(5)
        with v1.variable_scope("SGRU_MODEL"):
            pictures = (_network(tf.constant(sketch)) + 1) / 2 * 255
        _optimiser_slots()
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(folder / "model.ckpt"), write_meta_graph=False)
        return session.run(pictures)


def _network(x: Tensor) -> Tensor:
    skips = []
    for number, width in enumerate(DOWN, start=1):
        with v1.variable_scope(f"SGB_{number}"):
            if number == 1:
                r = _unit(_unit(x, width, 3, "Conv"), width, 3, "Conv_1")
            else:
                x = _unit(x, width, 1, "Conv")
                r = _unit(_unit(x, width, 3, "Conv_1"), width, 3, "Conv_2")
            x = tf.concat([_pool(r), _swish(_pool(x), "SWISH")], axis=3)
        skips.append(_swish(r, f"SWISH_{number}"))
    for number, width in zip(range(5, 0, -1), UP, strict=True):
        with v1.variable_scope(f"SGB_{number}_up"):
            x = _unit(x, width, 1, "Conv")
            r = _unit(_unit(x, width, 3, "Conv_1"), width, 3, "Conv_2")
            r = _up(r, width, "Conv2d_transpose")
            s = _swish(_up(x, width, "Conv2d_transpose_1"), "SWISH")
            x = tf.concat([r, s, skips[number - 1]], axis=3)
    x = _unit(_unit(_unit(x, HEAD, 1, "Conv"), HEAD, 3, "Conv_1"), HEAD, 3, "Conv_2")
    y = _conv(x, _random("conv2d/kernel", (1, 1, HEAD, 3 * PROPOSALS), 0.3))
    y += _random("conv2d/bias", (3 * PROPOSALS,), 0.3)
    red, green, blue = tf.split(y, 3, axis=3)  # (1, H, W, 9) each
    return tf.transpose(tf.stack([red, green, blue], axis=-1)[0], (2, 0, 1, 3))


def _unit(x: Tensor, width: int, kernel: int, name: str) -> Tensor:
    with v1.variable_scope(name):
        weights = _random("weights", (kernel, kernel, x.shape[3], width), 0.5)
        return tf.nn.leaky_relu(_layer_norm(_conv(x, weights)), 0.2)


def _swish(x: Tensor, name: str) -> Tensor:
    with v1.variable_scope(f"{name}/Conv"):
        weights = _random("weights", (3, 3, x.shape[3], x.shape[3]), 0.5)
        return x * tf.sigmoid(_layer_norm(_conv(x, weights)))


def _up(x: Tensor, width: int, name: str) -> Tensor:
    with v1.variable_scope(name):
        weights = _random("weights", (2, 2, width, x.shape[3]), 0.5)
        shape = tf.constant((1, 2 * x.shape[1], 2 * x.shape[2], width))
        y = tf.nn.conv2d_transpose(x, weights, shape, strides=2, padding="SAME")
        return tf.nn.leaky_relu(_layer_norm(y), 0.2)


def _layer_norm(x: Tensor) -> Tensor:
    with v1.variable_scope("LayerNorm"):
        beta, gamma = _random("beta", x.shape[3:], 0.2), _random("gamma", x.shape[3:], 0.2, mean=1)
        mean, variance = tf.nn.moments(x, axes=[1, 2, 3], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-12)


def _conv(x: Tensor, weights: Tensor) -> Tensor:
    return tf.nn.conv2d(x, weights, strides=1, padding="SAME")


def _pool(x: Tensor) -> Tensor:
    return tf.nn.max_pool2d(x, 2, strides=2, padding="SAME")


def _random(name: str, shape: tuple[int, ...], spread: float, mean: float = 0.0) -> Tensor:
    start = v1.random_normal_initializer(mean, spread)
    return v1.get_variable(name, tuple(shape), initializer=start)


def _optimiser_slots() -> None:
    """What Adam leaves in a checkpoint besides the network."""
    for name in ("SGRU_MODEL/Conv/weights/Adam", "SGRU_MODEL/Conv/weights/Adam_1"):
        v1.get_variable(name, (1, 1, 4, HEAD))
    v1.get_variable("beta1_power", ())
