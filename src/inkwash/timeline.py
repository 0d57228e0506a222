"""The commands of a session, how many of them count, and the state that they lead to.

Every state keeps what was said before it, so all of them would take memory by the square of the
commands. One in EVERY is kept, and those around the last one asked for; others are made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from inkwash.commands import Add, Choose, Command, Pick, State
from inkwash.errors import BadConfig
from inkwash.hints import Area, Dot, Hint
from inkwash.regions import Regions

EVERY = 64
_HINT, _POINT, _RUN = 400, 120, 160  # bytes of memory, about
_ENTRY, _CHOICE = 8, 40  # of a state


class Timeline:
    """Commands that can be undone and done again."""

    def __init__(
        self,
        start: State,
        regions: Regions,
        proposals: int,
        commands: Sequence[Command] = (),
        done: int | None = None,
    ) -> None:
        """proposals: how many a round has. done: how many of the commands count, None: all."""
        self.commands: list[Command] = []
        self.done = 0
        self._regions, self._proposals = regions, proposals
        self._kept = {0: start}
        self._near: dict[int, State] = {}
        self._said = 0
        for command in commands:
            self.append(command, self.after(command))
        self.done = len(self.commands) if done is None else done

    @property
    def state(self) -> State:
        """What the commands that count lead to."""
        for states in (self._near, self._kept):
            if self.done in states:
                return states[self.done]
        self._near = near = self._made_again(self.done)
        return near[self.done]

    def after(self, command: Command) -> State:
        """The state that a command would lead to. Raises BadConfig, BadHints."""
        return self._step(self.state, command)

    def append(self, command: Command, state: State) -> None:
        """Do a command that leads to this state; nothing is undone now."""
        self.commands.append(command)
        self._said += _size_of(command)
        self.done += 1
        if self.done % EVERY == 0:
            self._kept[self.done] = state
        self._near.pop(self.done - EVERY, None)
        self._near[self.done] = state

    def move(self, by: int) -> bool:
        """Undo or redo; whether there was something."""
        if not 0 <= self.done + by <= len(self.commands):
            return False
        self.done += by
        return True

    def forget_undone(self) -> list[Command]:
        """What was undone, which cannot be done again now."""
        undone = self.commands[self.done :]
        del self.commands[self.done :]
        self._said -= sum(map(_size_of, undone))
        for states in (self._kept, self._near):
            for number in [number for number in states if number > self.done]:
                del states[number]
        return undone

    def copy(self) -> Timeline:
        """Another that begins as this one is."""
        other = copy(self)
        other.commands = self.commands.copy()
        other._kept, other._near = self._kept.copy(), self._near.copy()
        return other

    @property
    def nbytes(self) -> int:
        """An estimate of the memory that it takes."""
        states = [*self._kept.values(), *self._near.values(), *self.state.locks.values()]
        hints = sum(len(state.request.hints or ()) for state in states)
        return self._said + _ENTRY * hints + _CHOICE * sum(len(state.choices) for state in states)

    def _made_again(self, number: int) -> dict[int, State]:
        """The states from the kept one before a number of commands to the next."""
        first = number - number % EVERY
        states = {first: self._kept[first]}
        for place, command in enumerate(self.commands[first : first + EVERY - 1], first):
            states[place + 1] = self._step(states[place], command)
        return states

    def _step(self, state: State, command: Command) -> State:
        if isinstance(command, Pick | Choose):
            number = command.proposal + isinstance(command, Choose)
            if not 1 <= number <= self._proposals:
                raise BadConfig(f"proposal {number}: choose from 1 to {self._proposals}")
        return command.after(state, self._regions)


def _size_of(command: Command) -> int:
    return sum(map(_size_of_hint, command.hints)) if isinstance(command, Add) else _HINT


def _size_of_hint(hint: Hint) -> int:
    if isinstance(hint.shape, Dot):
        return _HINT
    if isinstance(hint.shape, Area):
        return _HINT + _RUN * len(hint.shape.runs)
    return _HINT + _POINT * len(hint.shape.points)
