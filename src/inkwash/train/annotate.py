"""The palette of a training picture with its roles: which of its colours is skin, hair, a top …

Drawn pictures tell; in others the palette head sees the parts in the line art, and each role takes
the main colour that lies where the part is seen. No two roles take one colour: medians of roles
that the network confuses are alike and muddy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import delta_e76
from inkwash.data.roles import REMEMBERED
from inkwash.palettes import is_skin, k_means

MAIN_COLOURS = 10
LIGHTNESS_WEIGHT = 0.6  # of the clusters, as in training
LEAST_CELLS = 4  # that a role must cover to be there
LEAST_SKIN = 0.4  # share of what is seen as skin that must look like skin
ONE_COLOUR = 10.0  # ΔE76 under which two main colours are one, in light and shadow
SMALL = 0.02  # share of the picture under which a colour is less likely to have a role
BY_AREA = ("background", "hair", "top")  # take the colour that covers most of them
BY_LIFT = ("sky", "bottom", "accent", "eyes")  # take the colour that is most their own

Floats = NDArray[np.floating]


class RoleColours(NamedTuple):
    """`lab` (R, 3) and `found` (R,): which roles the picture shows."""

    lab: Floats
    found: NDArray[np.bool_]


def of_drawing(lab: Floats, roles: NDArray[np.integer]) -> RoleColours:
    """Medians of the colours (N, 3) of each role; roles (N,) as in `data.roles`."""
    colours, found = np.zeros((len(REMEMBERED), 3)), np.zeros(len(REMEMBERED), bool)
    for index in range(len(REMEMBERED)):
        mine = roles == index + 1
        if mine.sum() >= LEAST_CELLS:
            colours[index], found[index] = np.median(lab[mine], axis=0), True
    return RoleColours(colours, found)


def of_picture(lab: Floats, chances: Floats) -> RoleColours:
    """Main colours of a picture's pixels (N, 3) by where roles are likely, (N, R)."""
    main, held = _main_colours(lab, chances)
    colours, found = np.zeros((len(REMEMBERED), 3)), np.zeros(len(REMEMBERED), bool)
    free = np.ones(len(main), bool)
    for role, score in _scores(lab, main, held, chances):
        open_ = np.where(free, score, 0)
        if open_.max() > 0:
            index = REMEMBERED.index(role)
            colours[index], found[index] = main[open_.argmax()], True
            free &= delta_e76(main, colours[index]) >= ONE_COLOUR
    return RoleColours(colours, found)


def _main_colours(lab: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Main colours (C, 3), and the share of the picture that each holds in each role, (C, R)."""
    scale = np.array([LIGHTNESS_WEIGHT, 1, 1])
    count = len(lab)
    _, nearest = k_means(lab * scale, np.ones(count), MAIN_COLOURS, starts=1)
    sizes = np.bincount(nearest)
    sums = [np.bincount(nearest, lab[:, axis]) for axis in range(3)]
    held = [np.bincount(nearest, chances[:, role]) for role in range(chances.shape[1])]
    return np.stack(sums, 1) / sizes[:, None], np.stack(held, 1) / count


def _scores(lab: Floats, main: Floats, held: Floats, chances: Floats):
    """Roles in the order in which they choose, and how much each colour (C,) is theirs."""
    total, sizes = held.sum(0), held.sum(1)
    skin = np.where(is_skin(main), held[:, REMEMBERED.index("skin")], 0)
    seen = chances.argmax(1) == REMEMBERED.index("skin")
    if seen.sum() >= LEAST_CELLS and is_skin(lab[seen]).mean() >= LEAST_SKIN:
        yield "skin", skin
    for role in BY_AREA:
        yield role, held[:, REMEMBERED.index(role)]
    own = held / np.maximum(sizes[:, None] * total, 1e-9) * np.minimum(sizes / SMALL, 1)[:, None]
    for role in BY_LIFT:
        yield role, own[:, REMEMBERED.index(role)]


def completed(lab: Floats, found: NDArray[np.bool_]) -> Floats:
    """Palettes (M, R, 3) whose missing roles have the colour of the palette that is most alike in
    the roles both have, and has that role; of a role nobody has, the background's."""
    full = lab.copy()
    common = found[:, None] & found[None]  # (M, M, R)
    apart = (delta_e76(lab[:, None], lab[None]) * common).sum(2) / np.maximum(common.sum(2), 1)
    apart = np.where(common.any(2), apart, np.inf)
    for index in range(lab.shape[1]):
        having = np.flatnonzero(found[:, index])
        lacking = np.flatnonzero(~found[:, index])
        if len(having):
            full[lacking, index] = lab[having[apart[np.ix_(lacking, having)].argmin(1)], index]
        else:
            full[:, index] = full[:, REMEMBERED.index("background")]
    return full
