"""`inkwash palette`: show, take and list palettes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from inkwash.cli.options import Force, Json
from inkwash.cli.report import answer

app = App(name="palette", help="Show, take and list palettes.")


@app.command(name="list")
def list_palettes(*, json: Json = False) -> int:
    """List the palettes that come with inkwash."""
    from inkwash.palettes import library

    found = library()
    facts = {name: [swatch.hex for swatch in palette.swatches] for name, palette in found.items()}
    answer(json, facts, [f"{name:24} {palette}" for name, palette in found.items()])
    return 0


@app.command
def show(palette: str, *, json: Json = False) -> int:
    """Show one palette: a name of the library, a file, or '#rrggbb,…'."""
    from inkwash.palettes import load

    found = load(palette)
    rows = [{"hex": s.hex, "name": s.name, "role": s.role} for s in found.swatches]
    facts = {"name": found.name, "swatches": rows, "shares": found.shares}
    answer(json, facts, ["{hex}  {role:12} {name}".format(**row) for row in rows])
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
    facts = {"colours": [swatch.hex for swatch in palette.swatches], "shares": palette.shares}
    answer(json, facts, [palette])
    return 0
