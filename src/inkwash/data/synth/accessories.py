"""What is worn on the head: ribbons, bands, hats, flowers, pins, glasses, animal ears."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import skia

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import (
    Points,
    at,
    backwards,
    band,
    chain,
    ellipse,
    line,
    path,
    ring,
    spline,
)
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke


def headwear(character: Character, head: Head) -> list[Shape]:
    """What lies on the hair."""
    maker = _WORN.get(character.headwear)
    return maker(head) if maker else []


def _piece(role: str, contour: Points, *strokes: Stroke, turn: float = 0.06) -> Shape:
    outline = [Stroke(contour, (1, 1))]
    return Shape(role=role, path=path(contour), outline=outline, strokes=strokes, turn=turn)


def _side_spot(head: Head) -> Points:
    """Over the ear that is turned to us."""
    return at(head.side * (-0.80 + 0.02 * abs(head.turn)), -0.72)


def _ribbon(head: Head) -> list[Shape]:
    centre = _side_spot(head)
    angle = -0.5 * head.side
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

    def placed(points: list[tuple[float, float]]) -> Points:
        return spline(np.array(points) @ turn + centre)

    shapes = []
    for side in (-1, 1):
        loop = chain(
            placed([(0, -0.06), (side * 0.34, -0.34), (side * 0.66, -0.30)]),
            placed([(side * 0.66, -0.30), (side * 0.72, 0.02), (side * 0.62, 0.30)]),
            placed([(side * 0.62, 0.30), (side * 0.30, 0.20), (0, 0.06)]),
        )
        crease = Stroke(placed([(side * 0.05, 0), (side * 0.2, -0.04), (side * 0.4, -0.05)]))
        shapes.append(_piece("ribbon", chain(loop, line(loop[-1], loop[0])), crease))
    return [*shapes, _piece("ribbon", ellipse(centre, 0.13, 0.16))]


def _hairband(head: Head) -> list[Shape]:
    """A band over the top that goes under the hair behind the ears."""
    angles = np.linspace(-1.35, 1.35, 9)  # over the skull, from ear to ear
    turn = 0.5 * head.turn
    x = 1.03 * np.sin(angles) * np.cos(turn) + 0.30 * np.cos(angles) * np.sin(turn)
    y = 0.06 - 1.20 * np.cos(angles) ** 0.8
    widths = 0.095 * np.cos(angles) ** 0.4
    return [_piece("ribbon", band(np.stack([x, y], axis=1), widths))]


def _hat(head: Head) -> list[Shape]:
    """A straw hat with a wide brim and a ribbon."""
    x = 0.06 * head.turn
    dome = spline(
        [(-1.02 + x, -0.55), (-0.92 + x, -1.20), (x, -1.62), (0.92 + x, -1.20), (1.02 + x, -0.55)]
    )
    brim = ellipse((x, -0.55), 1.78, 0.40)
    under = spline([(-1.02 + x, -0.55), (x, -0.36), (1.02 + x, -0.55)])
    upper = spline([(-1.0 + x, -0.80), (x, -0.62), (1.0 + x, -0.80)])
    ribbon = chain(under, line(under[-1], upper[-1]), backwards(upper), line(upper[0], under[0]))
    crown = chain(dome, backwards(under))
    return [
        _piece("hat", brim, turn=0.12),
        _piece("hat", crown, turn=0.14),
        _piece("ribbon", ribbon),
    ]


def _cap(head: Head) -> list[Shape]:
    """A cap with a visor that points where the head looks."""
    x, side = 0.06 * head.turn, head.side
    dome = spline(
        [(-1.10 + x, -0.36), (-0.98 + x, -0.98), (x, -1.36), (0.98 + x, -0.98), (1.10 + x, -0.36)]
    )
    hem = spline([(1.10 + x, -0.36), (x + 0.2 * side, -0.50), (-1.10 + x, -0.36)])
    reach = 0.35 + 0.55 * abs(head.turn)
    visor = [(-0.75 * side + x, -0.46), (0.1 * side + x, -0.54), (1.0 * side + x, -0.42)]
    tip = [(1.0 * side + x, -0.42), ((0.9 + reach) * side, -0.22), (0.3 * side + x, -0.22)]
    edge = spline([*tip, (-0.75 * side + x, -0.46)])
    seams = [
        Stroke(spline([(x, -1.36), (x + k, -0.95), (x + k * 1.25, -0.47)]), (0.8, 0.8))
        for k in (-0.5, 0.35)
    ]
    button = _piece("ribbon", ellipse((x, -1.36), 0.09, 0.06))
    return [
        _piece("hat", chain(dome, hem), *seams, turn=0.14),
        _piece("ribbon", chain(spline(visor), edge), turn=0.05),
        button,
    ]


def _flower(head: Head) -> list[Shape]:
    centre = _side_spot(head) + at(0.02, 0.1)
    petals = []
    for angle in np.linspace(0, 2 * np.pi, 5, endpoint=False):
        way = at(np.cos(angle), np.sin(angle))
        petals.append(_piece("ribbon", ellipse(centre + way * 0.19, 0.17, 0.13, angle), turn=0.03))
    return [*petals, _piece("button", ellipse(centre, 0.09, 0.09), turn=0.0)]


def _pins(head: Head) -> list[Shape]:
    u = -0.62 * head.side
    shapes = []
    for v in (-0.30, -0.16):
        middle = head.spot(u, v, 0.08)
        spine = [middle + at(-0.16, 0.06 * head.side), middle + at(0.16, -0.06 * head.side)]
        shapes.append(_piece("ribbon", band(spine, (0.045, 0.045)), turn=0.0))
    return shapes


_WORN: Mapping[str, Callable[[Head], list[Shape]]] = {
    "ribbon": _ribbon,
    "band": _hairband,
    "hat": _hat,
    "cap": _cap,
    "flower": _flower,
    "pins": _pins,
}


def animal_ears(character: Character, head: Head) -> list[Shape]:
    """A cat's, a fox's or a rabbit's ears on the top of the head."""
    if character.ears not in _ANIMALS:
        return []
    return [shape for side in (-1.0, 1.0) for shape in _animal_ear(character.ears, side, head)]


