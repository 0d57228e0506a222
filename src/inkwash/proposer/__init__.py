"""Palettes for a sketch when nobody gives one: nine that differ, fixed by a seed.

Weights that remember the palettes of training pictures propose those of pictures that look alike
(`look`, `memory`, `recall`); others propose palettes of the library (`named`).
"""

from __future__ import annotations

from inkwash.palettes import Palette
from inkwash.propose import Study
from inkwash.proposer.look import look_at
from inkwash.proposer.memory import Memory, decode, encode
from inkwash.proposer.named import propose_palettes
from inkwash.proposer.recall import recall
from inkwash.runtime import Runtime

__all__ = [
    "Memory",
    "decode",
    "encode",
    "palettes_for",
    "propose_palettes",
]


def palettes_for(
    studied: Study, runtime: Runtime, seed: int = 0, own: tuple[Palette, ...] = ()
) -> tuple[Palette, ...]:
    """A palette for each proposal of a studied sketch: the artist's own first, then those that
    pictures like it have. Raises BadWeights where what the weights remember is damaged."""
    count = runtime.config.proposals
    if not runtime.memory or studied.chances is None or (own and seed == 0):
        return propose_palettes(count, seed, own)
    recalled = recall(decode(runtime.memory), look_at(studied), count, seed)
    return (*own, *recalled, *propose_palettes(count, seed))[:count]
