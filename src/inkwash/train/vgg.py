"""Find the VGG-19 of the loss: torchvision's published file, or one of the user's own."""

from __future__ import annotations

import logging
from pathlib import Path

import torch

from inkwash.data.remote import cache_folder, download
from inkwash.errors import BadData, BadWeights
from inkwash.perceptual import TAPS, Vgg, load_vgg

log = logging.getLogger(__name__)

URL = "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth"
SHA256 = "dcbb9e9d"  # its first digits, which torchvision's file names carry; 548 MB


def open_vgg(name: str, lambdas: tuple[float, ...]) -> Vgg | None:
    """VGG-19 by a recipe's `vgg`: "torchvision", a file, or "none".

    Says which layers take part in the loss. Raises BadWeights where there is none to be had.
    """
    if name == "none":
        log.info("perceptual layers: none, the loss is the pixels' alone")
        return None
    vgg = load_vgg(published() if name == "torchvision" else Path(name))
    active = [f"{tap} × {weight:g}" for tap, weight in zip(vgg.layers, lambdas[1:], strict=False)]
    missing = TAPS[len(vgg.layers) :]
    without = f"; without {', '.join(missing)}, which the file does not hold" if missing else ""
    log.info("perceptual layers: picture × %g, %s%s", lambdas[0], ", ".join(active), without)
    return vgg


def published(url: str = URL, sha256: str = SHA256) -> Path:
    """torchvision's file: from torch.hub's cache, or fetched once to ours. Raises BadWeights."""
    file = url.rpartition("/")[2]
    kept = Path(torch.hub.get_dir()) / "checkpoints" / file
    if kept.is_file():
        return kept
    try:
        return download(url, cache_folder() / "vgg", sha256)
    except BadData as error:
        raise BadWeights(
            f'{error}; then name it in the recipe (vgg = "{file}"), put it at {kept}, '
            'or train without it (vgg = "none")'
        ) from error
