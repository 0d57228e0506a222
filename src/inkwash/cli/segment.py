"""`inkwash segment`: the regions of a sketch as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.arguments import gap_of, work_size_of
from inkwash.cli.options import Force, Gap, Invert, Json, Weights, WorkSize
from inkwash.cli.report import Report


def segment(
    path: Path,
    *,
    out: Annotated[Path, Parameter(help="Label PNG (16 bit); the preview is beside it.")],
    gap: Gap = "auto",
    weights: Weights = "default",
    work_size: WorkSize = "auto",
    invert: Invert = "auto",
    force: Force = False,
    json: Json = False,
) -> int:
    """Write regions: OUT.png holds the region of each pixel, OUT-preview.png shows them."""
    from inkwash.export.labels import write_labels
    from inkwash.painter import Painter, PaintRequest
    from inkwash.sketch import read

    report = Report(json)
    sketch = read(path, invert=invert)
    request = PaintRequest(gap=gap_of(gap), work_size=work_size_of(work_size))
    painter = Painter.load(weights)
    regions = painter.segment(sketch, painter.study(sketch, request), request)
    files = write_labels(regions, sketch, out, force=force)
    notes = [*sketch.notes, *regions.notes]
    report.add(
        input=str(path), files=[str(file) for file in files], regions=regions.count,
        line_width=round(regions.line_width, 2), gap=round(regions.gap, 2), notes=notes,
    )  # fmt: skip
    report.say(f"{path}: {regions.count} regions → {files[0]}, {files[1]}")
    for note in notes:
        report.say(f"  note: {note}")
    return report.finish()
