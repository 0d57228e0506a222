"""Charts of a report as SVG, drawn by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from inkwash.evaluate.rows import Row
from inkwash.evaluate.summary import by_key

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Entry = dict[str, Any]
COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#6b46c1", "#b83280", "#718096", "#975a16", "#0987a0")
MARKS = (("best", "o"), ("picked", "D"), ("mean", "s"))


class Chart(NamedTuple):
    """A chart and what it shows."""

    title: str
    svg: str


def draw_charts(table: Entry, rows: Sequence[Row]) -> list[Chart]:
    """All charts that there are figures for."""
    charts = [
        Chart("PSNR in dB: best of nine, picked, mean, with intervals", _nearness(table["ways"])),
        Chart("PSNR in dB of the picked picture, over all pictures", _spread(rows)),
        Chart("Colourfulness of the picked picture over the truth's", _colourfulness(rows)),
        Chart("How often each proposal is the best one", _usage(table["ways"])),
    ]
    if table["hints"]:
        charts.append(Chart("With hints: PSNR in dB, best of nine", _curve(table, "psnr_best")))
        charts.append(Chart("With hints: flats, best of nine", _curve(table, "flats_best")))
    return charts


def _nearness(ways: Sequence[Entry]) -> str:
    shown = list(reversed(ways))

    def draw(axes: Axes) -> None:
        for place, (which, marker) in enumerate(MARKS):
            found = [entry["figures"][f"psnr_{which}"] for entry in shown]
            means = np.array([one["mean"] for one in found])
            ends = np.array([[one["low"] for one in found], [one["high"] for one in found]])
            axes.errorbar(
                means, np.arange(len(shown)) + 0.2 * (1 - place), fmt=marker, markersize=4,
                xerr=np.abs(ends - means), color=COLOURS[place], label=which, elinewidth=1,
            )  # fmt: skip
        axes.set_yticks(range(len(shown)), [_name(entry) for entry in shown])
        axes.grid(axis="x", alpha=0.3)
        axes.legend(frameon=False)

    return _svg(draw, height=0.8 + 0.42 * len(shown))


def _spread(rows: Sequence[Row]) -> str:
    def draw(axes: Axes) -> None:
        for place, (key, chosen) in enumerate(_settled(rows).items()):
            values = np.sort([row.quality[row.picked] for row in chosen])
            shares = np.arange(1, len(values) + 1) / len(values)
            axes.plot(values, shares, color=COLOURS[place % len(COLOURS)], label=key)
        axes.set_ylabel("share of pictures at or under")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)

    return _svg(draw)


def _colourfulness(rows: Sequence[Row]) -> str:
    found = {key: chosen for key, chosen in _settled(rows).items() if len(chosen[0].quality) > 1}

    def draw(axes: Axes) -> None:
        ratios = [[row.figures["colourfulness_picked"] for row in part] for part in found.values()]
        axes.boxplot(ratios, orientation="horizontal", tick_labels=list(found), showfliers=False)
        axes.axvspan(0.8, 1.2, color=COLOURS[2], alpha=0.15, lw=0)

    return _svg(draw, height=0.8 + 0.42 * len(found))


def _usage(ways: Sequence[Entry]) -> str:
    shown = [entry for entry in ways if "wins" in entry and entry["form"] == "settled"]

    def draw(axes: Axes) -> None:
        for place, entry in enumerate(shown):
            wins = np.array(entry["wins"]) / entry["pictures"]
            at = np.arange(1, len(wins) + 1) + 0.8 * ((place + 0.5) / len(shown) - 0.5)
            axes.bar(at, wins, 0.8 / len(shown), color=COLOURS[place % 8], label=_name(entry))
        axes.set_xlabel("proposal")
        axes.set_ylabel("share of pictures")
        axes.legend(frameon=False)

    return _svg(draw)


def _curve(table: Entry, figure: str) -> str:
    lines: dict[str, list[Entry]] = {}
    for entry in table["hints"]:
        if entry["form"] == "settled" and figure in entry["figures"]:
            lines.setdefault(_name(entry), []).append(entry)

    def draw(axes: Axes) -> None:
        for place, (name, points) in enumerate(lines.items()):
            counts = [entry["count"] for entry in points]
            mean, low, high = (
                [entry["figures"][figure][part] for entry in points]
                for part in ("mean", "low", "high")
            )
            colour = COLOURS[place % len(COLOURS)]
            axes.plot(counts, mean, marker="o", markersize=4, color=colour, label=name)
            axes.fill_between(counts, low, high, color=colour, alpha=0.12, lw=0)
        axes.set_xscale("symlog", linthresh=1)
        counts = sorted({entry["count"] for entry in table["hints"]})
        axes.set_xticks(counts, [str(count) for count in counts])
        axes.set_xlabel("hints")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)

    return _svg(draw)


def _settled(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows of the settled form by what the chart calls them."""
    return {
        f"{weights} {way}".strip(): chosen
        for (weights, way, form), chosen in by_key(rows).items()
        if form == "settled"
    }


def _name(entry: Entry) -> str:
    parts = (entry["weights"], entry["way"], entry["form"] if entry["form"] == "proposed" else "")
    return " ".join(part for part in parts if part)


def _svg(draw: Any, height: float = 3.4) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, height), layout="constrained")
    axes = figure.subplots()
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    draw(axes)
    text = io.StringIO()
    unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    FigureCanvasSVG(figure).print_svg(text, metadata=unsaid)
    return text.getvalue()[text.getvalue().index("<svg") :]
