"""The parts of the SGRU: conv unit, swish gate, down and up block (Liu, Chen, Hu 2018, section 3).

Shapes are (N, C, H, W). Norms are layer norms over C, H, W with a gain and a shift per channel,
which torch calls a group norm with one group.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

NORM_EPS = 1e-12
LEAK = 0.2


def layer_norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(1, channels, eps=NORM_EPS)


class Unit(nn.Module):
    """conv without bias → layer norm → leaky ReLU; keeps height and width."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        self.norm = layer_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.leaky_relu(self.norm(self.conv(x)), LEAK)


class UpUnit(nn.Module):
    """transposed conv 2×2, stride 2 → layer norm → leaky ReLU; doubles height and width."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(channels, channels, 2, stride=2, bias=False)
        self.norm = layer_norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.leaky_relu(self.norm(self.conv(x)), LEAK)


class SwishGate(nn.Module):
    """S(x) = x · sigmoid(norm(conv3×3(x))): the paper's swish layer, a learned gate on a path."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = layer_norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.norm(self.conv(x)))


class DownBlock(nn.Module):
    """Halves height and width; returns the block's output and its gated skip.

    The first block of the paper takes its input as it is (`enter=False`). Without gates it is a
    plain U-Net's: the skip goes as it is, and nothing goes round the two convolutions.
    """

    def __init__(self, inputs: int, width: int, *, enter: bool = True, gated: bool = True) -> None:
        super().__init__()
        inner = width if enter else inputs
        self.enter = Unit(inputs, width, 1) if enter else None
        self.residual = nn.Sequential(Unit(inner, width, 3), Unit(width, width, 3))
        self.gate = SwishGate(inner) if gated else None
        self.skip_gate = SwishGate(width) if gated else nn.Identity()
        self.pool = nn.MaxPool2d(2)
        self.out_channels = width + (inner if gated else 0)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        if self.enter is not None:
            x = self.enter(x)
        residual = self.residual(x)  # (N, width, H, W)
        out = self.pool(residual)
        if self.gate is not None:
            out = torch.cat([out, self.gate(self.pool(x))], dim=1)
        return out, self.skip_gate(residual)  # (N, out_channels, H/2, W/2), (N, width, H, W)


class UpBlock(nn.Module):
    """Doubles height and width and joins the skip of the down block of that size.

    Without gates nothing goes round the two convolutions.
    """

    def __init__(self, inputs: int, width: int, skip: int, *, gated: bool = True) -> None:
        super().__init__()
        self.enter = Unit(inputs, width, 1)
        self.residual = nn.Sequential(Unit(width, width, 3), Unit(width, width, 3))
        self.up_residual = UpUnit(width)
        self.up = UpUnit(width) if gated else None
        self.gate = SwishGate(width) if gated else None
        self.out_channels = (2 * width if gated else width) + skip

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = self.enter(x)
        parts = [self.up_residual(self.residual(x)), skip]  # (N, width, 2H, 2W) and the skip
        if self.up is not None and self.gate is not None:
            parts.insert(1, self.gate(self.up(x)))
        return torch.cat(parts, dim=1)
