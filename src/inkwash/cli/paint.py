"""`inkwash paint`: colour files or folders."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from inkwash.cli.arguments import (
    cast_of,
    formats_of,
    gap_of,
    palettes_of,
    whole_number,
    work_size_of,
)
from inkwash.cli.batch import STREAM, inputs_of, names_of, refuse_painted
from inkwash.cli.options import (
    Force,
    Formats,
    Gap,
    Head,
    HintsFile,
    Invert,
    Json,
    Reference,
    Threads,
    Weights,
    WorkSize,
)
from inkwash.cli.report import Report, track
from inkwash.errors import BadConfig, InkwashError

if TYPE_CHECKING:
    from collections.abc import Callable

    from inkwash.painter import Painter, PaintRequest
    from inkwash.settle import Painting
    from inkwash.sketch import Sketch


def paint(
    *paths: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="Pictures, folders of them, - for stdin.")
    ],
    out: Annotated[
        str | None,
        Parameter(help="Folder; default painted; - for stdout.", allow_leading_hyphen=True),
    ] = None,
    format: Formats = "png,sheet",
    pick: Annotated[str, Parameter(help="Which to write: best, all, or 1-9.")] = "all",
    hints: HintsFile = None,
    style: Annotated[
        Literal["flat", "shaded"], Parameter(help="A colour a region, or light and shadow too.")
    ] = "flat",
    layers: Annotated[
        Literal["colour", "single"], Parameter(help="A layer for each colour, or one.")
    ] = "colour",
    palette: Annotated[
        list[str] | None,
        Parameter(help="File, name, or '#rrggbb,…'; give one for all, or nine."),
    ] = None,
    reference: Reference = None,
    snap: Annotated[
        float | None,
        Parameter(help="Colour freely, then move flats so far towards --palette, 0 to 1."),
    ] = None,
    characters: Annotated[
        Path | None, Parameter(help="A character sheet: whose colours the page has.")
    ] = None,
    character: Annotated[
        list[str] | None, Parameter(help="Only this one of the sheet; may be repeated.")
    ] = None,
    only_hinted: Annotated[
        bool, Parameter(negative="", help="Change nothing but what has a hint.")
    ] = False,
    seed: Annotated[int, Parameter(help="Other palettes are proposed for another seed.")] = 0,
    head: Head = "auto",
    work_size: WorkSize = "auto",
    gap: Gap = "auto",
    paper: Annotated[
        Literal["white", "paint"], Parameter(help="Gutters and balloons of comic pages.")
    ] = "white",
    lines: Annotated[
        str | None,
        Parameter(help="Extract lines from colour pictures first: xdog, divide, onnx:FILE, …"),
    ] = None,
    invert: Invert = "auto",
    weights: Weights = "default",
    backend: Annotated[
        Literal["onnx", "torch"], Parameter(help="What runs the network; torch is an extra.")
    ] = "onnx",
    threads: Threads = 0,
    max_pixels: Annotated[int, Parameter(help="Refuse larger sketches.")] = 200_000_000,
    recursive: Annotated[bool, Parameter(negative="", help="Look into folders' folders.")] = False,
    force: Force = False,
    json: Json = False,
) -> int:
    """Colour sketches: nine colourings each, written to DIR/NAME/1.png … 9.png and sheet.png.

    PATHS are pictures or folders of pictures; - reads one from stdin and writes a PNG to stdout.
    Of pictures with one NAME, from several folders, the others go to NAME-2, NAME-3, ….
    """
    from inkwash.painter import Painter, PaintRequest, check_pick
    from inkwash.sketch import read

    _check_paths(paths)
    report = Report(json)
    request = PaintRequest(
        style=style,
        pick="best" if pick in ("best", "all") else whole_number(pick, "pick"),
        palettes=palettes_of(palette, reference),
        snap=snap,
        characters=cast_of(characters, character),
        only_hinted=only_hinted,
        head=head,
        work_size=work_size_of(work_size),
        gap=gap_of(gap),
        paper=paper,
        seed=seed,
    )
    formats = formats_of(format)
    streaming = out == STREAM or (out is None and STREAM in paths)
    if streaming and (len(paths) > 1 or json):
        raise BadConfig("stdout takes one picture and no --json; give --out DIR")
    extract = _extractor(lines)
    painter = Painter.load(weights, backend=backend, threads=threads)
    check_pick(request, painter.runtime.config.proposals)
    inputs = inputs_of(paths, recursive, report)
    if streaming and len(inputs) > 1:
        raise BadConfig(f"stdout takes one picture, not {len(inputs)}; give --out DIR")
    batch = list(zip(inputs, names_of(inputs), strict=True))
    for path, name in track(batch, "painting"):
        begin = time.monotonic()
        try:
            source = sys.stdin.buffer if path == STREAM else path
            folder = Path(out or "painted") / name
            if not force and not streaming:
                refuse_painted(folder, formats, pick)
            sketch = extract(read(source, invert=invert, max_pixels=max_pixels))
            sketch = replace(sketch, name=name)  # files inside the folder are called like it
            wanted = _with_hints(request, hints, sketch)
            painting = painter.paint(sketch, wanted)
            if streaming:
                _to_stdout(painting)
                continue
            files = _save(painting, folder, formats, pick, layers, wanted, weights, force)
        except InkwashError as error:
            report.fail(path, error)
            continue
        _tell(report, path, painting, files, time.monotonic() - begin)
    return report.finish()


def _extractor(name: str | None) -> Callable[[Sketch], Sketch]:
    """What makes line art of a sketch by the extractor of this name; without one, nothing."""
    if name is None:
        return lambda sketch: sketch
    import numpy as np

    from inkwash.data.lines import find_extractor

    draw = find_extractor(name)

    def extract(sketch: Sketch) -> Sketch:
        rgb = sketch.ink if sketch.ink.ndim == 3 else np.repeat(sketch.ink[..., None], 3, axis=-1)
        return replace(sketch, ink=draw(rgb, 0.5), alpha=None, notes=())

    return extract


def _check_paths(paths: tuple[str, ...]) -> None:
    if not paths:
        raise BadConfig("no sketch given; name files or folders, or - for stdin")
    for path in paths:  # hyphens are let through for the sake of "-" alone
        if path.startswith("-") and path != STREAM:
            raise BadConfig(f"unknown option {path}; inkwash paint --help shows what there is")


def _with_hints(request: PaintRequest, hints: Path | None, sketch) -> PaintRequest:
    from inkwash.hints import read

    return replace(request, hints=read(hints, sketch.size)) if hints else request


def _save(painting, folder, formats, pick, layers, request, weights, force) -> list[Path]:
    from inkwash.export import save

    picks = None if pick == "all" else (painting.chosen,)
    parameters = {
        "weights": str(weights),
        "style": request.style,
        "work_size": request.work_size,
        "gap": painting.regions.gap,
        "seed": request.seed,
        "palettes": [colouring.title for colouring in painting.colourings],
    }
    return save(
        painting, folder, formats, picks=picks, layers=layers, parameters=parameters, force=force
    )


def _to_stdout(painting: Painting) -> None:
    from inkwash.document import render
    from inkwash.export import encode_png

    sketch = painting.sketch
    pixels = render(painting, painting.chosen)
    sys.stdout.buffer.write(encode_png(pixels, dpi=sketch.dpi, icc_profile=sketch.icc_profile))


def _tell(report: Report, path, painting: Painting, files: list[Path], seconds: float) -> None:
    notes = [*painting.sketch.notes, *painting.regions.notes, *painting.notes]
    report.add(
        input=path,
        files=[str(file) for file in files],
        picked=painting.chosen + 1,
        regions=painting.regions.count,
        seconds=round(seconds, 3),
        notes=notes,
    )
    where = files[0].parent if files else ""
    report.say(f"{path}: {painting.regions.count} regions, {seconds:.1f} s → {where}")
    for note in notes:
        report.say(f"  note: {note}")


__all__ = ["Painter", "paint"]