# Base, outer edge, tip, inner edge and base of one ear, to the right of the middle.
_ANIMALS = {
    "cat": ((0.94, -0.62), (1.02, -1.10), (0.98, -1.62), (0.62, -1.38), (0.26, -1.02)),
    "fox": ((0.96, -0.60), (1.16, -1.14), (1.14, -1.86), (0.66, -1.46), (0.22, -1.02)),
    "rabbit": ((0.66, -0.86), (0.92, -1.50), (0.70, -2.36), (0.36, -1.66), (0.22, -1.02)),
}


def _animal_ear(kind: str, side: float, head: Head) -> list[Shape]:
    points = np.array(_ANIMALS[kind]) * (side, 1.0) + at(-0.04 * head.turn, 0.0)
    outer, inner = spline(points[:3]), spline(points[2:])
    middle = points.mean(0)
    small = middle + (points - middle) * (0.62, 0.72) + at(0.0, 0.06)
    hollow = chain(spline(small[:3]), spline(small[2:]), line(small[-1], small[0]))
    ear = Shape(
        role="hair",
        path=path(chain(outer, inner, line(inner[-1], outer[0]))),
        outline=[Stroke(outer, (0.8, 1.1, 0.6)), Stroke(inner, (0.6, 1.1, 0.8))],
        turn=0.1,
    )
    return [ear, _piece("ear inner", hollow, turn=0.05)]


def glasses(character: Character, head: Head) -> list[Shape]:
    """Rims, bridge and temples; what lies behind stays visible."""
    if character.glasses == "none" or head.profile:
        return []
    rims, bridges = [], []
    for side in head.eyes:
        outer, inner = (_rim(character.glasses, side, head, k) for k in (1.0, 0.88))
        outline = [Stroke(outer, (0.6, 0.6)), Stroke(inner, (0.6, 0.6))]
        rims.append(Shape(role="glasses", path=ring(outer, inner), strokes=outline, glossy=True))
        bridges.append(Stroke(_temple(side, head), (1.6, 1.6)))
    eye = head.eye_line
    bridges.append(
        Stroke(spline(head.place([(-0.13, eye), (0, eye - 0.04), (0.13, eye)], 0.06)), (1.6, 1.6))
    )
    frame = Shape(role="glasses", path=skia.Path(), strokes=bridges)
    return [*rims, frame]


def _rim(kind: str, side: float, head: Head, share: float) -> Points:
    centre, high = side * (head.eye_gap + 0.01), max(head.eye_height, 0.19)
    if kind == "round":
        contour = ellipse((centre, head.eye_line + 0.03), 0.30 * share, (high + 0.08) * share)
        return head.place(contour, 0.06)
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    x, y = np.cos(angles), np.sin(angles)
    corners = np.stack([np.sign(x) * np.abs(x) ** 0.5, np.sign(y) * np.abs(y) ** 0.5], axis=1)
    corners *= (0.30 * share, (high + 0.02) * share)
    return head.place(spline(corners + at(centre, head.eye_line + 0.03), closed=True), 0.06)


def _temple(side: float, head: Head) -> Points:
    eye = head.eye_line
    points = [(side * (head.eye_gap + 0.30), eye - 0.04), (side * 0.9, eye - 0.10)]
    return spline(head.place(points, 0.05))
