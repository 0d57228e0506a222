"""One training sample: a crop, its line art, its palette and simulated hints.

Sample i of a seed is a function of (seed, i) alone, so a run resumes at any position and ranks of a
cluster share the positions out without overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data import augment
from inkwash.data.lines import EXTRACTORS, ink_coverage
from inkwash.data.pictures import Example
from inkwash.data.roles import ROLES
from inkwash.errors import BadConfig

MOST_COLOURS = 12  # padded length of a training palette
UNASSIGNED = 255
ROLE_PALETTES = 0.5  # of the pictures whose roles are known get one colour a role
LEAST_ROLE_PIXELS = 4
MOST_PATCHES = 48  # regions of a sample when they are connected patches
LINE_SCALE = 1.5  # lines are drawn at this multiple of the sample's size, then scaled down
LIGHTNESS_WEIGHT = 0.6  # in the clustering: hue tells materials apart, lightness light and shadow


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    """How samples are made."""

    size: int = 256  # side of the square crops, pixels
    stem: int = 2  # the network's, for the size of labels
    recolour: float = 0.5  # probability of new hues
    roles: tuple[str, ...] = ()  # the network's; () or data.roles.ROLES
    colours: tuple[int, ...] = (3, 10)  # fewest and most colours of a palette
    hints: float = 0.5  # probability that a sample has hints
    weights: tuple[float, ...] = (0.35, 0.5, 0.8, 1.2, 3.0)  # of a picture by style_score 1…5
    # What "region" means to the loss: a colour of the truth, or each connected patch of it.
    regions: Literal["colours", "connected"] = "colours"
    augment: bool = True  # False: centre crops, one extractor, no hints (validation)


class Source(Protocol):
    """Pictures by index, and their style scores 1…5."""

    @property
    def scores(self) -> NDArray[np.floating]: ...
    def __len__(self) -> int: ...
    def read(self, index: int) -> Example: ...


class Samples:
    """`samples[position]` → dictionary of arrays; see the keys in `sample`.

    `shares` says how often each picture of the source is drawn; `by_score` if it is not given.
    """

    def __init__(
        self,
        source: Source,
        config: SampleConfig,
        seed: int,
        shares: NDArray[np.floating] | None = None,
    ) -> None:
        self.source, self.config, self.seed = source, config, seed
        shares = by_score(source.scores, config) if shares is None else shares
        self._cumulated = np.cumsum(shares / shares.sum())

    def __len__(self) -> int:
        return 2**62 if self.config.augment else len(self.source)

    def __getitem__(self, position: int) -> dict[str, NDArray]:
        rng = np.random.default_rng((self.seed, position))
        return sample(self.source.read(self._choose(position, rng)), self.config, rng)

    def picture_of(self, position: int) -> int:
        """Index in the source of the picture that a sample is made of."""
        return self._choose(position, np.random.default_rng((self.seed, position)))

    def _choose(self, position: int, rng: np.random.Generator) -> int:
        if not self.config.augment:
            return position
        place = np.searchsorted(self._cumulated, rng.random(), side="right")
        return min(int(place), len(self.source) - 1)


def by_score(scores: NDArray[np.floating], config: SampleConfig) -> NDArray[np.floating]:
    """How often each picture is drawn: its score's weight, less where many have that score."""
    score = np.clip(np.round(np.asarray(scores)), 1, 5).astype(int)
    counts = np.bincount(score, minlength=6)[1:]
    wanted = np.asarray(config.weights) * (counts > 0)
    shares = (wanted / np.maximum(counts, 1) ** 0.5)[score - 1]
    if not shares.sum() > 0:
        raise BadConfig(f"sample.weights = {list(config.weights)} leaves no picture to draw")
    return shares / shares.sum()


