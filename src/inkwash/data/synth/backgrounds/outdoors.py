"""Sky, sea, forest, street."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.backgrounds.parts import (
    area,
    below,
    box,
    cloud,
    everything,
    puffs,
    sky_colour,
)
from inkwash.data.synth.backgrounds.plain import Ground
from inkwash.data.synth.colours import common_hue, dyed, from_hsv, multiplied
from inkwash.data.synth.curves import Points, band, chain, ellipse, line, path, spline
from inkwash.data.synth.scene import Rgb, Shape, Stroke


def sky(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Sky with clouds, or with stars and a moon."""
    shapes = [everything("sky", aspect, (0.86, 1.45))]
    if ambient == "night":
        shapes += stars(rng, aspect)
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, aspect), rng.uniform(0.12, 0.85)
        shapes.append(cloud(rng, float(x), float(y), float(rng.uniform(0.12, 0.34))))
    return shapes, colours(rng, ambient)


def sea(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """A horizon, waves, a beach."""
    horizon = float(rng.uniform(0.45, 0.62))
    shapes, palette = sky(rng, aspect, ambient)
    shapes = [
        *shapes,
        area(
            "water",
            box(-0.05, horizon, aspect + 0.05, 1.1),
            *_waves(rng, horizon, aspect),
            ramp=(0.9, 1.3),
        ),
    ]
    if rng.random() < 0.6:
        shore = spline([(-0.05, 0.84), (aspect * 0.4, 0.80), (aspect + 0.05, 0.88)])
        shapes.append(below("sand", shore))
    return shapes, palette


def forest(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Trees, bushes and grass."""
    shapes = [everything("sky", aspect, (0.92, 1.4))]
    ground = float(rng.uniform(0.62, 0.75))
    for x in np.arange(0.05, aspect, rng.uniform(0.26, 0.4)):
        shapes += _tree(rng, float(x), ground + 0.03)
    shapes.append(
        below(
            "grass", spline([(-0.05, ground), (aspect / 2, ground - 0.03), (aspect + 0.05, ground)])
        )
    )
    for _ in range(3):
        x = float(rng.uniform(0, aspect))
        shapes.append(area("foliage", puffs(rng, x, ground + 0.1, 0.16, 0.13, 6), turn=0.02))
    return shapes, colours(rng, ambient)


def street(rng: np.random.Generator, aspect: float, ambient: str) -> Ground:
    """Houses with windows along a road."""
    shapes = [everything("sky", aspect, (0.88, 1.4))]
    shapes.append(cloud(rng, aspect * 0.3, 0.16, 0.16))
    ground, x, number = 0.80, -0.05, 0
    while x < aspect:
        width, top = float(rng.uniform(0.2, 0.38)), float(rng.uniform(0.18, 0.5))
        shapes += _house(rng, x, top, x + width, ground, f"building {number % 3 + 1}")
        x, number = x + width, number + 1
    kerb = Stroke(line((-0.05, ground + 0.05), (aspect + 0.05, ground + 0.05)), (0.8, 0.8))
    shapes.append(area("road", box(-0.05, ground, aspect + 0.05, 1.1), kerb))
    return shapes, colours(rng, ambient)


def colours(rng: np.random.Generator, ambient: str) -> dict[str, Rgb]:
    """Role → colour of all that is seen outdoors."""
    green = dyed(rng.uniform(0.22, 0.40), rng.uniform(0.35, 0.65), rng.uniform(0.5, 0.8))
    hue = common_hue(rng)
    return {
        "sky": sky_colour(rng, ambient),
        "cloud": (252, 252, 254),
        "moon": (255, 246, 200),
        "water": from_hsv(rng.uniform(0.49, 0.60), rng.uniform(0.45, 0.75), rng.uniform(0.6, 0.9)),
        "sand": (244, 226, 182),
        "grass": multiplied(green, (1.1, 1.12, 0.95)),
        "foliage": green,
        "trunk": (128, 92, 70),
        "road": (176, 176, 184),
        "window": (196, 226, 240),
        "door": (140, 90, 74),
        **{
            f"building {i + 1}": from_hsv(
                hue + i * 0.06, rng.uniform(0.1, 0.6), rng.uniform(0.5, 0.97)
            )
            for i in range(3)
        },
    }


def stars(rng: np.random.Generator, aspect: float) -> list[Shape]:
    """Stars and the moon."""
    spots = [
        ellipse((rng.uniform(0, aspect), rng.uniform(0, 0.8)), size, size)
        for size in rng.uniform(0.002, 0.006, 40)
    ]
    stars = Shape(role="moon", path=path(*spots), glossy=True)
    moon = ellipse((rng.uniform(0.1, aspect - 0.1), rng.uniform(0.1, 0.3)), 0.075, 0.075)
    return [stars, area("moon", moon)]


def _waves(rng: np.random.Generator, horizon: float, aspect: float) -> list[Stroke]:
    strokes = []
    for _ in range(9):
        x, y = rng.uniform(0, aspect), rng.uniform(horizon + 0.03, 0.98)
        wide = 0.05 + 0.1 * (y - horizon)
        curve = spline(
            [(x - wide, y), (x - wide / 3, y - 0.01), (x + wide / 3, y + 0.006), (x + wide, y)]
        )
        strokes.append(Stroke(curve, (0.1, 0.9, 0.1)))
    return strokes


def _tree(rng: np.random.Generator, x: float, ground: float) -> list[Shape]:
    wide, top = float(rng.uniform(0.02, 0.04)), float(rng.uniform(0.15, 0.35))
    trunk = band([(x, ground), (x + 0.01, ground - 0.2), (x, top)], (wide, wide * 0.8, wide * 0.6))
    size = float(rng.uniform(0.14, 0.22))
    crowns = [
        area("foliage", _crown(rng, x + dx * size, top + dy * size, size * k), turn=0.03)
        for dx, dy, k in ((-0.6, 0.35, 0.75), (0.6, 0.3, 0.8), (0.0, -0.1, 1.0))
    ]
    return [area("trunk", trunk, turn=0.01), *crowns]


def _crown(rng: np.random.Generator, x: float, y: float, size: float) -> Points:
    upper = puffs(rng, x, y, size, size * 0.9, 7)
    count = len(upper) - 7  # without the flat base
    lower = puffs(rng, x, y, size, size * 0.55, 6)[:-6] * (1.0, -1.0) + (0.0, 2 * y)
    return chain(upper[:count], lower[::-1])


def _house(
    rng: np.random.Generator, left: float, top: float, right: float, ground: float, role: str
) -> list[Shape]:
    shapes = [area(role, box(left, top, right, ground + 0.01))]
    columns, rows = int(rng.integers(2, 4)), int((ground - top) / 0.13)
    wide, high = (right - left) / columns, (ground - top) / max(rows, 1)
    for row in range(rows):
        for column in range(columns):
            x, y = left + (column + 0.25) * wide, top + (row + 0.25) * high
            frame = box(x, y, x + wide * 0.5, y + high * 0.5)
            cross = Stroke(
                line((x + wide * 0.25, y), (x + wide * 0.25, y + high * 0.5)), (0.7, 0.7)
            )
            shapes.append(area("window", frame, cross))
    middle, half = (left + right) / 2, (right - left) * 0.11
    shapes.append(area("door", box(middle - half, ground - 0.10, middle + half, ground)))
    return shapes
