"""Nine palettes for a look, out of a memory: they cover what pictures of such looks are coloured
like. Greedy k-medians: always the palette that brings the likely ones nearest to one of those
taken. It is the best of nine that this serves, and whatever is far from all taken comes next, so
that proposals differ by construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb, delta_e76, name_of
from inkwash.palettes import EYE_WHITE, Palette, Swatch
from inkwash.proposer.look import Look
from inkwash.proposer.memory import Memory
from inkwash.proposer.turns import at_turn, drawn

NEIGHBOURS = 240  # remembered pictures that look most alike
POOL = 0.6  # of them, drawn by lot for each seed
FAR = 60.0  # ΔE76 from which a palette is no likeness at all
GROUND = ("background", "sky")
GROUND_MOST = 0.3  # of what palettes are told apart by: nine are to be nine figures, not nine pages
SKIN_IN_WHITE = 0.15  # of the white of an eye: it takes on the light that the skin is in

Floats = NDArray[np.floating]


def recall(memory: Memory, look: Look, count: int, seed: int) -> tuple[Palette, ...]:
    """`count` palettes with a colour for each role, shares as the sketch's parts have them; fewer
    where less is remembered. Where the whites of eyes were looked for, palettes have a white."""
    apart = np.linalg.norm(memory.places - memory.place(look.summary), axis=1)
    near = np.argsort(apart, kind="stable")[:NEIGHBOURS]
    known = look.shares[: len(memory.roles)]
    different = difference(memory.lab[near], told_apart_by(known, memory.roles))

    def choose(seed: int, rest: NDArray[np.intp]) -> list[int]:
        lot = drawn(rest, count, POOL, seed)
        far = apart[near[lot]]
        likely = memory.weights[near[lot]] * np.exp(-((far / far.mean()) ** 2))
        return lot[cover(different[np.ix_(lot, lot)], likely, count)].tolist()

    chosen = at_turn(seed, count, different, choose)
    return tuple(_palette(memory, int(near[index]), look.shares) for index in chosen)


def told_apart_by(shares: Floats, roles: tuple[str, ...]) -> Floats:
    """How much each role counts (R,), summing to 1: as much as it takes of the sketch, but what is
    behind the figure no more than GROUND_MOST."""
    ground, shares = np.isin(roles, GROUND), shares + 1e-6  # there may be no figure at all
    behind, figure = shares[ground].sum(), shares[~ground].sum()
    most = figure * GROUND_MOST / (1 - GROUND_MOST)
    counted = np.where(ground, shares * min(1, most / max(behind, 1e-9)), shares)
    return counted / counted.sum()


def difference(lab: Floats, shares: Floats) -> Floats:
    """(M, M): the mean ΔE76 between palettes whose roles have these colours (M, R, 3) and count so
    much (R,)."""
    return delta_e76(lab[:, None], lab[None]) @ shares


def cover(apart: Floats, likely: Floats, count: int) -> list[int]:
    """Indices of the `count` that lie nearest to all, (M, M) apart, weighted by `likely` (M,)."""
    nearest = np.full(len(apart), FAR)
    chosen: list[int] = []
    while len(chosen) < min(count, len(apart)):
        gains = likely @ np.maximum(nearest[:, None] - apart, 0)
        gains[chosen] = -1
        chosen.append(int(gains.argmax()))
        nearest = np.minimum(nearest, apart[:, chosen[-1]])
    return chosen


def _palette(memory: Memory, index: int, shares: Floats) -> Palette:
    colours: list[Rgb] = [tuple(rgb) for rgb in memory.colours[index].tolist()]
    swatches = tuple(
        Swatch(rgb, name_of(rgb), role) for rgb, role in zip(colours, memory.roles, strict=True)
    )
    if len(shares) > len(swatches):
        skin = colours[memory.roles.index("skin")]
        swatches = (*swatches, Swatch(eye_white(skin), "white", EYE_WHITE))
    palette = Palette(swatches, shares=tuple(shares.tolist()))
    return Palette(swatches, _title(palette), palette.shares)


def eye_white(skin: Rgb) -> Rgb:
    """White, a little like the skin."""
    red, green, blue = (round(255 + SKIN_IN_WHITE * (part - 255)) for part in skin)
    return red, green, blue


def _title(palette: Palette) -> str:
    """What is seen first: the colours of hair and clothes."""
    names = [palette.roles[role].name for role in ("hair", "top") if role in palette.roles]
    return ", ".join(dict.fromkeys(names))
