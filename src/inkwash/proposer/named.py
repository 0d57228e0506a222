"""Palettes of the artist and of the library, which know nothing of the sketch."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import delta_e76
from inkwash.palettes import Palette, has_natural_skin, library
from inkwash.proposer.turns import at_turn, drawn

POOL = 0.4  # of the library, drawn by lot for each seed


def propose_palettes(
    count: int, seed: int = 0, own: tuple[Palette, ...] = ()
) -> tuple[Palette, ...]:
    """`count` palettes: the artist's own by turns, or of the library where there are none.

    Another seed than 0 asks for others: each of the artist's comes once, the library's follow.
    """
    if own and seed == 0:
        return tuple(own[index % len(own)] for index in range(count))
    return (*own, *_of_library(count, seed))[:count]


def _of_library(count: int, seed: int) -> tuple[Palette, ...]:
    """Palettes with skin that people have, from a part of the library drawn by lot: a random first
    one, then always the one that is farthest from those already taken, so that proposals differ by
    construction and other seeds give others."""
    candidates, distance = _candidates()

    def choose(seed: int, rest: NDArray[np.intp]) -> list[int]:
        pool = drawn(rest, count, POOL, seed)
        chosen = [int(pool[0])]
        while len(chosen) < min(count, len(pool)):
            nearest = distance[chosen][:, pool].min(0)
            nearest[np.isin(pool, chosen)] = -1
            chosen.append(int(pool[nearest.argmax()]))
        return chosen

    return tuple(candidates[index] for index in at_turn(seed, count, distance, choose))


@cache
def _candidates() -> tuple[list[Palette], NDArray[np.floating]]:
    """The palettes to choose from, and how far each is from each."""
    palettes = [palette for palette in library().values() if has_natural_skin(palette)]
    return palettes, _distances(palettes)


def _distances(palettes: list[Palette]) -> NDArray[np.floating]:
    """(N, N): mean ΔE76 from each colour, by its share, to the nearest of the other palette, both
    ways."""
    starts = np.cumsum([0, *(len(palette) for palette in palettes)])[:-1]
    lab = np.concatenate([palette.lab for palette in palettes])  # (S, 3), all swatches
    nearest = np.minimum.reduceat(delta_e76(lab[:, None], lab[None]), starts, axis=1)  # (S, N)
    each = zip(palettes, np.split(nearest, starts[1:]), strict=True)
    one_way = np.array([np.average(rows, axis=0, weights=p.weights) for p, rows in each])
    return (one_way + one_way.T) / 2
