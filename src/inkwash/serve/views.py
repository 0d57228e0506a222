"""From a session to what a client is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkwash.choices import locked_regions, regions_with
from inkwash.colour import format_hex
from inkwash.document import render_box
from inkwash.geometry import Box
from inkwash.hints.files import value_of
from inkwash.palettes import CharacterSheet, Palette
from inkwash.recolour import last_words
from inkwash.serve.drawing import TILE
from inkwash.serve.notes import note_view
from inkwash.serve.schemas import (
    AtView,
    BoxView,
    PaletteView,
    SheetView,
    SketchView,
    SwatchView,
)

if TYPE_CHECKING:
    from inkwash.commands import Command
    from inkwash.serve.opened import Opened
    from inkwash.settle import Colouring


def sketch_view(opened: Opened, changed: Box | None = None) -> SketchView:
    """The state of an open sketch."""
    session, painting = opened.session, opened.painting
    state, sketch, regions = session.state, session.origin.sketch, session.origin.regions
    request = state.request
    notes = (*sketch.notes, *regions.notes, *painting.notes, *session.notes)
    again = last_words(request.hints, regions)[1] if request.hints else ()  # who did it knows it
    noted = [note_view(note) for note in dict.fromkeys(notes) if note not in again]
    return SketchView(
        id=opened.id,
        name=sketch.name,
        width=sketch.size.width,
        height=sketch.size.height,
        revision=opened.revision,
        round=state.round,
        rounds=len(session.rounds),
        proposals=len(painting.colourings),
        pick=painting.chosen + 1,
        style=request.style,
        paper=request.paper,
        seed=request.seed,
        hints=[value_of(hint) for hint in (request.hints.items if request.hints else ())],
        regions=regions.count,
        chosen=len(state.choices),
        locked=int(locked_regions(request.hints, regions).sum()),
        palettes=[palette_view(palette) for palette in session.rounds[state.round].palettes],
        snap=request.snap,
        characters=_cast(request.characters),
        titles=[colouring.title for colouring in painting.colourings],
        can_undo=session.done > 0,
        can_redo=session.done < len(session.commands),
        undo=_name(session.commands[session.done - 1]) if session.done else None,
        redo=_name(session.commands[session.done]) if session.commands[session.done :] else None,
        notes=[note.text for note in noted],
        noted=noted,
        job=opened.job,
        saved=opened.is_saved,
        tile=TILE,
        levels=opened.levels,
        changed=box_view(changed) if changed else None,
    )


def palette_view(palette: Palette) -> PaletteView:
    shares = palette.shares or (None,) * len(palette)
    swatches = [
        SwatchView(hex=swatch.hex, rgb=swatch.hex, name=swatch.name, role=swatch.role, share=share)
        for swatch, share in zip(palette.swatches, shares, strict=True)
    ]
    return PaletteView(name=palette.name, swatches=swatches)


def sheet_view(sheet: CharacterSheet) -> SheetView:
    return SheetView(characters=_cast(sheet))


def box_view(box: Box) -> BoxView:
    return BoxView(left=box.left, top=box.top, width=box.size.width, height=box.size.height)


def at_view(opened: Opened, x: float, y: float) -> AtView:
    """What is at a point of the sketch. Raises BadConfig outside of it."""
    session, painting, sources = opened.session, opened.painting, opened.sources
    region = session.region_at(x, y)
    regions, request = session.origin.regions, session.state.request
    here = Box(int(x), int(y), int(x) + 1, int(y) + 1)
    pixel = render_box(painting, painting.chosen, here)[0, 0, :3]
    return AtView(
        region=region,
        area=int(regions.areas[region]),
        box=box_view(regions.box(region)),
        colour=_colour(painting.colourings[painting.chosen], region),
        pixel=_hex(pixel),
        hinted=bool(regions_with(request.hints, regions, "colour", "suggest", "clear")[region]),
        locked=bool(locked_regions(request.hints, regions)[region]),
        chosen=region in session.state.choices,
        colours=[_colour(colouring, region) for colouring in sources.colourings],
    )


def _cast(sheet: CharacterSheet | None) -> list[PaletteView]:
    return [palette_view(character) for character in (sheet.characters if sheet else ())]


def _colour(colouring: Colouring, region: int) -> str | None:
    return None if colouring.clear[region] else _hex(colouring.colours[region])


def _hex(colour: np.ndarray) -> str:
    red, green, blue = colour.tolist()
    return format_hex((red, green, blue))


def _name(command: Command) -> str:
    """What the artist would call it."""
    name = type(command).__name__.lower()
    return {"add": "hint", "restyle": "style", "snap": "palettes"}.get(name, name)
