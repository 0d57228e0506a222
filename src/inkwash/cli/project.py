"""`inkwash project`: a sketch and all that was said about it, in one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from inkwash.cli.options import (
    Force,
    Formats,
    Gap,
    Head,
    HintsFile,
    Json,
    Reference,
    Weights,
    WorkSize,
)
from inkwash.cli.report import answer
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.session import Session

app = App(name="project", help="Keep a sketch and all that was said about it in one file.")

At = Annotated[str, Parameter(help="A point of the sketch, as X,Y in pixels.")]


@app.command
def new(
    sketch: Path,
    *,
    out: Annotated[Path | None, Parameter(help="Default: NAME.inkwash beside the sketch.")] = None,
    hints: HintsFile = None,
    style: Literal["flat", "shaded"] = "flat",
    pick: Annotated[str, Parameter(help="Which to show: best or 1-9.")] = "best",
    palette: Annotated[list[str] | None, Parameter(help="File, name, or '#rrggbb,…'.")] = None,
    reference: Reference = None,
    snap: Annotated[float | None, Parameter(help="As for inkwash paint.")] = None,
    characters: Annotated[Path | None, Parameter(help="A character sheet.")] = None,
    character: Annotated[list[str] | None, Parameter(help="Only this one of the sheet.")] = None,
    seed: int = 0,
    paper: Literal["white", "paint"] = "white",
    head: Head = "auto",
    gap: Gap = "auto",
    work_size: WorkSize = "auto",
    weights: Weights = "default",
    force: Force = False,
    json: Json = False,
) -> int:
    """Make a project of a sketch: nine colourings, ready to be chosen from."""
    from inkwash import project
    from inkwash.cli.arguments import cast_of, gap_of, palettes_of, whole_number, work_size_of
    from inkwash.hints import read as read_hints
    from inkwash.painter import Painter, PaintRequest
    from inkwash.session import Session
    from inkwash.sketch import read
    from inkwash.writing import refuse_existing

    target = out or sketch.with_suffix(project.SUFFIX)
    refuse_existing(target, force=force)
    page = read(sketch)
    request = PaintRequest(
        style=style,
        pick="best" if pick == "best" else whole_number(pick, "pick"),
        hints=read_hints(hints, page.size) if hints else None,
        palettes=palettes_of(palette, reference),
        snap=snap,
        characters=cast_of(characters, character),
        seed=seed,
        paper=paper,
        head=head,
        gap=gap_of(gap),
        work_size=work_size_of(work_size),
    )
    session = Session.start(Painter.load(weights), page, request)
    project.write(session, target, force=force)
    return _tell(session, target, json)


@app.command
def info(file: Path, *, json: Json = False) -> int:
    """Say what is in a project."""
    from inkwash.project import read

    return _tell(read(file), file, json)


@app.command
def export(
    file: Path,
    *,
    out: Annotated[Path, Parameter(help="Folder.")] = Path("painted"),
    format: Formats = "png",
    pick: Annotated[str, Parameter(help="best (what is shown), all, or 1-9.")] = "best",
    layers: Literal["colour", "single"] = "colour",
    force: Force = False,
    json: Json = False,
) -> int:
    """Write what a project shows to DIR/NAME/, as pictures or as layers.

    NAME is that of the project file. There are 1.png … 9.png by the number of the proposal (of
    what is shown, that of its pick), sheet.png, NAME.psd and NAME.ora.
    """
    from dataclasses import replace

    from inkwash.cli.arguments import formats_of, whole_number
    from inkwash.export import save
    from inkwash.project import read

    formats = formats_of(format)
    session = read(file)
    painting = session.painting
    sketch = replace(painting.sketch, name=file.stem)  # the one inside may be any path
    painting = replace(painting, sketch=sketch)
    chosen = (
        painting.chosen
        if pick == "best"
        else whole_number(pick, "pick") - 1
        if pick != "all"
        else 0
    )
    files = save(
        painting,
        out / file.stem,
        formats,
        picks=None if pick == "all" else (chosen,),
        layers=layers,
        parameters={"project": file.name, "commands": session.done},
        force=force,
    )
    answer(json, {"input": str(file), "files": [str(path) for path in files]}, files)
    return 0


@app.command
def hint(file: Path, hints: Path, *, json: Json = False) -> int:
    """Add the hints of a file: JSON, or a painted layer."""
    from inkwash.hints import read as read_hints

    return _change(
        file,
        json,
        lambda session: session.hint(*read_hints(hints, session.origin.sketch.size).items),
    )


@app.command
def choose(
    file: Path,
    *,
    at: At,
    proposal: Annotated[int, Parameter(help="1-9.")],
    spread: Annotated[
        bool, Parameter(negative="", help="Also for regions of its colour that are near.")
    ] = False,
    json: Json = False,
) -> int:
    """Take a region from another proposal: hair from 3, coat from 7."""
    return _change(
        file,
        json,
        lambda session: session.choose(session.region_at(*_point(at)), proposal - 1, spread=spread),
    )


@app.command
def pick(file: Path, proposal: int, *, json: Json = False) -> int:
    """Show another proposal, 1-9; choices and locks stay."""
    return _change(file, json, lambda session: session.pick(proposal - 1))


@app.command
def propose(file: Path, *, weights: Weights = "default", json: Json = False) -> int:
    """Ask the network again, now that it can see the hints."""
    from inkwash.painter import Painter

    return _change(file, json, lambda session: session.propose(Painter.load(weights)))


@app.command
def reroll(file: Path, *, seed: int, weights: Weights = "default", json: Json = False) -> int:
    """Make new proposals; regions that were chosen or locked hold."""
    from inkwash.painter import Painter

    return _change(file, json, lambda session: session.reroll(Painter.load(weights), seed))


@app.command
def undo(file: Path, *, json: Json = False) -> int:
    """Take the last command back."""
    return _change(file, json, _undo)


@app.command
def redo(file: Path, *, json: Json = False) -> int:
    """Do again what was taken back last."""
    return _change(file, json, _redo)


def _undo(session: Session) -> None:
    if not session.undo():
        raise BadConfig("there is nothing to undo")


def _redo(session: Session) -> None:
    if not session.redo():
        raise BadConfig("there is nothing to redo")


def _change(file: Path, json: bool, act: Callable[[Session], None]) -> int:
    from inkwash import project

    session = project.read(file)
    act(session)
    project.write(session, file, force=True)
    return _tell(session, file, json)


def _tell(session: Session, file: Path, json: bool) -> int:
    from inkwash.about import about_session

    answer(json, {"project": str(file), **about_session(session)})
    return 0


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise BadConfig(f"--at {text}: is no point; write X,Y in pixels, as 120,80") from None
    return x, y
