"""The reports on edits: the picture before and after, maps of ΔE2000, and rankings of filters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.config import NetConfig
from inkwash.inspect import drawing
from inkwash.inspect.change_report import as_csv
from inkwash.inspect.changes import delta_e
from inkwash.inspect.edits import Edit, Workbench
from inkwash.inspect.movement import name_filter
from inkwash.inspect.seeing import Seen, as_pixels, inked
from inkwash.inspect.sweeps import Effect
from inkwash.writing import refuse_existing, write_whole

MOST_DELTA = 20.0  # ΔE2000 that ends the scale of maps, at most
SHOWN = 8  # filters on the picture of a sweep


def write_edit(
    bench: Workbench,
    seen: Seen,
    edit: Edit,
    out: Path,
    *,
    proposal: int = 0,
    inside: NDArray[np.bool_] | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Write effect.png (before, after, where it moved), proposals.png (all of them before and
    after) and effect.json, which is returned.

    inside (H, W) of any size: the region whose movement is told apart from the rest's.
    Raises BadConfig for a layer or a filter that does not exist, OutputExists without `force`.
    """
    refuse_existing(out / "effect.json", force=force)
    before = shown(bench.before(), seen)
    after = shown(bench.after([edit])[0], seen)
    moved = delta_e(before, after)  # (K, h, w)
    facts = {
        "layer": edit.layer,
        "filters": list(edit.filters),
        "scale": edit.scale,
        "proposal": proposal + 1,
        "delta_e2000": _means(moved, inside),
    }
    pictures = strip(before[proposal], after[proposal], seen, edit)
    write_whole(out / "effect.png", drawing.to_png(pictures), force=force)
    both = np.concatenate([_row(before, seen), _row(after, seen)])
    write_whole(out / "proposals.png", drawing.to_png(both), force=force)
    write_whole(out / "effect.json", json.dumps(facts, indent=2).encode(), force=force)
    return facts


def write_sweep(
    effects: Sequence[Effect],
    bench: Workbench,
    seen: Seen,
    out: Path,
    *,
    proposal: int = 0,
    force: bool = False,
) -> list[dict[str, Any]]:
    """Write sweep.csv, all effects in their order, and sweep.png, the first of them as pictures.

    Returns the rows of sweep.csv. Raises OutputExists without `force`.
    """
    refuse_existing(out / "sweep.csv", force=force)
    rows = [row_of(effect, bench.net.config) for effect in effects]
    picture = sweep_picture(effects, bench, seen, proposal)
    write_whole(out / "sweep.png", drawing.to_png(picture), force=force)
    write_whole(out / "sweep.csv", as_csv(rows), force=force)
    return rows


def sweep_picture(
    effects: Sequence[Effect], bench: Workbench, seen: Seen, proposal: int
) -> drawing.Pixels:
    """A proposal as it is, and without each of the filters with the largest effects."""
    before = shown(bench.before(), seen)[proposal]
    tiles = [("as it is", inked(before, seen.lines))]
    for effect in effects[:SHOWN]:
        edit = Edit(effect.layer.name, (effect.filter,))
        after = shown(bench.after([edit])[0], seen)[proposal]
        tiles.append((f"{_name(edit)}: {effect.delta_e:.1f}", inked(after, seen.lines)))
    return drawing.rows_of(tiles, 3)


def strip(before: drawing.Pixels, after: drawing.Pixels, seen: Seen, edit: Edit) -> drawing.Pixels:
    """A proposal before and after an edit, and where it moved, side by side."""
    moved = delta_e(before, after)
    limit = float(np.clip(np.quantile(moved, 0.995), 1, MOST_DELTA))
    return drawing.strip(
        [
            ("as it is", inked(before, seen.lines)),
            (_name(edit), inked(after, seen.lines)),
            (f"moved, CIEDE2000 0 to {limit:.1f}", drawing.heat(moved, limit)),
        ]
    )


def shown(pictures: Tensor, seen: Seen) -> drawing.Pixels:
    """Colourings (K, 3, h, w) at the size of the sketch as it is seen: (K, H, W, 3) bytes."""
    full = tuple(seen.x.shape[-2:])
    if pictures.shape[-2:] != full:
        pictures = torch.nn.functional.interpolate(pictures, full, mode="bilinear")
    return as_pixels(pictures, seen.size, full[0])


def row_of(effect: Effect, config: NetConfig) -> dict[str, Any]:
    """An effect as a row of a table."""
    light, a, b = effect.lab
    figures = {"delta_e2000": effect.delta_e, "lightness": light, "a": a, "b": b}
    return name_filter(effect.layer, effect.filter, config) | figures


def _means(moved: NDArray[np.floating], inside: NDArray[np.bool_] | None) -> dict[str, Any]:
    """Mean ΔE2000 of each proposal, (K, h, w): of the page, and in and outside a region."""

    def means(where: NDArray[np.bool_]) -> list[float]:
        return [round(float(one[where].mean()), 4) if where.any() else 0.0 for one in moved]

    found = {"page": means(np.ones(moved.shape[1:], bool))}
    if inside is not None:
        size = (moved.shape[2], moved.shape[1])
        mask = drawing.resized(inside.astype(np.uint8) * 255, size) >= 128
        found |= {"region": means(mask), "rest": means(~mask)}
    return found


def _row(pictures: drawing.Pixels, seen: Seen) -> drawing.Pixels:
    tiles = [drawing.to_height(inked(picture, seen.lines), 200) for picture in pictures]
    return np.concatenate(tiles, axis=1)


def _name(edit: Edit) -> str:
    numbers = ", ".join(map(str, edit.filters))
    return (
        f"{edit.layer} {numbers} times {edit.scale:g}"
        if edit.scale
        else f"without {edit.layer} {numbers}"
    )
