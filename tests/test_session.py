"""A session: commands, undo and redo, and rounds of proposals."""

from __future__ import annotations

import numpy as np
import pytest

import inkwash.paintings
from inkwash.commands import Choose, Erase, Pick, Propose, Release, Remove, Restyle, Snap
from inkwash.compact import compact, pack
from inkwash.document import render
from inkwash.errors import BadConfig, BadHints
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter, PaintRequest, directed
from inkwash.palettes import CharacterSheet, Palette, Swatch, parse
from inkwash.regions import segment
from inkwash.session import Origin, Session
from inkwash.sketch import read
from proposals import random_proposals
from sketches import rooms_sketch
from tiny_net import tiny_runtime

SKETCH = rooms_sketch()
LEFT, RIGHT, DISC, PAGE = (35, 30), (170, 80), (72, 80), (5, 5)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny_runtime())


@pytest.fixture
def session(painter) -> Session:
    return Session.start(painter, SKETCH, PaintRequest(style="shaded", pick=1))


def seen(session: Session) -> np.ndarray:
    return render(session.painting, session.painting.chosen)


def inside(session: Session, *places) -> np.ndarray:
    labels = [session.region_at(*place) for place in places]
    return np.isin(session.origin.regions.labels, labels)


def dot(kind: str, place, rgb=None) -> Hint:
    return Hint(kind, Dot(*place), rgb)  # type: ignore[arg-type]


def test_rounding_proposals_twice_changes_nothing_more(painter):
    for head in ("palette", "rgb"):
        request = PaintRequest(head=head)
        rounded = compact(painter.propose(painter.study(SKETCH, request), request))
        again = compact(rounded)
        for key, array in pack(rounded).items():
            assert np.array_equal(array, pack(again)[key])
        assert np.array_equal(rounded.pictures, again.pictures)


def test_a_session_begins_with_what_painting_gives(painter):
    session = Session.start(painter, SKETCH, PaintRequest(pick=3))
    painting = painter.paint(SKETCH, pick=3)
    difference = seen(session).astype(int) - render(painting, 2)
    assert np.abs(difference).mean() < 1


def test_a_hint_colours_its_region_and_nothing_else_until_the_network_is_asked(session, painter):
    before = seen(session)
    session.hint(dot("colour", RIGHT, (12, 200, 90)))
    after = seen(session)
    assert np.array_equal(before[~inside(session, RIGHT)], after[~inside(session, RIGHT)])
    assert not np.array_equal(before, after)
    session.propose(painter)
    assert len(session.rounds) == 2
    region = session.region_at(*RIGHT)
    assert tuple(session.painting.colourings[0].colours[region]) == (12, 200, 90)


def test_everything_can_be_undone_and_redone(session, painter):
    pictures = [seen(session)]
    for act in (
        lambda: session.hint(dot("colour", RIGHT, (12, 200, 90))),
        lambda: session.choose(session.region_at(*DISC), 5),
        lambda: session.pick(3),
        lambda: session.hint(dot("lock", LEFT)),
        lambda: session.reroll(painter, 7),
        lambda: session.do(Snap(parse("#ff0000,#0000ff"), 1.0)),
        lambda: session.do(Restyle("flat")),
        lambda: session.do(Remove(0)),
        lambda: session.do(Release((session.region_at(*DISC),))),
    ):
        act()
        pictures.append(seen(session))
    for picture in reversed(pictures[:-1]):
        assert session.undo()
        assert np.array_equal(seen(session), picture)
    assert not session.undo()
    for picture in pictures[1:]:
        assert session.redo()
        assert np.array_equal(seen(session), picture)
    assert not session.redo()


def test_a_new_command_forgets_what_was_undone_with_its_rounds(session, painter):
    session.reroll(painter, 1)
    session.reroll(painter, 2)
    session.undo()
    session.pick(4)
    assert len(session.rounds) == 2
    assert [type(command).__name__ for command in session.commands] == ["Propose", "Pick"]
    session.reroll(painter, 3)
    assert len(session.rounds) == 3
    assert session.state.request.seed == 3


