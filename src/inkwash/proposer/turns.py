"""Which palettes come at which seed: who asks for others gets others, as long as there are any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

TURNS = 12  # seeds in a row that share no palette, where there are so many
ALIKE = 8.0  # ΔE76 under which two palettes are one to the eye

Floats = NDArray[np.floating]
Choose = Callable[[int, NDArray[np.intp]], list[int]]


def at_turn(seed: int, count: int, apart: Floats, choose: Choose) -> list[int]:
    """What is chosen at a seed, out of N candidates that lie so far `apart`, (N, N).

    choose: takes a seed and the candidates that may come, gives `count` of them. It is asked for
    every seed since the last multiple of TURNS, each time without what those before took. The last
    of them must not repeat what comes after it either: that is known, as it depends on nothing.
    """
    first = seed - seed % TURNS
    everyone = np.arange(len(apart))
    taken = [choose(first, everyone)]
    if seed == first:
        return taken[0]
    following = choose(first + TURNS, everyone)
    for turn in range(first + 1, seed + 1):
        taken.append(choose(turn, _unseen(apart, count, taken, following)))
    return taken[-1]


def _unseen(
    apart: Floats, count: int, taken: Sequence[list[int]], following: list[int]
) -> NDArray[np.intp]:
    """Candidates like none that was taken; where they do not suffice, like none of the last."""
    last = taken[-1]
    for known in ([*chain(*taken), *following], [*last, *following], last):
        unseen = np.flatnonzero(apart[:, known].min(axis=1) >= ALIKE)
        if len(unseen) >= count:
            return unseen
    return np.arange(len(apart))


def drawn(candidates: NDArray[np.intp], count: int, share: float, seed: int) -> NDArray[np.intp]:
    """A share of the candidates by lot, so that seeds differ; `count` of them at least."""
    order = np.random.default_rng(seed).permutation(len(candidates))
    return candidates[order[: max(count, round(share * len(candidates)))]]
