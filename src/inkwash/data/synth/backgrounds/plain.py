"""Plain grounds: one colour, a gradient, dots, stripes, a disc."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkwash.data.synth.backgrounds.parts import everything
from inkwash.data.synth.colours import common_hue, dyed, lit, mixed, multiplied
from inkwash.data.synth.curves import ellipse, path, polygon
from inkwash.data.synth.scene import Rgb, Shape, Stroke, Tint

Ground = tuple[list[Shape], dict[str, Rgb]]


def plain(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """One colour, or one that fades."""
    ramp = None if rng.random() < 0.4 else (float(rng.uniform(0.75, 1.0)), 1.3)
    return [everything("wall", aspect, ramp)], _colours(rng)


def haze(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Soft clouds of neighbouring colours, without lines: as if painted."""
    colours = _colours(rng)
    tints = [_cloud(rng, aspect, colours["wall"]) for _ in range(int(rng.integers(3, 8)))]
    ramp = (float(rng.uniform(0.6, 1.0)), float(rng.uniform(0.8, 1.3)))
    return [replace(everything("wall", aspect, ramp), tints=tints)], colours


def _cloud(rng: np.random.Generator, aspect: float, wall: Rgb) -> Tint:
    near = multiplied(wall, rng.uniform(0.5, 1.35, 3))
    rgb = mixed(near, dyed(common_hue(rng), 0.6, 0.8), float(rng.uniform(0.0, 0.5)))
    centre = rng.uniform(0, 1, 2) * (aspect, 1.0)
    wide, high = rng.uniform(0.08, 0.4, 2).tolist()
    puff = ellipse(centre, wide, high, float(rng.uniform(0, 3)))
    blur = float(rng.uniform(0.005, 0.08))
    return Tint(path(puff), rgb, float(rng.uniform(0.3, 0.9)), blur)


def dots(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A pattern of dots."""
    step = rng.uniform(0.09, 0.17)
    rows, columns = int(1 / step) + 2, int(aspect / step) + 2
    spots = [
        ellipse(((column + 0.5 * (row % 2)) * step, row * step), step * 0.24, step * 0.24)
        for row in range(rows)
        for column in range(columns)
    ]
    return [everything("wall", aspect), _pattern(spots)], _colours(rng)


def stripes(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Slanting stripes."""
    step, slant = rng.uniform(0.10, 0.22), rng.uniform(-0.6, 0.6)
    bands = [
        polygon(
            [(x, -0.02), (x + step / 2, -0.02), (x + step / 2 + slant, 1.02), (x + slant, 1.02)]
        )
        for x in np.arange(-1.0, aspect + 1.0, step)
    ]
    return [everything("wall", aspect), _pattern(bands)], _colours(rng)


def disc(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A large disc behind the head."""
    contour = ellipse((aspect / 2 + rng.uniform(-0.1, 0.1), 0.45), 0.4, 0.4)
    return [everything("wall", aspect), _pattern([contour])], _colours(rng)


def _pattern(contours: list) -> Shape:
    outline = [Stroke(contour, (0.5, 0.5)) for contour in contours]
    return Shape(role="pattern", path=path(*contours), outline=outline, glossy=True)


def _colours(rng: np.random.Generator) -> dict[str, Rgb]:
    wall = dyed(common_hue(rng), rng.uniform(0.08, 0.85), rng.uniform(0.5, 1.0))
    return {"wall": wall, "pattern": lit(wall, 0.35)}
