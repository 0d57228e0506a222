"""`inkwash data synth` and `inkwash data examples`: pictures drawn by code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Force, Json
from inkwash.cli.report import answer


def synth(
    *,
    out: Annotated[Path, Parameter(help="A new folder.")],
    count: Annotated[int, Parameter(help="How many pictures.")],
    seed: Annotated[int, Parameter(help="The same seed draws the same pictures.")] = 0,
    size: Annotated[
        list[str] | None,
        Parameter(
            negative="",
            help="A side in pixels, or WIDTHxHEIGHT; 256. Pictures take several in turns.",
        ),
    ] = None,
    lines: Annotated[
        float,
        Parameter(
            help="Share of the pictures that get their line art; training extracts the others'."
        ),
    ] = 1.0,
    held_out: Annotated[
        bool, Parameter(help="Hold one in twelve out for validation, or keep all for training.")
    ] = True,
    json: Json = False,
) -> int:
    """Draw anime characters: line art, colours and what each pixel shows."""
    from inkwash.data.synth import write_pairs

    sizes = [_size(text) for text in size or ["256"]]
    folder = write_pairs(out, count, seed=seed, size=sizes, lines=lines, held_out=held_out)
    _tell(folder, count, json)
    return 0


def examples(
    *,
    out: Annotated[Path, Parameter(help="Folder of the pictures.")],
    force: Force = False,
    json: Json = False,
) -> int:
    """Draw the example sketches that inkwash comes with."""
    from inkwash.data.synth import examples as draw_examples
    from inkwash.export import encode_png
    from inkwash.writing import write_whole

    drawings = draw_examples()
    for name, drawing in drawings.items():
        path = out / f"{name.replace('_', '-')}.png"
        write_whole(path, encode_png(drawing.line, dpi=(300, 300)), force=force)
    _tell(out, len(drawings), json)
    return 0


def _tell(folder: Path, count: int, json: bool) -> None:
    answer(json, {"folder": str(folder), "pictures": count}, [f"{folder}: {count} pictures"])


def _size(text: str) -> int | tuple[int, int]:
    from inkwash.errors import BadConfig

    sides = text.lower().split("x")
    if not all(side.isdigit() for side in sides) or len(sides) > 2:
        raise BadConfig(f"--size {text}: write a side, such as 256, or WIDTHxHEIGHT")
    return int(text) if len(sides) == 1 else (int(sides[0]), int(sides[1]))
