"""Extractors that run a network: any ONNX file, and sketchKeras."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.lines.drawn import to_byte
from inkwash.data.lines.registry import Extractor, Picture, opener
from inkwash.errors import BadConfig, BadWeights, MissingExtra

Floats = NDArray[np.float32]
_MULTIPLE = 32  # free sizes are padded to it: five halvings, as such networks have
SKETCHKERAS_SIDE = 512
SKETCHKERAS_SIGMA = 3.0
SKETCHKERAS_FLOOR = 0.1  # fainter answers are noise


@opener
@lru_cache(maxsize=4)  # a loaded network is used for all pictures
def onnx(spec: str) -> Extractor:
    """Any ONNX network from a picture to its lines: `onnx:FILE` or `onnx:FILE?range=-1,1`.

    The input is (1, C, H, W) with C of 1 (grey) or 3 (RGB), black and white at the two ends of
    `range` (0,1 if not given; -1,1 and 0,255 are the other usual ones). The output has the same
    range and size; several channels are averaged; white lines on black are turned round. A size
    that the file fixes is obeyed by scaling. Raises BadWeights for a file that does not fit.
    """
    file, _, query = spec.partition("?")
    network = _OnnxLines(Path(file), _range_of(query))
    return lambda rgb, strength: _at_strength(network(rgb), strength)


@opener
@lru_cache(maxsize=4)
def sketchkeras(file: str) -> Extractor:
    """The method of the paper: sketchKeras by lllyasviel, `sketchkeras:mod.h5`.

    Weights are read by Keras from a local file, or by ONNX Runtime from a converted one; they are
    not ours to hand on. Raises MissingExtra without Keras, BadWeights for a file that does not fit.
    """
    network = _keras_network(Path(file))
    return lambda rgb, strength: _at_strength(sketchkeras_lines(rgb, network), strength)


def sketchkeras_lines(rgb: Picture, network: Callable[[Floats], Floats]) -> Picture:
    """Line art (H, W) by the public description of sketchKeras.

    The long side is scaled to 512. The light map of each channel is the channel minus its Gaussian
    blur (σ = 3), all divided by their maximum and padded with 0. `network` takes the channels as a
    batch (3, 512, 512, 1) in the order blue, green, red and gives as much; the largest answer of
    the three counts, answers under 0.1 are dropped, and paper is what is left of 1.
    """
    height, width = rgb.shape[:2]
    scale = SKETCHKERAS_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    lights = light_map(_scaled(rgb, size)[..., ::-1])  # (h, w, 3)
    padded = np.zeros((3, SKETCHKERAS_SIDE, SKETCHKERAS_SIDE, 1), np.float32)
    padded[:, : size[1], : size[0], 0] = lights.transpose(2, 0, 1)
    strokes = network(padded)[:, : size[1], : size[0], 0].max(axis=0)
    strokes = np.where(strokes < SKETCHKERAS_FLOOR, 0.0, strokes)
    return _scaled(to_byte(1.0 - strokes), (width, height))


def light_map(channels: Picture) -> Floats:
    """(H, W, 3) high-pass of each channel over the largest value of all, at most 1."""
    picture = channels.astype(np.float32)
    high = picture - cv2.GaussianBlur(picture, (0, 0), SKETCHKERAS_SIGMA)
    return (high / max(float(high.max()), 1e-6)).astype(np.float32)


class _OnnxLines:
    def __init__(self, path: Path, ends: tuple[float, float]) -> None:
        self._session, self._ends = _session(path), ends
        [feed, *others] = self._session.get_inputs()
        shape = list(feed.shape)
        if others or len(shape) != 4 or shape[1] not in (1, 3):
            raise BadWeights(
                f"{path}: takes {[i.shape for i in self._session.get_inputs()]};"
                " a line extractor takes one input (1, C, H, W) with C of 1 or 3"
            )
        self._name, self._channels = feed.name, shape[1]
        self._fixed = tuple(shape[2:]) if all(isinstance(n, int) for n in shape[2:]) else None

    def __call__(self, rgb: Picture) -> Picture:
        height, width = rgb.shape[:2]
        low, high = self._ends
        picture = self._fitted(rgb)
        x = picture.astype(np.float32) / 255.0 * (high - low) + low
        x = np.atleast_3d(x).transpose(2, 0, 1)[None]  # (1, C, H, W)
        y = np.asarray(self._session.run(None, {self._name: x})[0], np.float32)
        unit = (y.reshape(-1, *y.shape[-2:]).mean(axis=0) - low) / (high - low)
        if np.median(unit) < 0.5:
            unit = 1.0 - unit
        line = to_byte(unit)
        if self._fixed:
            return _scaled(line, (width, height))
        return line[:height, :width]

    def _fitted(self, rgb: Picture) -> Picture:
        picture = rgb if self._channels == 3 else cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        if self._fixed:
            return _scaled(np.asarray(picture, np.uint8), (self._fixed[1], self._fixed[0]))
        bottom, right = -rgb.shape[0] % _MULTIPLE, -rgb.shape[1] % _MULTIPLE
        white = (255, 255, 255)
        padded = cv2.copyMakeBorder(picture, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=white)
        return np.asarray(padded, np.uint8)


def _keras_network(path: Path) -> Callable[[Floats], Floats]:
    if path.suffix == ".onnx":
        session = _session(path)
        name = session.get_inputs()[0].name
        return lambda x: np.asarray(session.run(None, {name: x})[0], np.float32)
    if not path.is_file():
        raise BadWeights(f"{path}: there is no such file; give the path of sketchKeras's mod.h5")
    try:
        import keras
    except ImportError as error:
        raise MissingExtra(
            'sketchkeras reads mod.h5 with Keras; pip install "inkwash[import]"'
        ) from error
    try:
        model: Any = keras.models.load_model(path, compile=False)
    except Exception as error:  # h5py's and Keras's errors share no base but Exception
        raise BadWeights(
            f"{path}: Keras cannot read it ({error}); fetch mod.h5 again, or convert it to ONNX"
        ) from error
    return lambda x: np.asarray(model(x, training=False), np.float32)


def _session(path: Path) -> Any:
    import onnxruntime as ort

    if not path.is_file():
        raise BadWeights(f"{path}: there is no such file; give the path of an ONNX network")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # pictures are shared out over processes
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise BadWeights(f"{path}: cannot be read as ONNX ({error})") from None


def _range_of(query: str) -> tuple[float, float]:
    if not query:
        return 0.0, 1.0
    try:
        low, high = (float(end) for end in query.removeprefix("range=").split(","))
    except ValueError:
        low = high = 0.0
    if not low < high:
        raise BadConfig(f"{query!r} is not a range of a network; write onnx:FILE?range=-1,1")
    return low, high


def _at_strength(line: Picture, strength: float) -> Picture:
    """Ink half as dark at strength 0, as the network says at 0.5, half again as dark at 1."""
    return to_byte(1.0 - (1.0 - line / np.float32(255.0)) * (0.5 + strength))


def _scaled(picture: Picture, size: tuple[int, int]) -> Picture:
    shrinks = size[0] < picture.shape[1]
    mode = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
