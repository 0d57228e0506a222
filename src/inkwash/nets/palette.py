"""The palette head: for every pixel, which of a palette's colours belongs there, nine times.

Each colour becomes a key that knows the other colours of its palette; each pixel has one query per
proposal; softmax over query · key weighs the colours. A shade per pixel and proposal keeps light
and shadow, which six flat colours cannot say.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class PaletteOutput(NamedTuple):
    """What the palette head says; h, w are the trunk's height and width."""

    scores: Tensor  # (N, K, P, h, w) log-probabilities over the palette's colours
    shade: Tensor  # (N, K, h, w) in (-1, 1): under 0 towards black, over 0 towards white


class KeyEncoder(nn.Module):
    """Keys of a palette's colours; the order of the colours does not matter, padding is masked."""

    def __init__(self, inputs: int, keys: int, width: int = 96, heads: int = 4) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, width))
        self.norm = nn.LayerNorm(width)
        self.to_qkv = nn.Linear(width, 3 * width)
        self.from_heads = nn.Linear(width, width)
        self.out = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, keys)
        )
        self.heads = heads

    def forward(self, colours: Tensor, present: Tensor) -> Tensor:
        x = self.embed(colours)  # (B, P, width)
        x = x + self.from_heads(self._attend(self.norm(x), present))
        return self.out(x)  # (B, P, keys)

    def _attend(self, x: Tensor, present: Tensor) -> Tensor:
        b, p, width = x.shape
        qkv = self.to_qkv(x).reshape(b, p, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # (B, heads, P, width / heads)
        weights = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        weights = (weights + padding_bias(present)[:, None, None, :]).softmax(-1)
        return (weights @ v).transpose(1, 2).reshape(b, p, width)


class PaletteHead(nn.Module):
    """Features (N, F, h, w) and palettes → scores and shade of K proposals.

    `colours` (N, G, P, C), C = `NetConfig.colour_features`, `present` (N, G, P) with 1 for a colour
    and 0 for padding; G is K for a palette per proposal, or 1 for one palette that all K proposals
    place in their own way.
    """

    def __init__(self, features: int, proposals: int, colour_features: int, keys: int) -> None:
        super().__init__()
        self.encoder = KeyEncoder(colour_features, keys)
        self.queries = nn.Conv2d(features, proposals * keys, 1)
        self.shade = nn.Conv2d(features, proposals, 1)
        self.sharpness = nn.Parameter(torch.zeros(()))
        self.proposals = proposals
        self.keys = keys

    def forward(self, features: Tensor, colours: Tensor, present: Tensor) -> PaletteOutput:
        n, _, h, w = features.shape
        groups, count = colours.shape[1:3]
        keys = self.encoder(colours.flatten(0, 1), present.flatten(0, 1))
        keys = keys.reshape(n, groups, count, self.keys).expand(-1, self.proposals, -1, -1)
        queries = self.queries(features).reshape(n, self.proposals, self.keys, h * w)
        scale = self.sharpness.exp() / math.sqrt(self.keys)
        scores = (keys @ queries) * scale  # (N, K, P, h·w)
        scores = scores + padding_bias(present)[..., None].to(scores.dtype)
        scores = scores.reshape(n, self.proposals, count, h, w).float().log_softmax(dim=2)
        return PaletteOutput(scores, torch.tanh(self.shade(features).float()))


def padding_bias(present: Tensor) -> Tensor:
    """0 for a colour, a large negative number for padding; finite so that half precision holds."""
    return (present - 1.0) * 1e4


def render(output: PaletteOutput, colours: Tensor) -> Tensor:
    """Pictures (N, K, 3, h, w) in [-1, 1] from scores, shade and the palettes (N, G, P, C)."""
    weights = output.scores.exp()
    flat = torch.einsum("nkphw,nkpc->nkchw", weights, expand_groups(colours, weights.shape[1]))
    return shaded(flat, output.shade)


def expand_groups(colours: Tensor, proposals: int) -> Tensor:
    """The palettes' RGB (N, K, P, 3) from (N, G, P, C) with G = 1 or K."""
    return colours[..., :3].expand(-1, proposals, -1, -1)


def shaded(flat: Tensor, shade: Tensor) -> Tensor:
    """Shade under 0 multiplies towards black, over 0 screens towards white, as layers do.

    flat (N, K, 3, h, w) in [-1, 1], shade (N, K, h, w) in (-1, 1); the result is in [-1, 1].
    """
    shade = shade[:, :, None]
    dark, light = shade.clamp(max=0), shade.clamp(min=0)
    return flat + dark * (flat + 1) + light * (1 - flat)
