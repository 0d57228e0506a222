"""The formats: one dict and one decorator, and what a writer is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from inkwash.document import Document, LayerKind, compose, render
from inkwash.export.layout import Grid, fit_grid, shrink
from inkwash.layers import Pixels
from inkwash.writing import fit_name

if TYPE_CHECKING:
    from inkwash.settle import Painting


@dataclass(frozen=True)
class Output:
    """One file to come: where, and what writes it."""

    path: Path
    write: Callable[[BinaryIO], None]


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything a writer needs; what several writers use is made once.

    folder: where the files go. picks: the colourings to write, counted from 0.
    """

    painting: Painting
    folder: Path
    picks: Sequence[int]
    layers: LayerKind = "colour"
    parameters: Mapping[str, object] = field(default_factory=dict)
    _thumbnails: dict[int, Image.Image] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sketch's name, fit for a file."""
        return fit_name(self.painting.sketch.name)

    @cached_property
    def document(self) -> Document:
        return compose(
            self.painting, layers=self.layers, picks=self.picks, parameters=self.parameters
        )

    @cached_property
    def grid(self) -> Grid:
        """Of the sheet: the sketch and every colouring."""
        return fit_grid(self.painting.sketch.size, 1 + len(self.painting.colourings))

    def render(self, index: int) -> Pixels:
        """The colouring in full, (H, W, 3); a small copy is kept for the sheet."""
        pixels = render(self.painting, index)
        self._thumbnails[index] = shrink(pixels, self.grid.cell)
        return pixels

    def thumbnail(self, index: int) -> Image.Image:
        if index not in self._thumbnails:
            self.render(index)
        return self._thumbnails[index]


Writer = Callable[[Job], Iterable[Output]]
FORMATS: dict[str, Writer] = {}


def writer(name: str) -> Callable[[Writer], Writer]:
    """Register a format: a function that lists the files to come, before any work is done."""

    def register(function: Writer) -> Writer:
        FORMATS[name] = function
        return function

    return register
