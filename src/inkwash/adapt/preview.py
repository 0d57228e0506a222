"""A picture of how far learning has come: sketch, the artist's colours, before, now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.adapt.samples import Batch
from inkwash.nets import SGRU, render
from inkwash.writing import write_whole

Pixels = NDArray[np.uint8]
HEIGHT = 256  # of a row, pixels


class Preview:
    """Rows of pages; the first two columns and "before" are made once."""

    def __init__(self, net: SGRU, pages: Sequence[Batch], path: Path) -> None:
        self._net, self._pages, self._path = net, pages, path
        self._before = [_proposed(net, page) for page in pages]

    def write(self) -> None:
        """Write the picture over the one before. Raises OutputFailed."""
        rows = [
            np.concatenate(
                [_bytes(page.x[0, :1].expand(3, -1, -1) * 2 - 1), _bytes(page.truth[0]), before,
                 _proposed(self._net, page)], axis=1,
            )
            for page, before in zip(self._pages, self._before, strict=True)
        ]  # fmt: skip
        png = cv2.imencode(".png", np.concatenate(rows)[..., ::-1])[1]
        write_whole(self._path, png.tobytes(), force=True)


@torch.no_grad()
def _proposed(net: SGRU, page: Batch) -> Pixels:
    """The surest of the placements, with the lines over it."""
    output = net.place(net.trunk(page.x), page.colours, page.present)
    pictures = render(output, page.colours)[0]  # (K, 3, s, s)
    surest = output.scores[0].amax(1).exp().mean((-1, -2)).argmax()
    ink = _bytes(page.x[0, :1].expand(3, -1, -1) * 2 - 1) / 255.0
    outside = (page.learned + page.held_out)[0] == 0  # beyond the page, and under black ink
    return (_bytes(pictures[surest].masked_fill(outside, 1.0)) * ink).astype(np.uint8)


def _bytes(picture: Tensor) -> Pixels:
    """(3, h, w) in [-1, 1] → (HEIGHT, HEIGHT, 3)."""
    rgb = ((picture.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return np.asarray(cv2.resize(rgb, (HEIGHT, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)
