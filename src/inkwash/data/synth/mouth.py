"""Mouths."""

from __future__ import annotations

import numpy as np

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, at, chain, path, spline
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke

_LINES = {
    "smile": ((-0.15, -0.025), (-0.07, 0.018), (0.07, 0.018), (0.15, -0.025)),
    "flat": ((-0.10, 0.0), (0.0, 0.006), (0.10, 0.0)),
    "small": ((-0.055, 0.0), (0.0, 0.014), (0.055, 0.0)),
    "frown": ((-0.12, 0.03), (0.0, -0.012), (0.12, 0.03)),
}


def mouth(character: Character, head: Head) -> list[Shape]:
    """The mouth's line or its opening; a profile brings its own."""
    if head.profile:
        return []
    kind = character.mouth
    if kind in _LINES:
        strokes = [Stroke(_curve(head, _LINES[kind]), (0.5, 1.1, 0.8, 1.1, 0.5)), _lip(head)]
        return [Shape(role="skin", path=path(), group="face", strokes=strokes)]
    if kind == "cat":
        return [_cat(head)]
    return _opened(head, wide=0.19 if kind == "grin" else 0.15, grin=kind == "grin")


def _curve(head: Head, points: object) -> Points:
    return spline(_placed(head, points))


def _placed(head: Head, points: object) -> Points:
    offsets = np.asarray(points, dtype=np.float64)
    return head.place(offsets + at(0.0, head.mouth_line), 0.03)


def _lip(head: Head) -> Stroke:
    return Stroke(_curve(head, ((-0.04, 0.085), (0.0, 0.092), (0.04, 0.085))), (0.2, 0.55, 0.2))


def _cat(head: Head) -> Shape:
    left = _curve(head, ((-0.16, -0.03), (-0.09, 0.03), (0.0, -0.015)))
    right = _curve(head, ((0.0, -0.015), (0.09, 0.03), (0.16, -0.03)))
    strokes = [Stroke(chain(left, right), (0.6, 1.0, 0.6))]
    return Shape(role="skin", path=path(), group="face", strokes=strokes)


def _opened(head: Head, wide: float, grin: bool) -> list[Shape]:
    deep = 0.10 if grin else 0.15
    top = _curve(head, ((-wide, -0.035), (-wide / 2, -0.012), (wide / 2, -0.012), (wide, -0.035)))
    bottom = _curve(
        head,
        (
            (wide, -0.035),
            (wide * 0.62, deep * 0.75),
            (0, deep),
            (-wide * 0.62, deep * 0.75),
            (-wide, -0.035),
        ),
    )
    opening = path(chain(top, bottom))
    edge = [Stroke(top, (0.8, 1.2, 0.8)), Stroke(bottom, (0.8, 1.0, 0.8))]
    if grin:
        return [Shape(role="teeth", path=opening, outline=edge)]
    mound = _curve(head, ((-0.12, deep), (-0.06, deep * 0.52), (0.06, deep * 0.52), (0.12, deep)))
    tongue = Shape(
        role="tongue",
        path=path(chain(mound, mound[[-1, -1, 0, 0]])),
        clip=opening,
        strokes=[Stroke(mound, (0.5, 0.7, 0.5))],
    )
    return [Shape(role="mouth", path=opening, outline=edge), tongue]
