"""`inkwash weights`: list, show, import and export weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from inkwash.cli.options import Folders, Force, Json, Threads, WeightsFile
from inkwash.cli.report import answer, bar

app = App(name="weights", help="List, show, import and export weights.")


@app.command(name="list")
def list_weights(*, json: Json = False) -> int:
    """List the weights that can be named."""
    from inkwash.weights import installed

    found = {weights.name: str(weights.path) for weights in installed()}
    answer(json, found, [f"{name:20} {path}" for name, path in found.items()])
    return 0


@app.command
def show(weights: str = "default", *, json: Json = False) -> int:
    """Show the network and the history of a weights file."""
    from inkwash.about import about_weights
    from inkwash.weights import find

    answer(json, about_weights(find(weights)))
    return 0


@app.command
def path(weights: str = "default", *, json: Json = False) -> int:
    """Print where a weights file lies."""
    from inkwash.weights import find

    found = str(find(weights).path)
    answer(json, {"path": found}, [found])
    return 0


@app.command(name="import")
def import_weights(
    checkpoint: Path,
    *,
    out: WeightsFile,
    force: Force = False,
    json: Json = False,
) -> int:
    """Read a TensorFlow checkpoint of the 2019 reimplementation: prefix, folder or zip."""
    from inkwash.weights.export import write_imported

    return _tell(out, write_imported(checkpoint, out, force=force), json)


@app.command
def export(
    weights: str,
    *,
    out: WeightsFile,
    force: Force = False,
    json: Json = False,
) -> int:
    """Write weights as the other kind of file; an adapter named with them is merged in.

    Training notes, remembered palettes and the ranking beside the file go along.
    """
    from inkwash.weights import find
    from inkwash.weights.export import export as run

    return _tell(out, run(find(weights), out, force=force), json)


@app.command
def learn_palettes(
    weights: str = "default",
    *,
    data: Folders,
    out: Annotated[Path, Parameter(help="The same weights, with what they remember.")],
    most: Annotated[int, Parameter(help="Look at so many pictures, at most.")] = 800,
    threads: Threads = 0,
    force: Force = False,
    json: Json = False,
) -> int:
    """Remember the palettes of training pictures, to propose those of pictures that look alike."""
    from inkwash.train.palettes import learn_into

    with bar("looking at pictures", None) as advance:
        remembered = learn_into(
            weights, data, out, most=most, threads=threads, force=force,
            progress=lambda: advance(1),
        )  # fmt: skip
    said = f"wrote {out}, which remembers {remembered} palettes"
    answer(json, {"path": str(out), "palettes": remembered}, [said])
    return 0


def _tell(out: Path, parameters: int, json: bool) -> int:
    facts = {"path": str(out), "parameters": parameters}
    answer(json, facts, [f"wrote {out}: {parameters} parameters"])
    return 0
