"""Drawn characters: the same picture from the same seed, true lines, true regions."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("skia")

from inkwash.data.synth import KINDS, Character, Look, draw, portrait
from inkwash.data.synth.look import Fall, Tone
from inkwash.errors import BadConfig


def test_the_same_seed_is_the_same_picture():
    first, second = draw(3, 96), draw(3, 96)
    assert np.array_equal(first.line, second.line)
    assert np.array_equal(first.colour, second.colour)
    assert np.array_equal(first.labels, second.labels)


def test_another_seed_is_another_picture():
    assert np.abs(draw(3, 96).line.astype(int) - draw(4, 96).line).mean() > 2


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_fit_the_size(kind: str):
    drawing = draw(1, (80, 112), kind=kind)
    assert drawing.line.shape == drawing.labels.shape == (112, 80)
    assert drawing.colour.shape == drawing.flat.shape == (112, 80, 3)
    assert drawing.line.dtype == drawing.colour.dtype == drawing.flat.dtype == np.uint8
    assert drawing.labels.dtype == np.int32


@pytest.mark.parametrize("seed", range(6))
def test_every_label_is_seen_and_named(seed: int):
    drawing = draw(seed, 128)
    assert np.array_equal(np.unique(drawing.labels), np.arange(len(drawing.names)))
    assert set(drawing.names) == set(drawing.palette)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"view"}))
def test_there_is_somebody(kind: str):
    assert "hair" in draw(1, 128, kind=kind).names


def test_a_view_shows_nobody():
    for seed in range(4):
        assert not {"skin", "hair", "paper"} & set(draw(seed, 64, kind="view").names)


def test_a_painted_ground_keeps_its_lines_in_the_line_art_only():
    inked, painted = (
        portrait(Character(), 160, ground="city", look=Look(painted=painted, line_colour=0.0))
        for painted in (False, True)
    )
    tower = np.isin(inked.labels, [i for i, n in enumerate(inked.names) if n.startswith("tower")])
    edges = tower & (inked.line < 130)
    assert edges.sum() > 50
    assert np.array_equal(inked.line, painted.line)
    assert inked.colour[edges].mean() < 0.6 * painted.colour[edges].mean()


def test_haze_softens_the_ground_and_nobody_else():
    sharp, soft = (
        portrait(Character(), 160, ground="city", look=Look(painted=True, haze=haze))
        for haze in (0.0, 0.01)
    )
    changed = np.abs(sharp.colour.astype(int) - soft.colour).max(2) > 24
    hair = sharp.labels == sharp.names.index("hair")
    assert np.array_equal(sharp.line, soft.line)
    assert changed.sum() > 200
    assert not changed[_eroded(hair)].any()


def test_light_falls_on_what_is_drawn_and_leaves_paper_white():
    look = Look(fall=Fall((1.0, 1.0, 1.0), (0.4, 0.4, 0.4)), shading="flat")
    even, fallen = portrait(Character(), 128), portrait(Character(), 128, look=look)
    paper = even.labels == even.names.index("paper")
    blank = _eroded(paper)
    assert (fallen.colour[blank] == 255).all()
    assert fallen.colour[~paper].mean() < 0.9 * even.colour[~paper].mean()


@pytest.mark.parametrize("seed", range(6))
def test_flat_colours_are_those_of_the_regions(seed: int):
    drawing = draw(seed, 160, kind="bust")
    for number in range(len(drawing.names)):
        inside = _eroded(drawing.labels == number)
        if inside.any():
            assert np.ptp(drawing.flat[inside].astype(int), axis=0).max() <= 2


def test_the_picture_does_not_depend_on_its_size():
    look = Look()
    small, large = (draw(5, side, kind="bust", look=look) for side in (128, 512))
    reduced = large.flat.reshape(128, 4, 128, 4, 3).mean((1, 3))
    assert np.abs(reduced - small.flat).mean() < 2
    assert set(small.names) <= set(large.names)


def test_lines_are_ink_on_white_paper():
    drawing = draw(2, 256, kind="bust", look=Look())
    assert drawing.line.min() == 0
    assert 0.6 < (drawing.line == 255).mean() < 0.97


def test_lines_darken_the_colours():
    drawing = draw(2, 256, kind="bust", look=Look(shading="flat", line_colour=0.0))
    ink = drawing.line < 20
    assert ink.any()
    assert drawing.colour[ink].mean() < 30


def test_shading_changes_colours_only():
    flat = draw(7, 128, kind="bust", look=Look(shading="flat"))
    cel = draw(7, 128, kind="bust", look=Look(shading="cel"))
    assert np.array_equal(flat.line, cel.line)
    assert np.array_equal(flat.labels, cel.labels)
    assert np.abs(flat.colour.astype(int) - cel.colour).mean() > 1


@pytest.mark.parametrize("tones", ["blacks", "dots"])
def test_tones_darken_hair_in_the_lines_only(tones: Tone):
    plain, toned = (
        portrait(Character(), 160, colours={"hair": (40, 30, 30)}, look=Look(tones=name))
        for name in ("none", tones)
    )
    hair, skin = (plain.labels == plain.names.index(role) for role in ("hair", "skin"))
    assert toned.line[hair].mean() < plain.line[hair].mean() - 60
    assert np.mean(toned.line[skin] != plain.line[skin]) < 0.05  # at the edges only
    assert np.array_equal(toned.colour, plain.colour)


@pytest.mark.parametrize("size", [0, -5, 31, 100_000, (64, 16), (4000, 300)])
def test_impossible_sizes_are_refused(size: int | tuple[int, int]):
    with pytest.raises(BadConfig, match=r"use|keep"):
        draw(0, size)


def test_an_unknown_kind_is_refused():
    with pytest.raises(BadConfig, match="bust"):
        draw(0, 64, kind="spaceship")


def test_without_skia_the_remedy_is_named():
    code = (
        "import sys; sys.modules['skia'] = None\n"
        "import inkwash.data\n"
        "from inkwash.errors import MissingExtra\n"
        "try:\n    import inkwash.data.synth\n"
        "except MissingExtra as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "inkwash[draw]" in done.stdout


def _eroded(mask: np.ndarray) -> np.ndarray:
    inside = mask.copy()
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            inside &= np.roll(mask, step, axis)
    return inside
