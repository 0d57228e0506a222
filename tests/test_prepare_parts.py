"""Parts of prepare: panels, squares, looks, colourfulness, the pool."""

import os

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coloured import coloured
from inkwash.data.prepare import Alike, Look, PrepareConfig, colourfulness, find_panels, look_of
from inkwash.data.prepare.pool import map_in_order
from inkwash.data.prepare.squares import squares
from inkwash.errors import BadData
from inkwash.geometry import Box, Size


def page(boxes: list[Box], ground: tuple[int, int, int] = (255, 255, 255)) -> np.ndarray:
    """A page of 600 × 800 with a picture in each box."""
    rgb = np.full((800, 600, 3), ground, np.uint8)
    for i, box in enumerate(boxes):
        rgb[box.slices] = coloured(i, box.size.width, box.size.height)
        corners = ((box.left, box.top), (box.right - 1, box.bottom - 1))
        cv2.rectangle(rgb, *corners, (10, 10, 10), 3)
    return rgb


PANELS = [
    Box(20, 20, 280, 250),
    Box(300, 20, 580, 250),
    Box(20, 270, 580, 500),
    Box(20, 520, 350, 780),
    Box(370, 520, 580, 780),
]


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (230, 215, 190)])
def test_panels_in_reading_order(ground):
    found = find_panels(page(PANELS, ground))
    assert len(found) == len(PANELS)
    for got, true in zip(found, PANELS, strict=True):
        edges = zip(
            (got.left, got.top, got.right, got.bottom),
            (true.left, true.top, true.right, true.bottom),
            strict=True,
        )
        assert all(abs(a - b) <= 6 for a, b in edges)


def test_a_balloon_over_a_gutter_does_not_join_panels():
    rgb = page(PANELS)
    cv2.line(rgb, (270, 100), (310, 100), (0, 0, 0), 3)
    cv2.line(rgb, (100, 240), (100, 280), (0, 0, 0), 3)
    assert len(find_panels(rgb)) == len(PANELS)


def test_slanted_gutters():
    rgb = np.full((800, 600, 3), 255, np.uint8)
    left = np.array([[20, 20], [330, 20], [270, 780], [20, 780]], np.int32)
    right = np.array([[350, 20], [580, 20], [580, 780], [290, 780]], np.int32)
    cv2.fillPoly(rgb, [left], (200, 80, 60))
    cv2.fillPoly(rgb, [right], (60, 120, 200))
    assert [round(box.left, -1) for box in find_panels(rgb)] == [20, 290]


def test_figures_on_white_are_no_panels():
    rgb = np.full((800, 600, 3), 255, np.uint8)
    for centre in ((150, 400), (450, 400)):
        cv2.ellipse(rgb, centre, (110, 300), 0, 0, 360, (200, 90, 60), -1)
    assert find_panels(rgb) == []


def test_one_picture_is_no_page():
    assert find_panels(coloured(3, 600, 800)) == []
    assert find_panels(page([Box(20, 20, 580, 780)])) == []


@given(st.integers(16, 300), st.integers(16, 300), st.integers(0, 99))
def test_squares_stay_within_the_picture(width, height, seed):
    rng = np.random.default_rng(seed)
    config = PrepareConfig(crop="squares", most_squares=3)
    boxes = squares(Size(width, height), config, rng)
    assert 1 <= len(boxes) <= 3
    for box in boxes:
        assert box.size.width == box.size.height == min(width, height)
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height


def test_whole_holds_everything():
    [box] = squares(Size(50, 90), PrepareConfig(crop="whole"), np.random.default_rng(0))
    assert (box.left, box.top, box.right, box.bottom) == (-20, 0, 70, 90)


def test_looks_survive_scaling_and_compression():
    for seed in range(20):
        picture = coloured(seed, 200, 160)
        small = cv2.resize(picture, (150, 120), interpolation=cv2.INTER_AREA)
        packed = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 80))[1]
        again = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        alike = Alike(3)
        alike.add(look_of(picture))
        assert alike.find(look_of(again)) == 0
        assert alike.find(look_of(np.ascontiguousarray(picture[..., ::-1]))) is None
        assert alike.find(look_of(coloured(seed + 100, 200, 160))) is None


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=6))
def test_hashes_up_to_three_bits_apart_are_found(number, flipped):
    alike = Alike(3)
    thumb = bytes(48)
    alike.add(Look(number, thumb))
    other = number
    for bit in flipped:
        other ^= 1 << bit
    assert (alike.find(Look(other, thumb)) == 0) == (len(flipped) <= 3)


@given(st.integers(0, 2**64 - 1), st.binary(min_size=48, max_size=48))
def test_looks_round_trip(number, thumb):
    assert Look.from_hex(Look(number, thumb).to_hex()) == Look(number, thumb)


def test_colourfulness():
    grey = np.full((20, 20, 3), 90, np.uint8)
    assert colourfulness(grey) == 0.0
    red = grey.copy()
    red[:10] = (255, 0, 0)
    # rg is 255 and 0, yb 127.5 and 0, half the picture each
    expected = np.hypot(127.5, 63.75) + 0.3 * np.hypot(127.5, 63.75)
    assert colourfulness(red) == pytest.approx(expected, rel=1e-5)


def _double(number: int) -> int:
    return 2 * number


def _die(number: int) -> int:
    os._exit(9)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_pool_keeps_the_order(workers):
    assert list(map_in_order(_double, range(100), workers)) == [2 * n for n in range(100)]


def test_the_pool_takes_jobs_as_it_goes():
    taken = []
    jobs = (taken.append(n) or n for n in range(1000))
    results = map_in_order(_double, jobs, 2)
    next(results)
    results.close()
    assert len(taken) < 50


def test_a_worker_that_dies_is_told():
    with pytest.raises(BadData, match="use fewer --workers"):
        list(map_in_order(_die, range(4), 2))
