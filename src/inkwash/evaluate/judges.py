"""Networks that judge pictures: VGG-19 in torch, LPIPS and Inception as ONNX files.

None is needed; figures of those that are not given are absent. A judge says in `detail` what its
figures were made with, since features of another network or depth give other figures.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadWeights
from inkwash.extras import need

INCEPTION_SIDE = 299

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@runtime_checkable
class Compares(Protocol):
    """What compares pictures (K, H, W, 3) with a truth (H, W, 3)."""

    name: str
    detail: str

    def distances(self, pictures: Pixels, truth: Pixels) -> Floats:
        """How far each is from the truth, (K,); 0 for the truth itself."""
        ...


@runtime_checkable
class Sees(Protocol):
    """What sees features in pictures (K, H, W, 3)."""

    name: str
    detail: str

    def features(self, pictures: Pixels) -> Floats:
        """One vector a picture, (K, D)."""
        ...


Judge = Compares | Sees


class VggJudge:
    """The paper's collection loss without its mask, and the mean of VGG-19's deepest features."""

    name = "vgg"

    def __init__(self, path: Path) -> None:
        need("train", "torch", "safetensors")
        from inkwash.perceptual import load_vgg

        self._vgg = load_vgg(path)
        self._kept = threading.local()  # cases are measured side by side
        layers = ", ".join(self._vgg.layers)
        self.detail = (
            f"VGG-19 {layers}; FID and KID on {self._vgg.layers[-1]}, mean over pixels, scaled"
        )

    def distances(self, pictures: Pixels, truth: Pixels) -> Floats:
        """Σ λ_l · mean |φ_l(picture) − φ_l(truth)|, the picture being layer 0; see `losses`."""
        import torch

        from inkwash.losses import image_errors, layer_errors

        ours, whole = _tensor(pictures)[None], _tensor(truth[None])
        with torch.inference_mode():
            known = self._features_of(truth, whole)
            errors = layer_errors(
                ours,
                whole,
                torch.ones_like(whole[:, :1]),
                lambda x: known if x is whole else self._vgg(x),
            )
            return image_errors(errors)[0].numpy()

    def _features_of(self, truth: Pixels, tensor: Any) -> Any:
        """Of a truth; kept until the thread comes with another one, as a case has many rows."""
        if getattr(self._kept, "truth", None) is not truth:
            self._kept.truth, self._kept.features = truth, self._vgg(tensor)
        return self._kept.features

    def features(self, pictures: Pixels) -> Floats:
        """Scaled to a mean square of 1 each: files differ in how large activations are."""
        import torch

        with torch.inference_mode():
            found = self._vgg(_tensor(pictures))[-1].mean((2, 3)).numpy()
        size = np.sqrt(np.square(found).mean(1, keepdims=True))
        return found / np.maximum(size, 1e-9)


class LpipsJudge:
    """LPIPS (Zhang et al. 2018) as an ONNX file: two pictures (N, 3, H, W) in [-1, 1] → N."""

    name = "lpips"

    def __init__(self, path: Path) -> None:
        self._session = _open(path, inputs=2)
        self.detail = f"{path.name}, as given"

    def distances(self, pictures: Pixels, truth: Pixels) -> Floats:
        whole = _unit(np.broadcast_to(truth, pictures.shape))
        return _run(self._session, _unit(pictures), whole).reshape(len(pictures))


class InceptionJudge:
    """Inception's pooled features as an ONNX file: (N, 3, 299, 299) in [-1, 1] → (N, D)."""

    name = "inception"

    def __init__(self, path: Path) -> None:
        self._session = _open(path, inputs=1)
        self.detail = f"{path.name}, as given, at {INCEPTION_SIDE} pixels"

    def features(self, pictures: Pixels) -> Floats:
        size = (INCEPTION_SIDE, INCEPTION_SIDE)
        scaled = [cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR) for rgb in pictures]
        return _run(self._session, _unit(np.stack(scaled))).reshape(len(pictures), -1)


def load_judges(
    *, vgg: Path | None = None, lpips: Path | None = None, inception: Path | None = None
) -> list[Judge]:
    """Those whose files are given. Raises BadWeights, MissingExtra."""
    kinds = ((VggJudge, vgg), (LpipsJudge, lpips), (InceptionJudge, inception))
    return [kind(path) for kind, path in kinds if path is not None]


def absences(judges: Sequence[Judge]) -> list[str]:
    """A sentence for each figure that is missing, and what would give it."""
    given = {judge.name for judge in judges}
    reasons = {
        "vgg": "Perceptual distance, FID and KID on VGG-19: not measured; give --vgg FILE.",
        "lpips": "LPIPS: not measured; give --lpips FILE.onnx.",
        "inception": "FID and KID on Inception: not measured; give --inception FILE.onnx.",
    }
    return [reason for name, reason in reasons.items() if name not in given]


def _open(path: Path, inputs: int) -> Any:
    import onnxruntime as ort

    try:
        session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise BadWeights(f"{path}: cannot be read as ONNX ({error})") from None
    found = len(session.get_inputs())
    if found != inputs:
        raise BadWeights(f"{path}: has {found} inputs; a network of {inputs} is needed")
    return session


def _run(session: Any, *arrays: Floats) -> Floats:
    names = [given.name for given in session.get_inputs()]
    return session.run(None, dict(zip(names, arrays, strict=True)))[0]


def _unit(pictures: Pixels) -> Floats:
    """(N, 3, H, W) in [-1, 1]."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32) / 127.5 - 1


def _tensor(pictures: Pixels) -> Any:
    """(N, 3, H, W) on 0…255."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))).float()
