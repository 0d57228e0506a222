"""Clothes as they are seen from behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from inkwash.data.synth.body import Body
from inkwash.data.synth.character import Character
from inkwash.data.synth.clothes.parts import Outfit, bow, neck_hole, piece, trunk
from inkwash.data.synth.curves import chain, line, polygon, spline
from inkwash.data.synth.scene import Shape, Stroke

_CLOTH = {"sailor": "shirt", "armour": "metal", "overalls": "shirt"}
"""The role of the back, where it is not the top."""
_OPEN = frozenset(("tee", "tank", "overalls"))
"""Without a collar."""


def rear(body: Body, character: Character, outfit: Outfit) -> Outfit:
    """The outfit from behind: the same cloth, what hangs there, nothing of the front."""
    role = _CLOTH.get(character.outfit, "top")
    y = body.pit
    seam = Stroke(body.curve((0.02, y + 0.8), (-0.02, body.chest), (0, body.belt)), (0.1, 0.6, 0.1))
    back = trunk(body, neck_hole(body, -0.12), role, grow=0.08, strokes=[seam])
    over = _OVER[character.outfit](body) if character.outfit in _OVER else []
    if character.outfit in _BELOW:
        below = _BELOW[character.outfit](body)
    else:
        below = [] if character.outfit in _OPEN else _stand(body, role)
    return replace(outfit, shapes=[back, *below], behind=(), over=over)


def _stand(body: Body, role: str) -> list[Shape]:
    """A low collar around the neck."""
    x, y = body.neck + 0.06, body.pit
    up = body.curve((-x, y - 0.42), (0, y - 0.36), (x, y - 0.42))
    low = body.curve((-x - 0.16, y - 0.06), (0, y + 0.06), (x + 0.16, y - 0.06))
    return [piece(role, chain(up, line(up[-1], low[-1]), low[::-1], line(low[0], up[0])))]


def _sailor(body: Body) -> list[Shape]:
    """The square collar, with its stripe."""
    x, s, y = body.neck, body.shoulder, body.pit
    half = [(-x - 0.04, y - 0.34), (-s * 0.64, y + 0.04), (-s * 0.68, y + 1.25)]
    corners = body.place([*half, *[(-a, b) for a, b in half[::-1]]])
    inner = [(-s * 0.58, y + 0.2), (-s * 0.58, y + 1.12), (s * 0.58, y + 1.12), (s * 0.58, y + 0.2)]
    return [piece("collar", polygon(corners), Stroke(body.corners(*inner), (1, 1)))]


def _hood(body: Body) -> list[Shape]:
    """The hood that hangs between the shoulders."""
    x, s, y = body.neck, body.shoulder, body.pit
    half = [(-x - 0.06, y - 0.44), (-s * 0.74, y + 0.08), (-s * 0.52, y + 0.80)]
    points = [*half, (0.0, y + 1.18), *[(-a, b) for a, b in half[::-1]]]
    edge = spline(body.place(points))
    fold = Stroke(body.curve((-s * 0.5, y + 0.3), (0, y + 0.7), (s * 0.5, y + 0.3)))
    return [piece("hood", chain(edge, line(edge[-1], edge[0])), fold)]


def _obi(body: Body) -> list[Shape]:
    """The obi, tied to a bow."""
    up, low = body.belt - 0.55, body.belt + 0.55
    edge = body.shoulder * body.waist + 0.14
    corners = [(-edge - 0.06, up), (edge + 0.06, up), (edge, low), (-edge, low)]
    band = piece("obi", polygon(body.place(corners)))
    return [*_stand(body, "collar"), band, *bow(body, body.belt, "obi", 1.3, tails=False)]


def _waist_bow(body: Body) -> list[Shape]:
    return [*_stand(body, "collar"), *bow(body, body.belt, size=1.0)]


def _bow(body: Body) -> list[Shape]:
    return bow(body, body.belt, size=1.0)


def _cape(body: Body) -> list[Shape]:
    s, y, low = body.shoulder, body.pit, body.knee + 0.6
    half = [(-body.neck - 0.1, y - 0.36), (-s * 0.96, y + 0.24)]
    top = body.curve(*half, *[(-a, b) for a, b in half[::-1]])
    right = body.curve((s * 0.96, y + 0.24), (s * 1.5, body.belt), (s * 1.75, low))
    hem = body.curve((s * 1.75, low), (s, low + 0.2), (0, low), (-s, low + 0.2), (-s * 1.75, low))
    left = body.curve((-s * 1.75, low), (-s * 1.5, body.belt), (-s * 0.96, y + 0.24))
    folds = [
        Stroke(body.curve((k * s, y + 1.0), (k * s * 1.5, body.belt), (k * s * 2.0, low)), (0.1, 1))
        for k in (-0.55, 0.1, 0.6)
    ]
    return [piece("cape", chain(top, right, hem, left), *folds, turn=0.2)]


_BELOW: Mapping[str, Callable[[Body], Sequence[Shape]]] = {
    "sailor": _sailor,
    "hoodie": _hood,
    "kimono": _obi,
    "dress": _waist_bow,
    "pinafore": _waist_bow,
    "apron": _waist_bow,
    "sundress": _bow,
}
_OVER: Mapping[str, Callable[[Body], Sequence[Shape]]] = {"armour": _cape}
