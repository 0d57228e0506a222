"""A session: what the artist says about one sketch, command by command, with undo and redo.

The network runs only in `start`, `propose` and `reroll`; everything else settles anew what it
proposed then. Each run is a round; its proposals are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

from inkwash.choices import similar, told_to_network
from inkwash.commands import Add, Choose, Command, Pick, Propose, State
from inkwash.compact import compact
from inkwash.errors import BadConfig
from inkwash.hints import Hint
from inkwash.painter import Painter, PaintRequest, check_hints
from inkwash.paintings import Origin, Paintings
from inkwash.propose import Proposals
from inkwash.settle import Painting
from inkwash.sketch import Sketch
from inkwash.timeline import Timeline

Progress = Callable[[str, float], None]  # a step's name and how much of all is done, 0…1


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
        self._paintings = Paintings(origin, rounds)
        start, count = State(request=origin.request), self.rounds[0].count
        self._timeline = Timeline(start, origin.regions, count, commands, done)
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
        """Propose and segment. Raises BadHints, BadPalette, BadConfig."""
        request, report = request or PaintRequest(), progress or _say_nothing
        check_hints(request.hints, sketch)
        told = replace(request, hints=None) if request.only_hinted else request
        report("propose", 0.0)
        studied = painter.study(sketch, told)
        report("propose", 0.2)
        proposals = compact(painter.propose(studied, request))
        regions = painter.segment(
            sketch, studied, request, progress=lambda _, done: report("segment", 0.3 + 0.6 * done)
        )
        origin = Origin(sketch=sketch, regions=regions, request=replace(request, hints=None))
        hints = request.hints.items if request.hints else ()
        return cls(origin, [proposals], [Add(hints)] if hints else [])

    # What there is

    @property
    def rounds(self) -> list[Proposals]:
        """What the network proposed, run by run."""
        return self._paintings.rounds

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
        return self._paintings.of(self.state)

    @property
    def sources(self) -> Painting:
        """The proposals of this round under the hints, before any choice between them."""
        return self._paintings.under_hints(self.state, self.state.round)

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
        other._paintings = self._paintings.copy()
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
            self._paintings.forget_last(asked)


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
