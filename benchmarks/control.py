"""Control, measured: `python benchmarks/control.py [obedience|leak|spread|speed]`, all by default.

Pictures are drawn by inkwash.data.synth from fixed seeds. Hints have the colours of the drawing and
stand at the places in control_points.json: where an artist puts them first, in the largest regions
that have none, then anywhere. `python benchmarks/control.py places` finds them again. Figures go to
benchmarks/results/control_*.csv.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import cv2
import numpy as np
from tables import write_rows

from inkwash.cells import find_cells
from inkwash.choices import dot_inside
from inkwash.colour import delta_e2000, lab_from_srgb
from inkwash.data.synth import Drawing, draw
from inkwash.document import render, render_box
from inkwash.hints import Dot, Hint, Hints
from inkwash.metrics import psnr
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.propose import Proposals
from inkwash.regions import Regions, segment
from inkwash.session import Session
from inkwash.settle import Painting
from inkwash.sketch import Sketch, read

HERE = Path(__file__).parent
RESULTS = HERE / "results"
POINTS = HERE / "control_points.json"  # x and y from 0 to 1, a list a picture
LARGE = HERE.parent / "examples" / "schoolgirl.png"

SEEDS = range(7000, 7006)
SIZE = 512
COUNTS = (0, 1, 2, 5, 10, 20, 50, 100)
HEADS = ("palette", "rgb")
VISIBLE = 2.3  # ΔE2000 from which a difference is seen
HINTED = 5  # regions with a hint where obedience and leak are measured
STRANGE = (64, 160, 43), (214, 92, 173), (32, 96, 200), (232, 180, 40), (150, 40, 30)


@dataclass(frozen=True)
class Case:
    """A drawn picture, its sketch and regions, and where its hints stand."""

    drawing: Drawing
    regions: Regions
    points: Sequence[tuple[float, float]] = ()

    @cached_property
    def sketch(self) -> Sketch:
        return Sketch(ink=self.drawing.line)

    def true_hints(self, count: int) -> Hints:
        """At the first points, in the colours of the drawing."""
        height, width = self.drawing.line.shape
        items = []
        for x, y in self.points[:count]:
            place = Dot(x * width, y * height)
            rgb = tuple(self.drawing.flat[int(place.y), int(place.x)].tolist())
            items.append(Hint("colour", place, rgb))
        return Hints(self.sketch.size, tuple(items))

    def strange_hints(self) -> tuple[Hints, list[int]]:
        """Colours that are not in the drawing, each in a large region of its own."""
        labels = list(range(1, 1 + min(HINTED, self.regions.count - 1)))
        items = [
            Hint("colour", dot_inside(self.regions, label), rgb)
            for label, rgb in zip(labels, STRANGE, strict=False)
        ]
        return Hints(self.sketch.size, tuple(items)), labels

    def related(self, labels: Sequence[int]) -> np.ndarray:
        """Pixels of what the drawing calls the same as these regions (all hair, both sleeves)."""
        kind = np.array([name.rstrip("0123456789 ") for name in self.drawing.names])
        shown = kind[self.drawing.labels]
        hinted = np.isin(self.regions.labels, labels)
        return hinted | np.isin(shown, np.unique(shown[hinted]))


def cases(painter: Painter) -> list[Case]:
    """With the regions that are painted."""
    places, request, found = json.loads(POINTS.read_text()), PaintRequest(), []
    for seed, points in zip(SEEDS, places, strict=True):
        drawing = draw(seed, SIZE)
        sketch = Sketch(ink=drawing.line)
        regions = painter.segment(sketch, painter.study(sketch, request), request)
        found.append(Case(drawing, regions, points))
    return found


def write_places() -> None:
    """The middles of the largest regions of each picture, then places by lot: 100 of them."""
    lists = []
    for seed in SEEDS:
        drawing = draw(seed, SIZE)
        case = Case(drawing, segment(drawing.line))
        labels = range(min(max(COUNTS), case.regions.count))
        dots = [dot_inside(case.regions, label) for label in labels]
        found = [(dot.x, dot.y) for dot in dots]
        found += by_lot(case, max(COUNTS) - len(found), seed)
        lists.append([[round(x / SIZE, 4), round(y / SIZE, 4)] for x, y in found])
    POINTS.write_text(json.dumps(lists) + "\n")


def by_lot(case: Case, count: int, seed: int) -> list[tuple[float, float]]:
    """Places where the drawing shows what it shows at the middle of their region."""
    regions, shown = case.regions, case.drawing.labels
    middles = [dot_inside(regions, label) for label in range(regions.count)]
    main = np.array([shown[int(dot.y), int(dot.x)] for dot in middles])
    y, x = np.nonzero((shown == main[regions.labels]) & ~regions.ink)
    chosen = np.random.default_rng(seed).integers(len(x), size=count)
    return [(float(x[i]) + 0.5, float(y[i]) + 0.5) for i in chosen]


def obedience(painter: Painter) -> Iterator[dict[str, object]]:
    """ΔE2000 between a hint and what its region got, mean over hints, proposals and pictures."""
    for head in HEADS:
        alone = "network alone, its region", "network alone, at the mark"
        found: dict[str, list[float]] = {what: [] for what in ("flat", "shaded", *alone)}
        for case in cases(painter):
            hints, labels = case.strange_hints()
            for style in ("flat", "shaded"):
                request = PaintRequest(head=head, style=style, hints=hints)
                found[style] += seen_errors(painter.paint(case.sketch, request), hints, labels)
            request = PaintRequest(head=head, hints=hints)
            proposals = painter.propose(painter.study(case.sketch, request), request)
            found[alone[0]] += errors_in_regions(proposals, case, hints, labels)
            found[alone[1]] += errors_at_marks(proposals, case, hints)
        for what, errors in found.items():
            yield {
                "head": head,
                "what": what,
                "mean_delta_e": f"{np.mean(errors):.2f}",
                "worst": f"{np.max(errors):.2f}",
                "regions": len(errors),
            }


def seen_errors(painting: Painting, hints: Hints, labels: Sequence[int]) -> list[float]:
    """Of the mean colour on the paper of each hinted region, for every colouring."""
    paper = painting.sketch.lines == 255
    errors = []
    for index in range(len(painting.colourings)):
        picture = render(painting, index)
        for label, hint in zip(labels, hints.items, strict=True):
            mean = picture[paper & (painting.regions.labels == label)].mean(axis=0)
            errors.append(error_of(mean / 255, hint))
    return errors


def errors_in_regions(
    proposals: Proposals, case: Case, hints: Hints, labels: Sequence[int]
) -> list[float]:
    """Of the mean that the network itself proposes in each hinted region."""
    cells = find_cells(case.regions, proposals.pictures.shape[1:3])
    return [
        error_of(mean[:, label], hint)
        for mean in cells.mean(proposals.pictures.transpose(0, 3, 1, 2))  # (K, 3, R)
        for label, hint in zip(labels, hints.items, strict=True)
    ]


def errors_at_marks(proposals: Proposals, case: Case, hints: Hints) -> list[float]:
    """Of what the network itself proposes in the middle of each dot."""
    height, width = case.sketch.lines.shape
    rows, columns = proposals.pictures.shape[1:3]
    places = [
        (int(h.shape.y * rows / height), int(h.shape.x * columns / width)) for h in hints.items
    ]
    return [
        error_of(picture[place], hint)
        for picture in proposals.pictures
        for place, hint in zip(places, hints.items, strict=True)
    ]


def error_of(colour: np.ndarray, hint: Hint) -> float:
    wanted = np.array(hint.rgb, np.float32) / 255
    return float(delta_e2000(lab_from_srgb(colour.astype(np.float32)), lab_from_srgb(wanted)))


def leak(painter: Painter) -> Iterator[dict[str, object]]:
    """Share of the pixels outside hinted and related regions that move visibly, by the hints."""
    for head in HEADS:
        for only_hinted in (True, False):
            shares = []
            for case in cases(painter):
                hints, labels = case.strange_hints()
                plain = painter.paint(case.sketch, head=head, style="shaded")
                told = painter.paint(
                    case.sketch, head=head, style="shaded", hints=hints, only_hinted=only_hinted
                )
                outside = ~case.related(labels)
                if only_hinted:
                    outside = ~np.isin(case.regions.labels, labels)
                if outside.any():  # in some drawings all is related
                    shares += moved(plain, told, outside)
            way = "only hinted" if only_hinted else "whole picture follows"
            yield {"head": head, "way": way, "share_moved": f"{np.mean(shares):.4f}"}


def moved(plain: Painting, told: Painting, outside: np.ndarray) -> list[float]:
    shares = []
    for index in range(len(plain.colourings)):
        before, after = (lab_from_srgb(render(p, index)[outside]) for p in (plain, told))
        shares.append(float((delta_e2000(before, after) > VISIBLE).mean()))
    return shares


def spread(painter: Painter) -> Iterator[dict[str, object]]:
    """PSNR against the drawing by how many hints were given."""
    drawn = cases(painter)
    for head in HEADS:
        for count in COUNTS:
            best, first, alone = [], [], []
            for case in drawn:
                request = PaintRequest(head=head, style="shaded", hints=case.true_hints(count))
                proposals = painter.propose(painter.study(case.sketch, request), request)
                painting = finish(proposals, case.regions, case.sketch, request)
                quality = quality_of([render(painting, i) for i in range(9)], case)
                best.append(quality.max())
                first.append(quality[0])
                pictures = [np.round(255 * p).astype(np.uint8) for p in proposals.pictures]
                alone.append(quality_of(pictures, case).max())
            yield {
                "head": head,
                "hints": count,
                "psnr_best": f"{np.mean(best):.2f}",
                "psnr_first": f"{np.mean(first):.2f}",
                "psnr_best_network_alone": f"{np.mean(alone):.2f}",
            }


def quality_of(pictures: Sequence[np.ndarray], case: Case) -> np.ndarray:
    """PSNR in dB of each, at 256 pixels."""
    small = [cv2.resize(p, (256, 256), interpolation=cv2.INTER_AREA) for p in pictures]
    truth = cv2.resize(case.drawing.colour, (256, 256), interpolation=cv2.INTER_AREA)
    return psnr(np.stack(small).astype(np.uint8), truth.astype(np.uint8))


def speed(painter: Painter) -> Iterator[dict[str, object]]:
    """Seconds on a page of 4 megapixels, the median of nine."""
    small = read(LARGE).lines
    scale = (4e6 / small.size) ** 0.5
    page = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    for style in ("flat", "shaded"):
        session = Session.start(painter, read(np.asarray(page)), PaintRequest(style=style))
        whole(session)
        acts = {
            "settle after a hint, and see its region": hinted,
            "settle after a hint, and see the page": hinted_page,
            "propose again": lambda session: session.propose(painter),
        }
        for what, act in acts.items():
            seconds, busy = median(partial(act, session))
            yield {"style": style, "what": what, "seconds": seconds, "cpu_seconds": busy}


def hinted(session: Session) -> None:
    label = 1 + session.done
    session.hint(Hint("colour", dot_inside(session.origin.regions, label), (200, 40, 60)))
    painting = session.painting
    render_box(painting, painting.chosen, session.origin.regions.box(label))


def hinted_page(session: Session) -> None:
    label = 1 + session.done
    session.hint(Hint("colour", dot_inside(session.origin.regions, label), (200, 40, 60)))
    whole(session)


def whole(session: Session) -> None:
    render(session.painting, session.painting.chosen)


def median(act: Callable[[], object], times: int = 9) -> tuple[str, str]:
    """Seconds by the clock, and by the processor: they differ where others use the machine."""
    found = []
    for _ in range(times):
        begin, busy = time.perf_counter(), time.process_time()
        act()
        found.append((time.perf_counter() - begin, time.process_time() - busy))
    seconds, busy = np.median(found, axis=0)
    return f"{seconds:.3f}", f"{busy:.3f}"


MEASURES = {"obedience": obedience, "leak": leak, "spread": spread, "speed": speed}


def main(names: Sequence[str]) -> None:
    if list(names) == ["places"]:
        write_places()
        return
    painter = Painter.load()
    for name in names or MEASURES:
        rows = list(MEASURES[name](painter))
        path = RESULTS / f"control_{name}.csv"
        write_rows(path, rows)
        print(path.read_text(), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
