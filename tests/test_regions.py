"""Regions of pictures drawn here: closed lines, broken lines, textures, and what is no line art."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inkwash.errors import BadConfig, BadSketch
from inkwash.regions import Regions, segment

Lines = NDArray[np.uint8]


def page(height: int = 400, width: int = 500) -> Lines:
    return np.full((height, width), 255, np.uint8)


def two_rooms(gap: int = 0) -> Lines:
    """A house of two rooms; the wall between them is open for `gap` pixels."""
    lines = page()
    cv2.rectangle(lines, (50, 50), (450, 350), 0, 3)
    cv2.line(lines, (250, 50), (250, 350), 0, 3)
    if gap:
        lines[200 : 200 + gap, 248:253] = 255
    return lines


def figure() -> Lines:
    """Curves, spikes and gaps without any symmetry, softly drawn."""
    rng = np.random.default_rng(7)
    lines = page(600, 700)
    for _ in range(9):
        centre = tuple(rng.integers(80, 520, 2).tolist())
        axes = tuple(rng.integers(30, 150, 2).tolist())
        start, turn = int(rng.integers(0, 360)), float(rng.uniform(0, 180))
        cv2.ellipse(lines, centre, axes, turn, start + 6, start + 360, 0, 3, cv2.LINE_AA)
    spike = np.array([[40, 560], [300, 540], [60, 590], [420, 595], [690, 500]])
    cv2.polylines(lines, [spike], False, 0, 3, cv2.LINE_AA)
    return lines


def agreement(one: NDArray[np.int32], other: NDArray[np.int32]) -> float:
    """Share of pixels that agree when each label of one is taken for its main one in the other."""
    table = np.zeros((one.max() + 1, other.max() + 1), np.int64)
    np.add.at(table, (one.ravel(), other.ravel()), 1)
    return min(table.max(axis=0).sum(), table.max(axis=1).sum()) / one.size


def assert_whole(regions: Regions, lines: Lines) -> None:
    """What holds for the regions of any picture."""
    assert regions.labels.shape == lines.shape
    assert regions.labels.dtype == np.int32
    assert np.array_equal(np.unique(regions.labels), np.arange(regions.count))
    assert np.array_equal(regions.areas, np.bincount(regions.labels.ravel()))
    assert (np.diff(regions.areas) <= 0).all()
    assert regions.line_width >= 1


def test_each_closed_area_is_a_region() -> None:
    regions = segment(two_rooms())
    assert_whole(regions, two_rooms())
    assert regions.count == 3
    assert regions.labels[200, 100] != regions.labels[200, 400]
    assert regions.labels[10, 10] == regions.labels[390, 490] == 0


@pytest.mark.parametrize("gap", range(1, 8))
def test_a_gap_in_a_line_still_parts_two_regions(gap: int) -> None:
    regions = segment(two_rooms(gap))
    assert regions.count == 3
    assert agreement(regions.labels, segment(two_rooms()).labels) > 0.998


def test_a_gap_of_five_line_widths_is_closed_unasked() -> None:
    assert segment(two_rooms(15)).count == 3


def test_a_line_towards_the_edge_of_the_page_parts_no_background() -> None:
    lines = page()
    cv2.rectangle(lines, (150, 100), (350, 300), 0, 3)
    lines[200:203, 14:150] = lines[200:203, 350:486] = 0
    assert segment(lines).count == 2


def test_a_gap_wider_than_asked_joins_two_regions() -> None:
    lines = two_rooms(gap=10)
    assert segment(lines, gap=4).count == 2
    assert segment(lines, gap=14).count == 3


def test_a_door_is_not_a_gap() -> None:
    assert segment(two_rooms(gap=80)).count == 2


def test_a_hair_tip_belongs_to_the_region_that_it_opens_onto() -> None:
    lines = page()
    tip = np.array([[60, 60], [440, 200], [60, 340]])
    cv2.polylines(lines, [tip], True, 0, 3, cv2.LINE_AA)
    for y in (120, 200, 280):
        cv2.line(lines, (61, y), (200, 200), 0, 3, cv2.LINE_AA)
    regions = segment(lines)
    assert regions.count == 4
    tip_labels = np.unique(regions.labels[198:203, 215:430])
    assert tip_labels.tolist() == [regions.labels[105, 110]] == [regions.labels[295, 110]]


def test_a_bottle_neck_between_passing_lines_is_open() -> None:
    lines = page()
    cv2.ellipse(lines, (150, 200), (100, 120), 0, 0, 360, 0, 3)
    cv2.ellipse(lines, (370, 200), (100, 120), 0, 0, 360, 0, 3)
    regions = segment(lines)  # 16 pixels of paper are left between the ellipses
    assert regions.count == 3
    assert regions.labels[20, 260] == regions.labels[380, 260]


def test_colour_runs_on_to_the_middle_of_the_line() -> None:
    lines = page()
    lines[:, 240:251] = 0
    labels = segment(lines).labels
    assert (labels[:, :245] == labels[0, 0]).all()
    assert (labels[:, 246:] == labels[0, -1]).all()
    assert labels[0, 0] != labels[0, -1]


def test_grey_pencil_lines_bound_regions() -> None:
    noise = np.random.default_rng(0).normal(0, 3, two_rooms().shape)
    faint = 255 - 0.3 * (255.0 - two_rooms()) + noise
    assert segment(np.clip(faint, 0, 255).astype(np.uint8)).count == 3


def test_a_grey_fill_belongs_to_its_region() -> None:
    lines = two_rooms()
    lines[260:348, 253:448] = np.minimum(lines[260:348, 253:448], 190)
    regions = segment(lines)
    assert regions.count == 3
    assert regions.labels[100, 300] == regions.labels[300, 300]


def test_the_table_tells_areas_boxes_and_neighbours() -> None:
    regions = segment(two_rooms(gap=6))
    left = int(regions.labels[200, 100])
    right = int(regions.labels[200, 400])
    box = regions.box(left)
    assert (abs(np.array(regions.boxes[left]) - [50, 50, 250, 350]) <= 2).all()
    assert regions.mask(left).sum() == regions.areas[left]
    assert regions.mask(left).shape == (box.size.height, box.size.width)
    pairs = {tuple(sorted(pair)) for pair in regions.neighbours.tolist()}
    assert pairs == {(0, 1), (0, 2), (1, 2)}
    shared = regions.neighbours.tolist().index(sorted((left, right)))
    assert abs(regions.border[shared] - 300) <= 6
    assert 4 <= regions.open_border[shared] <= 8
    assert regions.open_border.sum() == regions.open_border[shared]


def test_the_same_sketch_gives_the_same_labels() -> None:
    assert np.array_equal(segment(figure()).labels, segment(figure()).labels)


@pytest.mark.parametrize("mirror", [np.s_[:, ::-1], np.s_[::-1], np.s_[::-1, ::-1]])
def test_a_mirrored_sketch_gives_mirrored_regions(mirror: tuple[slice, ...]) -> None:
    lines = figure()
    mirrored = segment(np.ascontiguousarray(lines[mirror]))
    assert agreement(mirrored.labels[mirror], segment(lines).labels) >= 0.999


def test_a_turned_sketch_gives_turned_regions() -> None:
    turned = segment(np.ascontiguousarray(figure().T))
    assert agreement(turned.labels.T, segment(figure()).labels) >= 0.999


def test_a_shifted_sketch_gives_shifted_regions() -> None:
    lines = np.pad(figure(), 30, constant_values=255)
    shifted = np.roll(lines, (17, -11), axis=(0, 1))
    back = np.roll(segment(shifted).labels, (-17, 11), axis=(0, 1))
    inner = np.s_[30:-30, 30:-30]
    assert agreement(back[inner], segment(lines).labels[inner]) >= 0.999


def test_screentone_is_not_shattered() -> None:
    lines = two_rooms()
    y, x = np.mgrid[: lines.shape[0], : lines.shape[1]]
    dots = (x % 5 < 2) & (y % 5 < 2) & (x > 255) & (x < 446) & (y > 55) & (y < 346)
    lines[dots] = 0
    regions = segment(lines)
    assert regions.count == 3
    assert any("screentone" in note for note in regions.notes)


def test_hatching_is_not_shattered() -> None:
    lines = two_rooms()
    for offset in range(0, 600, 7):
        cv2.line(lines, (252, 52 + offset - 200), (448, 52 + offset), 0, 2, cv2.LINE_AA)
        cv2.line(lines, (252, 52 + offset), (448, 52 + offset - 200), 0, 2, cv2.LINE_AA)
    lines[:49], lines[352:] = 255, 255
    regions = segment(lines)
    assert regions.count <= 8
    assert any("hatching" in note for note in regions.notes)


def test_dithered_tone_is_recognised() -> None:
    from PIL import Image

    lines = two_rooms()
    lines[53:348, 53:248] = 140
    dithered = np.asarray(Image.fromarray(lines).convert("1")).astype(np.uint8) * 255
    regions = segment(dithered)
    assert regions.count <= 5
    assert regions.labels[200, 150] != regions.labels[200, 400]
    assert any("dithered" in note for note in regions.notes)


@pytest.mark.parametrize(("grey", "note"), [(255, "no line"), (0, "all ink"), (120, "all ink")])
def test_an_even_page_is_one_region_with_a_note(grey: int, note: str) -> None:
    regions = segment(np.full((60, 80), grey, np.uint8))
    assert regions.count == 1
    assert regions.neighbours.shape == (0, 2)
    assert note in regions.notes[0]


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (2, 2), (3, 500)])
def test_thin_pictures_have_regions(shape: tuple[int, int]) -> None:
    lines = np.full(shape, 255, np.uint8)
    assert_whole(segment(lines), lines)
    lines.ravel()[::9] = 0
    assert_whole(segment(lines), lines)


def test_a_hundred_thousand_specks_are_dust() -> None:
    rng = np.random.default_rng(3)
    lines = np.pad(two_rooms(), ((800, 800), (750, 750)), constant_values=255)
    lines[rng.integers(0, lines.shape[0], 100_000), rng.integers(0, lines.shape[1], 100_000)] = 0
    regions = segment(lines)
    assert regions.count == 3
    assert any("specks" in note for note in regions.notes)


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))))
def test_any_picture_has_regions(lines: Lines) -> None:
    assert_whole(segment(lines), lines)


@pytest.mark.parametrize(
    "lines",
    [
        np.zeros((5, 5), np.float32),
        np.zeros((5, 5, 3), np.uint8),
        np.zeros((0, 5), np.uint8),
        np.zeros(5, np.uint8),
        [[0, 255]],
    ],
)
def test_what_is_no_sketch_is_refused(lines: Lines) -> None:
    with pytest.raises(BadSketch, match="segment takes"):
        segment(lines)


@pytest.mark.parametrize("gap", [-1, float("nan"), 1000.0, "wide"])
def test_a_gap_out_of_range_is_refused(gap: float) -> None:
    with pytest.raises(BadConfig, match="0 to 200 pixels"):
        segment(page(), gap=gap)


def test_progress_ends_at_one() -> None:
    seen: list[float] = []
    segment(two_rooms(), progress=lambda step, share: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_page_of_squared_paper_is_not_shattered() -> None:
    lines = page(700, 700)
    lines[::8], lines[:, ::8] = 0, 0
    regions = segment(lines)
    assert regions.count <= 3
    assert any("texture" in note for note in regions.notes)