def sample(example: Example, config: SampleConfig, rng: np.random.Generator) -> dict[str, NDArray]:
    """Arrays of one sample, S = config.size and s = S / config.stem.

    ink (1, S, S) uint8; truth (3, S, S) uint8; hints (4, S, S) float16: RGB in [-1, 1] and mask;
    lab (3, s, s) float16; regions (s, s) uint8: which region of the truth each pixel is in;
    palette (P, C) float32: the network's colour features; palette_lab (P, 3); present (P,) 0/1;
    assigned (s, s) uint8: the palette's place where roles decide it, else UNASSIGNED.
    """
    rgb, line, roles = _crop(example, config, rng)
    assert line is not None  # drawn by _crop where the example has none
    lab_small, clusters, centres, rgb = _colours(rgb, config, rng)
    roles = _small_roles(roles, config)
    if roles.any() and config.augment and rng.random() < ROLE_PALETTES:
        entries = _entries_by_role(lab_small, roles)
    else:
        entries = _entries_by_colour(centres, clusters, roles, config, rng)
    shown = _palette(entries, config, rng)
    assigned = entries.places[roles] if len(entries.places) else roles * 0 + UNASSIGNED
    return {
        "assigned": assigned.astype(np.uint8),
        "ink": line[None],
        "truth": np.ascontiguousarray(rgb.transpose(2, 0, 1)),
        "hints": _hints(rgb, line, config, rng),
        "lab": lab_small.transpose(2, 0, 1).astype(np.float16),
        "regions": _regions(clusters, config),
        **shown,
    }


def collate(samples: Sequence[dict[str, NDArray]]) -> dict[str, NDArray]:
    """Stack samples into a batch."""
    return {key: np.stack([sample[key] for sample in samples]) for key in samples[0]}


def _crop(example, config, rng) -> Example:
    """A square crop with its lines and roles; three tries to find one neither blank nor all ink."""
    if not config.augment:
        box = _centre(example.rgb.shape)
        return _cut_example(example, box, config.size, lambda p: EXTRACTORS["xdog"](p, 0.5))
    found = _random_crop(example, config, rng)
    for _ in range(2):
        if found.line is not None and 0.01 < ink_coverage(found.line) < 0.45:
            break
        found = _random_crop(example, config, rng)
    found = found._replace(line=augment.wear_lines(np.asarray(found.line), rng))
    return _mirrored(found) if rng.random() < 0.5 else found


def _mirrored(example: Example) -> Example:
    rgb, *others = (None if part is None else np.fliplr(part).copy() for part in example)
    assert rgb is not None
    return Example(rgb, *others)


def _random_crop(example, config, rng) -> Example:
    box = augment.crop_box(example.rgb.shape, rng)
    return _cut_example(example, box, config.size, lambda p: augment.draw_lines(p, rng))


def _cut_example(example, box, size, extract) -> Example:
    crop = augment.cut(example.rgb, *box)
    if example.line is None:
        fine = augment.resize(crop, round(LINE_SCALE * size))
        ink = extract(fine if crop.shape[0] > fine.shape[0] else crop)
    else:
        ink = augment.cut(example.line, *box)
    roles = None
    if example.roles is not None:  # what lies outside the picture is 255; it has no role
        roles = augment.cut(example.roles, *box) % 255
    return Example(augment.resize(crop, size), augment.resize(ink, size), roles)


def _small_roles(roles, config):
    """Roles (s, s) at label size, 0 where nothing is known."""
    side = config.size // config.stem
    if roles is None:
        return np.zeros((side, side), np.uint8)
    return np.asarray(cv2.resize(roles, (side, side), interpolation=cv2.INTER_NEAREST), np.uint8)


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


def _regions(clusters, config):
    return clusters.astype(np.uint8) if config.regions == "colours" else _patches(clusters)


def _patches(clusters):
    """Connected patches of one colour, the largest first; what is left over is the last one."""
    labels, sizes = np.zeros(clusters.shape, np.int32), [0]
    for colour in range(int(clusters.max()) + 1):
        count, found, stats, _ = cv2.connectedComponentsWithStats(
            (clusters == colour).astype(np.uint8), connectivity=4
        )
        labels += np.where(found > 0, found + len(sizes) - 1, 0)
        sizes.extend(stats[1:count, cv2.CC_STAT_AREA])
    rank = np.empty(len(sizes), np.int64)
    rank[np.argsort(sizes)[::-1]] = np.arange(len(sizes))
    return np.minimum(rank[labels], MOST_PATCHES - 1).astype(np.uint8)


