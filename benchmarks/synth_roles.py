"""What drawn pictures teach about roles: does the colour named "skin" land on skin?

    python benchmarks/synth_roles.py without=WEIGHTS with=WEIGHTS [--most N] [--lines extracted]

Held-out drawn pictures, of a seed that no training used; a palette has one colour for each part
that is seen, the median of its pixels. Told as it is (`named`), without its names (`bare`), and
with the colours passed on among the names (`swapped`): there only the names say what goes where.
`skin`, `hair`, … is the share of that part's pixels to which the palette head gives the part's
own colour, `all` of all pixels that have a role; means over nine proposals and the pictures, by
area. `--lines extracted` takes the lines from the colours, as those of real pictures are. Adds rows
to results/synth_roles.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tables import add_rows

from inkwash.data.lines import EXTRACTORS
from inkwash.data.roles import REMEMBERED
from inkwash.data.synth import DrawnPictures
from inkwash.evaluate.cases import EXTRACTOR, STRENGTH
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette, Swatch
from inkwash.propose import propose
from inkwash.sketch import Sketch

RESULTS = Path(__file__).parent / "results" / "synth_roles.csv"
SEED = 9_001
SIZE = (256, 320)
FEWEST_PARTS, LEAST_AREA = 3, 0.005
SHOWN = ("skin", "hair", "eyes", "top", "background")

Picture = tuple[Sketch, NDArray[np.uint8], list[int], NDArray[np.uint8]]


def pictures(count: int, lines: str) -> Iterator[Picture]:
    """Sketch, roles (H, W), the roles that are seen and their colours (P, 3)."""
    source = DrawnPictures(10 * count, SEED, SIZE)
    found = 0
    for index in range(len(source)):
        rgb, line, roles = source.read(index)
        assert line is not None
        assert roles is not None
        shares = np.bincount(roles.ravel(), minlength=1 + len(REMEMBERED)) / roles.size
        seen = [role for role in range(1, 1 + len(REMEMBERED)) if shares[role] > LEAST_AREA]
        if len(seen) < FEWEST_PARTS or 1 not in seen:
            continue
        colours = np.array([np.median(rgb[roles == role], axis=0) for role in seen], np.uint8)
        ink = line if lines == "drawn" else EXTRACTORS[EXTRACTOR](rgb, STRENGTH)
        yield Sketch(ink=ink), roles, seen, colours
        found += 1
        if found == count:
            return


def palette_of(form: str, seen: list[int], colours: NDArray[np.uint8]) -> Palette:
    shown = np.roll(colours, 1, axis=0) if form == "swapped" else colours
    roles = [REMEMBERED[role - 1] if form != "bare" else "" for role in seen]
    swatches = [
        Swatch((int(r), int(g), int(b)), role=role)
        for (r, g, b), role in zip(shown, roles, strict=True)
    ]
    return Palette(tuple(swatches))


def hits(painter: Painter, picture: Picture, form: str) -> NDArray[np.float64]:
    """(2, 1 + roles): pixels that got their part's colour, and all of it; summed over proposals."""
    sketch, roles, seen, colours = picture
    studied = painter.study(sketch, PaintRequest())
    proposals = propose(studied, painter.runtime, (palette_of(form, seen, colours),))
    assert proposals.scores is not None
    chosen = proposals.scores.argmax(1)  # (K, h, w)
    size = (chosen.shape[2], chosen.shape[1])
    small = cv2.resize(roles, size, interpolation=cv2.INTER_NEAREST)
    found = np.zeros((2, 1 + len(REMEMBERED)))
    for place, role in enumerate(seen):
        part = small == role
        found[:, role] += (chosen[:, part] == place).sum(), part.sum() * len(chosen)
    return found


def rows(
    name: str, weights: str, lines: str, shown: list[Picture]
) -> Iterator[dict[str, str | int]]:
    painter = Painter.load(weights, threads=1)
    for form in ("named", "bare", "swapped"):
        right, whole = np.sum([hits(painter, picture, form) for picture in shown], axis=0)
        shares = {role: right[1 + i] / max(whole[1 + i], 1) for i, role in enumerate(REMEMBERED)}
        figures = {role: f"{shares[role]:.2f}" for role in SHOWN}
        yield {
            "weights": name,
            "lines": lines,
            "palette": form,
            "pictures": len(shown),
            **figures,
            "all": f"{right.sum() / whole.sum():.2f}",
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="+", metavar="NAME=WEIGHTS")
    parser.add_argument("--most", type=int, default=60, help="pictures")
    parser.add_argument("--lines", choices=("drawn", "extracted"), default="drawn")
    arguments = parser.parse_args()
    shown = list(pictures(arguments.most, arguments.lines))
    table = []
    for argument in arguments.weights:
        name, _, weights = argument.partition("=")
        for row in rows(name, weights, arguments.lines, shown):
            print(*row.values(), sep="\t", flush=True)
            table.append(row)
    add_rows(RESULTS, table)


if __name__ == "__main__":
    main()
