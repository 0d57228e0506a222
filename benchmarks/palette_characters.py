"""One palette over several pictures of a character: does skin stay skin?

    python benchmarks/palette_characters.py --data DIR [--group NAME]...

A character's materials are the main colours of its true pictures, so that a region's material is
known in each of them. For every material, over pictures and palettes of the library: which role it
is given most often and in how many pictures, and how far its colour is apart between two pictures
(CIEDE2000; 0 where the flat is the same). Once for a proposal of the same number in all pictures,
once for the one that is picked in each. Writes results/palette_characters.csv.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import write_rows

from inkwash.colour import (
    Rgb,
    as_uint8,
    delta_e2000,
    format_hex,
    lab_from_srgb,
    name_of,
    srgb_from_lab,
)
from inkwash.data.pictures import Entry, find_entries
from inkwash.evaluate.cases import Case, read_case
from inkwash.evaluate.ways import seen_by
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette, has_natural_skin, k_means, library
from inkwash.propose import propose
from inkwash.settle import settle

RESULTS = Path(__file__).parent / "results" / "palette_characters.csv"
GROUPS = ["lily/lily_boy", "nova/Gaotian", "taisei/elly"]  # held out, one character each
MATERIALS = 6
SMALL = 0.01  # share of a picture under which a material is left out
PALETTES = 5
NUMBER = 0  # of the proposal that is the same in all pictures

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
    """What a material became in one picture: its main flat, and that flat's role."""

    rgb: Rgb
    role: str


def materials_of(cases: list[Case]) -> NDArray[np.floating]:
    """Main colours (M, 3) in Lab of a character's true regions, by area."""
    lab = np.concatenate([lab_from_srgb(case.true_colours) for case in cases])
    areas = np.concatenate([case.regions.areas / case.regions.areas.sum() for case in cases])
    return k_means(lab, areas, MATERIALS)[0]


def regions_by_material(case: Case, materials: NDArray[np.floating]) -> list[NDArray[np.integer]]:
    lab = lab_from_srgb(case.true_colours)
    nearest = delta_e2000(lab[:, None], materials[None]).argmin(1)
    return [np.flatnonzero(nearest == index) for index in range(len(materials))]


def seen(colours: Pixels, labels: NDArray[np.integer], areas, palette: Palette) -> Seen | None:
    """The flat that covers most of some regions; None where they are small."""
    if areas[labels].sum() < SMALL * areas.sum():
        return None
    covered: Counter[Rgb] = Counter()
    for label in labels.tolist():
        red, green, blue = colours[label].tolist()
        covered[red, green, blue] += areas[label]
    rgb = covered.most_common(1)[0][0]
    return Seen(rgb, next(s.role for s in palette.swatches if s.rgb == rgb))


def paint(painter: Painter, cases: list[Case], palettes: list[Palette], materials):
    """(way, material) → for each palette the pictures in which it is seen."""
    found: dict[tuple[str, int], list[list[Seen]]] = {}
    studies = [painter.study(case.sketch, PaintRequest()) for case in cases]
    parts = [regions_by_material(case, materials) for case in cases]
    for place, palette in enumerate(palettes):
        for case, studied, labels in zip(cases, studies, parts, strict=True):
            proposals = propose(studied, painter.runtime, (palette,))
            painting = settle(proposals, case.regions, case.sketch)
            for way, number in (("same number", NUMBER), ("picked", painting.chosen)):
                colours = painting.colourings[number].colours
                for index, mine in enumerate(labels):
                    one = seen(colours, mine, case.regions.areas, palette)
                    lists = found.setdefault((way, index), [[] for _ in palettes])
                    if one is not None:
                        lists[place].append(one)
    return found


def row(group: str, way: str, colour: Rgb, lists: list[list[Seen]]) -> dict | None:
    """Figures of one material; None where it is in less than three pictures."""
    if min(map(len, lists)) < 3:
        return None
    roles = Counter(one.role for pictures in lists for one in pictures)
    role, often = roles.most_common(1)[0]
    pairs = [pair for pictures in lists for pair in combinations(pictures, 2)]
    rgb = np.array([[one.rgb, other.rgb] for one, other in pairs], np.uint8)
    lab = lab_from_srgb(rgb).astype(np.float64)
    return {
        "group": group,
        "way": way,
        "material": f"{name_of(colour)} {format_hex(colour)}",
        "pictures": max(map(len, lists)),
        "palettes": len(lists),
        "role": role,
        "role_kept": f"{often / roles.total():.2f}",
        "same_flat": f"{(rgb[:, 0] == rgb[:, 1]).all(1).mean():.2f}",
        "delta_e2000": f"{delta_e2000(lab[:, 0], lab[:, 1]).mean():.2f}",
    }


def measure(painter: Painter, group: str, entries: list[Entry]) -> list[dict]:
    cases = [seen_by(painter, read_case(entry)) for entry in entries]
    materials = materials_of(cases)
    natural = [palette for palette in library().values() if has_natural_skin(palette)]
    chosen = natural[:: len(natural) // PALETTES][:PALETTES]
    colours: list[Rgb] = [
        (red, green, blue)
        for red, green, blue in as_uint8(srgb_from_lab(materials.astype(np.float32))).tolist()
    ]
    found = paint(painter, cases, chosen, materials)
    rows = [row(group, way, colours[index], lists) for (way, index), lists in found.items()]
    return [one for one in rows if one is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--group", action="append", help="of SOURCES.csv; one character")
    parser.add_argument("--weights", default="default")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--most", type=int, default=10, help="pictures of a character")
    arguments = parser.parse_args()
    painter = Painter.load(arguments.weights, threads=arguments.threads)
    entries = find_entries(arguments.data)
    rows = []
    for group in arguments.group or GROUPS:
        mine = [entry for entry in entries if entry.group == group][: arguments.most]
        if len(mine) < 3:
            parser.error(f"{group}: has {len(mine)} pictures; 3 or more are compared")
        rows += measure(painter, group, mine)
        print(group, flush=True)
    write_rows(RESULTS, rows)


if __name__ == "__main__":
    main()
