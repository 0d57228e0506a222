"""`inkwash palette`: show, take and list palettes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from inkwash.cli.options import Force, Json
from inkwash.cli.report import say_json, say_text

app = App(name="palette", help="Show, take and list palettes.")


@app.command(name="list")
def list_palettes(*, json: Json = False) -> int:
    """List the palettes that come with inkwash."""
    from inkwash.palettes import library

    if json:
        say_json({name: [swatch.hex for swatch in p.swatches] for name, p in library().items()})
        return 0
    for name, palette in library().items():
        say_text(f"{name:24} {palette}")
    return 0


@app.command
def show(palette: str, *, json: Json = False) -> int:
    """Show one palette: a name of the library, a file, or '#rrggbb,…'."""
    from inkwash.palettes import load

    found = load(palette)
    if json:
        rows = [{"hex": s.hex, "name": s.name, "role": s.role} for s in found.swatches]
        say_json({"name": found.name, "swatches": rows, "shares": found.shares})
        return 0
    for swatch in found.swatches:
        say_text(f"{swatch.hex}  {swatch.role:12} {swatch.name}")
    return 0


@app.command(name="from")
def take(
    picture: Path,
    *,
    count: Annotated[int, Parameter(help="How many colours, 2 to 16.")] = 6,
    out: Annotated[Path | None, Parameter(help="A .gpl, .ase, .aco or .json file.")] = None,
    force: Force = False,
    json: Json = False,
) -> int:
    """Take a palette from a picture; its lines do not count, black areas do."""
    from inkwash.palettes import from_file, write

    palette = from_file(picture, count)
    if out:
        write(palette, out, force=force)
    if json:
        say_json({"colours": [swatch.hex for swatch in palette.swatches], "shares": palette.shares})
    else:
        say_text(str(palette))
    return 0
