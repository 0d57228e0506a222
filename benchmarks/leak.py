"""How well regions keep apart when lines have gaps: `python benchmarks/leak.py`.

Draws pictures of 1024×1024 with known regions (overlapping ellipses, polygons, blobs, hair with
spikes, folds), lines of 2 to 6 pixels, and gaps of 0 to 24 pixels cut at random into every region's
outline. Each gap size and method is one row of `benchmarks/results/leak.csv`:

- `boundary_f`: F-score of the found borders against the true ones, 4 pixels of tolerance;
- `leak`: share of paper pixels whose label covers half or more of each of two true regions;
- `spill`: share of paper pixels outside the true region that their label mostly covers;
- `split`: share of paper pixels outside the label that mostly covers their true region;
- `regions_true`, `regions_found`: means over the pictures.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tables import write_rows

from inkwash.regions import segment
from inkwash.regions.grow import grow_under_lines

SIDE = 1024
FINE = 2  # pictures are drawn this much larger and averaged down, which makes soft edges
TOLERANCE = 4
SMALLEST_TRUE_REGION = 100
GAPS = (*range(9), 12, 16, 24)  # pixels
NARROW_GAP = 12.0  # pixels, about three line widths
RESULTS = Path(__file__).parent / "results" / "leak.csv"

Labels = NDArray[np.int32]
Lines = NDArray[np.uint8]
Points = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawn picture: `lines` (H, W) uint8 and the `truth` (H, W) labels under them."""

    lines: Lines
    truth: Labels


def ellipse(rng: np.random.Generator) -> list[Points]:
    """An ellipse of any size and turn."""
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radii = rng.uniform(40, 190, 2)
    return [turned(np.stack([radii[0] * np.cos(angle), radii[1] * np.sin(angle)], 1), rng)]


