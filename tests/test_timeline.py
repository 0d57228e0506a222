"""Commands and the states that they lead to: each can be had again, few are kept."""

from __future__ import annotations

import weakref

import pytest

from inkwash.commands import Add, Choose, Command, Pick, State
from inkwash.errors import BadConfig
from inkwash.hints import Dot, Hint, Stroke
from inkwash.painter import PaintRequest
from inkwash.regions import segment
from inkwash.timeline import EVERY, Timeline
from sketches import rooms_sketch

REGIONS = segment(rooms_sketch().lines)


def start() -> Timeline:
    return Timeline(State(request=PaintRequest()), REGIONS, proposals=9)


def do(timeline: Timeline, command: Command) -> State:
    state = timeline.after(command)
    timeline.forget_undone()
    timeline.append(command, state)
    return state


def said(state: State) -> tuple:
    return state.request, state.round, state.choices


def commands(count: int) -> list[Command]:
    each = (
        lambda n: Choose((n % REGIONS.count,), n % 9),
        lambda n: Add((Hint("colour", Dot(170, 80), (n % 256, 2, 3)),)),
        lambda n: Pick(1 + n % 9),
    )
    return [each[n % 3](n) for n in range(count)]


def test_every_state_can_be_had_again_forwards_and_backwards():
    timeline = start()
    wanted = [said(timeline.state)]
    wanted += [said(do(timeline, command)) for command in commands(3 * EVERY + 5)]
    for state in reversed(wanted[:-1]):
        assert timeline.move(-1)
        assert said(timeline.state) == state
    assert not timeline.move(-1)
    for state in wanted[1:]:
        assert timeline.move(1)
        assert said(timeline.state) == state
    assert not timeline.move(1)


def test_a_new_command_in_the_middle_forgets_the_rest():
    timeline = start()
    wanted = [said(do(timeline, command)) for command in commands(2 * EVERY + 9)]
    while timeline.done > EVERY - 2:
        timeline.move(-1)
    do(timeline, Pick(9))
    assert timeline.done == len(timeline.commands) == EVERY - 1
    assert not timeline.move(1)
    other = [said(do(timeline, command)) for command in commands(EVERY)]
    assert other[-1] != wanted[2 * EVERY - 2]
    for _ in range(EVERY + 1):
        timeline.move(-1)
    assert said(timeline.state) == wanted[EVERY - 3]


def test_few_states_are_kept():
    timeline = start()
    seen = [weakref.ref(do(timeline, command)) for command in commands(10 * EVERY)]
    assert sum(ref() is not None for ref in seen) <= EVERY + 10


def test_a_copy_goes_its_own_way():
    timeline = start()
    do(timeline, Pick(2))
    other = timeline.copy()
    do(other, Pick(3))
    assert timeline.commands == [Pick(2)]
    assert timeline.state.request.pick == 2
    assert other.state.request.pick == 3


def test_memory_is_told_and_forgotten():
    timeline = start()
    empty = timeline.nbytes
    points = tuple((float(x), 80.0) for x in range(200))
    do(timeline, Add((Hint("colour", Stroke(points), (1, 2, 3)),)))
    assert timeline.nbytes > empty + 100 * len(points)
    timeline.move(-1)
    timeline.forget_undone()
    assert timeline.nbytes == empty


def test_a_proposal_that_is_not_there_is_refused():
    timeline = start()
    for command in (Pick(10), Choose((0,), 9), Choose((0,), -1)):
        with pytest.raises(BadConfig, match="choose from 1 to 9"):
            timeline.after(command)
    assert timeline.commands == []
