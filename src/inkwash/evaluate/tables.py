"""The tables of a report as plain rows of text, for Markdown and for the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]

# Title, what it says, its columns, the form it is of ("" for both).
TOPICS = (
    (
        "How near to the truth",
        "Best of nine, mean of nine, and the one picked without the truth. "
        "*proposed*: as the network says it; *settled*: as it is exported, flats under lines.",
        ("psnr_best", "psnr_mean", "psnr_picked", "ssim_best", "ssim_picked",
         "ms_ssim_best", "ms_ssim_picked"),
        "",
    ),
    (
        "Flats",
        "Mean ΔE2000 of the regions' colours by area, and the share of the area whose region is "
        "within ΔE 10 of the truth.",
        ("delta_e2000_best", "delta_e2000_mean", "delta_e2000_picked",
         "flats_best", "flats_mean", "flats_picked"),
        "settled",
    ),
    (
        "What the pictures are like",
        "Colourfulness over the truth's (1 is right, less is grey or sepia); diversity: mean ΔE76 "
        "between proposals; lines: F1 of the sketch's lines found again in the picked picture.",
        ("colourfulness_mean", "colourfulness_picked", "diversity", "lines"),
        "",
    ),
    (
        "Judged by networks",
        "Distance from the truth of the best (by PSNR) and of the picked one; less is nearer.",
        ("vgg_best", "vgg_picked", "lpips_best", "lpips_picked"),
        "",
    ),
)  # fmt: skip

LABELS = {
    "psnr": "PSNR, dB", "ssim": "SSIM", "ms_ssim": "MS-SSIM", "delta_e2000": "ΔE2000",
    "flats": "flats", "colourfulness": "colourfulness", "diversity": "diversity, ΔE76",
    "lines": "lines, F1", "vgg": "VGG-19", "lpips": "LPIPS",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells of text under a header; `note` is a sentence in Markdown."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def tables_of(table: Entry) -> list[Table]:
    """Every table there are figures for."""
    made = [_topic(table["ways"], *topic) for topic in TOPICS]
    made += [_distances(table["distances"]), _hints(table["hints"]), _heads(table["ways"])]
    made += [_differences(table["differences"])]
    return [one for one in made if one.rows and len(one.header) > len(_NAMES)]


def as_markdown(table: Entry) -> str:
    """All tables, with what they were measured on and what is missing."""
    parts = [describe(table), *table["settings"]["absent"]]
    for one in tables_of(table):
        parts.append(f"## {one.title}\n\n{one.note}")
        lines = [one.header, ("---",) * len(one.header), *one.rows]
        parts.append("\n".join(f"| {' | '.join(cells)} |" for cells in lines))
    return "\n\n".join(parts) + "\n"


def describe(table: Entry) -> str:
    """A sentence on what was measured."""
    said = table["settings"]
    return (
        f"{said['pictures']} held-out pictures of {said['groups']} groups, style score "
        f"{said['least_score']:g} and up, short side {said['short_side']} pixels; lines by "
        f"{said['lines']}. In brackets: 95 % intervals by bootstrap over groups."
    )


def number(value: float) -> str:
    """Three or so figures, as many as say something."""
    if math.isnan(value):
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def label(name: str) -> str:
    """`psnr_best` as "PSNR, dB, best"."""
    measure, _, which = name.rpartition("_")
    return f"{LABELS[measure]}, {which}" if measure in LABELS else LABELS.get(name, name)


_NAMES = ("weights", "way", "form")


def _names(entry: Entry) -> tuple[str, str, str]:
    return entry["weights"] or "–", entry["way"], entry["form"]


def _topic(
    ways: Iterable[Entry], title: str, note: str, columns: Sequence[str], form: str
) -> Table:
    shown = [entry for entry in ways if not form or entry["form"] == form]
    shown = [entry for entry in shown if any(name in entry["figures"] for name in columns)]
    there = [name for name in columns if any(name in entry["figures"] for entry in shown)]
    rows = [(*_names(entry), *_cells(entry["figures"], there)) for entry in shown]
    return Table(title=title, note=note, header=(*_NAMES, *map(label, there)), rows=rows)


def _cells(figures: Entry, names: Iterable[str]) -> list[str]:
    return [_cell(figures[name]) if name in figures else "" for name in names]


def _cell(found: Entry) -> str:
    low, high = number(found["low"]), number(found["high"])
    return f"{number(found['mean'])} [{low}, {high}]" if low else ""


def _distances(entries: Iterable[Entry]) -> Table:
    rows = [
        (*_names(e), e["judge"], number(e["fid"]), f"{e['kid']:.4g}", str(e["pictures"]))
        for e in entries
    ]
    return Table(
        title="As sets of pictures",
        note="FID and KID between the picked pictures and the truths, on the features named. FID "
        "of so few pictures is too high: compare it only within this table.",
        header=(*_NAMES, "features", "FID", "KID", "pictures"),
        rows=rows,
    )


def _hints(entries: Sequence[Entry]) -> Table:
    columns = ("psnr_best", "psnr_mean", "psnr_picked", "flats_best", "flats_picked")
    rows = [
        (*_names(entry), str(entry["count"]), *_cells(entry["figures"], columns))
        for entry in sorted(entries, key=lambda entry: (_names(entry), entry["count"]))
    ]
    return Table(
        title="With hints",
        note="True colours given as hints in the largest regions.",
        header=(*_NAMES, "hints", *map(label, columns)),
        rows=rows,
    )


def _heads(ways: Iterable[Entry]) -> Table:
    shown = [entry for entry in ways if "wins" in entry]
    most = max((len(entry["wins"]) for entry in shown), default=0)
    rows = [(*_names(entry), number(entry["entropy"]), *_alone(entry, most)) for entry in shown]
    return Table(
        title="Each proposal alone",
        note="Mean PSNR in dB of each proposal, and for how many pictures it is the best; entropy: "
        "1 when all are the best equally often.",
        header=(*_NAMES, "entropy", *(str(place + 1) for place in range(most))),
        rows=rows,
    )


def _alone(entry: Entry, most: int) -> list[str]:
    pairs = zip(entry["psnr_alone"], entry["wins"], strict=True)
    cells = [f"{number(psnr)} ({wins})" for psnr, wins in pairs]
    return cells + [""] * (most - len(cells))


def _differences(entries: Sequence[Entry]) -> Table:
    columns = ("psnr_best", "psnr_mean", "psnr_picked", "ssim_best", "flats_best", "flats_mean")
    rows = [
        (f"{entry['weights']} − {entry['against']}", *_names(entry)[1:],
         *_cells(entry["figures"], columns))
        for entry in entries
    ]  # fmt: skip
    return Table(
        title="Differences between weights",
        note="Paired by picture; an interval without 0: other books would show the difference too.",
        header=(*_NAMES, *map(label, columns)),
        rows=rows,
    )
