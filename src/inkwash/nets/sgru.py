"""The swish-gated residual U-Net: ten gated blocks and nine colourings in one pass.

After Liu, Chen, Hu, "Anime Sketch Coloring with Swish-Gated Residual U-Net" (ISICA 2018), as its
reimplementation of 2019 describes it. `SGRU(NetConfig())` is the faithful form.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from inkwash.config import NetConfig
from inkwash.nets.blocks import DownBlock, Unit, UpBlock
from inkwash.nets.palette import PaletteHead, PaletteOutput


class Trunk(nn.Module):
    """Sketch (N, C, H, W) → features (N, head, H / stem, W / stem).

    H and W are multiples of `config.multiple`; white paper is 1 and ink 0 in channel 0.
    """

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.white = 255.0 if config.foreign_scale else 1.0
        self.unshuffle = nn.PixelUnshuffle(config.stem)
        channels = config.in_channels * config.stem**2
        self.down = nn.ModuleList()
        for index, width in enumerate(config.down):
            block = DownBlock(channels, width, enter=index > 0, gated=config.gated)
            self.down.append(block)
            channels = block.out_channels
        self.up = nn.ModuleList()
        for width, skip in zip(config.up, reversed(config.down), strict=True):
            block = UpBlock(channels, width, skip, gated=config.gated)
            self.up.append(block)
            channels = block.out_channels
        head = config.head
        self.head = nn.Sequential(Unit(channels, head, 1), Unit(head, head, 3), Unit(head, head, 3))

    def forward(self, x: Tensor) -> Tensor:
        x = self.unshuffle(x if self.white == 1.0 else x * self.white)
        skips = []
        for block in self.down:
            x, skip = block(x)
            skips.append(skip)
        for block in self.up:
            x = block(x, skips.pop())
        return self.head(x)


class RgbHead(nn.Module):
    """Features → K pictures (N, K, 3, H, W); its channels come as R₁…R_K G₁…G_K B₁…B_K."""

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.conv = nn.Conv2d(config.head, 3 * config.proposals * config.stem**2, 1)
        self.shuffle = nn.PixelShuffle(config.stem)
        self.proposals = config.proposals

    def forward(self, features: Tensor) -> Tensor:
        y = self.shuffle(self.conv(features))  # (N, 3·K, H, W)
        n, _, height, width = y.shape
        return y.reshape(n, 3, self.proposals, height, width).transpose(1, 2)


class SGRU(nn.Module):
    """One trunk with the paper's RGB head and, if `config.keys`, the palette head."""

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(config)
        self.rgb = RgbHead(config)
        self.palette = (
            PaletteHead(config.head, config.proposals, config.colour_features, config.keys)
            if config.keys
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Sketch (N, C, H, W) → K colourings (N, K, 3, H, W), in [-1, 1] where trained well."""
        return self.rgb(self.trunk(x))

    def place(self, features: Tensor, colours: Tensor, present: Tensor) -> PaletteOutput:
        """Which colour of the palettes belongs where; see PaletteHead."""
        if self.palette is None:
            raise ValueError("these weights have no palette head (NetConfig.keys = 0)")
        return self.palette(features, colours, present)


def initialise(net: SGRU) -> None:
    """He initialisation for the leaky ReLU units; small last layers: training starts grey."""
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight, a=0.2, nonlinearity="leaky_relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        if name in ("rgb.conv", "palette.shade") and isinstance(module, nn.Conv2d):
            with torch.no_grad():
                module.weight.mul_(0.1)
