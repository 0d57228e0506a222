"""The hair behind the body."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.curves import Points, at, chain, ellipse, path, spline
from inkwash.data.synth.hair.locks import curls, skull, strand, wavy, zigzag
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke

_LENGTHS = {"cropped": 0.92, "short": 1.18, "bob": 1.42, "medium": 2.15, "long": 3.7, "wavy": 3.2}
_WIDTHS = {"cropped": 0.62, "short": 0.98, "bob": 1.14, "medium": 1.12, "long": 1.38, "wavy": 1.45}


def back_hair(character: Character, head: Head, rng: np.random.Generator) -> list[Shape]:
    """The mass that hangs from the back of the head."""
    hair = character.hair
    if hair.back == "curly":
        return [_curly(hair, head, rng)]
    return [_hanging(hair, head, rng)]


def _hanging(hair: Hair, head: Head, rng: np.random.Generator) -> Shape:
    cap = skull(head, hair.volume)
    if head.side < 0:
        cap = cap[::-1]
    reach = hair.length if hair.back in ("medium", "long", "wavy") else 1.0
    low = 0.4 + (_LENGTHS[hair.back] - 0.4) * reach
    wide = _WIDTHS[hair.back] + 0.1 * (hair.volume - 1.0)
    centre = -0.10 * head.turn
    if head.profile:  # all of it hangs behind the ear
        cap[7 if head.side > 0 else 1] = (0.15 * head.side, 0.0)
        centre, wide = -0.52 * head.side, wide * 0.62
    left = _flank(cap[1], centre - wide, low, hair, -1.0)
    right = _flank(cap[7], centre + wide, low, hair, 1.0)
    bottom, notches = _bottom(left[-1], right[-1], hair, low, rng)
    over = (
        spline([right[0], *(cap[5:2:-1] * 0.9), left[0]])
        if head.profile
        else spline([right[0], *cap[6:1:-1], left[0]])
    )
    edges = [Stroke(left, (0.6, 1.1, 0.9)), Stroke(right, (0.6, 1.1, 0.9)), Stroke(bottom, (1, 1))]
    return Shape(
        role="hair",
        path=path(chain(left, bottom, right[::-1], over)),
        group="hair",
        outline=edges,
        strokes=[Stroke(_fall(notch, cap, rng), (1.0, 0.8, 0.1)) for notch in notches],
        shadows=[path(ellipse((centre, 1.15), wide * 0.82, 1.1))],
        deep=[path(ellipse((centre, 1.05), wide * 0.6, 0.7))],
        ramp=(1.0, 1.0 + hair.fade) if hair.fade else None,
        turn=0.12,
    )


def _flank(top: Points, x: float, low: float, hair: Hair, side: float) -> Points:
    """One side of the mass, from the head down."""
    if hair.back == "bob":
        points = np.array(
            [top, (x + side * 0.04, 0.65), (x + side * 0.02, 1.1), (x - side * 0.14, low)]
        )
    elif hair.back in ("cropped", "short"):
        points = np.array(
            [top, (side * 1.02 + x * 0.1, 0.45), (x, low * 0.85), (x + side * 0.05, low)]
        )
    else:
        reach = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
        xs = top[0] + (x - top[0]) * reach**0.8
        points = np.stack([xs, top[1] + (low * 0.94 - top[1]) * reach], axis=1)
    strength = max(hair.wave, 0.9 if hair.back == "wavy" else 0.0)
    if hair.back in ("medium", "long", "wavy"):
        points = wavy(points, strength * 0.9, 0.0 if side > 0 else np.pi, 2.2)
    return spline(points)


def _bottom(
    left: Points, right: Points, hair: Hair, low: float, rng: np.random.Generator
) -> tuple[Points, Points]:
    count = {"cropped": 4, "short": 6, "bob": 7, "medium": 7, "long": 8, "wavy": 7}[hair.back]
    t = np.linspace(0, 1, count + 1)
    t[1:-1] += rng.uniform(-0.3, 0.3, count - 1) / count
    middle = (t[:-1] + t[1:]) / 2
    deep = 0.06 if hair.back == "bob" else 0.22
    notches = left + (right - left) * t[:, None]
    notches[1:-1, 1] += rng.uniform(-0.3, 0.2, count - 1) * deep
    tips = left + (right - left) * middle[:, None]
    lean = (middle - 0.5) * 0.24
    tips[:, 0] += lean
    tips[:, 1] += deep * rng.uniform(0.6, 1.5, count)
    return zigzag(notches, tips, -np.sign(lean) * 0.08), notches[1:-1]


def _fall(notch: Points, cap: Points, rng: np.random.Generator) -> Points:
    top = np.array([notch[0] * 0.75, cap[4][1]])
    return strand(notch, top, float(rng.uniform(0.15, 0.5)))


def _curly(hair: Hair, head: Head, rng: np.random.Generator) -> Shape:
    angles = np.linspace(0, 2 * np.pi, 17)
    radius = (1.0 if head.profile else 1.18) + 0.28 * hair.volume
    centre = np.array([-(0.45 if head.profile else 0.12) * head.turn, -0.12 + 0.12 * hair.length])
    x, y = np.cos(angles) * radius, np.sin(angles) * radius * 0.98
    around = np.stack([x, y], axis=1) + centre
    contour = curls(around, 0.28, rng)
    inner = [Stroke(_curl(centre, radius, rng), (0.2, 0.9, 0.2)) for _ in range(16)]
    return Shape(
        role="hair",
        path=path(contour),
        group="hair",
        outline=[Stroke(contour, (1.0, 1.0))],
        strokes=inner,
        shadows=[path(ellipse(centre + at(0, 0.8), 0.95, 0.8))],
        turn=0.16,
    )


def _curl(centre: Points, radius: float, rng: np.random.Generator) -> Points:
    angle, out = rng.uniform(0, 2 * np.pi), radius * rng.uniform(0.72, 0.98)
    at = centre + out * np.array([np.cos(angle), np.sin(angle)])
    spins = np.linspace(0, 4.2, 5) + rng.uniform(0, 6)
    size = 0.13 * np.linspace(1, 0.4, 5)
    return spline(at + np.stack([np.cos(spins) * size, np.sin(spins) * size], axis=1))
