from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from psd_tools.compression import decode_rle

from inkwash.export.packbits import pack_spans
from inkwash.geometry import Box, Size
from inkwash.spans import spans_by_value

SIDES = st.tuples(st.integers(1, 20), st.integers(1, 20))
PLANES = SIDES.flatmap(lambda size: arrays.arrays(np.uint8, size, elements=st.integers(0, 3)))


def size_of(plane: np.ndarray) -> Size:
    return Size(plane.shape[1], plane.shape[0])


@given(PLANES)
def test_spans_cover_exactly_their_value(plane):
    for value, spans in enumerate(spans_by_value(plane, 5)):
        covered = plane == value
        assert spans.area == covered.sum()
        assert np.array_equal(spans.coverage(size_of(plane)), covered * np.uint8(255))


@given(PLANES)
def test_the_box_is_the_smallest(plane):
    for value, spans in enumerate(spans_by_value(plane, 4)):
        if spans.area:
            rows, columns = np.nonzero(plane == value)
            box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert spans.box == box


def test_runs_end_at_the_end_of_a_row():
    (spans,) = spans_by_value(np.zeros((3, 4), np.uint8), 1)
    assert spans.rows.tolist() == [0, 1, 2]
    assert spans.lefts.tolist() == [0, 0, 0]
    assert spans.rights.tolist() == [4, 4, 4]


def test_spans_are_moved_with_their_layer():
    plane = np.zeros((5, 6), np.uint8)
    plane[2:4, 3:5] = 1
    spans = spans_by_value(plane, 2)[1]
    moved = spans.moved(-3, -2)
    assert moved.box == Box(0, 0, 2, 2)
    assert moved.coverage(Size(2, 2)).all()


@given(PLANES, st.sampled_from([1, 2]))
def test_packed_spans_unpack_to_their_coverage(plane, version):
    size = size_of(plane)
    for spans in spans_by_value(plane, 4):
        packed = pack_spans(spans, size, version)
        unpacked = decode_rle(packed, size.width, size.height, 8, version)
        assert unpacked == spans.coverage(size).tobytes()


@pytest.mark.parametrize("width", [1, 2, 127, 128, 129, 255, 256, 257, 1000])
@pytest.mark.parametrize("left", [0, 1, 128])
def test_runs_of_every_length_are_packed(width, left):
    plane = np.zeros((2, left + width + 3), np.uint8)
    plane[1, left : left + width] = 1
    size = size_of(plane)
    spans = spans_by_value(plane, 2)[1]
    unpacked = decode_rle(pack_spans(spans, size, 1), size.width, size.height, 8, 1)
    assert unpacked == (plane * 255).tobytes()
