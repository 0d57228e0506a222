"""The face from the side: outline with nose and lips, the mouth at its edge, the ear."""

from __future__ import annotations

import numpy as np
import skia

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, chain, ellipse, line, path, spline
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Rgb, Shape, Stroke, Tint

# Pieces of the contour that looks to the right, from the ear to the forehead; corners between.
_CONTOUR = (
    (
        (-0.15, 0.30),
        (-0.10, 0.82),
        (0.22, 1.14),
        (0.58, 1.33),
        (0.77, 1.31),
        (0.83, 1.20),
        (0.805, 1.10),
        (0.865, 1.035),
        (0.84, 0.975),
    ),
    ((0.84, 0.975), (0.895, 0.91), (0.87, 0.835)),
    ((0.87, 0.835), (0.98, 0.81), (1.04, 0.74)),
    ((1.04, 0.74), (0.95, 0.48), (0.865, 0.22), (0.90, -0.02), (0.90, -0.3)),
)
_CHIN = 1.30  # of the contour above


def profile(character: Character, head: Head, blush: Rgb, shadow: skia.Path) -> list[Shape]:
    """Face, mouth and ear; `shadow` is what the hair throws on them."""
    pieces = [spline(_placed(head, points)) for points in _CONTOUR]
    contour = chain(*pieces)
    dome = spline(_placed(head, [(0.9, -0.3), (0.5, -0.85), (-0.4, -0.8), (-0.15, 0.30)]))
    face = Shape(
        role="skin",
        path=path(chain(contour, dome)),
        group="face",
        outline=[Stroke(contour, (0.5, 1.2, 0.9, 0.7))],
        strokes=[_nostril(head), *_mouth_line(character, head)],
        shadows=[shadow],
        tints=_cheek(character, head, blush),
        turn=0.07,
    )
    return [face, *_mouth(character, head), *_ear(character, head)]


def _placed(head: Head, points: object) -> Points:
    xy = np.asarray(points, dtype=np.float64)
    low = np.clip((xy[:, 1] - 0.45) / (_CHIN - 0.45), 0, None)
    y = xy[:, 1] + low * (head.chin - _CHIN)
    return np.stack([xy[:, 0] * head.side, y], axis=1)


def _nostril(head: Head) -> Stroke:
    wing = spline(_placed(head, [(0.90, 0.78), (0.86, 0.80), (0.87, 0.83)]))
    return Stroke(wing, (0.2, 0.7, 0.3))


def _mouth_line(character: Character, head: Head) -> list[Stroke]:
    if character.mouth in ("open", "grin"):
        return []
    end = {"smile": 0.94, "cat": 0.95, "frown": 1.02}.get(character.mouth, 0.975)
    curve = spline(_placed(head, [(0.84, 0.975), (0.76, 0.985), (0.67, end)]))
    return [Stroke(curve, (0.9, 1.0, 0.4))]


def _mouth(character: Character, head: Head) -> list[Shape]:
    if character.mouth not in ("open", "grin"):
        return []
    upper = spline(_placed(head, [(0.87, 0.945), (0.76, 0.95), (0.64, 0.915)]))
    lower = spline(_placed(head, [(0.64, 0.915), (0.70, 1.03), (0.85, 1.045)]))
    contour = chain(upper, lower, line(lower[-1], upper[0]))
    role = "teeth" if character.mouth == "grin" else "mouth"
    return [Shape(role=role, path=path(contour), outline=[Stroke(contour, (0.9, 0.9))])]


def _cheek(character: Character, head: Head, blush: Rgb) -> list[Tint]:
    spot = path(ellipse(_placed(head, [(0.55, 0.76)])[0], 0.15, 0.075))
    return [Tint(spot, blush, 0.75 * character.blush, 0.05)] if character.blush > 0 else []


def _ear(character: Character, head: Head) -> list[Shape]:
    if character.ears in ("cat", "fox", "rabbit"):
        return []
    tip = (-0.50, 0.02) if character.ears == "elf" else (-0.26, 0.24)
    rim = [(-0.02, 0.40), (-0.08, 0.26), tip, (-0.30, 0.48), (-0.16, 0.66), (-0.06, 0.70)]
    outer = spline(_placed(head, rim))
    inner = spline(_placed(head, [(-0.08, 0.34), (-0.20, 0.38), (-0.14, 0.56)]))
    return [
        Shape(
            role="skin",
            path=path(chain(outer, line(outer[-1], outer[0]))),
            group="face",
            strokes=[Stroke(outer, (0.5, 1.0, 0.6)), Stroke(inner, (0.2, 0.8, 0.3))],
        )
    ]
