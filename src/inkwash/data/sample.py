"""One training sample: a crop, its line art, its palette and simulated hints.

Sample i of a seed is a function of (seed, i) alone, so a run resumes at any position and ranks of a
cluster share the positions out without overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data import augment
from inkwash.data.lines import EXTRACTORS, ink_coverage

MOST_COLOURS = 12  # padded length of a training palette
LINE_SCALE = 1.5  # lines are drawn at this multiple of the sample's size, then scaled down
LIGHTNESS_WEIGHT = 0.6  # in the clustering: hue tells materials apart, lightness light and shadow


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    """How samples are made."""

    size: int = 256  # side of the square crops, pixels
    stem: int = 2  # the network's, for the size of labels
    recolour: float = 0.5  # probability of new hues
    colours: tuple[int, ...] = (3, 10)  # fewest and most colours of a palette
    hints: float = 0.5  # probability that a sample has hints
    weights: tuple[float, ...] = (0.35, 0.5, 0.8, 1.2, 3.0)  # of a picture by style_score 1…5
    augment: bool = True  # False: centre crops, one extractor, no hints (validation)


class Source(Protocol):
    """Pictures by index: RGB (H, W, 3) and, for pairs, line art (H, W); and their scores."""

    scores: NDArray[np.floating]

    def __len__(self) -> int: ...
    def read(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]: ...


class Samples:
    """`samples[position]` → dictionary of arrays; see the keys in `sample`."""

    def __init__(self, source: Source, config: SampleConfig, seed: int) -> None:
        self.source, self.config, self.seed = source, config, seed
        score = np.clip(np.round(np.asarray(source.scores)), 1, 5).astype(int)
        counts = np.bincount(score, minlength=6)[1:]
        wanted = np.asarray(config.weights) * (counts > 0)
        per_picture = (wanted / np.maximum(counts, 1) ** 0.5)[score - 1]
        self.probability = per_picture / per_picture.sum()

    def __len__(self) -> int:
        return 2**62 if self.config.augment else len(self.source)

    def __getitem__(self, position: int) -> dict[str, NDArray]:
        rng = np.random.default_rng((self.seed, position))
        index = position
        if self.config.augment:
            index = int(rng.choice(len(self.source), p=self.probability))
        rgb, line = self.source.read(index)
        return sample(rgb, line, self.config, rng)


def sample(
    rgb: NDArray[np.uint8],
    line: NDArray[np.uint8] | None,
    config: SampleConfig,
    rng: np.random.Generator,
) -> dict[str, NDArray]:
    """Arrays of one sample, S = config.size and s = S / config.stem.

    ink (1, S, S) uint8; truth (3, S, S) uint8; hints (4, S, S) float16: RGB in [-1, 1] and mask;
    lab (3, s, s) float16; clusters (s, s) uint8: index of each pixel's colour in the true palette;
    palette (P, 5) float32: the network's colour features; palette_lab (P, 3); present (P,) 0/1.
    """
    rgb, line = _crop(rgb, line, config, rng)
    lab_small, clusters, centres, rgb = _colours(rgb, config, rng)
    shown = _palette(centres, clusters, config, rng)
    return {
        "ink": line[None],
        "truth": np.ascontiguousarray(rgb.transpose(2, 0, 1)),
        "hints": _hints(rgb, line, config, rng),
        "lab": lab_small.transpose(2, 0, 1).astype(np.float16),
        "clusters": clusters.astype(np.uint8),
        **shown,
    }


def collate(samples: Sequence[dict[str, NDArray]]) -> dict[str, NDArray]:
    """Stack samples into a batch."""
    return {key: np.stack([sample[key] for sample in samples]) for key in samples[0]}


def _crop(rgb, line, config, rng):
    """A square crop with its lines; three tries to find one that is neither blank nor all ink."""
    if not config.augment:
        return _cut_pair(rgb, line, _centre(rgb.shape), config.size, lambda p: EXTRACTORS["xdog"](p, 0.5))
    for _ in range(3):
        box = augment.crop_box(rgb.shape, rng)
        crop, ink = _cut_pair(rgb, line, box, config.size, lambda p: augment.draw_lines(p, rng))
        if 0.01 < ink_coverage(ink) < 0.45:
            break
    ink = augment.wear_lines(ink, rng)
    if rng.random() < 0.5:
        crop, ink = crop[:, ::-1], ink[:, ::-1]
    return np.ascontiguousarray(crop), np.ascontiguousarray(ink)


def _cut_pair(rgb, line, box, size, extract):
    crop = augment.cut(rgb, *box)
    if line is None:
        fine = augment.resize(crop, round(LINE_SCALE * size))
        ink = extract(fine if crop.shape[0] > fine.shape[0] else crop)
    else:
        ink = augment.cut(line, *box)
    return augment.resize(crop, size), augment.resize(ink, size)


def _centre(shape):
    side = min(shape[:2])
    return (shape[1] - side) // 2, 0, side  # heads are at the top of tall pictures


def _colours(rgb, config, rng):
    """Lab at label size, cluster of each pixel, cluster centres, and the (recoloured) picture."""
    fewest, most = config.colours
    count = int(rng.integers(fewest, most + 1)) if config.augment else most
    side = config.size // config.stem
    small = _to_lab(augment.resize(rgb, side))
    centres = _kmeans(small.reshape(-1, 3), count, rng)
    if config.augment and rng.random() < config.recolour:
        lab = _to_lab(rgb)
        rgb = _to_rgb(augment.recolour(lab, _nearest(lab, centres), centres, rng))
        small = _to_lab(augment.resize(rgb, side))
        centres = _kmeans(small.reshape(-1, 3), count, rng)
    return small, _nearest(small, centres), centres, rgb


def _palette(centres, clusters, config, rng):
    """The palette that the network is shown: jittered, some colours dropped, foreign ones added."""
    shares = np.bincount(clusters.ravel(), minlength=len(centres)) / clusters.size
    keep = np.ones(len(centres), bool)
    known = True
    if config.augment:
        if rng.random() < 0.25 and len(centres) > 3:
            keep[rng.integers(len(centres))] = False
        known = rng.random() < 0.5
    lab, shares = centres[keep], shares[keep]
    shown = lab
    if config.augment:
        shown = lab + rng.normal(0, 2.5, lab.shape) * (rng.random() < 0.7)
        extra = int(rng.integers(0, 3)) if rng.random() < 0.4 else 0
        extra = min(extra, MOST_COLOURS - len(lab))
        foreign = np.stack(
            [rng.uniform(15, 95, extra), rng.normal(0, 30, extra), rng.normal(0, 30, extra)], 1
        )
        shown, lab = np.concatenate([shown, foreign]), np.concatenate([lab, foreign])
        shares = np.concatenate([shares, np.zeros(extra)])
    count = len(shown)
    rgb = _to_rgb(shown[None].astype(np.float32))[0] / 127.5 - 1.0
    palette = np.zeros((MOST_COLOURS, 5), np.float32)
    palette[:count, :3] = rgb
    palette[:count, 3] = shares * known
    palette[:count, 4] = known
    palette_lab = np.zeros((MOST_COLOURS, 3), np.float32)
    palette_lab[:count] = lab
    present = (np.arange(MOST_COLOURS) < count).astype(np.float32)
    return {"palette": palette, "palette_lab": palette_lab, "present": present}


def _hints(rgb, line, config, rng):
    """Dots as in Zhang et al. 2017: a geometric number, at Gaussian or uniform places, the mean
    colour of a patch, off the lines; slightly wrong now and then."""
    size = config.size
    hints = np.zeros((4, size, size), np.float16)
    if not config.augment or rng.random() >= config.hints:
        return hints
    wrong = rng.normal(0, 0.05, 3) if rng.random() < 0.2 else np.zeros(3)
    for _ in range(int(rng.geometric(0.1))):
        spread = size / 4 if rng.random() < 0.5 else None
        x, y = (
            rng.normal(size / 2, spread, 2) if spread is not None else rng.uniform(0, size, 2)
        ).clip(0, size - 1).astype(int)
        if line[y, x] < 160:
            continue
        radius = int(rng.integers(1, 5))
        box = np.s_[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        patch = rgb[box].reshape(-1, 3)
        if patch.std(0).max() > 25:
            continue
        hints[:3, *box] = (patch.mean(0) / 127.5 - 1.0 + wrong).clip(-1, 1)[:, None, None]
        hints[3, *box] = 1
    return hints


def _kmeans(lab, count, rng):
    """Cluster centres (≤ count, 3) in Lab of a random subset of the pixels (N, 3)."""
    points = lab[rng.integers(0, len(lab), 1000)] * _WEIGHTS
    start = [points[0]]
    distance = np.full(len(points), np.inf, np.float32)
    for _ in range(count - 1):
        step = points - start[-1]
        distance = np.minimum(distance, np.einsum("nc,nc->n", step, step))
        total = distance.sum()
        if total < 1e-3:
            break
        start.append(points[int(np.searchsorted(np.cumsum(distance), rng.random() * total))])
    centres = np.asarray(start, np.float32)
    for _ in range(6):
        nearest = _nearest_of(points, centres)
        counts = np.bincount(nearest, minlength=len(centres))
        sums = np.stack(
            [np.bincount(nearest, points[:, c], minlength=len(centres)) for c in range(3)], 1
        )
        centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)
    return (centres / _WEIGHTS).astype(np.float32)


_WEIGHTS = np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)


def _nearest(lab, centres):
    """Index of the nearest centre (P, 3) for each Lab colour (…, 3)."""
    return _nearest_of(lab * _WEIGHTS, centres * _WEIGHTS)


def _nearest_of(points, centres):
    return ((centres**2).sum(1) - 2 * points @ centres.T).argmin(-1)


def _to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return cv2.cvtColor(rgb.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)


def _to_rgb(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    unit = cv2.cvtColor(np.ascontiguousarray(lab, np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(unit * 255 + 0.5, 0, 255).astype(np.uint8)
