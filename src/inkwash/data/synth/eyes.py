"""Eyes and brows: lids, iris with its gradient, pupil, highlights, lashes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, backwards, band, chain, ellipse, line, path, spline
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke


@dataclass(frozen=True)
class Lids:
    """An eye's lids in its own frame: -1 is the inner corner, 1 the outer; -1 the top."""

    upper: tuple[tuple[float, float], ...]
    lower: tuple[tuple[float, float], ...]


_LIDS = {
    "round": Lids(
        ((-0.95, 0.10), (-0.62, -0.62), (0.05, -0.95), (0.68, -0.62), (1.0, 0.05)),
        ((0.86, 0.45), (0.35, 0.92), (-0.35, 0.90), (-0.82, 0.50)),
    ),
    "almond": Lids(
        ((-1.0, 0.32), (-0.58, -0.45), (0.10, -0.88), (0.72, -0.72), (1.08, -0.28)),
        ((0.90, 0.30), (0.30, 0.82), (-0.40, 0.80), (-0.86, 0.52)),
    ),
    "droopy": Lids(
        ((-0.95, -0.08), (-0.60, -0.66), (0.0, -0.86), (0.66, -0.48), (1.05, 0.28)),
        ((0.86, 0.62), (0.35, 0.90), (-0.35, 0.82), (-0.84, 0.35)),
    ),
    "sharp": Lids(
        ((-1.05, 0.36), (-0.50, -0.20), (0.15, -0.56), (0.75, -0.58), (1.15, -0.34)),
        ((0.90, 0.20), (0.30, 0.66), (-0.40, 0.68), (-0.90, 0.50)),
    ),
    "calm": Lids(
        ((-1.0, 0.06), (-0.60, -0.24), (0.0, -0.34), (0.62, -0.26), (1.05, 0.02)),
        ((0.86, 0.42), (0.35, 0.84), (-0.35, 0.82), (-0.84, 0.40)),
    ),
}
_SHUT = {
    "closed": ((-1.0, 0.20), (-0.45, 0.56), (0.25, 0.62), (1.05, 0.22)),
    "smiling": ((-1.0, 0.48), (-0.45, -0.02), (0.25, -0.08), (1.05, 0.46)),
}


def eyes(character: Character, head: Head) -> list[Shape]:
    """The eyes that are seen, the far one first."""
    order = head.eyes
    if character.eyes in _SHUT:
        return [_shut(_Frame(head, side), character) for side in order]
    return [shape for side in order for shape in _open(_Frame(head, side), character)]


class _Frame:
    """From an eye's own frame to the picture."""

    def __init__(self, head: Head, side: float) -> None:
        self.head, self.side = head, side

    def place(self, points: object) -> Points:
        ab = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        head = self.head
        u = self.side * (head.eye_gap + ab[:, 0] * head.eye_width)
        return head.place(np.stack([u, head.eye_line + ab[:, 1] * head.eye_height], axis=1))

    def curve(self, points: object) -> Points:
        return spline(self.place(points))

    def oval(self, a: float, b: float, radius_a: float, radius_b: float) -> skia.Path:
        return path(self.ring(a, b, radius_a, radius_b))

    def ring(self, a: float, b: float, radius_a: float, radius_b: float) -> Points:
        return self.place(ellipse((a, b), radius_a, radius_b))


def _open(frame: _Frame, character: Character) -> list[Shape]:
    lids = _LIDS[character.eyes]
    upper, lower = frame.curve(lids.upper), frame.curve(lids.lower)
    opening = path(chain(upper, lower, line(lower[-1], upper[0])))
    top = min(b for _, b in lids.upper)
    under_lid = frame.curve([(a, b + 0.36) for a, b in lids.upper])
    shadow = path(chain(upper, backwards(under_lid)))
    white = Shape(role="eye white", path=opening, shadows=[shadow])
    return [
        white,
        *_iris(frame, character, opening, shadow, top),
        Shape(role="lash", path=skia.Path(), strokes=_lashes(frame, character, lids, upper)),
    ]


