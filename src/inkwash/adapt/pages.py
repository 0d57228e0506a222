"""The artist's finished pages: line art beside the colours that belong to it.

A page is a colour picture (its lines are extracted), a pair (`NAME_line` beside `NAME_color`, or
two files that were named), or a project with what was decided in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.lines import EXTRACTORS, ink_coverage
from inkwash.data.pictures import SUFFIXES, Entry, entry_of, find_entries
from inkwash.data.roles import ROLES
from inkwash.document import render
from inkwash.errors import BadData
from inkwash.inspect.corrections import check_likeness, read_colours
from inkwash.project import SUFFIX as PROJECT
from inkwash.project import read as read_project
from inkwash.session import Session
from inkwash.sketch import read

MOST_PAGES = 100
SHORT_SIDE = 512  # pages are kept no larger: twice what the network sees
LEAST_SIDE = 64  # pixels
LEAST_INK, MOST_INK = 0.002, 0.6  # coverage of what can be line art

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Lines (H, W), ink 0 and paper 255; RGB (H, W, 3); and what each pixel shows, (H, W) as in
    `data.roles`, where that is known."""

    name: str
    lines: Pixels
    rgb: Pixels
    roles: Pixels | None = None
    extracted: bool = False  # the lines were made from the colours


def read_pages(places: Sequence[Path], pairs: Sequence[tuple[Path, Path]] = ()) -> list[Page]:
    """All pages of folders and files, then the (sketch, colours) pairs.

    Raises BadData, naming the file: no page or more than 100, a page without lines, a picture of
    another size or of another sketch; BadSketch, BadProject.
    """
    found = [source for place in places for source in _sources(place)]
    found += [Entry(colour=colour, line=sketch, name=str(colour), score=3, group="")
              for sketch, colour in pairs]  # fmt: skip
    if not 1 <= len(found) <= MOST_PAGES:
        raise BadData(f"{len(found)} pages were given; give 1 to {MOST_PAGES}")
    return [
        _of_project(source) if isinstance(source, Path) else read_page(source) for source in found
    ]


def _sources(place: Path) -> list[Entry | Path]:
    """Pictures as entries, projects as paths."""
    if place.suffix == PROJECT:
        return [place]
    if place.is_dir():
        projects = sorted(place.rglob(f"*{PROJECT}"))
        return [*projects, *(find_entries(place) if not projects or _has_pictures(place) else ())]
    if not place.is_file():
        raise BadData(f"{place}: there is no such page; give pictures, projects or folders")
    return [entry_of(place)]


def _has_pictures(folder: Path) -> bool:
    return any(path.suffix.lower() in SUFFIXES for path in folder.rglob("*"))


def read_page(entry: Entry) -> Page:
    """A picture, or a pair, as a page. Raises what `read_pages` does."""
    rgb = read_colours(entry.colour)
    if entry.line is None:
        small = _shrunk(rgb)
        return _checked(entry.name, EXTRACTORS["xdog"](small, 0.5), small, extracted=True)
    sketch = read(entry.line)
    _expect_size(entry.name, "the sketch", sketch.ink, rgb)
    check_likeness(sketch, rgb, entry.colour)
    roles = None if entry.roles is None else read_colours(entry.roles)[..., 0]
    if roles is not None:
        _expect_size(entry.name, "the picture of roles", roles, rgb)
    return _checked(entry.name, _shrunk(sketch.lines), _shrunk(rgb), _shrunk_roles(roles))


def _of_project(path: Path) -> Page:
    session = read_project(path)
    painting = session.painting
    picture = render(painting, painting.chosen)
    if picture.shape[2] == 4:
        alpha = picture[..., 3:] / np.float32(255)
        picture = (picture[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    lines = painting.sketch.lines
    return _checked(str(path), _shrunk(lines), _shrunk(picture), _shrunk_roles(_roles(session)))


def _roles(session: Session) -> Pixels:
    """What the regions show, by the palette's roles: those of regions that have its colours."""
    painting = session.painting
    role_of = {
        swatch.rgb: 1 + ROLES.index(swatch.role)
        for proposals in session.rounds
        for palette in proposals.palettes
        for swatch in palette.swatches
        if swatch.role in ROLES
    }
    colours = painting.colourings[painting.chosen].colours.tolist()
    by_region = [role_of.get((red, green, blue), 0) for red, green, blue in colours]
    return np.array(by_region, np.uint8)[painting.regions.labels]


def _checked(
    name: str, lines: Pixels, rgb: Pixels, roles: Pixels | None = None, *, extracted: bool = False
) -> Page:
    if min(lines.shape) < LEAST_SIDE:
        raise BadData(
            f"{name}: is {lines.shape[1]}×{lines.shape[0]}; give {LEAST_SIDE} pixels a side or more"
        )
    ink = ink_coverage(lines)
    if not LEAST_INK < ink < MOST_INK:
        raise BadData(
            f"{name}: {ink:.0%} of it is ink, which is no line art; give its sketch with it"
        )
    return Page(name=name, lines=lines, rgb=rgb, roles=roles, extracted=extracted)


def _expect_size(name: str, what: str, picture: NDArray, rgb: Pixels) -> None:
    if picture.shape[:2] != rgb.shape[:2]:
        raise BadData(
            f"{name}: {what} is {picture.shape[1]}×{picture.shape[0]} and the finished page "
            f"{rgb.shape[1]}×{rgb.shape[0]}; give both the same size"
        )


def _shrunk_roles(roles: Pixels | None) -> Pixels | None:
    return None if roles is None else _shrunk(roles, cv2.INTER_NEAREST)


def _shrunk(picture: Pixels, mode: int = cv2.INTER_AREA) -> Pixels:
    height, width = picture.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
