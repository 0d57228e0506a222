from __future__ import annotations

import math

import numpy as np
import pytest

from inkwash import metrics
from inkwash.colour import as_uint8, lab_from_srgb, srgb_from_lab


def grey(level: int, count: int = 1) -> np.ndarray:
    return np.full((count, 8, 8, 3), level, np.uint8)


def test_psnr_of_a_known_error():
    assert metrics.psnr(grey(110), grey(100)[0])[0] == pytest.approx(20 * math.log10(255 / 10))


def test_psnr_agrees_with_torchmetrics():
    torch = pytest.importorskip("torch")
    oracle = pytest.importorskip("torchmetrics.functional.image")
    random = np.random.default_rng(0)
    one, other = random.integers(0, 256, (2, 16, 16, 3), dtype=np.uint8)
    wanted = oracle.peak_signal_noise_ratio(
        torch.from_numpy(one.astype(np.float32)),
        torch.from_numpy(other.astype(np.float32)),
        data_range=255.0,
    )
    assert metrics.psnr(one[None], other)[0] == pytest.approx(float(wanted), abs=1e-4)


def test_grey_is_not_colourful_and_the_truth_is_as_colourful_as_itself():
    random = np.random.default_rng(0)
    truth = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    ratios = metrics.colourfulness_ratio(np.concatenate([grey(128), truth[None]]), truth)
    assert ratios[0] == pytest.approx(0, abs=1e-6)
    assert ratios[1] == pytest.approx(1)


def test_diversity_is_the_mean_distance_of_pairs():
    lab = np.array([[50.0, 0, 0], [60, 0, 0], [70, 0, 0]], np.float32)
    pictures = as_uint8(srgb_from_lab(lab))[:, None, None].repeat(4, 1).repeat(4, 2)
    assert metrics.diversity(pictures) == pytest.approx((10 + 20 + 10) / 3, abs=0.5)
    assert metrics.diversity(grey(9, 3)) == 0


def test_flats_accuracy_counts_area():
    true = np.array([[200, 30, 30], [30, 30, 200]], np.uint8)
    ours = np.array([[203, 32, 30], [30, 200, 30]], np.uint8)
    assert metrics.flats_accuracy(ours, true, np.array([30, 10])) == 0.75
    apart = lab_from_srgb(ours) - lab_from_srgb(true)
    assert np.linalg.norm(apart[0]) < metrics.NEAR < np.linalg.norm(apart[1])
