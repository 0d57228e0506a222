"""Held-out pictures through the network while it trains: a few figures and a sheet to look at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash import losses
from inkwash.data.sample import Samples
from inkwash.nets import SGRU, render
from inkwash.train.feed import to_tensors
from inkwash.train.objective import network_input
from inkwash.writing import write_whole


def validation_batches(samples: Samples, count: int, batch: int) -> list[dict[str, Tensor]]:
    """`count` samples spread over the source, in batches; of style_score 4-5 where there are."""
    scores = np.asarray(samples.source.scores)
    eligible = np.flatnonzero(scores >= min(4, scores.max()))
    places = np.linspace(0, len(eligible) - 1, min(count, len(eligible))).astype(int)
    made = [samples[int(position)] for position in eligible[places]]
    groups = [made[i : i + batch] for i in range(0, len(made), batch)]
    return [to_tensors(group) for group in groups]


@torch.no_grad()
def measure(net: SGRU, batches: list[dict[str, Tensor]]) -> dict[str, float]:
    """PSNR in dB of the best and of the mean of nine, and head entropy, for each head."""
    device = next(net.parameters()).device
    rows: dict[str, list[Tensor]] = {}
    for batch in batches:
        batch = {key: value.to(device) for key, value in batch.items()}
        truth = batch["truth"].float() / 255
        for head, pictures in colourings(net, batch).items():
            rows.setdefault(head, []).append(psnr((pictures + 1) / 2, truth))
    figures = {}
    for head, parts in rows.items():
        values = torch.cat(parts)  # (pictures, K)
        figures[f"{head}_best"] = values.max(1).values.mean().item()
        figures[f"{head}_mean"] = values.mean().item()
        usage = losses.head_usage(values.argmax(1), values.shape[1])
        figures[f"{head}_entropy"] = losses.entropy(usage)
    return figures


def colourings(net: SGRU, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Pictures (N, K, 3, H, W) in [-1, 1] by head; the palette head gets the true palette."""
    features = net.trunk(network_input(batch, net.config.hints))
    found = {"rgb": net.rgb(features).float().clamp(-1, 1)}
    if net.palette is not None:
        palette = batch["palette"][:, None]
        output = net.place(features, palette, batch["present"][:, None])
        pictures = render(output, palette)
        size = batch["truth"].shape[-2:]
        scaled = torch.nn.functional.interpolate(pictures.flatten(0, 1), size, mode="bilinear")
        found["palette"] = scaled.unflatten(0, pictures.shape[:2])
    return found


def psnr(pictures: Tensor, truth: Tensor) -> Tensor:
    """(N, K) in dB for pictures (N, K, 3, H, W) and truth (N, 3, H, W) in 0…1."""
    error = (pictures - truth[:, None]).square().mean((2, 3, 4))
    return -10 * error.clamp(min=1e-10).log10()


@torch.no_grad()
def sheet(net: SGRU, batch: dict[str, Tensor], rows: int = 4) -> NDArray[np.uint8]:
    """RGB picture: sketch, truth and nine colourings a row, a row per head and sample."""
    device = next(net.parameters()).device
    batch = {key: value[:rows].to(device) for key, value in batch.items()}
    ink = batch["ink"].expand(-1, 3, -1, -1).cpu().numpy()
    truth = batch["truth"].cpu().numpy()
    strips = []
    found = {head: _to_bytes(pictures) for head, pictures in colourings(net, batch).items()}
    for i in range(len(ink)):
        for pictures in found.values():
            lined = (pictures[i] * (ink[i][None] / 255.0)).astype(np.uint8)
            tiles = [ink[i], truth[i], *lined]
            strips.append(np.concatenate([tile.transpose(1, 2, 0) for tile in tiles], 1))
    return np.concatenate(strips)


def write_png(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write an RGB picture. Raises OutputFailed."""
    write_whole(path, cv2.imencode(".png", rgb[..., ::-1])[1].tobytes(), force=True)


def _to_bytes(pictures: Tensor) -> NDArray[np.uint8]:
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().cpu().numpy()
