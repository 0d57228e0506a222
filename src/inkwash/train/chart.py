"""loss.png: the curves of a run on one picture."""

from __future__ import annotations

import json
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from inkwash.writing import replacing

log = logging.getLogger(__name__)

LOSSES = ("loss", "rgb", "palette")


def draw_chart(metrics: Path, path: Path) -> None:
    """Draw what metrics.jsonl says: losses on the left, dB of held-out pictures on the right.

    Does nothing where there are no figures, or no matplotlib.
    """
    if not metrics.exists() or find_spec("matplotlib") is None:
        return
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    if not rows:
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name in LOSSES:
        _curve(left, rows, name, name)
    left.set(title="loss, relative to its first value", xlabel="step", yscale="log")
    for name in sorted({key for row in rows for key in row if key.startswith("validation_")}):
        if not name.endswith("_entropy"):
            _curve(right, rows, name, name.removeprefix("validation_"), relative=False)
    right.set(title="held-out pictures, dB", xlabel="step")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    with replacing(path, force=True) as file:
        figure.savefig(file, format="png", dpi=100)


def _curve(
    axes: Any, rows: list[dict[str, float]], name: str, label: str, *, relative: bool = True
) -> None:
    points = [(row["step"], row[name]) for row in rows if name in row]
    if not points:
        return
    steps, values = zip(*points, strict=True)
    unit = abs(values[0]) if relative and values[0] else 1.0
    axes.plot(steps, [value / unit for value in values], label=label)
