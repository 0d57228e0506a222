"""`inkwash inspect changes`: which filters move when a network learns from a correction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from inkwash.cli.arguments import palettes_of, work_size_of
from inkwash.cli.options import Force, Json, SeenHead, Weights, WorkSize
from inkwash.cli.report import answer, bar
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.inspect import Changes, Correction, PaletteInput
    from inkwash.nets import SGRU

RATES = {"rgb": 0.0005, "palette": 0.005}  # that lower the loss of the embedded weights steadily


def changes(
    *pairs: Annotated[Path, Parameter(help="SKETCH CORRECTED, then more such pairs.")],
    out: Annotated[Path, Parameter(help="Folder for pictures, charts and tables.")],
    region: Annotated[
        list[Path] | None,
        Parameter(help="Mask of what was corrected, white on black; one for each pair."),
    ] = None,
    steps: Annotated[int, Parameter(help="Steps of plain gradient descent.")] = 5,
    lr: Annotated[
        float | None,
        Parameter(help="Learning rate; default 0.0005 for the RGB head, 0.005 for the other."),
    ] = None,
    head: SeenHead = "auto",
    palette: Annotated[
        list[str] | None,
        Parameter(help="What the palette head places; default: the corrected picture's colours."),
    ] = None,
    vgg: Annotated[
        str, Parameter(help="Features in the RGB head's loss: none, torchvision, or a file.")
    ] = "none",
    work_size: WorkSize = "auto",
    weights: Weights = "default",
    force: Force = False,
    json: Json = False,
) -> int:
    """Teach a copy of the network each correction; DIR/NAME/pictures.png, chart.png, filters.csv.

    Several pairs also give common.csv and common.png: the filters that they move in common.
    """
    from inkwash import inspect
    from inkwash.losses import LAMBDAS
    from inkwash.train.vgg import open_vgg
    from inkwash.writing import refuse_existing

    refuse_existing(out / "summary.json", force=force)  # before the minutes that learning takes
    sides, given = work_size_of(work_size), palettes_of(palette, None)
    triples = _triples(pairs, region or [])
    net = inspect.open_net(weights)
    used = inspect.choose_head(net.config, head, given)
    corrections = [inspect.read_correction(*one, net.config, sides) for one in triples]
    found: list[Changes] = []
    with bar("learning", steps * len(corrections)) as advance:
        for correction in corrections:
            found.append(
                inspect.changes(
                    net,
                    correction,
                    steps=steps,
                    lr=RATES[used] if lr is None else lr,
                    palette=_palette(net, correction, used, given),
                    vgg=open_vgg(vgg, LAMBDAS) if used == "rgb" else None,
                    progress=lambda *_: advance(1),
                )
            )
    summary = inspect.write_changes(found, out, force=force)
    lines = [*map(_line, summary["corrections"]), f"{out}: pictures, charts and tables"]
    answer(json, summary, lines)
    return 0


def _triples(pairs: tuple[Path, ...], regions: list[Path]):
    """Sketch, corrected picture and region of each pair."""
    if not pairs or len(pairs) % 2:
        raise BadConfig(f"{len(pairs)} pictures given; give pairs: a sketch, its corrected picture")
    count = len(pairs) // 2
    if regions and len(regions) != count:
        raise BadConfig(f"--region was given {len(regions)} times for {count} pairs; give {count}")
    return list(zip(pairs[::2], pairs[1::2], regions or [None] * count, strict=True))


def _palette(net: SGRU, correction: Correction, used: str, given) -> PaletteInput | None:
    """What the palette head is given: a palette, else the corrected picture's own colours."""
    from inkwash import inspect
    from inkwash.palettes import from_picture

    if used == "rgb":
        return None
    return inspect.palette_input(given or (from_picture(correction.colours),), net.config)


def _line(facts: dict) -> str:
    apart, losses = facts["delta_e2000"], facts["losses"]
    top = facts["moved_most"][0]
    return (
        f"{facts['name']}: loss {losses[0]:.3g} → {losses[-1]:.3g}; "
        f"the region moved by ΔE {apart['moved_inside']:.1f}, the rest by "
        f"{apart['moved_outside']:.1f}; most: {top['layer']} {top['filter']}"
    )