def polygon(rng: np.random.Generator) -> list[Points]:
    """A star-shaped polygon with 3 to 7 corners."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 8)))
    radius = rng.uniform(60, 200, len(angle))
    return [turned(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), rng)]


def blob(rng: np.random.Generator) -> list[Points]:
    """A smooth closed curve: a circle with a few slow waves on its radius."""
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = np.full(180, rng.uniform(60, 160))
    for wave in range(2, 6):
        radius += rng.uniform(0, 22) * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    return [turned(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), rng)]


def hair(rng: np.random.Generator) -> list[Points]:
    """A cap with bent, tapering strands, all one region."""
    cap = ellipse(rng)[0]
    strands = [strand(rng, start) for start in cap[rng.integers(0, len(cap), 7)]]
    return [cap, *strands]


def strand(rng: np.random.Generator, start: Points) -> Points:
    """A bent strand that begins inside the cap and tapers to a point."""
    outward = start / (np.linalg.norm(start) + 1e-9)
    sideways = np.array([-outward[1], outward[0]])
    along = np.linspace(-0.3, 1, 30)[:, None]
    bend, length = rng.uniform(-60, 60), rng.uniform(60, 160)
    middle = start + outward * along * length + sideways * bend * along**2
    half_width = rng.uniform(8, 22) * (1 - np.maximum(along, 0)) ** 0.8
    return np.concatenate([middle + sideways * half_width, (middle - sideways * half_width)[::-1]])


def turned(points: Points, rng: np.random.Generator) -> Points:
    """The points turned by a random angle."""
    angle = rng.uniform(0, 2 * np.pi)
    return points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def paint_shapes(rng: np.random.Generator, count: int = 22) -> Labels:
    """Shapes over each other on a (fine) page; every connected patch has its own label."""
    page = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    for number in range(1, count + 1):
        shape = (ellipse, polygon, blob, hair)[number % 4]
        centre = rng.uniform(0.08, 0.92, 2) * SIDE
        for outline in shape(rng):
            cv2.fillPoly(page, [np.rint((outline + centre) * FINE).astype(np.int32)], number)
    return patches(page)


def patches(page: NDArray[np.uint8]) -> Labels:
    """Connected patches of one colour, numbered from 1."""
    labels, count = np.zeros(page.shape, np.int32), 0
    for colour in np.unique(page):
        found, parts = cv2.connectedComponents((page == colour).view(np.uint8), connectivity=4)
        labels += np.where(parts > 0, parts + count, 0).astype(np.int32)
        count += found - 1
    return labels


def outlines(labels: Labels) -> NDArray[np.bool_]:
    """Pixels beside another label."""
    edge = np.zeros(labels.shape, np.bool_)
    edge[:, :-1] = labels[:, :-1] != labels[:, 1:]
    edge[:-1] |= labels[:-1] != labels[1:]
    return edge


def cut_gaps(
    rng: np.random.Generator, labels: Labels, edge: NDArray[np.bool_], width: float, gap: float
) -> NDArray[np.bool_]:
    """Take three pieces out of each region's outline, away from corners where three meet.

    A piece is as long as the gap and the round ends of the pen that stand into it.
    """
    whole, edge = edge, edge.copy()
    radius = (gap + width) / 2 * FINE
    reach = int(radius + 6 * FINE)
    ys, xs = np.nonzero(edge)
    owner = labels[ys, xs]
    for label in np.unique(owner):
        own = np.flatnonzero(owner == label)
        for at in rng.permutation(own)[:3]:
            y, x = ys[at], xs[at]
            window = np.s_[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
            untouched = np.array_equal(whole[window], edge[window])
            if untouched and len(np.unique(labels[window])) == 2:
                near = np.argwhere(edge[window]) + np.array([window[0].start, window[1].start])
                near = near[np.hypot(*(near - [y, x]).T) <= radius]
                edge[near[:, 0], near[:, 1]] = False
    return edge


def add_folds(rng: np.random.Generator, edge: NDArray[np.bool_]) -> None:
    """Lines that end in the middle of a region and part nothing."""
    room = cv2.distanceTransform((~edge).view(np.uint8), cv2.DIST_L2, 5)
    for _ in range(14):
        y, x = rng.integers(0, SIDE * FINE, 2)
        length = 0.7 * room[y, x]
        if length < 30 * FINE:
            continue
        angle = rng.uniform(0, 2 * np.pi)
        end = (int(x + length * np.cos(angle)), int(y + length * np.sin(angle)))
        fold = np.zeros(edge.shape, np.uint8)
        cv2.line(fold, (int(x), int(y)), end, 1)
        edge |= fold.view(np.bool_)


def draw(seed: int, *, width: float, gap: float) -> Drawing:
    """A picture with lines `width` pixels wide and gaps of `gap` pixels; the same for a seed."""
    rng = np.random.default_rng(seed)
    fine = paint_shapes(rng)
    edge = outlines(fine)
    truth = closed_regions(stroke(edge, width))
    if gap > 0:
        edge = cut_gaps(rng, fine, edge, width, gap)
    add_folds(rng, edge)
    return Drawing(lines=stroke(edge, width), truth=truth)


def stroke(edge: NDArray[np.bool_], width: float) -> Lines:
    """Soft lines (SIDE, SIDE), `width` pixels wide with round ends, along the fine `edge`."""
    away = cv2.distanceTransform((~edge).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    ink = np.clip(width * FINE / 2 + 0.5 - away, 0, 1)
    small = cv2.resize(ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.rint(255 * (1 - small)).astype(np.uint8)


def closed_regions(lines: Lines) -> Labels:
    """The true regions: what lines without gaps part, without crumbs."""
    paper = (lines >= 128).view(np.uint8)
    _, found, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    labels = np.asarray(found, np.int32)
    kept = stats[:, cv2.CC_STAT_AREA] >= SMALLEST_TRUE_REGION
    kept[0] = False
    return grow_under_lines(np.where(kept[labels], labels, np.int32(0)), 12)


def by_segment(lines: Lines) -> Labels:
    return segment(lines).labels


def by_flood_fill(lines: Lines) -> Labels:
    """A paint bucket at tolerance 128 on every place that is still empty."""
    canvas = np.where(lines >= 128, 255, 0).astype(np.uint8)
    labels = np.zeros(lines.shape, np.int32)
    mask = np.zeros((lines.shape[0] + 2, lines.shape[1] + 2), np.uint8)
    label = 0
    while (canvas == 255).any():
        y, x = np.unravel_index(int(np.argmax(canvas == 255)), canvas.shape)
        label += 1
        cv2.floodFill(canvas, mask, (int(x), int(y)), 128, flags=4)
        labels[canvas == 128] = label
        canvas[canvas == 128] = 0
    return grow_under_lines(labels, 6) - 1


def by_components(lines: Lines, thickening: int = 0) -> Labels:
    """OpenCV's connected components of the paper, the ink first made thicker on every side."""
    ink = (lines < 128).view(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thickening + 1,) * 2)
    paper = (cv2.dilate(ink, disc) == 0).view(np.uint8)
    _, labels = cv2.connectedComponents(paper, connectivity=4, ltype=cv2.CV_32S)
    return grow_under_lines(np.asarray(labels, np.int32), 6 + 2 * thickening) - 1