def test_choices_hold_through_a_reroll_and_can_be_released(session, painter):
    region = session.region_at(*DISC)
    session.choose(region, 5)
    before = seen(session)
    session.reroll(painter, 7)
    painting = session.painting
    for index in range(9):
        here = inside(session, DISC)
        assert np.array_equal(render(painting, index)[here], before[here])
    assert not np.array_equal(seen(session), before)
    session.do(Release((region,)))
    assert session.painting.decided == frozenset()


def test_choices_follow_the_picked_proposal(session):
    region = session.region_at(*DISC)
    session.choose(region, 5)
    session.pick(2)
    wanted = session.sources.colourings[5].colours[region]
    assert np.array_equal(session.painting.colourings[2].colours[region], wanted)
    assert session.painting.chosen == 2


def test_a_lock_keeps_every_byte_through_everything(session, painter):
    session.choose(session.region_at(*LEFT), 3)
    session.hint(dot("lock", LEFT))
    before, here = seen(session), inside(session, LEFT)
    session.pick(6)
    session.reroll(painter, 5)
    session.do(Snap(parse("#ff0000,#0000ff"), 1.0))
    session.do(Restyle("shaded"))
    session.choose(session.region_at(*LEFT), 1)
    assert np.array_equal(seen(session)[here], before[here])
    assert not np.array_equal(seen(session)[~here], before[~here])
    session.hint(dot("colour", LEFT, (1, 2, 3)))
    assert not np.array_equal(seen(session)[here], before[here])


def test_regions_locked_one_by_one_hold_and_take_no_longer_each_time(monkeypatch):
    page = np.full((96, 96), 255, np.uint8)
    page[::16] = page[:, ::16] = page[1::16] = page[:, 1::16] = 0
    sketch, asked = read(page), []
    origin = Origin(sketch=sketch, regions=segment(sketch.lines, gap=0), request=PaintRequest())
    session = Session(origin, [random_proposals(sketch.size)])
    monkeypatch.setattr(inkwash.paintings, "directed", lambda *a: asked.append(a) or directed(*a))
    middles = [(x, y) for x in range(9, 96, 16) for y in range(9, 96, 16)]
    held = {}
    for number, place in enumerate(middles):
        colours = session.painting.colourings[session.painting.chosen].colours
        held[session.region_at(*place)] = colours[session.region_at(*place)]
        session.hint(dot("lock", place))
        session.pick(1 - number % 2)
    shown = session.painting.colourings[session.painting.chosen].colours
    assert all(np.array_equal(shown[region], colour) for region, colour in held.items())
    assert len(held) == 36
    assert len(asked) <= 5 * len(middles)


def test_a_colour_takes_the_place_of_a_choice(session):
    region = session.region_at(*LEFT)
    session.choose(region, 3)
    session.hint(dot("colour", LEFT, (1, 2, 3)))
    assert session.painting.decided == frozenset()
    assert tuple(session.painting.colourings[0].colours[region]) == (1, 2, 3)


def test_hints_of_the_request_are_commands_that_can_be_undone(painter):
    hints = Hints(SKETCH.size, (dot("colour", LEFT, (1, 2, 3)), dot("clear", PAGE)))
    session = Session.start(painter, SKETCH, PaintRequest(hints=hints))
    left, page = session.region_at(*LEFT), session.region_at(*PAGE)
    assert session.painting.colourings[0].clear[page]
    session.undo()
    assert not session.painting.colourings[0].clear[page]
    assert tuple(session.painting.colourings[0].colours[left]) != (1, 2, 3)


def test_hints_that_were_given_together_are_undone_together(session):
    before = seen(session)
    session.hint(dot("colour", LEFT, (1, 2, 3)), dot("colour", RIGHT, (9, 8, 7)))
    session.undo()
    assert np.array_equal(seen(session), before)
    assert not session.undo()


def test_what_cannot_be_done_changes_nothing(session):
    for act, error in (
        (lambda: session.hint(dot("lock", LEFT), dot("lock", (900, 900))), BadHints),
        (lambda: session.choose(99, 0), BadConfig),
        (lambda: session.choose(0, 9), BadConfig),
        (lambda: session.pick(-1), BadConfig),
        (lambda: session.do(Remove(0)), BadConfig),
        (lambda: session.do(Choose((99,), 0)), BadConfig),
        (lambda: session.do(Snap(parse("#fff,#000"), 2)), BadConfig),
        (lambda: session.region_at(-1, 0), BadConfig),
        (lambda: session.do(Pick(12)), BadConfig),
    ):
        with pytest.raises(error):
            act()
    assert session.commands == []


