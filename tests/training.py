"""Pictures and recipes for the tests of training: small, drawn here, the same each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from inkwash.data.sample import SampleConfig
from inkwash.perceptual import layer_names
from inkwash.train.config import LossConfig, TrainConfig
from tiny_net import TINY

SIDE = 48
COLOURS = [(220, 60, 60), (60, 160, 80), (70, 90, 210), (230, 190, 60), (150, 80, 170)]


def draw(number: int, side: int = SIDE) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """RGB and line art of a ball on a box before a wall, in the colours of its number."""
    wall, box, ball = (COLOURS[(number * 2 + i * (1 + number % 3)) % 5] for i in range(3))
    rgb = np.full((side, side, 3), wall, np.uint8)
    line = np.full((side, side), 255, np.uint8)
    low, middle = int(side * 0.55), side // 2
    radius = side // 6 + number % 4
    cv2.rectangle(rgb, (6, low), (side - 7, side - 5), box, -1)
    cv2.circle(rgb, (middle, low - radius), radius, ball, -1)
    cv2.rectangle(line, (6, low), (side - 7, side - 5), 0, 1)
    cv2.circle(line, (middle, low - radius), radius, 0, 1)
    return rgb, line


def write_pictures(folder: Path, count: int = 8, side: int = SIDE) -> Path:
    """A folder of `NAME_color.png` and `NAME_line.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rgb, line = draw(number, side)
        cv2.imwrite(str(folder / f"{number}_color.png"), np.ascontiguousarray(rgb[..., ::-1]))
        cv2.imwrite(str(folder / f"{number}_line.png"), line)
    return folder


def write_vgg(path: Path, width: int = 4, blocks: int = 2) -> Path:
    """The first blocks of a VGG-19 that is a few channels wide, with random weights."""
    random = torch.Generator().manual_seed(5)
    names = [n for n in layer_names() if int(n[4]) <= blocks and n[4:] not in ("3_3", "3_4")]
    tensors, inputs = {}, 3
    for name in names:
        tensors[f"{name}.weight"] = torch.randn(width, inputs, 3, 3, generator=random) / 8
        tensors[f"{name}.bias"] = torch.randn(width, generator=random)
        inputs = width
    save_file(tensors, path)
    return path


def recipe(**changes: Any) -> TrainConfig:
    """A run of seconds: the tiny net with both heads at 32 pixels, no VGG, no worker process."""
    config = TrainConfig(
        net=replace(TINY, work_size=32),
        sample=SampleConfig(size=32),
        loss=LossConfig(perceptual="winner", palette=1.0, hint=0.2),
        vgg="none",
        steps=10,
        batch=4,
        learning_rate=2e-3,
        clip=1.0,
        ema=0.9,
        workers=0,
        log_every=5,
        sheet_every=10,
        validate_every=10,
        validation_pictures=4,
        picture_side=SIDE,
        export=False,
    )
    return replace(config, **changes)