def by_thick_components(lines: Lines) -> Labels:
    return by_components(lines, thickening=4)


def by_narrow_gaps(lines: Lines) -> Labels:
    return segment(lines, gap=NARROW_GAP).labels


METHODS: dict[str, Callable[[Lines], Labels]] = {
    "segment": by_segment,
    "segment, gaps of 12 px": by_narrow_gaps,
    "flood fill": by_flood_fill,
    "connected components": by_components,
    "components, lines 4 px thicker": by_thick_components,
}


def boundary_f(found: Labels, truth: Labels) -> float:
    """F-score of border pixels that have one of the other picture within the tolerance."""
    hits = []
    for one, other in ((found, truth), (truth, found)):
        edge = outlines(one)
        away = cv2.distanceTransform((~outlines(other)).view(np.uint8), cv2.DIST_L2, 5)
        hits.append(np.mean(away[edge] <= TOLERANCE) if edge.any() else 0.0)
    return float(2 * hits[0] * hits[1] / max(sum(hits), 1e-9))


def overlap(found: Labels, truth: Labels, paper: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many paper pixels each label (rows) shares with each true region (columns)."""
    columns = int(truth.max()) + 1
    key = found[paper].astype(np.int64) * columns + truth[paper]
    size = (int(found.max()) + 1) * columns
    return np.bincount(key, minlength=size).reshape(-1, columns).astype(np.float64)


def measure(found: Labels, drawing: Drawing) -> dict[str, float]:
    """All figures of one picture."""
    shared = overlap(found, drawing.truth, drawing.lines > 128)
    total = shared.sum()
    joins = (shared >= 0.5 * np.maximum(shared.sum(axis=0), 1)).sum(axis=1) >= 2
    return {
        "boundary_f": boundary_f(found, drawing.truth),
        "leak": shared[joins].sum() / total,
        "spill": 1 - shared.max(axis=1).sum() / total,
        "split": 1 - shared.max(axis=0).sum() / total,
        "regions_true": len(np.unique(drawing.truth)),
        "regions_found": len(np.unique(found)),
    }


def rows(pictures: int, seed: int) -> list[dict[str, float | str]]:
    """One row a gap size and method, means over `pictures` drawings."""
    table: list[dict[str, float | str]] = []
    for gap in GAPS:
        figures: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
        for number in range(pictures):
            drawing = draw(seed + number, width=2 + number % 5, gap=gap)
            for method, find in METHODS.items():
                figures[method].append(measure(find(drawing.lines), drawing))
        for method, each in figures.items():
            means = {key: round(float(np.mean([row[key] for row in each])), 4) for key in each[0]}
            table.append({"gap": gap, "method": method, **means})
            print(*table[-1].values(), sep="\t", flush=True)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pictures", type=int, default=10, help="drawings for each gap size")
    parser.add_argument("--seed", type=int, default=2000, help="1000 to 1009 were used to tune")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    table = rows(options.pictures, options.seed)
    write_rows(options.out, table)


if __name__ == "__main__":
    main()