class Entries(NamedTuple):
    """A palette before it is shown: Lab (P, 3), shares (P,), role of each colour (P,) or 0, and
    for palettes by role the place of each role, (1 + roles,), UNASSIGNED where it has none."""

    lab: NDArray[np.floating]
    shares: NDArray[np.floating]
    roles: NDArray[np.integer]
    places: NDArray[np.integer]


def _entries_by_role(lab, roles) -> Entries:
    """One colour for each role that the picture shows: the median of its pixels."""
    counts = np.bincount(roles.ravel(), minlength=1 + len(ROLES))
    found = [role for role in range(1, 1 + len(ROLES)) if counts[role] >= LEAST_ROLE_PIXELS]
    places = np.full(1 + len(ROLES), UNASSIGNED)
    places[found] = np.arange(len(found))
    medians = [np.median(lab[roles == role], axis=0) for role in found]
    shares = counts[found] / counts.sum()
    return Entries(np.array(medians).reshape(-1, 3), shares, np.array(found, int), places)


def _entries_by_colour(centres, clusters, roles, config, rng) -> Entries:
    """The picture's main colours, one dropped now and then; a role where most of it has one."""
    count = len(centres)
    shares = np.bincount(clusters.ravel(), minlength=count) / clusters.size
    pairs = clusters.ravel().astype(int) * (1 + len(ROLES)) + roles.ravel()
    votes = np.bincount(pairs, minlength=count * (1 + len(ROLES))).reshape(count, -1)
    role = np.where(votes.max(1) > 0.7 * votes.sum(1), votes.argmax(1), 0)
    keep = np.ones(count, bool)
    if config.augment and rng.random() < 0.25 and count > 3:
        keep[rng.integers(count)] = False
    return Entries(centres[keep], shares[keep], role[keep], np.empty(0, int))


def _palette(entries, config, rng):
    """What the network is shown: colours jittered, foreign ones added, shares and roles withheld
    now and then."""
    lab, shares, roles, _ = entries
    shown, known, tell = lab, True, True
    if config.augment:
        known, tell = rng.random() < 0.5, rng.random() < 0.8
        roles = roles * (rng.random(len(roles)) < 0.9)
        shown = lab + rng.normal(0, 2.5, lab.shape) * (rng.random() < 0.7)
        extra = int(rng.integers(0, 3)) if rng.random() < 0.4 else 0
        extra = min(max(extra, 2 - len(lab)), MOST_COLOURS - len(lab))
        foreign = np.stack(
            [rng.uniform(15, 95, extra), rng.normal(0, 30, extra), rng.normal(0, 30, extra)], 1
        )
        shown, lab = np.concatenate([shown, foreign]), np.concatenate([lab, foreign])
        shares = np.concatenate([shares, np.zeros(extra)])
        roles = np.concatenate([roles, np.zeros(extra, int)])
    count = len(shown)
    palette = np.zeros((MOST_COLOURS, 5 + len(config.roles)), np.float32)
    palette[:count, :3] = _to_rgb(shown[None].astype(np.float32))[0] / 127.5 - 1.0
    palette[:count, 3] = shares * known
    palette[:count, 4] = known
    for place, role in enumerate(roles * tell):
        if role and config.roles:
            palette[place, 4 + role] = 1
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
            (rng.normal(size / 2, spread, 2) if spread is not None else rng.uniform(0, size, 2))
            .clip(0, size - 1)
            .astype(int)
        )
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
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB), np.float32)


def _to_rgb(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    unit = cv2.cvtColor(np.ascontiguousarray(lab, np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(unit * 255 + 0.5, 0, 255).astype(np.uint8)
