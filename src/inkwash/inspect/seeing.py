"""Sketches as the network sees them, and what it then paints: the two ends of every inspection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash import weights as stored
from inkwash.config import NetConfig
from inkwash.errors import BadConfig
from inkwash.geometry import Size
from inkwash.nets import SGRU, render
from inkwash.palettes import Palette, fit, palette_features
from inkwash.propose import WorkSize, choose_size, network_input
from inkwash.proposer import propose_palettes
from inkwash.sketch import Sketch
from inkwash.weights import DEFAULT

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A sketch at the network's working size."""

    name: str
    x: Tensor  # (1, C, H, W), the network's input, padded with white to its multiple
    size: Size  # without the padding

    @property
    def lines(self) -> Pixels:
        """(h, w) ink 0, paper 255, without the padding."""
        lines = self.x[0, 0, : self.size.height, : self.size.width]
        return (lines.clamp(0, 1) * 255).round().byte().numpy()


class PaletteInput(NamedTuple):
    """Palettes as the palette head takes them; G is 1 or the number of proposals."""

    colours: Tensor  # (1, G, P, C)
    present: Tensor  # (1, G, P)


def open_net(weights: str = DEFAULT) -> SGRU:
    """The network of a name or file, with its adapter if one is named, in torch.

    Raises BadWeights.
    """
    return stored.open_net(stored.find(weights))


def see(sketch: Sketch, config: NetConfig, work_size: WorkSize = "auto") -> Seen:
    """Scale and pad a sketch. Raises BadConfig for a working size out of range."""
    size = choose_size(sketch.size, config, work_size)
    x = network_input(sketch, None, size, config)
    return Seen(name=sketch.name, x=torch.from_numpy(x)[None], size=size)


def palette_input(palettes: tuple[Palette, ...], config: NetConfig) -> PaletteInput:
    """Raises BadPalette for what cannot be placed, BadConfig for another number of palettes."""
    if len(palettes) not in (1, config.proposals):
        raise BadConfig(f"{len(palettes)} palettes given; give 1, or {config.proposals}")
    fitted = tuple(fit(palette)[0] for palette in palettes)
    colours, present = palette_features(fitted, config.roles)
    return PaletteInput(torch.from_numpy(colours)[None], torch.from_numpy(present)[None])


def choose_head(
    config: NetConfig, head: str, palettes: tuple[Palette, ...] = ()
) -> Literal["rgb", "palette"]:
    """Which head is to paint; "auto": the palette head where the weights have one.

    Raises BadConfig where there is none, or where palettes are given to the RGB head.
    """
    chosen = ("palette" if config.keys else "rgb") if head == "auto" else head
    if chosen == "rgb" and palettes:
        raise BadConfig("the RGB head takes no palettes; leave --palette out or change --head")
    if chosen == "palette" and not config.keys:
        raise BadConfig("these weights have no palette head; give --head rgb or other --weights")
    return "rgb" if chosen == "rgb" else "palette"


def proposed_input(config: NetConfig, palettes: tuple[Palette, ...] = ()) -> PaletteInput:
    """These palettes, or the nine that are proposed where nobody gives one."""
    return palette_input(palettes or propose_palettes(config.proposals), config)


def paint(net: SGRU, features: Tensor, palette: PaletteInput | None) -> Tensor:
    """Colourings (N, K, 3, h, w) in about [-1, 1] of features (N, F, h', w')."""
    if palette is None:
        return net.rgb(features)
    count = len(features)
    colours, present = (part.expand(count, *part.shape[1:]) for part in palette)
    return render(net.place(features, colours, present), colours)


def as_pixels(pictures: Tensor, size: Size, full: int) -> Pixels:
    """Pictures (…, 3, h, w) in [-1, 1] of a grid that is `full` pixels high where the network
    sees it → (…, H, W, 3) sRGB bytes, without padding."""
    scale = full // pictures.shape[-2]
    rows, columns = -(-size.height // scale), -(-size.width // scale)
    unit = (pictures.detach()[..., :rows, :columns].clamp(-1, 1) + 1) * 127.5
    return unit.round().byte().movedim(-3, -1).contiguous().numpy()


def inked(picture: Pixels, lines: Pixels) -> Pixels:
    """Colours (h, w, 3) of any grid under the lines (H, W), at the size of the lines."""
    size = (lines.shape[1], lines.shape[0])
    full = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))
    return (full * (lines[..., None] / 255.0) + 0.5).astype(np.uint8)
