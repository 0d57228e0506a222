"""From what was said in a session to what is seen; what takes time to make is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from inkwash.choices import Mask, hold, locked_regions, mask_of
from inkwash.commands import State
from inkwash.painter import PaintRequest, directed
from inkwash.propose import Proposals
from inkwash.regions import Regions
from inkwash.settle import Colouring, Painting, settle
from inkwash.sketch import Sketch


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a session began with. `request` has no hints: they are commands."""

    sketch: Sketch
    regions: Regions
    request: PaintRequest


class Paintings:
    """The rounds of proposals of a session, and the painting that each of its states comes to."""

    def __init__(self, origin: Origin, rounds: Sequence[Proposals]) -> None:
        self.rounds = list(rounds)
        self._origin = origin
        self._settled: dict[tuple[int, str, str], Painting] = {}
        self._seen: dict[State, Painting] = {}
        self._held: dict[State, Colouring] = {}  # what regions show that are locked

    def of(self, state: State) -> Painting:
        """The colourings with hints, choices and locks."""
        if state not in self._seen:
            painting = self._paint(state)
            self._seen = {**dict(list(self._seen.items())[-7:]), state: painting}
        return self._seen[state]

    def under_hints(self, state: State, number: int) -> Painting:
        """The proposals of a round under the hints, before any choice between them."""
        request = state.request
        pick = request.pick if number == state.round else "best"
        return directed(self._settle(number, request), replace(request, pick=pick))

    def forget_last(self, count: int) -> None:
        """Let go of so many rounds, 1 or more."""
        del self.rounds[-count:]
        left = len(self.rounds)
        self._settled = {key: kept for key, kept in self._settled.items() if key[0] < left}

    def copy(self) -> Paintings:
        """Others that begin as these are; they share what does not change."""
        other = copy(self)
        for name in ("rounds", "_settled", "_seen"):
            setattr(other, name, copy(getattr(self, name)))
        return other

    def _paint(self, state: State) -> Painting:
        painting = self._mixed(state)
        locked = np.flatnonzero(locked_regions(state.request.hints, painting.regions)).tolist()
        held = {}
        for earlier, regions in _grouped((region, state.locks[region]) for region in locked):
            held[earlier] = self._held.get(earlier) or _shown(self._mixed(earlier))
            painting = hold(painting, [held[earlier]], mask_of(regions, painting.regions))
        self._held = held
        return replace(painting, decided=frozenset(state.choices) | frozenset(locked))

    def _mixed(self, state: State) -> Painting:
        """Hints and choices, without locks."""
        painting = self.under_hints(state, state.round)
        for (number, proposal), chosen in self._choices(state):
            source = self.under_hints(state, number).colourings[proposal]
            painting = hold(painting, [source], chosen)
        return painting

    def _choices(self, state: State) -> list[tuple[tuple[int, int], Mask]]:
        """By round and proposal, the regions that are taken from it."""
        groups = _grouped(state.choices.items())
        return [(source, mask_of(regions, self._origin.regions)) for source, regions in groups]

    def _settle(self, number: int, request: PaintRequest) -> Painting:
        """The proposals of a round without anything said; kept, as this is what takes time."""
        key = number, request.style, request.paper
        if key not in self._settled:
            self._settled[key] = settle(
                self.rounds[number],
                self._origin.regions,
                self._origin.sketch,
                style=request.style,
                paper=request.paper,
            )
        return self._settled[key]


def _shown(painting: Painting) -> Colouring:
    return painting.colourings[painting.chosen]


def _grouped(pairs: Iterable) -> list:
    """(region, source) pairs → (source, its regions), in order of first mention."""
    groups: dict = {}
    for region, source in pairs:
        groups.setdefault(source, []).append(region)
    return list(groups.items())
