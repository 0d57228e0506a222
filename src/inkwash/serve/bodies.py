"""From what a client sent to the values of inkwash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from inkwash import hints, palettes
from inkwash.errors import BadPalette
from inkwash.hints.files import FORMAT, VERSION
from inkwash.painter import PaintRequest
from inkwash.palettes import Palette
from inkwash.palettes.files import palette_from_value
from inkwash.serve.problems import invalid
from inkwash.serve.schemas import HintsBody, PaletteBody, Spot, StartRequest, SwatchBody

if TYPE_CHECKING:
    from inkwash.geometry import Size
    from inkwash.hints import Hints
    from inkwash.session import Session


Model = TypeVar("Model", bound=BaseModel)


def parsed(kind: type[Model], text: str | bytes, where: str) -> Model:
    """JSON in a form field as a model. Raises a Problem 422."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        found = [{**item, "loc": (where, *item["loc"])} for item in error.errors()]
        raise invalid(found) from None


def hints_of(body: HintsBody, size: Size) -> Hints:
    """Raises BadHints, naming the hint, also for a picture of another size."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "size": body.size or (size.width, size.height),
        "hints": [hint.model_dump(exclude_none=True) for hint in body.hints],
    }
    found = hints.decode(json.dumps(value))
    found.expect_size(size)
    return found


def palettes_of(bodies: Sequence[PaletteBody | str]) -> tuple[Palette, ...]:
    """Raises BadPalette."""
    return tuple(map(palette_of, bodies))


def palette_of(body: PaletteBody | str) -> Palette:
    """Of an object, of "#rrggbb,…", or of a name of the library; never of a file."""
    if isinstance(body, str):
        return palettes.parse(body) if body.lstrip().startswith("#") else palettes.named(body)
    swatches = [_swatch(*numbered) for numbered in enumerate(body.swatches, start=1)]
    return palette_from_value({"name": body.name, "swatches": swatches})


def request_of(body: StartRequest, **more: Any) -> PaintRequest:
    """Raises BadConfig, BadPalette."""
    return PaintRequest(
        style=body.style,
        paper=body.paper,
        gap=body.gap,
        seed=body.seed,
        palettes=palettes_of(body.palettes),
        snap=body.snap,
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


def _swatch(place: int, body: SwatchBody) -> dict[str, Any]:
    colour = body.rgb or body.hex
    if colour is None or (body.rgb and body.hex and body.rgb != body.hex):
        raise BadPalette(f"swatch {place}: give rgb or hex, or both the same")
    return {"rgb": colour, **body.model_dump(include={"name", "role", "share"}, exclude_none=True)}
