"""`inkwash inspect edit`: filters scaled or ablated by hand, and filters ranked by their effect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from inkwash.cli.arguments import palettes_of, work_size_of
from inkwash.cli.options import Force, Json, SeenHead, Weights, WorkSize
from inkwash.cli.report import answer, bar
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.inspect import PaletteInput, Seen, Spot, Workbench


def edit(
    sketch: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder for pictures and figures.")],
    layer: Annotated[
        str | None, Parameter(help="Such as up4.gate; with --sweep none takes all layers.")
    ] = None,
    filter: Annotated[list[int] | None, Parameter(help="From 0; may be repeated.")] = None,
    scale: Annotated[float | None, Parameter(help="What the feature map is multiplied by.")] = None,
    ablate: Annotated[bool, Parameter(negative="", help="The same as --scale 0.")] = False,
    sweep: Annotated[
        bool, Parameter(negative="", help="Ablate every filter of the layer, and rank them.")
    ] = False,
    most: Annotated[
        int, Parameter(help="Sweep of all layers: how many of the best estimates are measured.")
    ] = 40,
    region: Annotated[
        Path | None, Parameter(help="Mask of the region that counts, white on black.")
    ] = None,
    proposal: Annotated[int, Parameter(help="Whose picture is shown, from 1.")] = 1,
    head: SeenHead = "auto",
    palette: Annotated[
        list[str] | None, Parameter(help="File, name, or '#rrggbb,…' for the palette head.")
    ] = None,
    work_size: WorkSize = "auto",
    weights: Weights = "default",
    force: Force = False,
    json: Json = False,
) -> int:
    """Multiply filters of a layer: DIR/effect.png, proposals.png, effect.json.

    With --sweep: ablate each, and rank them by how far the region's colour moves: sweep.csv,
    sweep.png.
    """
    from inkwash import inspect
    from inkwash.inspect.corrections import read_region
    from inkwash.sketch import read
    from inkwash.writing import refuse_existing

    refuse_existing(out / ("sweep.csv" if sweep else "effect.json"), force=force)
    sides, given = work_size_of(work_size), palettes_of(palette, None)
    factor = _factor(scale, ablate, sweep, filter)
    page = read(sketch)
    inside = None if region is None else read_region(region, page.size)
    net = inspect.open_net(weights)
    if not 1 <= proposal <= net.config.proposals:
        raise BadConfig(f"--proposal {proposal}: choose from 1 to {net.config.proposals}")
    used = inspect.choose_head(net.config, head, given)
    placed = inspect.proposed_input(net.config, given) if used == "palette" else None
    seen = inspect.see(page, net.config, sides)
    bench = inspect.Workbench(net, seen.x, placed)
    if sweep:
        where = inspect.spot(seen, inside, proposal - 1)
        effects = _sweep(bench, seen, where, placed, layer, most)
        rows = inspect.write_sweep(effects, bench, seen, out, proposal=proposal - 1, force=force)
        answer(json, {"effects": rows}, [_ranked(row) for row in rows[:10]])
        return 0
    if layer is None:
        raise BadConfig("--layer is missing; give one, such as head, or --sweep for all of them")
    change = inspect.Edit(layer, tuple(filter or ()), factor)
    facts = inspect.write_edit(
        bench, seen, change, out, proposal=proposal - 1, inside=inside, force=force
    )
    answer(json, facts, [_moved(facts), out / "effect.png"])
    return 0


def _factor(scale: float | None, ablate: bool, sweep: bool, filters: list[int] | None) -> float:
    if sweep:
        if ablate or scale is not None or filters:
            raise BadConfig("--sweep ablates each filter; leave --filter, --scale, --ablate out")
        return 0.0
    if ablate == (scale is not None):
        raise BadConfig("give --scale or --ablate, one of them; or --sweep")
    return 0.0 if scale is None else scale


def _sweep(
    bench: Workbench,
    seen: Seen,
    where: Spot,
    palette: PaletteInput | None,
    layer: str | None,
    most: int,
) -> list[Any]:
    """Effects of a layer's filters, or of those of all layers that are estimated to have most."""
    from inkwash import inspect

    if layer is not None:
        count = inspect.channels_of(inspect.find_layer(bench.net, layer), bench.net)
        with bar("ablating", count) as advance:
            return inspect.sweep(bench, layer, where, progress=advance)
    wanted: dict[str, list[int]] = {}
    for estimate in inspect.screen(bench.net, seen, where, palette)[:most]:
        wanted.setdefault(estimate.layer.name, []).append(estimate.filter)
    found = []
    with bar("ablating", most) as advance:
        for name, places in wanted.items():
            found += inspect.sweep(bench, name, where, filters=places, progress=advance)
    return inspect.ranked(found)


def _ranked(row: dict[str, Any]) -> str:
    place = f"{row['layer']} {row['filter']}"
    moved = f"L {row['lightness']:+.1f}, a {row['a']:+.1f}, b {row['b']:+.1f}"
    return f"{place:16} ΔE {row['delta_e2000']:5.2f}  {moved}  {row['meaning']}".rstrip()


def _moved(facts: dict[str, Any]) -> str:
    place = facts["proposal"] - 1
    means = facts["delta_e2000"].items()
    return "mean ΔE2000: " + ", ".join(f"{name} {values[place]:.2f}" for name, values in means)
