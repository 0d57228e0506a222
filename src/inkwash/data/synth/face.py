"""The skin of the head: its outline from front to three-quarter, ears, nose, blush, shadows."""

from __future__ import annotations

import numpy as np
import skia

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, at, chain, ellipse, line, path, spline
from inkwash.data.synth.head import Head
from inkwash.data.synth.profile import profile
from inkwash.data.synth.scene import Rgb, Shape, Stroke, Tint

# From the near temple over the chin to the far temple, as (front, three-quarter to the right).
_FRONT = np.array(
    [
        (-0.84, -0.25),
        (-0.87, 0.30),
        (-0.78, 0.76),
        (-0.45, 1.12),
        (-0.085, 1.325),
        (0.085, 1.325),
        (0.45, 1.12),
        (0.78, 0.76),
        (0.86, 0.48),
        (0.875, 0.15),
        (0.84, -0.25),
    ]
)
_TURNED = np.array(
    [
        (-0.66, -0.25),
        (-0.66, 0.36),
        (-0.54, 0.82),
        (-0.12, 1.16),
        (0.34, 1.35),
        (0.49, 1.335),
        (0.65, 1.14),
        (0.83, 0.80),
        (0.895, 0.52),
        (0.835, 0.17),
        (0.88, -0.22),
    ]
)
_CHIN = 1.33  # of the two outlines above


def face_outline(head: Head) -> Points:
    """The contour from temple to temple over the chin (31, 2), not closed."""
    amount = abs(head.turn)
    points = _FRONT * (1 - amount) + _TURNED * amount
    low = np.clip((points[:, 1] - 0.45) / (_CHIN - 0.45), 0, None)
    points[:, 1] += low * (head.chin - _CHIN)
    middle = 0.42 * amount
    points[:, 0] = middle + (points[:, 0] - middle) * (1 + (head.jaw - 1) * np.minimum(low * 2, 1))
    points[:, 1] -= head.pitch * 0.09 * np.clip(low, 0, 1)
    return spline(points * (head.side, 1.0))


def face(character: Character, head: Head, blush: Rgb, hair: skia.Path) -> list[Shape]:
    """Ears, face, nose and cheeks; `hair` throws its shadow on them."""
    if head.profile:
        return profile(character, head, blush, _below(hair))
    contour = face_outline(head)
    dome = spline([contour[-1], (0.5 * head.side, -0.85), (-0.45 * head.side, -0.85), contour[0]])
    skin = path(chain(contour, dome))
    shape = Shape(
        role="skin",
        path=skin,
        group="face",
        outline=[Stroke(contour, (0.7, 1.0, 1.25, 1.0, 0.7))],
        strokes=_nose(character, head),
        shadows=[_below(hair), *_nose_shadow(head)],
        tints=_cheeks(character, head, blush),
        turn=0.07,
    )
    return [*ears(character, head), shape]


def _below(hair: skia.Path) -> skia.Path:
    """The hair's shadow on the forehead and the cheeks."""
    shadow = skia.Path(hair)
    shadow.offset(0.03, 0.085)
    return shadow


def _nose_shadow(head: Head) -> list[skia.Path]:
    tip = head.spot(0, head.nose_line, 0.06)
    across = -head.side * 0.05
    corners = [tip, tip + at(across, 0.035), tip + at(-across * 0.2, 0.06)]
    return [path(spline(corners, closed=True))]


def _nose(character: Character, head: Head) -> list[Stroke]:
    base = head.nose_line
    tip = head.spot(0.0, base, 0.07)
    grown = character.age in ("adult", "elder") or character.build == "sturdy"
    size = 0.12 if grown else 0.055
    bridge = spline(
        [
            tip + at(-0.015 * head.side, -size),
            tip + at(0.012 * head.side, -0.01),
            tip + at(-0.03 * head.side, 0.02),
        ]
    )
    strokes = [Stroke(bridge, (0.15, 0.75, 0.35))]
    if grown:
        under = spline([tip + at(-0.055 * head.side, 0.055), tip + at(0.0, 0.06)])
        strokes.append(Stroke(under, (0.3, 0.7, 0.3)))
    if character.age == "elder":
        strokes += _wrinkles(head)
    return strokes


def _wrinkles(head: Head) -> list[Stroke]:
    strokes = []
    low = head.eye_line + head.eye_height
    for side in (-1, 1):
        fold = [(side * 0.20, head.nose_line + 0.08), (side * 0.25, head.mouth_line - 0.03)]
        under = [(side * 0.30, low + 0.06), (side * 0.42, low + 0.09), (side * 0.54, low + 0.06)]
        strokes += [Stroke(spline(head.place(p)), (0.1, 0.6, 0.1)) for p in (fold, under)]
    return strokes


def _cheeks(character: Character, head: Head, blush: Rgb) -> list[Tint]:
    if character.blush <= 0:
        return []
    v = head.eye_line + head.eye_height + 0.10
    cheeks = [path(ellipse(head.spot(u, v), 0.16, 0.075)) for u in (-0.5, 0.5)]
    return [Tint(cheek, blush, 0.75 * character.blush, 0.05) for cheek in cheeks]


def ears(character: Character, head: Head) -> list[Shape]:
    """The ears that are seen from the front or from behind; none beside an animal's."""
    if character.ears in ("cat", "fox", "rabbit"):
        return []
    shapes = []
    for side in (-1.0, 1.0):
        near = -side * head.side  # 1 on the side that is turned to us
        if near < 0 and abs(head.turn) > 0.3:
            continue
        x = side * (0.86 - (0.22 * abs(head.turn) if near > 0 else 0.0))
        shapes.append(_ear(x, side, head, long=character.ears == "elf"))
    return shapes


def _ear(x: float, side: float, head: Head, long: bool) -> Shape:
    top = (0.52, 0.08) if long else (0.17, 0.30)
    outer = spline(
        [
            (x - side * 0.05, 0.36),
            (x + side * top[0] * 0.6, top[1] - (0.0 if long else 0.03)),
            (x + side * top[0], top[1] + 0.04),
            (x + side * 0.14, 0.58),
            (x - side * 0.02, 0.74),
        ]
    )
    inner = spline([(x + side * 0.09, 0.38), (x + side * 0.1, 0.5), (x + side * 0.03, 0.6)])
    hollow = path(chain(inner, line(inner[-1], inner[0])))
    return Shape(
        role="skin",
        path=path(chain(outer, line(outer[-1], outer[0]))),
        outline=[Stroke(outer, (0.6, 1, 0.6))],
        strokes=[Stroke(inner, (0.2, 0.8, 0.3))],
        shadows=[hollow],
    )
