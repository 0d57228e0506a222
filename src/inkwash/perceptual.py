"""The VGG-19 features of the loss (Simonyan & Zisserman 2014), from files that hold its weights.

Two kinds of file are read: torchvision's published `vgg19-*.pth`, with all layers to conv5_2, and a
safetensors file with keys `conv1_1.weight` …, which may hold only the first layers: then the sum
over layers ends where the file ends, and `layers` says so.
"""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor, nn

from inkwash.errors import BadWeights

# Convolutions by block; the tapped one (second of each block) is what the paper's φ₁…φ₅ are.
BLOCKS = (2, 2, 4, 4, 4)
WIDTHS = (64, 128, 256, 512, 512)
TAPS = ("conv1_2", "conv2_2", "conv3_2", "conv4_2", "conv5_2")
CAFFE_MEAN = (123.68, 116.779, 103.939)
TORCH_MEAN, TORCH_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def layer_names() -> list[str]:
    """conv1_1 … conv5_2 in order."""
    names = [f"conv{b + 1}_{c + 1}" for b, count in enumerate(BLOCKS) for c in range(count)]
    return names[: names.index(TAPS[-1]) + 1]


class Vgg(nn.Module):
    """Pictures (N, 3, H, W) on the 0…255 scale → list of features after ReLU, one per tap."""

    mean: Tensor
    std: Tensor

    def __init__(self, tensors: dict[str, Tensor], mean: tuple[float, ...], std: tuple[float, ...]):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).reshape(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(std).reshape(1, 3, 1, 1))
        self.layers = tuple(tap for tap in TAPS if f"{tap}.weight" in tensors)
        self.convs = nn.ModuleDict()
        for name in layer_names():
            if not self.layers or name > self.layers[-1]:
                break
            self.convs[name] = _convolution(name, tensors)
        self.requires_grad_(False).eval()

    def forward(self, pictures: Tensor) -> list[Tensor]:
        x = (pictures - self.mean) / self.std
        features = []
        for name, conv in self.convs.items():
            if name.endswith("_1") and name != "conv1_1":
                x = nn.functional.max_pool2d(x, 2)
            x = torch.relu(conv(x))
            if name in self.layers:
                features.append(x)
        return features


def load_vgg(path: Path) -> Vgg:
    """Read VGG-19's first layers. Raises BadWeights for a file that does not hold them."""
    read = _read_safetensors if path.suffix == ".safetensors" else _read_published
    try:
        vgg = read(path)
    except (OSError, EOFError, ValueError, KeyError, RuntimeError, UnpicklingError) as error:
        raise BadWeights(f"{path}: cannot be read as VGG-19 weights ({error})") from error
    if not vgg.layers:
        raise BadWeights(f"{path}: holds no layer up to conv1_2 of VGG-19")
    return vgg


def _read_safetensors(path: Path) -> Vgg:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    return Vgg({key: value.float() for key, value in tensors.items()}, CAFFE_MEAN, (1.0, 1.0, 1.0))


def _read_published(path: Path) -> Vgg:
    tensors = _from_torchvision(torch.load(path, map_location="cpu", weights_only=True))
    mean, std = (tuple(255 * value for value in values) for values in (TORCH_MEAN, TORCH_STD))
    return Vgg(tensors, mean, std)


def _convolution(name: str, tensors: dict[str, Tensor]) -> nn.Conv2d:
    weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
    conv = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
    conv.weight.data, conv.bias.data = weight.clone(), bias.clone()  # type: ignore[union-attr]
    return conv


def _from_torchvision(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """torchvision counts convolutions, ReLUs and pools in one sequence `features.N`."""
    names, position, tensors = iter(layer_names()), 0, {}
    for block, count in enumerate(BLOCKS):
        for _ in range(count):
            name = next(names, None)
            if name is None:
                return tensors
            for kind in ("weight", "bias"):
                tensors[f"{name}.{kind}"] = state[f"features.{position}.{kind}"]
            position += 2  # the convolution and its ReLU
        position += int(block < len(BLOCKS) - 1)  # the pool
    return tensors
