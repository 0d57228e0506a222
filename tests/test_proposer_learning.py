"""How weights come to remember palettes: annotation, what is kept, and the files it travels in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="weights are written with torch; install inkwash[train]")

from coloured import coloured, folder_of
from inkwash.cli import main
from inkwash.colour import lab_from_srgb
from inkwash.data.pictures import Example
from inkwash.data.roles import REMEMBERED, ROLES
from inkwash.data.store import open_folders
from inkwash.errors import BadConfig, BadData, BadWeights, OutputExists
from inkwash.painter import Painter
from inkwash.proposer import decode, encode
from inkwash.runtime import ranking_path
from inkwash.train.annotate import completed, of_drawing, of_picture
from inkwash.train.palettes import annotate, clean, learn, learn_into, shrunk
from inkwash.weights import load
from inkwash.weights.memory import read_memory, write_memory
from inkwash.weights.onnx_file import write_onnx
from inkwash.weights.safetensors_file import write_safetensors
from sketches import rooms_sketch
from tiny_net import TINY, tiny_net, tiny_runtime

KNOWING = replace(TINY, roles=ROLES)
SKIN, HAIR, SHIRT, WALL = (240, 205, 180), (60, 40, 30), (40, 90, 200), (250, 250, 245)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    return folder_of(tmp_path_factory.mktemp("pictures"), 24, width=64, height=64)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "knowing.onnx"
    write_onnx(tiny_net(KNOWING), path)
    return path


def figure(*parts: tuple[tuple[int, int, int], str, int]):
    """Lab (N, 3) and chances (N, R) of colours seen as a role, so many pixels each."""
    rgb = np.concatenate(
        [np.tile(np.array(colour, np.uint8), (count, 1)) for colour, _, count in parts]
    )
    chances = np.concatenate([np.tile(_chance(role), (count, 1)) for _, role, count in parts])
    return lab_from_srgb(rgb), chances


def lab_of(rgb):
    return lab_from_srgb(np.array(rgb, np.uint8))


def _chance(role: str):
    chances = np.full(len(ROLES), 0.05)
    chances[ROLES.index(role)] = 0.65
    return chances


def colour_of(found, role: str):
    return found.lab[ROLES.index(role)]


def test_each_role_takes_the_colour_that_lies_where_it_is_seen():
    parts = ((WALL, "background", 500), (SKIN, "skin", 80), (HAIR, "hair", 100), (SHIRT, "top", 90))
    found = of_picture(*figure(*parts))
    for rgb, role, _ in parts:
        assert colour_of(found, role) == pytest.approx(lab_of(rgb), abs=0.5)


def test_roles_that_are_seen_in_one_colour_do_not_share_it():
    found = of_picture(*figure((WALL, "hair", 300), (HAIR, "hair", 100), (SHIRT, "hair", 90)))
    taken = found.lab[found.found]
    assert len(np.unique(taken.round(), axis=0)) == len(taken) == 3


def test_what_is_seen_as_skin_and_is_blue_is_no_skin():
    found = of_picture(*figure((WALL, "background", 300), (SHIRT, "skin", 100)))
    assert not found.found[ROLES.index("skin")]


def test_a_drawing_says_its_roles():
    lab, _ = figure((WALL, "background", 30), (SKIN, "skin", 9), (HAIR, "hair", 2))
    roles = np.repeat([1 + ROLES.index("background"), 1, 1 + ROLES.index("hair")], [30, 9, 2])
    found = of_drawing(lab, roles)
    assert np.flatnonzero(found.found).tolist() == [0, ROLES.index("background")]
    assert colour_of(found, "skin") == pytest.approx(lab_of(SKIN), abs=0.01)


def test_missing_roles_come_from_the_palette_that_is_most_alike():
    lab = np.zeros((3, len(ROLES), 3))
    lab[:2, 0] = [[70, 9, 9], [50, 9, 9]]  # skin
    lab[:, 1] = [[20, 0, 0], [90, 0, 0], [88, 0, 0]]  # hair
    found = np.zeros((3, len(ROLES)), bool)
    found[:2, :2] = found[2, 1] = True
    assert completed(lab, found)[2, 0].tolist() == [50, 9, 9]


def test_a_picture_of_one_colour_teaches_nothing():
    grey = np.full((64, 64, 3), 90, np.uint8)
    assert annotate(Example(grey, np.full((64, 64), 255, np.uint8)), tiny_runtime(KNOWING)) is None


def test_pictures_are_learned_with_their_colours(pictures):
    source, _ = open_folders([pictures], 64)
    memory = learn(tiny_runtime(KNOWING), source)
    assert 9 <= len(memory) <= len(source)
    own = np.concatenate([lab_from_srgb(coloured(i, 64, 64)).reshape(-1, 3) for i in range(24)])
    for palette in memory.lab:
        near = np.linalg.norm(own[:, None] - palette, axis=2).min(0)
        assert near.max() < 12
    assert len(encode(memory)) < 20_000


def test_the_best_scored_pictures_are_learned(pictures):
    source, _ = open_folders([pictures], 64)
    source.scores = np.where(np.arange(len(source)) % 2, 5.0, 1.0)
    read = []
    reading = source.read
    source.read = lambda index: (read.append(index), reading(index))[1]
    learn(tiny_runtime(KNOWING), source, most=10)
    assert len(read) == 10
    assert all(index % 2 for index in read)


def test_palettes_whose_hair_is_skin_and_grey_ones_are_left_out():
    rng = np.random.default_rng(0)
    vivid = rng.uniform((20, -60, -60), (90, 60, 60), (30, len(ROLES), 3))
    vivid[:, :2] = (80, 12, 18), (20, 5, 5)  # skin, hair
    vivid[:, REMEMBERED.index("background")] = (60, 40, 50)
    bald, grey = vivid[:10].copy(), vivid[:10] * (1, 0.1, 0.1)
    bald[:, 1] = bald[:, 0] + 5
    kept = clean(np.concatenate([vivid, bald, grey]))
    assert kept[:30].sum() >= 20
    assert not kept[30:].any()


def test_figures_in_one_tint_are_left_out_and_black_and_white_ones_stay():
    rng = np.random.default_rng(1)
    vivid = rng.uniform((20, -60, -60), (90, 60, 60), (30, len(REMEMBERED), 3))
    vivid[:, :2] = (80, 12, 18), (20, 5, 5)  # skin, hair
    top = REMEMBERED.index("top")
    tinted, black_and_white = vivid[:10].copy(), vivid[10:].copy()
    tinted[:, top], black_and_white[:, top] = (40, 8, 10), (95, 0, 2)
    kept = clean(np.concatenate([tinted, black_and_white]))
    assert not kept[:10].any()
    assert kept[10:].sum() >= 9


def test_figures_that_are_lost_in_their_background_are_left_out():
    rng = np.random.default_rng(2)
    vivid = rng.uniform((20, -60, -60), (90, 60, 60), (30, len(REMEMBERED), 3))
    vivid[:, :2] = (80, 12, 18), (20, 5, 5)  # skin, hair
    ground = REMEMBERED.index("background")
    vivid[:, ground] = (98, 0, 0)
    vivid[:5, ground] = (22, 3, 9)
    kept = clean(vivid)
    assert not kept[:5].any()
    assert kept[5:].sum() >= 12


def test_too_few_pictures_and_weights_without_roles_are_refused(tmp_path, pictures):
    few, _ = open_folders([folder_of(tmp_path / "few", 3)], 64)
    with pytest.raises(BadData, match="give 9 or more"):
        learn(tiny_runtime(KNOWING), few)
    with pytest.raises(BadWeights, match="know no roles"):
        learn(tiny_runtime(TINY), open_folders([pictures], 64)[0])


@pytest.mark.parametrize("suffix", [".onnx", ".safetensors"])
def test_a_memory_travels_in_both_kinds_of_file(tmp_path, monkeypatch, weights, suffix):
    monkeypatch.setattr("inkwash.weights.cache_folder", lambda: tmp_path / "cache")
    path, other = weights, tmp_path / f"other{suffix}"
    if suffix == ".safetensors":
        path = tmp_path / "knowing.safetensors"
        write_safetensors(tiny_net(KNOWING), path)
    assert read_memory(path) == ""
    write_memory(path, other, "text")
    assert read_memory(other) == "text"
    for backend in ("onnx", "torch"):
        runtime = load(other, backend=backend, threads=1)
        assert runtime.memory == "text"
        assert runtime.config == KNOWING
    with pytest.raises(OutputExists):
        write_memory(path, other, "text")


def test_the_command_makes_weights_that_propose_from_what_they_saw(
    tmp_path, weights, pictures, capsys
):
    out = tmp_path / "learned.onnx"
    command = ["weights", "learn-palettes", str(weights), "--data", str(pictures), "--out"]
    assert main([*command, str(out), "--threads", "1", "--json"]) == 0
    count = json.loads(capsys.readouterr().out)["palettes"]
    memory = decode(read_memory(out))
    assert len(memory) == count
    painting = Painter.load(out, threads=1).paint(rooms_sketch())
    seen = {tuple(rgb) for rgb in memory.colours.reshape(-1, 3).tolist()}
    assert {tuple(c) for c in painting.colourings[0].colours.tolist()} <= seen
    exported = tmp_path / "again.safetensors"
    assert main(["weights", "export", str(out), "--out", str(exported)]) == 0
    assert capsys.readouterr().out.startswith(f"wrote {exported}: ")
    assert read_memory(exported) == read_memory(out)


def test_an_output_that_cannot_be_is_refused_before_any_work(tmp_path, weights, pictures):
    with pytest.raises(BadConfig, match="same ending"):
        learn_into(str(weights), [pictures], tmp_path / "learned.safetensors")
    with pytest.raises(OutputExists):
        learn_into(str(weights), [pictures], weights)


def test_the_ranking_of_the_weights_goes_along_and_no_other_stays(
    tmp_path, weights, pictures, monkeypatch
):
    monkeypatch.setattr("inkwash.train.palettes.learn", lambda *_, **__: ())
    monkeypatch.setattr("inkwash.train.palettes.encode", lambda _: "text")
    mine, out = tmp_path / "mine.onnx", tmp_path / "out.onnx"
    mine.write_bytes(weights.read_bytes())
    ranking_path(out).write_text("of others")
    with pytest.raises(OutputExists, match=r"out\.ranking\.json"):
        learn_into(str(mine), [pictures], out)
    learn_into(str(mine), [pictures], out, force=True)
    assert not ranking_path(out).exists()
    ranking_path(mine).write_text("{}")
    learn_into(str(mine), [pictures], out, force=True)
    assert ranking_path(out).read_text() == "{}"
    learn_into(str(mine), [pictures], mine, force=True)
    assert ranking_path(mine).read_text() == "{}"


def test_cells_that_an_edge_cuts_are_left_out():
    values = np.arange(30, dtype=np.float32).reshape(1, 5, 6)
    assert shrunk(values, 2).tolist() == [[[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]]
