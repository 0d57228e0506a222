from __future__ import annotations

import math

import pytest
import torch

from inkwash import losses


def literal_error(picture, truth, sketch, features, lambdas):
    """E_u as the formula reads, a sum over layers and pixels in plain loops, for one picture."""
    layers = [(picture, truth), *zip(features(picture[None]), features(truth[None]), strict=True)]
    total = 0.0
    for weight, (ours, theirs) in zip(lambdas, layers, strict=False):
        ours, theirs = ours.reshape(ours.shape[-3:]), theirs.reshape(theirs.shape[-3:])
        channels, height, width = ours.shape
        scale = picture.shape[-1] // width
        layer = 0.0
        for y in range(height):
            for x in range(width):
                block = sketch[0, y * scale : (y + 1) * scale, x * scale : (x + 1) * scale]
                apart = sum(abs(float(ours[c, y, x] - theirs[c, y, x])) for c in range(channels))
                layer += float(block.mean()) * apart / channels
        total += weight * layer / (height * width)
    return total


def halves(pictures):
    """Two made-up feature layers: full size and half size."""
    return [2 * pictures[:, :1], torch.nn.functional.avg_pool2d(pictures, 2)]


@pytest.fixture
def batch():
    random = torch.Generator().manual_seed(3)
    pictures = torch.rand(2, 3, 3, 8, 8, generator=random) * 255
    truth = torch.rand(2, 3, 8, 8, generator=random) * 255
    sketch = (torch.rand(2, 1, 8, 8, generator=random) > 0.3).float()
    return pictures, truth, sketch


def test_image_errors_equal_the_formula_read_literally(batch):
    pictures, truth, sketch = batch
    ours = losses.image_errors(losses.layer_errors(pictures, truth, sketch, halves))
    for n in range(2):
        for k in range(3):
            wanted = literal_error(pictures[n, k], truth[n], sketch[n], halves, losses.LAMBDAS)
            assert math.isclose(float(ours[n, k]), wanted, rel_tol=1e-5)


def test_a_hand_computed_value():
    """Off by 10 in one channel of three on half the paper: 0.88 · 10 / 3 / 2."""
    truth, sketch = torch.zeros(1, 3, 2, 2), torch.ones(1, 1, 2, 2)
    picture = truth[:, None].clone()
    picture[0, 0, 0, 0, :] = 10
    errors = losses.image_errors(losses.layer_errors(picture, truth, sketch, None))
    assert math.isclose(float(errors), 0.88 * 10 / 3 / 2, rel_tol=1e-6)


def test_ink_does_not_count():
    truth, picture = torch.zeros(1, 3, 2, 2), torch.full((1, 1, 3, 2, 2), 200.0)
    errors = losses.layer_errors(picture, truth, torch.zeros(1, 1, 2, 2), None)
    assert float(losses.image_errors(errors)) == 0


def test_the_mean_goes_over_channels_not_their_sum(batch):
    pictures, truth, sketch = batch
    one = losses.image_errors(losses.layer_errors(pictures, truth, sketch, lambda p: [p]))
    many = losses.image_errors(
        losses.layer_errors(pictures, truth, sketch, lambda p: [p.repeat(1, 50, 1, 1)])
    )
    assert torch.allclose(one, many, rtol=1e-5)


def test_collect_mixes_the_best_with_a_little_of_the_mean():
    errors = torch.tensor([[3.0, 1.0, 2.0], [6.0, 9.0, 6.0]])
    wanted = ((0.999 * 1 + 0.001 * 2) + (0.999 * 6 + 0.001 * 7)) / 2
    assert math.isclose(float(losses.collect(errors)), wanted, rel_tol=1e-6)


def test_region_errors_sum_to_image_errors(batch):
    pictures, truth, sketch = batch
    maps = losses.layer_errors(pictures, truth, sketch, halves)
    regions = torch.randint(0, 4, (2, 8, 8), generator=torch.Generator().manual_seed(1))
    by_region = losses.region_errors(maps, regions, 4)
    assert torch.allclose(by_region.sum(2), losses.image_errors(maps), rtol=1e-5)


def test_a_minimum_in_each_region_lets_proposals_share_the_work():
    truth, sketch = torch.zeros(1, 3, 2, 4), torch.ones(1, 1, 2, 4)
    pictures = torch.full((1, 2, 3, 2, 4), 100.0)
    pictures[0, 0, :, :, :2] = 0  # the first is right on the left, the second on the right
    pictures[0, 1, :, :, 2:] = 0
    maps = losses.layer_errors(pictures, truth, sketch, None)
    regions = torch.tensor([[0, 0, 1, 1], [0, 0, 1, 1]])[None]
    errors = losses.region_errors(maps, regions, 2)
    assert float(losses.collect(errors, 1.0)) == 0
    assert float(losses.collect(losses.image_errors(maps), 1.0)) > 0
    composed = losses.compose_winners(pictures, losses.winners(errors), regions)
    assert torch.equal(composed, truth)


def test_winners_compose_whole_pictures(batch):
    pictures, _, _ = batch
    best = torch.tensor([2, 0])
    composed = losses.compose_winners(pictures, best)
    assert torch.equal(composed, torch.stack([pictures[0, 2], pictures[1, 0]]))


