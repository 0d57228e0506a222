from __future__ import annotations

import math

import numpy as np
import pytest

from inkwash.evaluate.distributions import frechet_distance, kernel_distance
from inkwash.evaluate.summary import estimate
from inkwash.evaluate.tables import number


def features(seed: int, count: int = 40, width: int = 12) -> np.ndarray:
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(count, width)) @ random.normal(size=(width, width))
    return (mixed + 0.3 * seed).astype(np.float32)


def as_pictures(rows: np.ndarray):
    """Features as tiny pictures (N, 3, 2, 2), which `Features` turns back."""
    torch = pytest.importorskip("torch")
    return torch.from_numpy(rows).reshape(len(rows), 3, 2, 2)


def flatten_module():
    torch = pytest.importorskip("torch")

    class Features(torch.nn.Module):
        num_features = 12

        def forward(self, pictures):
            return pictures.reshape(len(pictures), -1)[:, :12].float()

    return Features()


def test_the_frechet_distance_agrees_with_torchmetrics():
    fid = pytest.importorskip("torchmetrics.image.fid")
    ours, theirs = features(1), features(2)
    oracle = fid.FrechetInceptionDistance(
        feature=flatten_module(), normalize=True, input_img_size=(3, 2, 2)
    ).set_dtype(__import__("torch").float64)
    oracle.inception = flatten_module()
    oracle.update(as_pictures(ours).double(), real=True)
    oracle.update(as_pictures(theirs).double(), real=False)
    assert frechet_distance(ours, theirs) == pytest.approx(float(oracle.compute()), rel=1e-3)


def test_a_set_is_not_far_from_itself():
    ours = features(1)
    assert frechet_distance(ours, ours) == pytest.approx(0, abs=1e-3)
    assert frechet_distance(ours, ours + 2) == pytest.approx(2**2 * 12, rel=1e-3)


def test_the_kernel_distance_agrees_with_torchmetrics():
    kid = pytest.importorskip("torchmetrics.image.kid")
    torch = pytest.importorskip("torch")
    ours, theirs = (torch.from_numpy(features(seed)).double() for seed in (1, 2))
    wanted = kid.poly_mmd(ours, theirs)
    assert kernel_distance(ours.numpy(), theirs.numpy()) == pytest.approx(float(wanted), rel=1e-6)


def test_the_interval_is_wide_where_groups_differ():
    random = np.random.default_rng(0)
    groups = [f"g{i // 20}" for i in range(200)]
    noise = random.normal(size=200)
    alike = estimate(noise, groups)
    apart = estimate(noise + 5 * np.repeat(random.normal(size=10), 20), groups)
    assert alike.low < alike.mean < alike.high
    assert apart.high - apart.low > 5 * (alike.high - alike.low)
    single = estimate(noise, [str(i) for i in range(200)])
    assert single.high - single.low == pytest.approx(4 * noise.std() / math.sqrt(200), rel=0.1)


def test_pictures_without_a_figure_are_left_out():
    found = estimate(np.array([1.0, np.nan, 3.0]), ["a", "b", "c"])
    assert (found.mean, found.pictures) == (2.0, 2)
    assert math.isnan(estimate(np.array([np.nan]), ["a"]).mean)


@pytest.mark.parametrize(
    ("value", "text"), [(123.4, "123"), (17.44, "17.4"), (-3.456, "-3.46"), (0.1234, "0.123")]
)
def test_numbers_have_three_or_so_figures(value, text):
    assert number(value) == text
