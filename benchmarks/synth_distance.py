"""How far drawn pictures are from real ones, in the features of VGG-19.

    python benchmarks/synth_distance.py --real PICTURES --vgg FILE [--drawn FOLDER]

The Fréchet distance of the features, averaged over each picture, of every layer that the file
holds (as Heusel et al. 2017 did with another network). Pictures are squares of 96 pixels, cut from
the upper middle. Such a distance depends on the number of pictures, so all sets have as many;
`floor` is the distance between two sets of real pictures that share no group: no generator can be
expected to be nearer to artists than other artists are. `drawn` is the mean distance to the two.

`what` is colour; line, which an extractor finds in both; or pen, the lines as they were drawn
against those that the extractor finds in real pictures. `--drawn` is a folder of drawn pairs;
without it pictures are drawn here. Rows are added to `--out`, under `--label`.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tables import add_rows

from inkwash.data.augment import resize
from inkwash.data.lines import EXTRACTORS
from inkwash.data.pictures import Example, find_entries, read_entry
from inkwash.data.synth import DrawnPictures
from inkwash.perceptual import Vgg, load_vgg

SIDE = 96
FINE = 144  # side at which lines are extracted, as for training
RESULTS = Path(__file__).parent / "results" / "synth_distance.csv"
COLUMNS: tuple[str, ...] = ("label", "what", "layer", "pictures", "floor", "drawn", "ratio")

Picture = NDArray[np.uint8]
Features = list[NDArray[np.float64]]
Row = dict[str, str | int | float]


def square(picture: Picture, side: int) -> Picture:
    """The upper middle of a picture, as `side` by `side` pixels."""
    height, width = picture.shape[:2]
    edge = min(height, width)
    left = (width - edge) // 2
    return resize(np.ascontiguousarray(picture[:edge, left : left + edge]), side)


def extracted(rgb: Picture) -> Picture:
    return resize(EXTRACTORS["xdog"](square(rgb, FINE), 0.5), SIDE)


def features(vgg: Vgg, pictures: Iterable[Picture]) -> Features:
    """Mean features of pictures (H, W, 3) or (H, W): for each layer (n, channels)."""
    rows: list[list[NDArray]] = []
    with torch.inference_mode():
        for picture in pictures:
            rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
            tensor = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None].float()
            rows.append([layer.mean((0, 2, 3)).double().numpy() for layer in vgg(tensor)])
    return [np.stack(layer) for layer in zip(*rows, strict=True)]


def frechet(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """|μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½) of two sets of features (n, channels)."""
    means = float(np.sum((first.mean(0) - second.mean(0)) ** 2))
    one, two = (np.cov(rows, rowvar=False) for rows in (first, second))
    root = _root(one)
    shared = np.sqrt(np.clip(np.linalg.eigvalsh(root @ two @ root), 0, None)).sum()
    return means + float(np.trace(one) + np.trace(two) - 2 * shared)


def _root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def halves(folder: Path, least: float, most: int) -> tuple[list[Picture], list[Picture]]:
    """Real pictures in two sets of one size that share no group."""
    entries = [entry for entry in find_entries(folder) if entry.score >= least]
    groups = sorted({entry.group for entry in entries}, key=_shuffled)
    first = set(groups[::2])
    sets = ([e for e in entries if e.group in first], [e for e in entries if e.group not in first])
    count = min(most, *map(len, sets))
    rng = np.random.default_rng(0)
    chosen = [[one[i] for i in rng.permutation(len(one))[:count]] for one in sets]
    a, b = ([read_entry(entry, 384).rgb for entry in one] for one in chosen)
    return a, b


def _shuffled(group: str) -> bytes:
    return hashlib.sha1(group.encode(), usedforsecurity=False).digest()


def drawn(folder: Path | None, count: int, seed: int) -> list[Example]:
    if folder is None:
        source = DrawnPictures(count, seed, (288, 384))
        return [source.read(i) for i in range(count)]
    return [read_entry(entry, 384) for entry in find_entries(folder)[:count]]


def measure(arguments: argparse.Namespace) -> list[Row]:
    vgg = load_vgg(arguments.vgg)
    first, second = halves(arguments.real, arguments.least_score, arguments.most)
    examples = drawn(arguments.drawn, len(first), arguments.seed)
    pens = [square(example.line, SIDE) for example in examples if example.line is not None]
    sets = {
        "colour": [[square(p, SIDE) for p in one] for one in (first, second)],
        "line": [[extracted(p) for p in one] for one in (first, second)],
    }
    made = {
        "colour": [square(example.rgb, SIDE) for example in examples],
        "line": [extracted(example.rgb) for example in examples],
        **({"pen": pens} if len(pens) == len(examples) else {}),
    }
    rows = []
    for what, pictures in made.items():
        real, other = (features(vgg, one) for one in sets["line" if what == "pen" else what])
        rows += compared(arguments.label, what, vgg.layers, real, other, features(vgg, pictures))
    return rows


def compared(
    label: str,
    what: str,
    layers: tuple[str, ...],
    first: Features,
    second: Features,
    made: Features,
) -> list[Row]:
    """A row for each layer; drawn pictures are compared with either half, and the mean taken."""
    rows = []
    for name, a, b, c in zip(layers, first, second, made, strict=True):
        floor, away = frechet(a, b), (frechet(a, c) + frechet(b, c)) / 2
        values = (
            label,
            what,
            name,
            len(a),
            round(floor, 1),
            round(away, 1),
            round(away / floor, 2),
        )
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, required=True, help="a folder with SOURCES.csv")
    parser.add_argument("--vgg", type=Path, required=True, help="VGG-19, as train takes it")
    parser.add_argument("--drawn", type=Path, help="a folder of drawn pairs")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--least-score", type=float, default=4.0)
    parser.add_argument("--most", type=int, default=160, help="pictures in each set")
    parser.add_argument("--label", default="now")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows = measure(arguments)
    add_rows(arguments.out, rows, COLUMNS)
    for row in rows:
        print(*row.values(), sep="\t")


if __name__ == "__main__":
    main()
