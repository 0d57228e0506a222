"""Curves: through their points, smooth, and sampled as the Bézier curves they are."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("skia")

from hypothesis import given
from hypothesis import strategies as st

from inkwash.data.synth.curves import ellipse, line, normals, sample, spline

coordinate = st.floats(-5, 5).map(lambda value: round(value, 2))
points = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=8)


@given(points)
def test_a_spline_goes_through_its_points(through: list[tuple[float, float]]):
    curve = spline(through)
    assert curve.shape == (3 * len(through) - 2, 2)
    assert np.array_equal(curve[::3], np.array(through))
    assert np.isfinite(curve).all()


def test_a_spline_has_no_corners():
    curve = spline([(0, 0), (1, 0), (1, 1), (3, 1)])
    before, after = curve[3] - curve[2], curve[4] - curve[3]
    assert _cross(before, after) == pytest.approx(0, abs=1e-12)
    assert before @ after > 0


def test_a_closed_spline_ends_where_it_starts_without_a_corner():
    curve = spline([(0, 0), (2, 0), (1, 2)], closed=True)
    assert np.array_equal(curve[0], curve[-1])
    assert _cross(curve[1] - curve[0], curve[-1] - curve[-2]) == pytest.approx(0, abs=1e-12)


def test_an_ellipse_is_round():
    radii = np.hypot(*sample(ellipse((0, 0), 2.0, 2.0), 6).T)
    assert np.abs(radii - 2.0).max() < 0.02


def test_samples_lie_on_the_curve_evenly():
    samples = sample(line((0, 0), (3, 6)), 3)
    assert samples == pytest.approx(np.array([(0, 0), (1, 2), (2, 4), (3, 6)]))


def test_normals_are_units_to_the_left_of_the_way():
    assert normals(np.array([(0.0, 0.0), (0.0, 1.0), (0.0, 3.0)])) == pytest.approx(
        np.array([(1.0, 0.0)] * 3)
    )


def _cross(a: np.ndarray, b: np.ndarray) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
