"""What a recipe may say, and its defaults; a recipe file holds only what differs from these."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from inkwash.config import NetConfig, from_dict, with_overrides
from inkwash.data.sample import SampleConfig
from inkwash.data.store import DataConfig
from inkwash.errors import BadConfig
from inkwash.losses import LAMBDAS


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    """The collection loss and what goes beyond the paper."""

    lambdas: tuple[float, ...] = LAMBDAS  # of the picture and the five layers of VGG-19
    min_weight: float = 0.999  # of the best proposal; the rest is the mean's
    minimum: Literal["image", "region"] = "image"  # best proposal per picture or per region
    image_share: float = 0.0  # of the minimum per picture, mixed into the one per region
    # "all": features of all proposals, as published. "sparse": the same values, the gradient of
    # features for the winner alone. "winner": the pixel term chooses, features of the chosen
    # picture alone: a tenth of the cost.
    perceptual: Literal["all", "sparse", "winner"] = "all"
    perceptual_crop: int = 0  # side of the random square that features are taken of; 0: all
    # Heads and losses see one of so many pixels each way, from a random corner on: neighbours are
    # so alike that a quarter of them teaches about as much, in half the time on a CPU.
    every: int = 1
    rgb: float = 1.0  # weight of the RGB head's loss
    palette: float = 0.0  # weight of the palette head's loss
    palette_min_weight: float = 0.8  # placements should all be good: more of the mean
    palette_softness: float = 5.0  # ΔE at which two palette colours share a pixel
    palette_picture: float = 2.0  # pixel error of the placed picture, beside the cross-entropy
    palette_evenness: float = 0.0  # 0: all pixels count alike … 1: all colours, however small
    palette_hint: float = 0.0  # weight of the palette head's surprise at hinted pixels
    hint: float = 0.0  # weight of the RGB head's error at hinted pixels

    def __post_init__(self) -> None:
        if self.minimum == "region" and self.perceptual == "sparse":
            raise BadConfig(
                "loss.perceptual = 'sparse' is of whole pictures; with loss.minimum = 'region' "
                "choose 'all' or 'winner'"
            )
        if self.every < 1:
            raise BadConfig(f"loss.every = {self.every} is not 1 or more")
        if not self.lambdas:
            raise BadConfig("loss.lambdas is empty; give one for the picture, and one a layer")


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training run."""

    net: NetConfig = field(default_factory=NetConfig)
    sample: SampleConfig = field(default_factory=SampleConfig)
    data: DataConfig = field(default_factory=DataConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    vgg: str = "torchvision"  # "torchvision" (downloaded once), a file, or "none"
    steps: int = 220_000
    batch: int = 1  # pictures per step and process
    accumulate: int = 1  # batches per optimiser step
    optimiser: Literal["adam", "adamw", "muon"] = "adam"
    learning_rate: float = 1e-4
    weight_decay: float = 0.0
    betas: tuple[float, ...] = (0.9, 0.999)
    clip: float = 0.0  # largest gradient norm; 0: no clipping
    warmup: int = 0  # steps
    decay: float = 0.0  # last share of the steps in which the rate falls as a cosine to zero
    ema: float = 0.0  # decay of the averaged weights; 0: none
    precision: str = "32-true"  # Lightning Fabric's names: "bf16-mixed" …
    strategy: Literal["auto", "ddp"] = "auto"  # auto: ddp where there is more than one process
    compile: bool = False
    channels_last: bool = False
    seed: int = 0
    workers: int = 1  # processes that make samples; 0: the training process itself
    picture_side: int = 384  # short side at which pictures are kept in memory
    start: str = ""  # weights to start from: a name, a file of weights, or a checkpoint
    log_every: int = 20
    sheet_every: int = 500
    checkpoint_minutes: float = 5.0
    validate_every: int = 1000
    validation_pictures: int = 64
    export: bool = True  # write weights.safetensors and weights.onnx at the end

    def __post_init__(self) -> None:
        for key in ("steps", "batch", "accumulate", "log_every", "sheet_every", "validate_every"):
            if getattr(self, key) < 1:
                raise BadConfig(f"{key} = {getattr(self, key)} is not 1 or more")
        if len(self.betas) != 2 or not all(0 <= beta < 1 for beta in self.betas):
            raise BadConfig(f"betas = {list(self.betas)} is not two numbers from 0 to under 1")
        for key in ("decay", "ema"):
            if not 0 <= getattr(self, key) <= 1:
                raise BadConfig(f"{key} = {getattr(self, key)} is not between 0 and 1")
        if not self.learning_rate > 0:
            raise BadConfig(f"learning_rate = {self.learning_rate} is not over 0")
        if self.workers < 0:
            raise BadConfig(f"workers = {self.workers} is not 0 or more")
        if not (self.loss.rgb or self.loss.palette):
            raise BadConfig("loss.rgb and loss.palette are both 0; nothing would be learned")
        cells = self.sample.size // self.net.stem
        if self.loss.every > cells:
            raise BadConfig(
                f"loss.every = {self.loss.every} leaves none of {cells} cells a side; give 2"
            )
        if self.loss.every > 1 and self.vgg != "none":
            raise BadConfig(
                f"loss.every = {self.loss.every} leaves pixels out, and VGG-19 needs all of them; "
                'set vgg = "none", or loss.every = 1'
            )
        if self.loss.palette and not self.net.keys:
            raise BadConfig("loss.palette is set, but net.keys = 0 has no palette head; set keys")


def load_recipe(path: Path, overrides: list[str] | None = None) -> TrainConfig:
    """Read a recipe (TOML). Raises BadConfig with the key, and the nearest known one."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: is not TOML ({error})") from error
    config = from_dict(TrainConfig, with_overrides(values, overrides or []))
    if config.sample.stem != config.net.stem:
        raise BadConfig(f"sample.stem = {config.sample.stem} differs from net.stem; set both alike")
    if config.sample.roles != config.net.roles:
        raise BadConfig(
            f"sample.roles = {list(config.sample.roles)} differs from net.roles = "
            f"{list(config.net.roles)}; set both alike"
        )
    if config.sample.size % config.net.multiple:
        raise BadConfig(
            f"sample.size = {config.sample.size} is not a multiple of {config.net.multiple}, "
            "which the network's stem and blocks ask for"
        )
    return config
