"""What an artist says about a sketch: marks of a colour, marks that lock or clear a region.

Coordinates are pixels of the sketch as floats, from the top left corner of the picture: the
pixel in column 3 covers 3 ≤ x < 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from typing import Literal, get_args

from inkwash.colour import Rgb
from inkwash.errors import BadHints
from inkwash.geometry import Size

Kind = Literal["colour", "suggest", "lock", "clear"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLOURED: tuple[Kind, ...] = ("colour", "suggest")
Point = tuple[float, float]
Run = tuple[int, int, int]


@dataclass(frozen=True)
class Dot:
    """A disc; it speaks for the region under its centre."""

    x: float
    y: float
    radius: float = 3.0

    def __post_init__(self) -> None:
        _expect_finite(self.x, self.y, self.radius)
        _expect_positive("radius", self.radius)


@dataclass(frozen=True)
class Stroke:
    """A line through one or more points; what runs off the picture is cut."""

    points: tuple[Point, ...]
    width: float = 4.0

    def __post_init__(self) -> None:
        if not self.points:
            raise BadHints("points is empty; a stroke needs one or more")
        _expect_finite(self.width, *(part for point in self.points for part in point))
        _expect_positive("width", self.width)


@dataclass(frozen=True)
class Area:
    """Exactly these pixels, as runs (row, first column, column after the last)."""

    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        if not self.runs:
            raise BadHints("runs is empty; an area needs one or more")
        for row, start, end in self.runs:
            if start >= end:
                raise BadHints(f"run {[row, start, end]} is empty; it is [row, first, after last]")


Shape = Dot | Stroke | Area


@dataclass(frozen=True)
class Hint:
    """One mark and what it means.

    - "colour": the region gets exactly `rgb` (sRGB 0…255);
    - "suggest": the network leans to `rgb`, nothing is promised;
    - "lock": the region stays as it is; "clear": it stays transparent; neither takes a colour.
    """

    kind: Kind
    shape: Shape
    rgb: Rgb | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadHints(f"kind is {self.kind!r}; it is one of {', '.join(KINDS)}")
        if (self.rgb is not None) != (self.kind in COLOURED):
            need = "needs" if self.kind in COLOURED else "takes no"
            raise BadHints(f"rgb is {self.rgb}; a hint of kind {self.kind!r} {need} colour")
        if self.rgb is not None:
            _expect_colour(self.rgb)


@dataclass(frozen=True)
class Hints:
    """All hints of one sketch, in the order they were made: where two fight, the later wins.

    `known`: so many of the first are not looked at, as they were in other `Hints` of this size.
    Raises `BadHints`, naming the item, for one that lies outside the picture.
    """

    size: Size
    items: tuple[Hint, ...] = ()
    known: InitVar[int] = 0

    def __post_init__(self, known: int) -> None:
        for number, hint in enumerate(self.items[known:], start=known + 1):
            if not _meets(hint.shape, self.size):
                raise BadHints(
                    f"hint {number} ({_place(hint.shape)}) lies outside the picture, which is "
                    f"{self.size}; x is 0 to below {self.size.width}, y below {self.size.height}"
                )

    def __len__(self) -> int:
        return len(self.items)

    def of_kind(self, *kinds: Kind) -> tuple[Hint, ...]:
        return tuple(hint for hint in self.items if hint.kind in kinds)

    def with_items(self, more: Iterable[Hint]) -> Hints:
        """These and, after them, `more`. Raises `BadHints` for one outside the picture."""
        return Hints(self.size, (*self.items, *more), known=len(self.items))

    def expect_size(self, size: Size) -> None:
        """Raise `BadHints` unless they were made for a picture of this size."""
        if size != self.size:
            raise BadHints(
                f"the hints are for a picture of {self.size}, the sketch is {size}; "
                "make them on this sketch at its own size"
            )


def _meets(shape: Shape, size: Size) -> bool:
    if isinstance(shape, Dot):
        return _inside((shape.x, shape.y), size)
    if isinstance(shape, Stroke):
        return any(_inside(point, size) for point in shape.points)
    return all(
        0 <= row < size.height and start >= 0 and end <= size.width
        for row, start, end in shape.runs
    )


def _inside(point: Point, size: Size) -> bool:
    return 0 <= point[0] < size.width and 0 <= point[1] < size.height


def _place(shape: Shape) -> str:
    if isinstance(shape, Dot):
        return f"dot at {shape.x:g}, {shape.y:g}"
    if isinstance(shape, Stroke):
        return "stroke from {:g}, {:g}".format(*shape.points[0])
    return f"area from row {shape.runs[0][0]}, column {shape.runs[0][1]}"


def _expect_finite(*numbers: float) -> None:
    for number in numbers:
        if not math.isfinite(number):
            raise BadHints(f"{number} is no place or size in a picture; give a finite number")


def _expect_positive(name: str, number: float) -> None:
    if number <= 0:
        raise BadHints(f"{name} is {number:g}; it must be more than 0 pixels")


def _expect_colour(rgb: Rgb) -> None:
    whole = all(isinstance(part, int) and 0 <= part <= 255 for part in rgb)
    if len(rgb) != 3 or not whole:
        raise BadHints(f"rgb is {rgb}, which is no colour; give three numbers from 0 to 255")
