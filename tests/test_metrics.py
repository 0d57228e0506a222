from __future__ import annotations

import math

import cv2
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


def noisy_pair(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture of soft shapes and three that differ from it more and more."""
    random = np.random.default_rng(0)
    truth = cv2.GaussianBlur(random.integers(0, 256, (height, width, 3), np.uint8), (0, 0), 4)
    truth = np.clip((truth.astype(np.float32) - 128) * 6 + 128, 0, 255)
    noise = random.normal(0, 1, (3, height, width, 3)) * np.array([5, 20, 60]).reshape(3, 1, 1, 1)
    return truth.astype(np.uint8), np.clip(truth + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [(176, 190), (201, 259)])
def test_structural_similarity_agrees_with_torchmetrics(size):
    torch = pytest.importorskip("torch")
    oracle = pytest.importorskip("torchmetrics.functional.image")
    truth, pictures = noisy_pair(*size)
    ours = metrics.similarities(pictures, truth)
    np.testing.assert_allclose(metrics.ssim(pictures, truth), ours[0])
    for index, picture in enumerate(pictures):
        both = [
            torch.from_numpy(rgb.transpose(2, 0, 1)[None].astype(np.float32))
            for rgb in (picture, truth)
        ]
        wanted = oracle.structural_similarity_index_measure(*both, data_range=255.0)
        multi = oracle.multiscale_structural_similarity_index_measure(*both, data_range=255.0)
        assert ours[0][index] == pytest.approx(float(wanted), abs=1e-4)
        assert ours[1][index] == pytest.approx(float(multi), abs=1e-4)


def test_a_picture_is_wholly_similar_to_itself_and_a_small_one_has_no_scales():
    truth, _ = noisy_pair(176, 176)
    assert [float(part[0]) for part in metrics.similarities(truth[None], truth)] == [1.0, 1.0]
    small = metrics.similarities(truth[None, :64], truth[:64])
    assert small[0][0] == 1.0
    assert math.isnan(small[1][0])


def test_the_difference_of_flats_is_weighted_by_area():
    true = as_uint8(srgb_from_lab(np.array([[50.0, 0, 0], [50, 0, 0]], np.float32)))
    ours = true.copy()
    ours[1] = as_uint8(srgb_from_lab(np.array([60.0, 0, 0], np.float32)))
    whole = metrics.flats_difference(ours, true, np.array([0, 1]))
    assert whole == pytest.approx(9.4, abs=0.3)  # ΔE2000 of ten steps of lightness at 50
    assert metrics.flats_difference(ours, true, np.array([3, 1])) == pytest.approx(whole / 4)


def test_line_fidelity_falls_with_lost_and_with_added_lines():
    lines = np.zeros((60, 60), bool)
    lines[20], lines[40] = True, True
    shifted = np.roll(lines, 1, axis=0)
    assert metrics.line_fidelity(shifted, lines) == 1.0
    one = lines.copy()
    one[40] = False
    assert metrics.line_fidelity(one, lines) == pytest.approx(2 / 3, abs=0.01)
    assert metrics.line_fidelity(lines, one) == pytest.approx(2 / 3, abs=0.01)
    assert metrics.line_fidelity(~lines & False, lines) == 0.0
    assert metrics.line_fidelity(~lines & False, ~lines & False) == 1.0


def test_usage_entropy_is_one_when_all_win_equally_often():
    assert metrics.usage_entropy(np.arange(9), 9) == pytest.approx(1)
    assert metrics.usage_entropy(np.zeros(9, int), 9) == 0
    assert metrics.usage_entropy(np.array([0, 0]), 1) == 1