def test_erasing_a_region_forgets_hints_choices_and_locks_there_only(session):
    before = seen(session)
    session.hint(dot("colour", LEFT, (1, 2, 3)), dot("lock", DISC), dot("colour", RIGHT, (9, 8, 7)))
    session.choose(session.region_at(*LEFT), 2)
    session.do(Erase((session.region_at(*LEFT), session.region_at(*DISC))))
    assert [hint.shape for hint in session.state.request.hints.items] == [Dot(*RIGHT)]
    there = inside(session, LEFT, DISC)
    assert np.array_equal(seen(session)[there], before[there])
    session.undo()
    assert session.painting.decided


def test_paper_can_be_painted_and_left_white_again(session):
    session.do(Restyle("flat", "paint"))
    assert session.state.request.paper == "paint"
    session.do(Restyle("shaded"))
    assert session.state.request.paper == "paint"
    session.undo()
    session.undo()
    assert session.state.request.paper == "white"


def test_new_palettes_hold_until_others_come(painter, session):
    palette = parse("#112233,#ddeeff")
    command = Propose(0, (palette,))
    session.accept(command, session.ask(painter, command))
    session.reroll(painter, 4)
    assert set(map(tuple, session.painting.colourings[0].colours)) <= set(map(tuple, palette.bytes))
    session.accept(Propose(4, ()), session.ask(painter, Propose(4, ())))
    assert session.state.request.palettes == ()


def test_characters_hold_until_palettes_come(painter, session):
    def do(command: Propose) -> np.ndarray:
        session.accept(command, session.ask(painter, command))
        return seen(session)

    hair, skin = Swatch((200, 30, 30), role="hair"), Swatch((20, 30, 200), role="skin")
    cast = CharacterSheet((Palette((hair, skin), "Aiko"),))
    pictures = [seen(session), do(Propose(0, (parse("#112233,#ddeeff"),)))]
    pictures.append(do(Propose(0, characters=cast)))
    pictures.append(do(Propose(4)))  # the rest anew
    assert session.state.request.characters == cast
    assert session.state.request.palettes == ()
    assert len(session.rounds[-1].palettes) == 9
    for palette in session.rounds[-1].palettes:
        assert {hair.rgb, skin.rgb} <= {swatch.rgb for swatch in palette.swatches}
    pictures.append(do(Propose(4, ())))
    assert session.state.request.characters is None
    for picture in reversed(pictures[:-1]):
        assert session.undo()
        assert np.array_equal(seen(session), picture)
    for picture in pictures[1:]:
        assert session.redo()
        assert np.array_equal(seen(session), picture)


def test_palettes_and_characters_are_not_both_given(painter, session):
    palette = Palette((Swatch((200, 30, 30), role="hair"), Swatch((9, 9, 9), role="skin")), "Aiko")
    command = Propose(0, (palette,), characters=CharacterSheet((palette,)))
    with pytest.raises(BadConfig, match="choose one"):
        session.ask(painter, command)


def test_what_is_said_while_the_network_runs_holds(painter, session):
    """The network was asked before the hint came; its answer is taken after it."""
    proposals = session.copy().ask(painter, Propose(7))
    session.hint(dot("colour", LEFT, (1, 2, 3)))
    session.accept(Propose(7), proposals)
    colour = session.painting.colourings[0].colours[session.region_at(*LEFT)]
    assert tuple(colour) == (1, 2, 3)


def test_a_copy_goes_its_own_way(session):
    copy = session.copy()
    copy.hint(dot("colour", LEFT, (1, 2, 3)))
    assert not np.array_equal(seen(copy), seen(session))
    assert len(session.commands) == 0


def test_progress_names_the_steps_and_may_stop_the_work(painter):
    said = []
    Session.start(painter, SKETCH, progress=lambda step, share: said.append((step, share)))
    assert [step for step, _ in said] == sorted((s for s, _ in said), key="propose segment".find)
    assert [share for _, share in said] == sorted(share for _, share in said)

    def stop(step, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Session.start(painter, SKETCH, progress=stop)
