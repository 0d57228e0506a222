from __future__ import annotations

import numpy as np

from inkwash.data.dots import simulate

RED, BLUE = (200, 40, 40), (30, 60, 200)
SIDE = 64


def halves() -> np.ndarray:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[:, : SIDE // 2], picture[:, SIDE // 2 :] = RED, BLUE
    return picture


def hints_of(seed: int, line: np.ndarray | None = None) -> np.ndarray:
    white = np.full((SIDE, SIDE), 255, np.uint8)
    return simulate(halves(), white if line is None else line, np.random.default_rng(seed))


def test_hints_have_the_colours_under_them():
    """Four fifths of the pictures exactly; the rest are off by a little."""
    exact = 0
    for seed in range(60):
        hints = hints_of(seed)
        marked = hints[3] == 1
        wanted = halves()[marked] / 127.5 - 1
        exact += bool(np.abs(hints[:3, marked].T - wanted).max() < 0.01)
        assert np.abs(hints[:3, marked].T - wanted).max() < 0.4
        assert not hints[:3, ~marked].any()
    assert 36 < exact < 60


def test_no_hint_stands_on_a_line_or_across_two_colours():
    ink = np.zeros((SIDE, SIDE), np.uint8)
    assert not hints_of(0, line=ink).any()
    for seed in range(30):
        left, right = np.split(hints_of(seed)[:3], 2, axis=2)
        assert not (left[2] > 0.3).any()
        assert not (right[0] > 0).any()


def test_some_hints_fill_an_area():
    shares = [float(hints_of(seed)[3].mean()) for seed in range(40)]
    assert max(shares) >= 0.5
    assert np.median(shares) < 0.3
