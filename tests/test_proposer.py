"""Palettes for a sketch: what weights remember, and how nine are chosen from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkwash.colour import delta_e76, lab_from_srgb
from inkwash.data.roles import ROLES
from inkwash.errors import BadWeights
from inkwash.painter import Painter
from inkwash.palettes import parse
from inkwash.propose import study
from inkwash.proposer import Memory, decode, encode, palettes_for, propose_palettes
from inkwash.proposer.look import Look, look_at, role_chances, seen_features, shrunk
from inkwash.proposer.named import is_skin
from inkwash.proposer.recall import cover, difference, recall
from sketches import rooms_sketch
from tiny_net import TINY, tiny_runtime

KNOWING = replace(TINY, roles=ROLES)
SUMMARY = 2 * TINY.head + len(ROLES)


def remembered(count: int = 60, seed: int = 0) -> Memory:
    """A memory of random palettes, whose skins are skins."""
    rng = np.random.default_rng(seed)
    colours = rng.integers(0, 256, (count, len(ROLES), 3)).astype(np.uint8)
    colours[:, 0] = (240, 205, 180)
    return Memory(
        roles=ROLES,
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


def test_a_memory_survives_its_text():
    memory = remembered()
    again = decode(encode(memory))
    assert np.array_equal(again.colours, memory.colours)
    assert again.roles == ROLES
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
    for colouring in painting.colourings:
        assert {tuple(rgb) for rgb in colouring.colours.tolist()} <= allowed
        assert colouring.title


def test_a_look_tells_how_much_each_role_takes(runtime, studied):
    look = look_at(studied, runtime)
    assert look.summary.shape == (SUMMARY,)
    assert look.shares.sum() == pytest.approx(1, abs=1e-4)


def test_chances_of_roles_sum_to_one_without_the_padding(runtime, studied):
    features = seen_features(studied, runtime)
    assert features.shape[1:] == (-(-studied.size.height // 2), -(-studied.size.width // 2))
    chances = role_chances(features, runtime)
    assert chances.shape == (len(ROLES), *features.shape[1:])
    assert chances.sum(0) == pytest.approx(np.ones(features.shape[1:]), abs=1e-4)


def test_cells_that_an_edge_cuts_are_left_out():
    values = np.arange(30, dtype=np.float32).reshape(1, 5, 6)
    assert shrunk(values, 2).tolist() == [[[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]]


def test_proposed_pictures_differ(runtime):
    pictures = Painter(runtime).paint(rooms_sketch()).colourings
    lab = lab_from_srgb(np.stack([colouring.colours for colouring in pictures]))
    pairs = [delta_e76(lab[i], lab[j]).mean() for i in range(9) for j in range(i)]
    assert np.mean(pairs) > 15
