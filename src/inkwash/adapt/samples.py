"""Batches of the artist's pages: pieces at the size that painting shows the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.adapt.pages import Page
from inkwash.adapt.palettes import palette_for
from inkwash.colour import lab_from_srgb
from inkwash.config import NetConfig
from inkwash.data import augment
from inkwash.losses import palette_targets
from inkwash.palettes import Palette, palette_features

SCALES = 0.55, 1.25  # side of a piece over the page's short side
SQUARES = 8  # squares a side that a page is divided into
HELD_OUT = 0.12  # share of the squares that nothing is learned from
SOFTNESS = 5.0  # ΔE at which two palette colours share a pixel

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """N pieces of S × S pixels; s = S / stem."""

    x: Tensor  # (N, C, S, S), the network's input
    colours: Tensor  # (N, 1, P, C) and present (N, 1, P): the palettes
    present: Tensor
    targets: Tensor  # (N, P, s, s), which of the palette's colours belongs where
    truth: Tensor  # (N, 3, s, s) in [-1, 1]
    learned: Tensor  # (N, 1, s, s), how much each pixel counts: paper that is not held out
    held_out: Tensor  # (N, 1, s, s), the paper that is held out


class Lessons:
    """Endless batches of pages and their palettes; the same for the same seed."""

    def __init__(
        self,
        pages: Sequence[Page],
        palettes: Sequence[Palette],
        config: NetConfig,
        *,
        size: int,
        seed: int,
    ) -> None:
        self.pages, self.config, self.size = pages, config, size
        self._general = palettes[0]
        self._best = [palette_for(page, palettes) for page in pages]
        self._kept = [_held_out(page, seed + place) for place, page in enumerate(pages)]
        self._seed = seed

    def draw(self, position: int, count: int) -> Batch:
        """A batch of random pieces of random pages."""
        rng = np.random.default_rng((self._seed, position))
        places = rng.integers(0, len(self.pages), count)
        return self._batch([self._piece(int(place), rng) for place in places])

    def whole(self, count: int) -> list[Batch]:
        """Whole pages, at most `count`, spread evenly: to measure what is held out."""
        places = np.linspace(0, len(self.pages) - 1, min(count, len(self.pages))).astype(int)
        return [self._batch([self._cut(int(place), None)]) for place in places]

    def _piece(self, place: int, rng: np.random.Generator):
        *pictures, palette = self._cut(place, rng)
        if rng.random() < 0.5:
            pictures = [np.ascontiguousarray(picture[:, ::-1]) for picture in pictures]
        if rng.random() < 0.5:
            pictures[0] = augment.wear_lines(pictures[0], rng)
        return *pictures, self._general if rng.random() < 0.5 else palette

    def _cut(self, place: int, rng: np.random.Generator | None):
        """Of a square: lines, colours, what may be learned and what is held out, 255 where it is
        so, all `size` a side; and a palette."""
        page = self.pages[place]
        height, width = page.lines.shape
        short, long = min(height, width), max(height, width)
        left = top = 0
        side = long
        if rng is not None:
            side = int(min(long, short * rng.uniform(*SCALES)))
            left = int(rng.integers(min(0, width - side), max(0, width - side) + 1))
            top = int(rng.integers(min(0, height - side), max(0, height - side) + 1))
        lines, rgb = (augment.cut(part, left, top, side) for part in (page.lines, page.rgb))
        if page.extracted and rng is not None and rng.random() < 0.5:
            lines = augment.draw_lines(rgb, rng)
        kept = self._kept[place]
        masks = [255 - augment.cut(mask, left, top, side) for mask in (kept, 255 - kept)]
        pictures = [augment.resize(picture, self.size) for picture in (lines, rgb, *masks)]
        return *pictures, self._best[place]

    def _batch(self, pieces) -> Batch:
        lines, rgb, learned, held_out, palettes = zip(*pieces, strict=True)
        side = self.size // self.config.stem
        small = np.stack([augment.resize(picture, side) for picture in rgb])
        colours, present = map(torch.from_numpy, palette_features(palettes, self.config.roles))
        lab = np.zeros((*present.shape, 3), np.float32)
        for row, palette in enumerate(palettes):
            lab[row, : len(palette)] = palette.lab
        targets = palette_targets(
            torch.from_numpy(lab_from_srgb(small)).permute(0, 3, 1, 2),
            torch.from_numpy(lab), present, SOFTNESS,
        )  # fmt: skip
        paper = _shares(lines, side)
        return Batch(
            x=network_input(np.stack(lines), self.config),
            colours=colours[:, None],
            present=present[:, None],
            targets=targets,
            truth=torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1,
            learned=paper * _shares(learned, side),
            held_out=paper * _shares(held_out, side),
        )


def network_input(lines: Pixels, config: NetConfig) -> Tensor:
    """(N, C, S, S) of line art (N, S, S), without hints."""
    x = torch.zeros(len(lines), config.in_channels, *lines.shape[1:])
    x[:, 0] = torch.from_numpy(lines).float() / 255
    return x


def _held_out(page: Page, seed: int) -> Pixels:
    """(H, W): 255 in the squares that nothing is learned from, else 0."""
    rng = np.random.default_rng(seed)
    squares = (rng.random((SQUARES, SQUARES)) < HELD_OUT).astype(np.uint8) * 255
    size = (page.lines.shape[1], page.lines.shape[0])
    return np.asarray(cv2.resize(squares, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _shares(masks: Sequence[Pixels], side: int) -> Tensor:
    """(N, 1, side, side), 0…1, of masks of 0…255."""
    small = np.stack([augment.resize(mask, side) for mask in masks])
    return torch.from_numpy(small)[:, None].float() / 255
