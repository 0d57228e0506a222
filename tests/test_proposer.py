"""Palettes for a sketch: what weights remember, and how nine are chosen from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from inkwash.colour import delta_e76, lab_from_srgb
from inkwash.data.roles import REMEMBERED, ROLES
from inkwash.errors import BadWeights
from inkwash.painter import Painter
from inkwash.palettes import EYE_WHITE, is_skin, parse
from inkwash.propose import study
from inkwash.proposer import Memory, decode, encode, palettes_for, propose_palettes
from inkwash.proposer.look import Look, look_at
from inkwash.proposer.recall import cover, difference, eye_white, recall, told_apart_by
from inkwash.proposer.turns import TURNS, at_turn
from sketches import rooms_sketch
from tiny_net import TINY, tiny_runtime

KNOWING = replace(TINY, roles=ROLES)
SUMMARY = 2 * TINY.head + len(ROLES)


def remembered(count: int = 60, seed: int = 0) -> Memory:
    """A memory of random palettes, whose skins are skins."""
    rng = np.random.default_rng(seed)
    colours = rng.integers(0, 256, (count, len(REMEMBERED), 3)).astype(np.uint8)
    colours[:, 0] = (240, 205, 180)
    return Memory(
        roles=REMEMBERED,
        centre=np.zeros(SUMMARY),
        spread=np.ones(SUMMARY),
        axes=rng.normal(size=(SUMMARY, 4)),
        places=rng.normal(size=(count, 4)),
        weights=np.ones(count),
        colours=colours,
    )


@pytest.fixture(scope="module")
def runtime():
    found = tiny_runtime(KNOWING)
    found.memory = encode(remembered())
    return found


@pytest.fixture(scope="module")
def studied(runtime):
    return study(rooms_sketch(), runtime)


def test_a_cover_takes_the_middle_of_each_cluster():
    points = np.array([0, 1, 2, 100, 101, 102, 103, 104, 200.0])
    apart = np.abs(points[:, None] - points)
    assert cover(apart, np.ones(9), 3) == [5, 1, 8]


def test_a_cover_serves_the_likely_first_and_takes_nothing_twice():
    points = np.array([0, 10, 30, 31.0])
    apart = np.abs(points[:, None] - points)
    assert cover(apart, np.array([9, 1, 1, 1.0]), 1) == [0]
    assert sorted(cover(apart, np.ones(4), 9)) == [0, 1, 2, 3]


def test_palettes_differ_as_much_as_the_pictures_they_colour():
    lab = lab_from_srgb(np.array([[[0, 0, 0], [9, 9, 9]], [[255, 255, 255], [9, 9, 9]]], np.uint8))
    apart = difference(lab, np.array([0.25, 0.75]))
    assert apart == pytest.approx(np.array([[0, 25], [25, 0]]), abs=0.01)


def test_backgrounds_do_not_tell_palettes_apart_more_than_figures_do():
    counted = told_apart_by(np.array([0.1, 0.1, 0.6, 0.2]), ("hair", "top", "background", "sky"))
    assert counted == pytest.approx([0.35, 0.35, 0.225, 0.075], abs=1e-4)
    small = np.array([0.7, 0.1, 0.2])
    assert told_apart_by(small, ("hair", "top", "sky")) == pytest.approx(small, abs=1e-4)
    assert told_apart_by(np.array([0.0, 1.0]), ("hair", "sky")).sum() == pytest.approx(1)


def test_a_memory_survives_its_text():
    memory = remembered()
    again = decode(encode(memory))
    assert np.array_equal(again.colours, memory.colours)
    assert again.roles == REMEMBERED
    assert again.places == pytest.approx(memory.places, abs=2e-3)


@pytest.mark.parametrize("text", ["x", "AAAA", "é", encode(remembered(2))[:200]])
def test_a_damaged_memory_is_an_error_of_ours(text):
    with pytest.raises(BadWeights, match="learn them again"):
        decode(text)


def test_nine_palettes_with_every_role_fixed_by_the_seed(runtime, studied):
    first, again, other = (palettes_for(studied, runtime, seed) for seed in (0, 0, 1))
    assert len(first) == len(set(map(str, first))) == 9
    assert first == again
    assert first != other
    assert all(tuple(s.role for s in palette.swatches) == ROLES for palette in first)
    assert all(is_skin(palette.lab[0]) for palette in first)
    assert {palette.roles[EYE_WHITE].rgb for palette in first} == {(253, 248, 244)}  # light skin's


def test_whites_of_eyes_come_where_they_were_looked_for():
    summary, memory = np.zeros(SUMMARY, np.float32), remembered()
    without = recall(memory, Look(summary, np.full(len(REMEMBERED), 1 / 8, np.float32)), 9, seed=0)
    assert all(tuple(s.role for s in palette.swatches) == REMEMBERED for palette in without)


def test_palettes_are_of_pictures_that_look_alike():
    """Two kinds of picture far from each other: a look like one kind gets its colours."""
    memory = remembered(600)
    memory.places[:300, 0] -= 50
    memory.places[300:, 0] += 50
    memory.colours[:300, 6] = (10, 20, 30)  # backgrounds
    summary = np.linalg.pinv(memory.axes).T @ np.array([-50.0, 0, 0, 0])
    shares = np.full(len(ROLES), 1 / len(ROLES))
    found = recall(memory, Look(summary, shares), 9, seed=0)
    assert {palette.roles["background"].rgb for palette in found} == {(10, 20, 30)}


def test_seeds_in_a_row_share_no_palette(studied):
    """A dozen rounds of nine show nothing twice; the next dozen begins with others, too."""
    runtime = tiny_runtime(KNOWING)
    runtime.memory = encode(remembered(400))
    rounds = [set(map(str, palettes_for(studied, runtime, seed))) for seed in range(TURNS + 1)]
    assert len(set.union(*rounds[:TURNS])) == 9 * TURNS
    assert not rounds[TURNS] & rounds[TURNS - 1]


def test_palettes_that_only_seem_to_be_others_do_not_come_again():
    """Pairs of palettes that no eye can tell apart."""
    memory = remembered(200)
    memory.colours[100:] = np.clip(memory.colours[:100].astype(int) + 1, 0, 255)
    shares = np.full(len(ROLES), 1 / len(ROLES), np.float32)
    look = Look(np.zeros(SUMMARY, np.float32), shares)
    for seed in range(3):
        one, two = (recall(memory, look, 9, seed + step) for step in (0, 1))
        lab = [np.stack([palette.lab for palette in found]) for found in (one, two)]
        assert delta_e76(lab[0][:, None], lab[1][None]).mean(-1).min() > 5


def test_where_few_are_remembered_only_the_last_do_not_come_again():
    apart = 50.0 * (1 - np.eye(20))
    taken = [at_turn(seed, 6, apart, lambda seed, rest: rest[:6].tolist()) for seed in range(5)]
    assert all(len(set(one)) == 6 and not set(one) & set(two) for one, two in pairwise(taken))
    again = [at_turn(seed, 6, apart[:6, :6], lambda _, rest: rest.tolist()) for seed in (0, 1)]
    assert again == [[*range(6)]] * 2


def test_palettes_of_the_library_do_not_come_again_at_once():
    rounds = [{palette.name for palette in propose_palettes(9, seed)} for seed in range(2 * TURNS)]
    assert all(len(one) == 9 and not one & two for one, two in pairwise(rounds))


def test_a_small_memory_is_filled_up_from_the_library(studied):
    runtime = tiny_runtime(KNOWING)
    runtime.memory = encode(remembered(4))
    found = palettes_for(studied, runtime)
    assert len(found) == 9
    assert found[4:] == propose_palettes(9)[:5]


def test_the_artists_own_palettes_come_first(runtime, studied):
    own = (parse("#102030,#ffeedd,#cc4455"),)
    assert palettes_for(studied, runtime, 0, own) == own * 9
    found = palettes_for(studied, runtime, 1, own)
    assert found[0] == own[0]
    assert found[1:] == palettes_for(studied, runtime, 1)[:8]


@pytest.mark.parametrize("config", [TINY, replace(TINY, roles=("skin", "tail"))])
def test_weights_that_know_no_roles_propose_palettes_of_the_library(config):
    runtime = tiny_runtime(config)
    runtime.memory = encode(remembered())
    assert palettes_for(study(rooms_sketch(), runtime), runtime) == propose_palettes(9)


def test_weights_without_a_memory_propose_palettes_of_the_library(studied):
    assert palettes_for(studied, tiny_runtime(KNOWING), 3) == propose_palettes(9, 3)


def test_a_painter_paints_with_what_the_weights_remember(runtime):
    painting = Painter(runtime).paint(rooms_sketch())
    allowed = {tuple(rgb) for rgb in remembered().colours.reshape(-1, 3).tolist()}
    allowed.add(eye_white((240, 205, 180)))
    for colouring in painting.colourings:
        assert {tuple(rgb) for rgb in colouring.colours.tolist()} <= allowed
        assert colouring.title


def test_a_look_tells_how_much_each_role_takes(studied):
    look = look_at(studied)
    assert look.summary.shape == (SUMMARY,)
    assert look.shares.sum() == pytest.approx(1, abs=1e-4)


def test_proposed_pictures_differ(runtime):
    pictures = Painter(runtime).paint(rooms_sketch()).colourings
    lab = lab_from_srgb(np.stack([colouring.colours for colouring in pictures]))
    pairs = [delta_e76(lab[i], lab[j]).mean() for i in range(9) for j in range(i)]
    assert np.mean(pairs) > 15
