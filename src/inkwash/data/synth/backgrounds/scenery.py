"""Wide views: hills one behind the other, a city's skyline."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.backgrounds.outdoors import colours, stars
from inkwash.data.synth.backgrounds.parts import area, below, box, cloud, everything, puffs
from inkwash.data.synth.backgrounds.plain import Ground
from inkwash.data.synth.colours import common_hue, dyed, from_hsv, mixed
from inkwash.data.synth.curves import chain, line, path, polygon, spline
from inkwash.data.synth.scene import Rgb, Shape, Stroke


def hills(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Hills that fade into the distance, a path, bushes."""
    palette = colours(rng, ambient)
    shapes = [everything("sky", aspect, (0.9, 1.4))]
    if rng.random() < 0.7:
        x, y = float(rng.uniform(0, aspect)), float(rng.uniform(0.1, 0.3))
        shapes.append(cloud(rng, x, y, float(rng.uniform(0.12, 0.3))))
    horizon = float(rng.uniform(0.35, 0.55))
    for i in range(3):
        shapes.append(_ridge(rng, f"hill {i + 1}", horizon + 0.12 * i, aspect))
        palette[f"hill {i + 1}"] = mixed(palette["grass"], palette["sky"], 0.55 - 0.22 * i)
    shapes.append(_path(rng, horizon + 0.24, aspect))
    for _ in range(int(rng.integers(2, 6))):
        x, y = float(rng.uniform(0, aspect)), float(rng.uniform(horizon + 0.25, 0.95))
        size = 0.05 + 0.14 * (y - horizon)
        shapes.append(area("foliage", puffs(rng, x, y, size, size * 0.8, 6), turn=0.02))
    return shapes, {**palette, "path": (226, 200, 158)}


def _ridge(rng: np.random.Generator, role: str, y: float, aspect: float) -> Shape:
    x = np.linspace(-0.05, aspect + 0.05, 6)
    heights = y + rng.uniform(-0.09, 0.06, 6)
    return below(role, spline(np.stack([x, heights], axis=1)), ramp=(1.08, 0.9))


def _path(rng: np.random.Generator, y: float, aspect: float) -> Shape:
    """A way that widens towards us."""
    start, end = rng.uniform(0.3, 0.7) * aspect, rng.uniform(0.1, 0.9) * aspect
    bend = (start + end) / 2 + rng.uniform(-0.2, 0.2)
    middle = (y + 1.05) / 2
    left = spline([(start - 0.01, y + 0.03), (bend - 0.07, middle), (end - 0.22, 1.05)])
    right = spline([(end + 0.22, 1.05), (bend + 0.05, middle), (start + 0.01, y + 0.03)])
    return area("path", chain(left, line(left[-1], right[0]), right))


def city(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Towers before the sky, their windows lit at night."""
    palette = colours(rng, ambient)
    night = ambient == "night"
    shapes = [everything("sky", aspect, (0.8, 1.5))]
    if night:
        shapes += stars(rng, aspect)
    for row, (low, high) in enumerate(((0.25, 0.5), (0.45, 0.75))):
        x = -0.05
        while x < aspect:
            width, top = float(rng.uniform(0.1, 0.24)), float(rng.uniform(low, high))
            shapes += _tower(rng, f"tower {row + 1}", x, top, x + width)
            x += width + float(rng.choice([0.0, 0.0, 0.04]))
    hue = common_hue(rng)
    for row in range(2):
        stone = dyed(hue, rng.uniform(0.1, 0.5), rng.uniform(0.35, 0.8))
        palette[f"tower {row + 1}"] = mixed(stone, palette["sky"], 0.45 - 0.35 * row)
    palette["lit window"] = _lamp(rng) if night else (206, 226, 236)
    return shapes, palette


def _lamp(rng: np.random.Generator) -> Rgb:
    """Bright enough to shine through the light of the night."""
    return from_hsv(rng.uniform(0.10, 0.15), rng.uniform(0.2, 0.5), 1.0)


def _tower(
    rng: np.random.Generator, role: str, left: float, top: float, right: float
) -> list[Shape]:
    """One building; its windows are one region, as they are too small for more."""
    columns, step = int(rng.integers(2, 5)), float(rng.uniform(0.04, 0.07))
    wide = (right - left) / columns
    panes = [
        box(x + wide * 0.25, y, x + wide * 0.75, y + step * 0.55)
        for y in np.arange(top + 0.03, 1.0, step)
        for x in left + wide * np.arange(columns)
        if rng.random() < 0.6
    ]
    shapes = [area(role, box(left, top, right, 1.1))]
    if panes:
        edges = [Stroke(pane, (0.4, 0.4)) for pane in panes]
        shapes.append(Shape(role="lit window", path=path(*panes), outline=edges, glossy=True))
    if rng.random() < 0.3:
        middle = (left + right) / 2
        mast = [(middle - 0.005, top), (middle, top - 0.09), (middle + 0.005, top)]
        shapes.append(area(role, polygon(mast)))
    return shapes
