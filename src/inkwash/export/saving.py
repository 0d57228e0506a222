"""Save a painting in any of the formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inkwash.document import LayerKind
from inkwash.errors import BadConfig
from inkwash.export.registry import FORMATS, Job, Output
from inkwash.writing import refuse_existing, replacing

if TYPE_CHECKING:
    from inkwash.settle import Painting


def save(
    painting: Painting,
    folder: str | Path,
    formats: Sequence[str] = ("png", "sheet"),
    *,
    picks: Sequence[int] | None = None,
    layers: LayerKind = "colour",
    parameters: Mapping[str, object] | None = None,
    force: bool = False,
) -> list[Path]:
    """Write the files into `folder` and return their paths, in the order of `formats`.

    formats: names in `FORMATS`. picks: the colourings to write, counted from 0; None for all.
    layers: see `compose`. parameters: written into the files, must fit JSON.

    Raises `BadConfig` for an unknown format or pick, `OutputExists` before anything is written
    if a file is there and `force` is not set, `OutputFailed` where the system refuses.
    """
    job = Job(
        painting=painting,
        folder=Path(folder),
        picks=_checked_picks(picks, len(painting.colourings)),
        layers=layers,
        parameters=parameters or {},
    )
    outputs = _outputs(job, formats)
    for output in outputs:
        refuse_existing(output.path, force=force)
    for output in outputs:
        with replacing(output.path, force=force) as file:
            output.write(file)
    return [output.path for output in outputs]


def _outputs(job: Job, formats: Sequence[str]) -> list[Output]:
    for name in formats:
        if name not in FORMATS:
            raise BadConfig(f"format {name!r} is not known; choose from {', '.join(FORMATS)}")
    return [output for name in dict.fromkeys(formats) for output in FORMATS[name](job)]


def _checked_picks(picks: Sequence[int] | None, count: int) -> tuple[int, ...]:
    if picks is None:
        return tuple(range(count))
    wrong = [pick for pick in picks if not 0 <= pick < count]
    if wrong or not picks:
        got = wrong[0] + 1 if wrong else "nothing"
        raise BadConfig(f"pick {got}: there are {count} colourings; choose from 1 to {count}")
    return tuple(dict.fromkeys(picks))
