"""From what a client sent to the values of inkwash."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from inkwash import hints, palettes
from inkwash.errors import BadHints, BadPalette
from inkwash.hints.files import FORMAT, VERSION
from inkwash.painter import PaintRequest
from inkwash.palettes import CharacterSheet, Palette, sheet_of
from inkwash.palettes.files import palette_from_value
from inkwash.serve.problems import invalid
from inkwash.serve.schemas import HintsBody, PaletteBody, Spot, StartRequest, SwatchBody

if TYPE_CHECKING:
    from inkwash.geometry import Size
    from inkwash.hints import Hints
    from inkwash.session import Session


_NUMBERED = re.compile(r"^hint ([0-9]+)")
_LONGEST = 60  # characters of a name that are repeated
Model = TypeVar("Model", bound=BaseModel)


def parsed(kind: type[Model], text: str | bytes, where: str) -> Model:
    """JSON in a form field as a model. Raises a Problem 422."""
    try:
        return kind.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise invalid([{"loc": (where,), "type": "json_invalid"}]) from None
        found = [{**item, "loc": (where, *item["loc"])} for item in error.errors()]
        raise invalid(found) from None


def hints_of(body: HintsBody | bytes, size: Size) -> Hints:
    """Raises BadHints, naming the hint, also for a picture of another size."""
    if isinstance(body, bytes):
        return hints.decode_overlay(body, size)
    value = {
        "format": FORMAT,
        "version": VERSION,
        "size": body.size or (size.width, size.height),
        "hints": [hint.model_dump(exclude_none=True) for hint in body.hints],
    }
    try:
        found = hints.decode(json.dumps(value))
    except BadHints as error:
        raise BadHints(_NUMBERED.sub(_counted_from_0, str(error))) from None
    found.expect_size(size)
    return found


def _counted_from_0(found: re.Match[str]) -> str:
    """`hint 1`, as people count, is `hints[0]` of the body."""
    return f"hints[{int(found[1]) - 1}]"


def hints_said(given: str | bytes) -> HintsBody | bytes:
    """A hints field or file: JSON read, a painted layer as it is. Raises a Problem 422."""
    text = given.encode() if isinstance(given, str) else given.removeprefix(codecs.BOM_UTF8)
    if isinstance(given, bytes) and not text.lstrip().startswith(b"{"):
        return given
    return parsed(HintsBody, text, "hints")


def palettes_of(bodies: Sequence[PaletteBody | str]) -> tuple[Palette, ...]:
    """Raises BadPalette."""
    return tuple(map(palette_of, bodies))


def palette_of(body: PaletteBody | str) -> Palette:
    """Of an object, of "#rrggbb,…", or of a name of the library; never of a file."""
    if isinstance(body, str):
        return palettes.parse(body) if body.lstrip().startswith("#") else _of_library(body)
    swatches = [_swatch(*numbered) for numbered in enumerate(body.swatches, start=1)]
    return palette_from_value({"name": body.name, "swatches": swatches})


def cast_of(bodies: Sequence[PaletteBody] | None) -> CharacterSheet | None:
    """Raises BadPalette, naming the character."""
    return None if bodies is None else sheet_of(bodies, palette_of)


def request_of(body: StartRequest, **more: Any) -> PaintRequest:
    """Raises BadConfig, BadPalette."""
    return PaintRequest(
        style=body.style,
        paper=body.paper,
        gap=body.gap,
        seed=body.seed,
        palettes=palettes_of(body.palettes),
        snap=body.snap,
        characters=cast_of(body.characters),
        **more,
    )


def region_of(spot: Spot, session: Session) -> int:
    """Raises a Problem where not exactly one of region and point is given; BadConfig outside."""
    point = spot.x is not None and spot.y is not None
    either = spot.x is not None or spot.y is not None
    if (spot.region is not None) == either or either != point:
        raise invalid([{"loc": ("body",), "msg": "give x and y, or region"}])
    if spot.region is not None:
        return spot.region
    assert spot.x is not None
    assert spot.y is not None
    return session.region_at(spot.x, spot.y)


def _of_library(name: str) -> Palette:
    if name in palettes.library():
        return palettes.library()[name]
    raise BadPalette(
        f"{name[:_LONGEST]!r} is no palette of the library, which GET /v1/palettes lists; "
        "give one of its names, '#rrggbb,#rrggbb,…', or an object with swatches"
    )


def _swatch(place: int, body: SwatchBody) -> dict[str, Any]:
    colour = body.rgb or body.hex
    if colour is None or (body.rgb and body.hex and body.rgb != body.hex):
        raise BadPalette(f"swatch {place}: give rgb or hex, or both the same")
    return {"rgb": colour, **body.model_dump(include={"name", "role", "share"}, exclude_none=True)}
