"""A session: what the artist says about one sketch, command by command, with undo and redo.

The network runs only in `start`, `propose` and `reroll`; everything else settles anew what it
proposed then. Each run is a round; its proposals are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from inkwash.choices import Mask, hold, locked_regions, mask_of, similar, told_to_network
from inkwash.commands import Add, Choose, Command, Pick, Propose, State
from inkwash.compact import compact
from inkwash.errors import BadConfig
from inkwash.hints import Hint
from inkwash.painter import Painter, PaintRequest, check_hints, directed
from inkwash.propose import Proposals
from inkwash.regions import Regions, segment
from inkwash.settle import Colouring, Painting, settle
from inkwash.sketch import Sketch
from inkwash.timeline import Timeline

Progress = Callable[[str, float], None]  # a step's name and how much of all is done, 0…1


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a session began with. `request` has no hints: they are commands."""

    sketch: Sketch
    regions: Regions
    request: PaintRequest


class Session:
    """One sketch, the rounds of proposals, and the commands; `painting` is what they come to."""

    def __init__(
        self,
        origin: Origin,
        rounds: Sequence[Proposals],
        commands: Sequence[Command] = (),
        done: int | None = None,
    ) -> None:
        """done: how many of the commands count; the others can be redone. None: all of them."""
        self.origin = origin
        self.rounds = list(rounds)
        start = State(request=origin.request)
        count = self.rounds[0].count
        self._timeline = Timeline(start, origin.regions, count, commands, done)
        self._settled: dict[tuple[int, str, str], Painting] = {}
        self._seen: dict[State, Painting] = {}
        self._held: dict[State, Colouring] = {}  # what regions show that are locked
        self.notes: tuple[str, ...] = ()  # what the user may want to know

    @classmethod
    def start(
        cls,
        painter: Painter,
        sketch: Sketch,
        request: PaintRequest | None = None,
        *,
        progress: Progress | None = None,
    ) -> Session:
        """Segment and propose. Raises BadHints, BadPalette, BadConfig."""
        request, report = request or PaintRequest(), progress or _say_nothing
        check_hints(request.hints, sketch)
        regions = segment(
            sketch.lines, gap=request.gap, progress=lambda _, done: report("segment", 0.6 * done)
        )
        told = replace(request, hints=None) if request.only_hinted else request
        proposals = _proposed(painter, sketch, told, request, report)
        origin = Origin(sketch=sketch, regions=regions, request=replace(request, hints=None))
        hints = request.hints.items if request.hints else ()
        return cls(origin, [proposals], [Add(hints)] if hints else [])

    # What there is

    @property
    def commands(self) -> list[Command]:
        """All of them, those that were undone last."""
        return self._timeline.commands

    @property
    def done(self) -> int:
        """How many of the commands count."""
        return self._timeline.done

    @property
    def state(self) -> State:
        return self._timeline.state

    @property
    def said_nbytes(self) -> int:
        """An estimate of the memory that commands and states take."""
        return self._timeline.nbytes

    @property
    def painting(self) -> Painting:
        """What is seen: the colourings with hints, choices and locks, each as it is when picked."""
        return self._painting_of(self.state)

    @property
    def sources(self) -> Painting:
        """The proposals of this round under the hints, before any choice between them."""
        return self._directed(self.state, self.state.round)

    def region_at(self, x: float, y: float) -> int:
        """The region under a point of the sketch. Raises BadConfig outside of it."""
        size = self.origin.sketch.size
        if not (0 <= x < size.width and 0 <= y < size.height):
            raise BadConfig(f"{x:g}, {y:g} lies outside the sketch, which is {size}")
        return int(self.origin.regions.labels[int(y), int(x)])

    # What the artist does

    def do(self, command: Command) -> None:
        """Do a command; those that were undone are forgotten.

        Raises BadConfig, BadHints for what cannot be done; nothing has changed then.
        """
        state = self._timeline.after(command)
        self._forget_undone()
        self._timeline.append(command, state)

    def hint(self, *hints: Hint) -> None:
        """Colour, lock, clear or suggest; what is said together is undone together.

        Raises BadHints for one outside the sketch; none is said then.
        """
        if hints:
            self.do(Add(hints))

    def choose(self, region: int, proposal: int, *, spread: bool = False) -> None:
        """A region as a proposal of this round has it, counted from 0; see `choices.choose`."""
        sources = replace(self.sources, decided=self.painting.decided)
        regions = similar(sources, region, proposal).tolist() if spread else [region]
        self.do(Choose(tuple(regions), proposal))

    def pick(self, proposal: int) -> None:
        """Show another proposal, counted from 0; choices and locks stay."""
        self.do(Pick(proposal + 1))

    def propose(self, painter: Painter) -> None:
        """Ask the network again, now that it can see the hints."""
        self.reroll(painter, self.state.request.seed)

    def reroll(self, painter: Painter, seed: int) -> None:
        """New proposals; what was chosen or locked holds."""
        command = Propose(seed)
        self.accept(command, self.ask(painter, command))

    def ask(
        self, painter: Painter, command: Propose, *, progress: Progress | None = None
    ) -> Proposals:
        """What the network proposes at this command; nothing has changed yet.

        Raises BadConfig, BadPalette.
        """
        painting, request = self.painting, self._timeline.after(command).request
        told = told_to_network(request.hints, painting, painting.decided)
        return _proposed(
            painter,
            self.origin.sketch,
            replace(request, hints=told),
            request,
            progress or _say_nothing,
        )

    def accept(self, command: Propose, proposals: Proposals) -> None:
        """Go on with what `ask` gave; what was said meanwhile holds."""
        self._forget_undone()
        self.rounds.append(proposals)
        self.do(command)

    def copy(self) -> Session:
        """Another session that begins as this one is; they share what does not change."""
        other = copy(self)
        other._timeline = self._timeline.copy()
        for name in ("rounds", "_settled", "_seen"):
            setattr(other, name, copy(getattr(self, name)))
        return other

    def undo(self) -> bool:
        """Take back the last command; whether there was one."""
        return self._timeline.move(-1)

    def redo(self) -> bool:
        """Do again what was taken back last; whether there was something."""
        return self._timeline.move(1)

    def _forget_undone(self) -> None:
        undone = self._timeline.forget_undone()
        if asked := sum(isinstance(command, Propose) for command in undone):
            del self.rounds[-asked:]
            count = len(self.rounds)
            self._settled = {key: kept for key, kept in self._settled.items() if key[0] < count}

    # From what was said to what is seen

    def _painting_of(self, state: State) -> Painting:
        if state not in self._seen:
            painting = self._paint(state)
            self._seen = {**dict(list(self._seen.items())[-7:]), state: painting}
        return self._seen[state]

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
        painting = self._directed(state, state.round)
        for (number, proposal), chosen in self._choices(state):
            source = self._directed(state, number).colourings[proposal]
            painting = hold(painting, [source], chosen)
        return painting

    def _choices(self, state: State) -> list[tuple[tuple[int, int], Mask]]:
        """By round and proposal, the regions that are taken from it."""
        groups = _grouped(state.choices.items())
        return [(source, mask_of(regions, self.origin.regions)) for source, regions in groups]

    def _directed(self, state: State, number: int) -> Painting:
        request = state.request
        pick = request.pick if number == state.round else "best"
        return directed(self._settle(number, request), replace(request, pick=pick))

    def _settle(self, number: int, request: PaintRequest) -> Painting:
        """The proposals of a round without anything said; kept, as this is what takes time."""
        key = number, request.style, request.paper
        if key not in self._settled:
            self._settled[key] = settle(
                self.rounds[number],
                self.origin.regions,
                self.origin.sketch,
                style=request.style,
                paper=request.paper,
            )
        return self._settled[key]


def _proposed(
    painter: Painter, sketch: Sketch, told: PaintRequest, request: PaintRequest, report: Progress
) -> Proposals:
    """What the network proposes that is told one request, under the palettes of the other."""
    report("propose", 0.6)
    studied = painter.study(sketch, told)
    report("propose", 0.8)
    proposals = compact(painter.propose(studied, request))
    report("propose", 0.9)
    return proposals


def _say_nothing(step: str, share: float) -> None:
    pass


def _shown(painting: Painting) -> Colouring:
    return painting.colourings[painting.chosen]


def _grouped(pairs: Iterable) -> list:
    """(region, source) pairs → (source, its regions), in order of first mention."""
    groups: dict = {}
    for region, source in pairs:
        groups.setdefault(source, []).append(region)
    return list(groups.items())
