"""The report on activations: pictures of every layer, one JSON file, one page to browse them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from inkwash.inspect import drawing
from inkwash.inspect.activations import Activation, Maps
from inkwash.inspect.components import Components, aligned_chain, as_picture, components
from inkwash.writing import refuse_existing, write_whole

SHORT_SIDE = 240  # at least, of the pictures of a whole layer


class View(NamedTuple):
    """One picture of a layer."""

    key: str
    caption: str
    webp: bytes


class LayerReport(NamedTuple):
    """What there is to see and to read of one layer."""

    facts: dict[str, Any]  # plain values, ready for JSON
    pictures: list[View]  # of the whole layer
    grids: list[View]  # a tile for each channel


def report(found: Sequence[Activation]) -> list[LayerReport]:
    """Pictures and figures of every layer; components agree in colour from layer to layer."""
    chain = aligned_chain([components(smooth(activation)) for activation in found])
    return [_layer(activation, parts) for activation, parts in zip(found, chain, strict=True)]


def smooth(activation: Activation) -> Maps:
    """Its feature maps, those of an up block averaged over 2×2.

    A transposed convolution of 2×2 and stride 2 writes each pixel of a 2×2 square with weights of
    its own. That pattern is most of what varies in an up block, and not what one looks for.
    """
    values = activation.values
    if not activation.layer.block.startswith("up") or min(values.shape[1:]) < 2:
        return values
    rows, columns = values.shape[1] // 2, values.shape[2] // 2
    squares = values[:, : 2 * rows, : 2 * columns].reshape(len(values), rows, 2, columns, 2)
    return squares.mean(axis=(2, 4))


def write_report(
    reports: Sequence[LayerReport], out: Path, about: dict[str, str], *, force: bool = False
) -> dict[str, Any]:
    """Write index.html (nothing outside it is needed), activations.json and layers/NAME-VIEW.webp.

    about: "sketch" and "weights", for the title. Returns what activations.json holds.
    Raises OutputExists without `force`, OutputFailed.
    """
    refuse_existing(out / "index.html", force=force)
    facts = {**about, "layers": [one.facts for one in reports]}
    write_whole(out / "activations.json", json.dumps(facts).encode(), force=force)
    for one in reports:
        for view in (*one.pictures, *one.grids):
            name = f"{one.facts['name']}-{view.key}.webp"
            write_whole(out / "layers" / name, view.webp, force=force)
    write_whole(out / "index.html", page(reports, about).encode(), force=force)
    return facts


def page(reports: Sequence[LayerReport], about: dict[str, str]) -> str:
    """The page, its pictures and figures inside it."""
    shown = [
        {**one.facts, "pictures": _inlined(one.pictures), "grids": _inlined(one.grids)}
        for one in reports
    ]
    data = json.dumps({**about, "layers": shown}).replace("<", "\\u003c")  # "</script>" ends it
    template = resources.files("inkwash.inspect").joinpath("page.html").read_text("utf-8")
    return template.replace("@DATA@", data)


def _inlined(views: Sequence[View]) -> list[dict[str, str]]:
    head = "data:image/webp;base64,"
    return [
        {"caption": view.caption, "picture": head + base64.b64encode(view.webp).decode()}
        for view in views
    ]


def _layer(activation: Activation, parts: Components) -> LayerReport:
    limit = drawing.signed_limit(activation.values)
    maps = drawing.grid(activation.values, drawing.SIGNED, -limit, limit)
    caption = f"every channel, from {-limit:.3g} (blue) over 0 (white) to {limit:.3g} (red)"
    grids = [View("maps", caption, drawing.to_webp(maps.picture)), *_gate_grids(activation, limit)]
    facts = _facts(activation, parts) | {"grid": {"columns": maps.columns, "step": list(maps.step)}}
    return LayerReport(facts, list(_pictures(activation, parts)), grids)


def _pictures(activation: Activation, parts: Components) -> Iterator[View]:
    told = ", ".join(f"{share:.0%}" for share in parts.shares)
    caption = f"three principal components as red, green, blue; they hold {told} of the variance"
    yield View("components", caption, _large(as_picture(parts.maps)))
    gate = activation.gate
    if gate is not None:
        opening = gate.opening.mean(axis=0)
        yield View(
            "flow",
            "what the gate passes (teal) and stops (orange), mean magnitude",
            _large(drawing.flow(activation.values, gate.stopped)),
        )
        yield View(
            "opening",
            f"mean opening, from {opening.min():.2f} (black) to {opening.max():.2f} (white)",
            _large(drawing.coloured(_stretched(opening), drawing.GREY)),
        )


def _gate_grids(activation: Activation, limit: float) -> Iterator[View]:
    gate = activation.gate
    if gate is None:
        return
    opening = drawing.grid(gate.opening, drawing.GREY, 0, 1).picture
    yield View("openings", "how far each channel's gate is open: 0 black, 1 white", _webp(opening))
    stopped = drawing.grid(gate.stopped, drawing.SIGNED, -limit, limit).picture
    yield View("stopped", "what each channel's gate stops, same scale", _webp(stopped))


def _facts(activation: Activation, parts: Components) -> dict[str, Any]:
    figures = activation.statistics
    channels = {
        key: [round(float(value), 5) for value in getattr(figures, key)]
        for key in ("minimum", "maximum", "mean", "deviation")
    }
    facts = {
        "name": activation.layer.name,
        "kind": activation.layer.kind,
        "shape": list(activation.values.shape),
        "minimum": float(figures.minimum.min()),
        "maximum": float(figures.maximum.max()),
        "mean": float(figures.mean.mean()),
        "dead_share": figures.dead_share,
        "component_shares": list(parts.shares),
        "channels": channels | {"dead": figures.dead.tolist()},
    }
    gate = activation.gate
    if gate is not None:
        facts["gate"] = {
            key: getattr(gate, key) for key in ("passed_share", "open_share", "closed_share")
        }
        facts["gate"]["channel_opening"] = [
            round(float(value), 5) for value in gate.opening.mean(axis=(1, 2))
        ]
    return facts


def _stretched(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / max(high - low, 1e-6)


def _large(picture: drawing.Pixels) -> bytes:
    height = picture.shape[0] * max(1, round(SHORT_SIDE / min(picture.shape[:2])))
    return _webp(drawing.to_height(picture, height))


def _webp(picture: drawing.Pixels) -> bytes:
    return drawing.to_webp(picture)