def _iris(
    frame: _Frame, character: Character, opening: skia.Path, shadow: skia.Path, top: float
) -> list[Shape]:
    gaze_x, gaze_y = character.gaze
    # Both irises look the same way, whichever side their outer corner is on.
    a = -0.04 + frame.side * gaze_x * 0.22
    radius = 0.60 if character.age in ("child", "teen") else 0.52
    b, tall = (top + 0.92) / 2 - 0.04 + gaze_y * 0.12, 0.90
    tall = min(0.90, (0.92 - top) * 0.58) if character.eyes != "calm" else 0.84
    glow = frame.oval(a, b + tall * 0.55, radius * 0.62, tall * 0.34)
    ring = frame.ring(a, b, radius, tall)
    iris = Shape(
        role="iris",
        path=path(ring),
        clip=opening,
        outline=[Stroke(ring, (0.8, 0.8))],
        shadows=[shadow],
        lights=[glow],
        ramp=(0.52, 1.22),
    )
    pupil = Shape(
        role="pupil",
        path=frame.oval(a, b - tall * 0.05, radius * 0.42, tall * 0.46),
        clip=opening,
        inked=True,
    )
    first = frame.ring(a - frame.side * radius * 0.42, b - tall * 0.42, radius * 0.34, tall * 0.28)
    second = frame.ring(a + frame.side * radius * 0.45, b + tall * 0.48, 0.11, 0.11)
    shines = Shape(
        role="highlight",
        path=path(first, second),
        clip=opening,
        outline=[Stroke(first, (0.35, 0.35))],
        glossy=True,
    )
    return [iris, pupil, shines]


def _lashes(frame: _Frame, character: Character, lids: Lids, upper: Points) -> list[Stroke]:
    weight = 0.030 + 0.030 * character.lashes
    end = lids.upper[-1]
    wing = frame.place([(end[0] + 0.12 + 0.14 * character.lashes, end[1] + 0.02)])
    knots = np.concatenate([frame.place(lids.upper), wing])
    lid = Stroke(
        spline(knots),
        (weight * 0.35, weight, weight * 1.25, weight * 1.6, weight * 0.2),
        brush=True,
    )
    strokes = [lid, _crease(frame, lids), *_lower_lash(frame, lids)]
    if character.lashes > 0.6:
        strokes += [_lash(frame, end, weight, reach) for reach in (0.35, 0.2)]
    return strokes


def _crease(frame: _Frame, lids: Lids) -> Stroke:
    above = [(a * 0.86, b - 0.30) for a, b in lids.upper[1:-1]]
    return Stroke(frame.curve(above), (0.2, 0.7, 0.3))


def _lower_lash(frame: _Frame, lids: Lids) -> list[Stroke]:
    return [Stroke(frame.curve(lids.lower[:3]), (0.9, 0.7, 0.15))]


def _lash(frame: _Frame, end: tuple[float, float], weight: float, reach: float) -> Stroke:
    a, b = end
    curve = frame.curve(
        [(a - 0.3 + reach, b - 0.25), (a + reach * 0.6, b - 0.3), (a + 0.1 + reach, b - 0.42)]
    )
    return Stroke(curve, (weight * 0.9, weight * 0.1), brush=True)


def _shut(frame: _Frame, character: Character) -> Shape:
    weight = 0.032 + 0.022 * character.lashes
    lid = frame.curve(_SHUT[character.eyes])
    strokes = [Stroke(lid, (weight * 0.4, weight, weight * 1.2, weight * 0.4), brush=True)]
    if character.lashes > 0.45 and character.eyes == "closed":
        for a, b in ((0.5, 0.55), (0.85, 0.38)):
            tip = [(a, b), (a + 0.2, b + 0.28)]
            strokes.append(Stroke(frame.curve(tip), (weight * 0.7, weight * 0.1), brush=True))
    return Shape(role="lash", path=skia.Path(), strokes=strokes)


_BROWS = {
    "soft": ((-0.75, -1.42), (0.05, -1.68), (0.95, -1.40)),
    "straight": ((-0.8, -1.45), (0.1, -1.52), (0.95, -1.38)),
    "raised": ((-0.75, -1.62), (0.05, -1.98), (0.95, -1.62)),
    "stern": ((-0.85, -1.12), (0.1, -1.46), (1.0, -1.58)),
    "worried": ((-0.75, -1.72), (0.05, -1.62), (0.95, -1.26)),
}


def brows(character: Character, head: Head) -> list[Shape]:
    """The brows over them, in the colour of the hair."""
    thick = {"child": 0.022, "teen": 0.022, "adult": 0.028, "elder": 0.034}[character.age]
    if character.build == "sturdy":
        thick *= 1.5
    return [_brow(_Frame(head, side), character, thick) for side in head.eyes]


def _brow(frame: _Frame, character: Character, thick: float) -> Shape:
    scale = 0.21 / frame.head.eye_height  # brows keep their distance over small eyes
    spine = [(a, b * scale) for a, b in _BROWS[character.brows]]
    outline = band(frame.place(spine), (thick * 0.45, thick * 1.15, thick * 0.1))
    return Shape(role="brow", path=path(outline), outline=[Stroke(outline, (0.4, 0.4))], inked=True)
