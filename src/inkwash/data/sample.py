"""One training sample: a crop, its line art, its palette and simulated hints.

Sample i of a seed is a function of (seed, i) alone, so a run resumes at any position and ranks of a
cluster share the positions out without overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data import augment, dots
from inkwash.data.lines import EXTRACTORS, ink_coverage
from inkwash.data.pictures import Example
from inkwash.data.roles import ROLES
from inkwash.data.swatches import (
    MOST_COLOURS,
    cluster,
    entries_by_colour,
    entries_by_role,
    hinted_colours,
    mistaken,
    nearest,
    patches,
    released,
    shown_palette,
    to_lab,
    to_rgb,
)
from inkwash.errors import BadConfig

ROLE_PALETTES = 0.5  # of the pictures whose roles are known get one colour a role
LINE_SCALE = 1.5  # lines are drawn at this multiple of the sample's size, then scaled down


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

    def __post_init__(self) -> None:
        if len(self.colours) != 2 or not 2 <= self.colours[0] <= self.colours[1] <= MOST_COLOURS:
            raise BadConfig(
                f"sample.colours = {list(self.colours)} is not [fewest, most] within 2 to "
                f"{MOST_COLOURS}"
            )
        if len(self.weights) != 5 or min(self.weights) < 0 or not any(self.weights):
            raise BadConfig(f"sample.weights = {list(self.weights)} is not five numbers from 0 up")
        if self.roles not in ((), ROLES):
            raise BadConfig(f"sample.roles: leave it out, or give {', '.join(ROLES)}")


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
    hints = _hints(rgb, line, config, rng)
    hinted = hinted_colours(hints)
    if roles.any() and config.augment and rng.random() < ROLE_PALETTES:
        entries = entries_by_role(lab_small, roles)
    else:
        entries = entries_by_colour(centres, clusters, roles, rng, wrong=config.augment)
    if len(hinted):
        entries = mistaken(entries, hinted, rng)
    assigned = released(entries, roles, lab_small, hinted)
    shown = shown_palette(entries, hinted, bool(config.roles), rng, wrong=config.augment)
    return {
        "assigned": assigned,
        "ink": line[None],
        "truth": np.ascontiguousarray(rgb.transpose(2, 0, 1)),
        "hints": hints,
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
    small = to_lab(augment.resize(rgb, side))
    centres = cluster(small.reshape(-1, 3), count, rng)
    if config.augment and rng.random() < config.recolour:
        lab = to_lab(rgb)
        rgb = to_rgb(augment.recolour(lab, nearest(lab, centres), centres, rng))
        small = to_lab(augment.resize(rgb, side))
        centres = cluster(small.reshape(-1, 3), count, rng)
    return small, nearest(small, centres), centres, rgb


def _regions(clusters, config):
    return clusters.astype(np.uint8) if config.regions == "colours" else patches(clusters)


def _hints(rgb, line, config, rng):
    """(4, S, S), without a hint for some of the samples."""
    if config.augment and rng.random() < config.hints:
        return dots.simulate(rgb, line, rng)
    return np.zeros((4, config.size, config.size), np.float16)
