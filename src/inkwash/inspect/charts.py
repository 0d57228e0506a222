"""Charts of what corrections change. Needs matplotlib, which `inkwash[train]` brings."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from inkwash.inspect.changes import Changes
from inkwash.inspect.common import TOP, overlap
from inkwash.inspect.movement import Row

_BLUE, _ORANGE, _GREY = "#2a6f97", "#e07a1f", "#b8b8b4"
_COLUMNS = 100  # into which a layer's filters are drawn


def change_chart(changes: Changes) -> bytes:
    """Loss by step, gradient and movement by block, movement by layer, as one PNG."""
    figure = _figure(13, 9)
    grid = figure.add_gridspec(2, 2, width_ratios=(1, 1.15))
    _losses(figure.add_subplot(grid[0, 0]), changes)
    _gradients(figure.add_subplot(grid[0, 1]), changes)
    _blocks(figure.add_subplot(grid[1, 0]), changes)
    _layers(figure.add_subplot(grid[1, 1]), changes, figure)
    return _png(figure)


def common_chart(found: Sequence[Changes], rows: Sequence[Row], most: int = 20) -> bytes:
    """The filters that corrections move in common, and how far their sets overlap, as one PNG."""
    figure = _figure(12, 6)
    left, right = figure.subplots(1, 2)
    shown = list(rows[:most])[::-1]
    names = [f"{row['layer']} {row['filter']} {row['meaning']}".strip() for row in shown]
    bars = left.barh(names, [max(row["common"], 0.01) for row in shown], color=_BLUE)
    left.bar_label(bars, [f"{row['agreement']:.2f}" for row in shown], padding=3, fontsize=8)
    left.set(title="moved in common; at each bar, how far directions agree")
    left.set(xlabel="least movement of any correction, × average filter")
    left.margins(x=0.15)
    left.set(xscale="log")
    left.xaxis.set_minor_formatter("")
    shares = overlap(found)
    right.imshow(shares, vmin=0, vmax=1, cmap="Blues")
    names = [one.correction.seen.name for one in found]
    right.set_xticks(range(len(names)), names, rotation=30, ha="right")
    right.set_yticks(range(len(names)), names)
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 0.6 else "black"
        right.text(column, row, f"{share:.0%}", ha="center", va="center", color=colour)
    right.set_title(f"shared of the {TOP:.0%} that moved most; chance gives {TOP:.0%}")
    return _png(figure)


def _losses(axes: Any, changes: Changes) -> None:
    axes.plot(range(len(changes.losses)), changes.losses, marker="o", color=_BLUE)
    axes.set(title="loss against the corrected picture", xlabel="steps")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)


def _gradients(axes: Any, changes: Changes) -> None:
    blocks, places = _blocks_of(changes)
    axes.bar(places - 0.2, [100 * changes.gradient_share[b] for b in blocks], 0.4, color=_ORANGE)
    axes.bar(places + 0.2, [100 * changes.weight_share[b] for b in blocks], 0.4, color=_GREY)
    axes.set(title="share of the first gradient (squared norm), and of the weights, %")
    axes.legend(["gradient", "weights"])
    axes.set_xticks(places, blocks, rotation=60, ha="right")


def _blocks(axes: Any, changes: Changes) -> None:
    blocks, places = _blocks_of(changes)
    moved = [100 * _relative(changes, block) for block in blocks]
    axes.bar(places, [values.mean() for values in moved], color=_BLUE)
    axes.plot(places, [values.max() for values in moved], "o", color=_ORANGE)
    least = min((values.mean() for values in moved if values.max() > 0), default=1.0)
    axes.set(title="movement of filters, % of their norm", yscale="log")
    axes.set_ylim(bottom=least / 2)
    axes.legend(["the one that moved most", "mean"])
    axes.set_xticks(places, blocks, rotation=60, ha="right")


def _layers(axes: Any, changes: Changes, figure: Any) -> None:
    """A row for each layer: its filters from the one that moved most to the one that least."""
    rows = []
    for layer in changes.movement:
        values = np.sort(layer.relative)[::-1]
        rows.append(100 * values[np.linspace(0, len(values) - 1, _COLUMNS).astype(int)])
    shown = np.log10(np.maximum(rows, 1e-5))
    drawn = axes.imshow(shown, aspect="auto", cmap="magma", vmin=-3, vmax=max(shown.max(), -2))
    places: dict[str, list[int]] = {}
    for row, layer in enumerate(changes.movement):
        places.setdefault(layer.layer.block, []).append(row)
    axes.set_yticks([np.mean(rows) for rows in places.values()], list(places), fontsize=7)
    axes.set(title="a row for each layer: its filters, sorted", xticks=[])
    figure.colorbar(drawn, ax=axes, pad=0.01, label="movement, % of the norm, log10")


def _blocks_of(changes: Changes) -> tuple[list[str], np.ndarray]:
    blocks = list(changes.gradient_share)
    return blocks, np.arange(len(blocks))


def _relative(changes: Changes, block: str) -> np.ndarray:
    parts = [layer.relative for layer in changes.movement if layer.layer.block == block]
    return np.concatenate(parts)


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _png(figure: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90)
    return file.getvalue()
