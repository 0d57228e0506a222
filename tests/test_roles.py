"""Roles: what the network sees where, and what that says about placing colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkwash.data.roles import ROLES
from inkwash.hints import Dot, Hint, Hints
from inkwash.palettes import Palette, Swatch, parse
from inkwash.propose import propose, study
from inkwash.roles import LEAST_CHANCE, knows_roles, place_by_role
from sketches import rooms_sketch
from tiny_net import TINY, tiny_runtime

KNOWING = replace(TINY, roles=ROLES)
RED, BLUE, GREY = (200, 30, 30), (30, 30, 200), (90, 90, 90)
FIGURE = Palette((Swatch(RED, role="skin"), Swatch(BLUE, role="hair"), Swatch(GREY)))
NAMES = ("skin", "hair", "top")


@pytest.fixture(scope="module")
def runtime():
    return tiny_runtime(KNOWING)


def chances_of(*cells: tuple[float, float, float]):
    """(R, 1, cells)."""
    return np.array(cells, np.float32).T[:, None]


def level(cells: int):
    """Scores (1, P, 1, cells) of a network that cannot decide."""
    return np.full((1, 3, 1, cells), -np.log(3), np.float32)


def test_a_colour_falls_where_another_role_is_likelier():
    chances = chances_of((0.8, 0.1, 0.1), (0.1, 0.8, 0.1))
    placed = place_by_role(level(2), (FIGURE,), chances, NAMES) - level(2)
    assert (
        pytest.approx(np.array([[0, -np.log(8), 0], [-np.log(8), 0, 0]]), abs=1e-5)
        == placed[0, :, 0].T
    )


def test_a_colour_without_a_role_keeps_its_score_and_gains_where_no_role_given_is_likely():
    placed = place_by_role(level(1), (FIGURE,), chances_of((0.05, 0.05, 0.9)), NAMES)
    assert placed[0, :, 0, 0].argmax() == 2
    assert placed[0, 2] == pytest.approx(level(1)[0, 2])


def test_roles_that_the_network_does_not_know_change_nothing():
    coat = Palette((Swatch(RED, role="coat"), Swatch(BLUE), Swatch(GREY)))
    placed = place_by_role(level(1), (coat,), chances_of((0.9, 0.1, 0.0)), NAMES)
    assert np.array_equal(placed, level(1))


def test_two_colours_of_one_role_are_left_to_the_network():
    pair = Palette((Swatch(RED, role="hair"), Swatch(BLUE, role="hair"), Swatch(GREY)))
    scores = level(1)
    scores[0, 1] += 0.5
    placed = place_by_role(scores, (pair,), chances_of((0.6, 0.3, 0.1)), NAMES)
    assert placed[0, 1] - placed[0, 0] == pytest.approx(0.5)


def test_no_role_is_impossible():
    placed = place_by_role(level(1), (FIGURE,), chances_of((1.0, 0.0, 0.0)), NAMES)
    assert placed[0, 1, 0, 0] - level(1)[0, 1, 0, 0] == pytest.approx(np.log(LEAST_CHANCE))


def test_chances_of_roles_sum_to_one_without_the_padding(runtime):
    studied = study(rooms_sketch(250, 170), runtime)
    rows, columns = -(-studied.size.height // 2), -(-studied.size.width // 2)
    assert studied.chances is not None
    assert studied.chances.shape == (len(ROLES), rows, columns)
    assert studied.seen.shape[1:] == (rows, columns)
    assert studied.chances.sum(0) == pytest.approx(np.ones((rows, columns)), abs=1e-4)


def test_a_hint_does_not_change_what_is_seen(runtime):
    sketch = rooms_sketch()
    hints = Hints(sketch.size, (Hint("colour", Dot(60, 60, 20), RED),))
    plain, told = study(sketch, runtime), study(sketch, runtime, hints=hints)
    assert not np.array_equal(told.encoded.features, plain.encoded.features)
    assert told.chances is not None
    assert plain.chances is not None
    assert np.array_equal(told.chances, plain.chances)


def test_a_palette_with_roles_is_placed_by_what_is_seen_and_bare_colours_are_not(runtime):
    studied = study(rooms_sketch(), runtime)
    blind = replace(studied, chances=None)
    bare = parse("#c81e1e,#1e1ec8,#5a5a5a")
    with_roles, without = (propose(one, runtime, (FIGURE,)).scores for one in (studied, blind))
    assert with_roles is not None
    assert without is not None
    assert np.abs(with_roles - without).max() > 0.1
    assert np.allclose(np.exp(with_roles).sum(1), 1, atol=1e-5)
    plain, unseen = (propose(one, runtime, (bare,)).scores for one in (studied, blind))
    assert plain is not None
    assert unseen is not None
    assert np.allclose(plain, unseen, atol=1e-5)


def test_a_network_without_roles_is_not_asked():
    assert knows_roles(KNOWING)
    assert not knows_roles(TINY)
    assert study(rooms_sketch(), tiny_runtime()).chances is None
