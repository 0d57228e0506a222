"""Drawn pictures as a source and as a folder for training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skia")

from inkwash.data.pictures import find_entries, read_entry
from inkwash.data.synth import DrawnPictures, write_pairs
from inkwash.errors import BadConfig, OutputExists


def test_a_source_draws_what_is_read():
    source = DrawnPictures(5, seed=2, size=(64, 96))
    colour, line, roles = source.read(3)
    assert line is not None
    assert roles is not None
    assert {1, 2} <= set(np.unique(roles))  # skin and hair
    assert colour.shape == (96, 64, 3)
    assert line.shape == (96, 64)
    assert np.array_equal(source.read(3)[0], colour)
    assert len(source) == len(source.scores) == 5


def test_sources_of_other_seeds_share_no_picture():
    first, second = DrawnPictures(2, seed=0, size=64), DrawnPictures(2, seed=1, size=64)
    assert np.abs(first.read(1)[0].astype(int) - second.read(0)[0]).mean() > 1


def test_a_folder_of_pairs_is_read_as_training_pictures(tmp_path: Path):
    folder = write_pairs(tmp_path / "drawn", 3, seed=4, size=64)
    entries = find_entries(folder)
    assert all(entry.line is not None for entry in entries)
    assert [entry.score for entry in entries] == [5.0, 5.0, 5.0]
    colour, line, roles = read_entry(entries[1], 64)
    expected = DrawnPictures(3, seed=4, size=64).read(1)
    assert np.array_equal(colour, expected[0])
    assert line is not None
    assert roles is not None
    assert np.array_equal(line, np.asarray(expected[1]))
    assert np.array_equal(roles, np.asarray(expected[2]))


def test_a_share_of_the_pictures_gets_its_lines(tmp_path: Path):
    folder = write_pairs(tmp_path / "drawn", 6, seed=4, size=64, lines=0.5)
    entries = find_entries(folder)
    assert sum(entry.line is not None for entry in entries) == 3
    assert all(entry.roles is not None for entry in entries)
    again = find_entries(write_pairs(tmp_path / "again", 6, seed=4, size=64, lines=0.5))
    assert [e.line is None for e in again] == [e.line is None for e in entries]


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_of_lines_out_of_range_is_refused(tmp_path: Path, share: float):
    with pytest.raises(BadConfig, match=r"0 \(none\) to 1"):
        write_pairs(tmp_path / "drawn", 1, lines=share)
    assert list(tmp_path.iterdir()) == []


def test_pictures_take_several_sizes_in_turns(tmp_path: Path):
    folder = write_pairs(tmp_path / "drawn", 3, size=[64, (64, 96)])
    shapes = [read_entry(entry, 999).rgb.shape[:2] for entry in find_entries(folder)]
    assert shapes == [(64, 64), (96, 64), (64, 64)]


def test_all_can_be_kept_for_training(tmp_path: Path):
    held = {
        keep: sum(
            e.held_out
            for e in find_entries(write_pairs(tmp_path / f"{keep}", 30, size=32, held_out=keep))
        )
        for keep in (True, False)
    }
    assert held[True] > 0
    assert held[False] == 0


def test_labels_are_written_with_their_names(tmp_path: Path):
    folder = write_pairs(tmp_path / "drawn", 1, size=64)
    with np.load(folder / "000000_labels.npz") as stored:
        labels, names = stored["labels"], stored["names"]
    drawing = DrawnPictures(1, size=64).drawing(0)
    assert np.array_equal(labels, drawing.labels)
    assert tuple(names) == drawing.names


def test_an_existing_folder_is_left_alone(tmp_path: Path):
    with pytest.raises(OutputExists, match="new folder"):
        write_pairs(tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [0, -3])
def test_counts_under_one_are_refused(tmp_path: Path, count: int):
    with pytest.raises(BadConfig, match="1 picture or more"):
        write_pairs(tmp_path / "drawn", count)
    assert list(tmp_path.iterdir()) == []
