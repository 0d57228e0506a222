"""Evaluate: held-out pictures through a painter, and how near its colourings come to the truth."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash import metrics
from inkwash.cells import find_cells
from inkwash.colour import as_uint8
from inkwash.data.lines import EXTRACTORS
from inkwash.data.pictures import Entry, find_entries, read_entry
from inkwash.errors import BadData, BadPalette
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette, from_picture
from inkwash.propose import Proposals, Study
from inkwash.regions import Regions, segment
from inkwash.settle import settle
from inkwash.sketch import Sketch
from inkwash.writing import write_whole

SIDE = 256  # short side at which figures are taken
COLOURS = 6  # of the truth's palette
WAYS = ("rgb", "true palette", "proposed palettes")

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One picture coloured in one way; PSNR in dB, diversity in ΔE76."""

    picture: str
    way: str
    best: float
    mean: float
    first: float  # PSNR of the one picked without the truth
    flats: float  # share of area within ΔE 10, best of nine, settled
    flats_mean: float
    colourfulness: float
    diversity: float


@dataclass(frozen=True, kw_only=True)
class Case:
    """A held-out picture with its sketch and regions."""

    name: str
    truth: Pixels  # (H, W, 3)
    sketch: Sketch
    regions: Regions


def evaluate(
    painter: Painter,
    data: Sequence[Path],
    out: Path,
    *,
    least_score: float = 4,
    most: int = 0,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Measure on the held-out groups; write rows.csv, table.json, table.md and sheets.

    least_score: pictures under this style_score are left out. most: at most so many pictures,
    spread evenly; 0 for all. Returns the mean of every figure for every way of colouring.
    Raises BadData when nothing is held out.
    """
    entries = held_out(data, least_score, most)
    rows, strips = [], []
    for index, entry in enumerate(entries):
        if progress:
            progress(index, len(entries))
        case = read_case(entry)
        found, strip = measure(painter, case)
        rows += found
        strips.append(strip)
    table = summarise(rows)
    _write(out, rows, table, strips, force)
    return table


def held_out(data: Sequence[Path], least_score: float, most: int) -> list[Entry]:
    """The held-out entries of at least this score."""
    entries = [entry for folder in data for entry in find_entries(folder)]
    entries = [entry for entry in entries if entry.held_out and entry.score >= least_score]
    if not entries:
        raise BadData(f"no picture of style_score {least_score} or more is held out; lower it")
    if most and most < len(entries):
        places = np.linspace(0, len(entries) - 1, most).astype(int)
        entries = [entries[place] for place in places]
    return entries


def read_case(entry: Entry) -> Case:
    """A picture at the size of measurement, its lines by a fixed extractor if it has none."""
    colour, line, _ = read_entry(entry, 2 * SIDE)
    ink = EXTRACTORS["xdog"](colour, 0.5) if line is None else line
    height, width = colour.shape[:2]
    scale = SIDE / min(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    truth = np.asarray(cv2.resize(colour, size, interpolation=cv2.INTER_AREA), np.uint8)
    sketch = Sketch(ink=ink, name=Path(entry.name).stem)
    return Case(name=entry.name, truth=truth, sketch=sketch, regions=segment(ink))


def measure(painter: Painter, case: Case) -> tuple[list[Row], Pixels]:
    """A row for each way that the weights know, and a strip of pictures to look at."""
    studied = painter.study(case.sketch, PaintRequest())
    rows, shown = [], [_fit(case.sketch.lines, case.truth), case.truth]
    for way in WAYS:
        proposals = _propose(painter, studied, way, case)
        if proposals is None:
            continue
        row, picture = _row(case, way, proposals)
        rows.append(row)
        shown.append(picture)
    return rows, np.concatenate(shown, axis=1)


def summarise(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Mean of every figure by way of colouring."""
    table = {}
    for way in dict.fromkeys(row.way for row in rows):
        chosen = [asdict(row) for row in rows if row.way == way]
        figures = [key for key in chosen[0] if key not in ("picture", "way")]
        table[way] = {key: float(np.mean([row[key] for row in chosen])) for key in figures}
        table[way]["pictures"] = len(chosen)
    return table


def as_markdown(table: dict[str, dict[str, float]]) -> str:
    """The table for people."""
    columns = list(next(iter(table.values())))
    lines = [f"| way | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for way, figures in table.items():
        cells = (f"{figures[column]:.3g}" for column in columns)
        lines.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _propose(painter: Painter, studied: Study, way: str, case: Case) -> Proposals | None:
    if way == "rgb":
        return painter.propose(studied, PaintRequest(head="rgb"))
    if not painter.runtime.config.keys:
        return None
    palettes: tuple[Palette, ...] = ()
    if way == "true palette":
        try:
            palettes = (from_picture(case.truth, COLOURS),)
        except BadPalette:  # a picture without colour says nothing about placing colours
            return None
    return painter.propose(studied, PaintRequest(palettes=palettes, head="palette"))


def _row(case: Case, way: str, proposals: Proposals) -> tuple[Row, Pixels]:
    pictures = np.stack([_fit(as_uint8(picture), case.truth) for picture in proposals.pictures])
    painting = settle(proposals, case.regions, case.sketch)
    true_colours = _true_colours(case)
    flats = [
        metrics.flats_accuracy(colouring.colours, true_colours, case.regions.areas)
        for colouring in painting.colourings
    ]
    quality = metrics.psnr(pictures, case.truth)
    row = Row(
        picture=case.name,
        way=way,
        best=float(quality.max()),
        mean=float(quality.mean()),
        first=float(quality[painting.chosen]),
        flats=max(flats),
        flats_mean=float(np.mean(flats)),
        colourfulness=float(metrics.colourfulness_ratio(pictures, case.truth).mean()),
        diversity=metrics.diversity(pictures),
    )
    best = int(quality.argmax())
    flat = painting.colourings[best].colours[case.regions.labels]
    return row, np.concatenate([pictures[best], _fit(_inked(flat, case), case.truth)], axis=1)


def _true_colours(case: Case) -> Pixels:
    """The truth's own median colour in each region, (R, 3)."""
    cells = find_cells(case.regions, case.truth.shape[:2])
    medians = cells.median(case.truth.transpose(2, 0, 1).astype(np.float32))
    return np.round(medians.T).astype(np.uint8)


def _inked(flat: Pixels, case: Case) -> Pixels:
    return (flat * (case.sketch.lines[..., None] / 255.0)).astype(np.uint8)


def _fit(picture: Pixels, truth: Pixels) -> Pixels:
    size = (truth.shape[1], truth.shape[0])
    grow = picture.shape[1] < size[0]
    mode = cv2.INTER_LINEAR if grow else cv2.INTER_AREA
    fitted = np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
    return np.repeat(fitted[..., None], 3, axis=2) if fitted.ndim == 2 else fitted


def _write(out: Path, rows, table, strips, force: bool) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(asdict(rows[0])), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_whole(out / "rows.csv", text.getvalue().encode(), force=force)
    write_whole(out / "table.json", json.dumps(table, indent=2).encode(), force=force)
    write_whole(out / "table.md", as_markdown(table).encode(), force=force)
    for index in range(0, len(strips), 10):
        sheet = _stacked(strips[index : index + 10])
        png = cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))[1].tobytes()
        write_whole(out / f"sheet-{index // 10 + 1:02d}.png", png, force=force)


def _stacked(strips: Sequence[Pixels]) -> Pixels:
    """Strips under each other, at one height and on white."""
    height = 160
    scaled = [
        cv2.resize(s, (round(s.shape[1] * height / s.shape[0]), height), interpolation=3)
        for s in strips
    ]
    width = max(strip.shape[1] for strip in scaled)
    sheet = np.full((height * len(scaled), width, 3), 255, np.uint8)
    for row, strip in enumerate(scaled):
        sheet[row * height : (row + 1) * height, : strip.shape[1]] = strip
    return sheet
