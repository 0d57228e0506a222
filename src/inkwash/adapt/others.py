"""Other sketches, on which the network shall go on as before.

`others.png` holds drawn sketches in rows; `python -m inkwash.adapt.others` draws it anew.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.adapt.samples import network_input
from inkwash.nets import SGRU
from inkwash.palettes import Palette, library, palette_features
from inkwash.writing import write_whole

SIDE, COLUMNS, ROWS = 128, 8, 4
SEED = 11
FILE = "others.png"


class Others:
    """What the network says of other sketches before it learns; `drift` is how far it moved."""

    def __init__(self, net: SGRU, seed: int) -> None:
        self._net, self._seed = net, seed
        self._x = network_input(sketches(), net.config)
        named = list(library().values())
        self._palettes = named + [_bare(palette) for palette in named]
        self._teacher = copy.deepcopy(net).eval().requires_grad_(False)
        with torch.no_grad():
            self._features = torch.cat([net.trunk(part) for part in self._x.split(8)])
        self._size = self._features.square().mean()

    def drift(self, position: int, count: int) -> Tensor:
        """How far features, placements and pictures of `count` sketches moved; 0 at the start."""
        rng = np.random.default_rng((self._seed, position))
        places = torch.from_numpy(rng.choice(len(self._x), count, replace=False))
        chosen = tuple(self._palettes[i] for i in rng.integers(len(self._palettes), size=count))
        before, features = self._features[places], self._net.trunk(self._x[places])
        moved = (features - before).square().mean() / self._size
        pictures = (self._net.rgb(features) - self._teacher.rgb(before)).abs().mean()
        return moved + pictures + self._misplaced(features, before, chosen)

    def _misplaced(self, features: Tensor, before: Tensor, palettes: tuple) -> Tensor:
        """Kullback-Leibler divergence of placements, and the mean difference of shade."""
        told = palette_features(palettes, self._net.config.roles)
        colours, present = (torch.from_numpy(array)[:, None] for array in told)
        ours = self._net.place(features, colours, present)
        theirs = self._teacher.place(before, colours, present)
        surprise = theirs.scores.exp() * (theirs.scores - ours.scores)  # (N, K, P, h, w)
        return surprise.sum(2).mean() + (ours.shade - theirs.shade).abs().mean()


def _bare(palette: Palette) -> Palette:
    """Its colours alone, as people give them: neither roles nor shares."""
    return Palette(tuple(replace(swatch, role="") for swatch in palette.swatches), palette.name)


def sketches() -> NDArray[np.uint8]:
    """Line art (N, SIDE, SIDE), ink 0 and paper 255."""
    data = resources.files("inkwash.adapt").joinpath(FILE).read_bytes()
    sheet = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    rows = np.asarray(sheet).reshape(ROWS, SIDE, COLUMNS, SIDE)
    return rows.transpose(0, 2, 1, 3).reshape(-1, SIDE, SIDE)


def draw_sheet() -> NDArray[np.uint8]:
    """The sheet of drawn sketches, half of them with lines as extractors make them."""
    from inkwash.data.lines import EXTRACTORS
    from inkwash.data.synth import DrawnPictures

    drawn = DrawnPictures(ROWS * COLUMNS, SEED, 2 * SIDE)
    tiles = []
    for place in range(len(drawn)):
        example = drawn.read(place)
        lines = example.line if place % 2 else EXTRACTORS["xdog"](example.rgb, 0.5)
        tiles.append(cv2.resize(np.asarray(lines), (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    rows = [np.concatenate(tiles[i : i + COLUMNS], 1) for i in range(0, len(tiles), COLUMNS)]
    return np.concatenate(rows)


if __name__ == "__main__":
    png = cv2.imencode(".png", draw_sheet(), [cv2.IMWRITE_PNG_COMPRESSION, 9])[1]
    write_whole(Path(__file__).with_name(FILE), png.tobytes(), force=True)