def test_palette_targets_follow_the_nearest_present_colour():
    palette = torch.tensor([[[0.0, 0, 0], [100, 0, 0], [50, 0, 0]]])
    present = torch.tensor([[1.0, 1, 0]])
    lab = torch.zeros(1, 3, 1, 2)
    lab[0, 0, 0] = torch.tensor([48.0, 100.0])
    targets = losses.palette_targets(lab, palette, present, softness=5.0)
    assert targets[0, :, 0, 0].tolist() == pytest.approx([0.98, 0.02, 0.0], abs=0.02)
    assert targets[0, :, 0, 1].tolist() == pytest.approx([0, 1, 0])


def test_small_parts_count_as_their_colours_do():
    """An iris of 1 % beside a wall: alike at evenness 1 (but for the least share), by area at 0."""
    targets = torch.zeros(1, 2, 10, 10)
    targets[:, 0] = 1
    targets[:, :, 0, 0] = torch.tensor([0.0, 1.0])
    mask = torch.ones(1, 1, 10, 10)
    by_area = losses.counted_evenly(mask, targets, 0.0)
    assert torch.equal(by_area, mask)
    even = losses.counted_evenly(mask, targets, 1.0)
    iris, wall = float(even[0, 0, 0, 0]), float(even.sum() - even[0, 0, 0, 0])
    assert iris / wall == pytest.approx((1 / 1.3) / (99 / 99.3), rel=1e-4)
    assert float(even.mean()) == pytest.approx(1)


def test_paper_that_is_masked_counts_nothing_however_small_its_part():
    targets = torch.ones(1, 1, 4, 4)
    mask = torch.ones(1, 1, 4, 4)
    mask[..., 0] = 0
    assert losses.counted_evenly(mask, targets, 0.5).numpy() == pytest.approx(mask.numpy())
    assert float(losses.counted_evenly(torch.zeros_like(mask), targets, 0.5).sum()) == 0


def test_placement_errors_are_zero_for_a_sure_and_right_choice():
    targets = torch.tensor([1.0, 0])[None, :, None, None].expand(1, 2, 3, 3)
    right = torch.tensor([1.0, 1e-9]).log()[None, None, :, None, None].expand(1, 1, 2, 3, 3)
    wrong = right.flip(2)
    mask = torch.ones(1, 1, 3, 3)
    assert float(losses.placement_errors(right, targets, mask)) == pytest.approx(0)
    assert float(losses.placement_errors(wrong, targets, mask)) > 10


def test_entropy_is_one_for_even_use_and_zero_for_a_single_head():
    assert losses.entropy(losses.head_usage(torch.arange(9), 9)) == pytest.approx(1)
    assert losses.entropy(losses.head_usage(torch.zeros(5, dtype=torch.long), 9)) == 0


def test_sparse_errors_have_the_values_of_the_whole_and_the_gradient_of_the_winner(batch):
    pictures, truth, sketch = batch
    for weight, tolerance in ((1.0, 1e-6), (losses.MIN_WEIGHT, 2e-3)):
        gradients = []
        for sparse in (False, True):
            asked = pictures.clone().requires_grad_()
            if sparse:
                errors = losses.sparse_errors(asked, truth, sketch, halves)
            else:
                errors = losses.image_errors(losses.layer_errors(asked, truth, sketch, halves))
            gradients.append((losses.collect(errors, weight), asked))
        (loss, whole), (same, sparse_ones) = gradients
        assert torch.allclose(loss, same, rtol=1e-6)
        loss.backward()
        same.backward()
        apart = (whole.grad - sparse_ones.grad).norm() / whole.grad.norm()
        assert apart < tolerance


def test_the_gradient_of_the_pixels_is_exact_for_all_proposals_when_sparse(batch):
    pictures, truth, sketch = batch
    asked = pictures.clone().requires_grad_()
    errors = losses.sparse_errors(asked, truth, sketch, halves)
    losses.collect(errors, 0.0).backward()
    losers = torch.ones(2, 3, dtype=torch.bool).scatter(1, losses.winners(errors)[:, None], False)
    other = pictures.clone().requires_grad_()
    pixels = losses.image_errors(losses.layer_errors(other, truth, sketch, None))
    losses.collect(pixels, 0.0).backward()
    assert torch.allclose(asked.grad[losers], other.grad[losers])


def test_features_of_the_truth_are_made_once_when_sparse(batch):
    pictures, truth, sketch = batch
    seen = []

    def counting(x):
        seen.append(len(x))
        return halves(x)

    losses.sparse_errors(pictures, truth, sketch, counting)
    assert sorted(seen) == [2, 2, 6]  # the truth, the winners, all proposals


def test_wins_count_pictures_or_regions_with_any_error():
    errors = torch.tensor([[3.0, 1.0, 2.0], [6.0, 9.0, 5.0]])
    assert losses.wins(errors).tolist() == [0, 1, 1]
    by_region = torch.tensor([[[1.0, 0, 5], [2.0, 0, 4]]])  # the second region is empty
    assert losses.wins(by_region).tolist() == [1, 1]
