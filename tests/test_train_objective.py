"""A batch to one number: windows, roles, and savings that do not change the gradient."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from inkwash import losses
from inkwash.data.sample import SampleConfig, Samples
from inkwash.data.store import PictureStore, open_folders
from inkwash.data.swatches import UNASSIGNED
from inkwash.errors import BadConfig
from inkwash.perceptual import load_vgg
from inkwash.train.config import LossConfig, TrainConfig
from inkwash.train.devices import open_fabric
from inkwash.train.feed import to_tensors
from inkwash.train.loop import gradients
from inkwash.train.objective import Objective, crop, placement_targets, random_window, thinned
from inkwash.train.run import set_up
from tiny_net import TINY, tiny_net
from training import recipe, write_pictures, write_vgg

CONFIG = SampleConfig(size=32)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PictureStore:
    return open_folders([write_pictures(tmp_path_factory.mktemp("pictures"))], 48)[0]


def batch_of(store: PictureStore, config: SampleConfig = CONFIG) -> dict[str, Tensor]:
    samples = Samples(store, config, seed=1)
    return to_tensors([samples[position] for position in range(4)])


def gradient(objective: Objective, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    objective.zero_grad()
    loss, _ = objective(batch)
    loss.backward()
    parts = [p.grad.flatten() for p in objective.net.parameters() if p.grad is not None]
    return loss.detach(), torch.cat(parts)


@pytest.mark.parametrize(("min_weight", "tolerance"), [(1.0, 1e-4), (0.999, 2e-3)])
def test_sparse_gives_the_loss_and_gradient_of_all(
    store: PictureStore, tmp_path: Path, min_weight: float, tolerance: float
):
    vgg, batch = load_vgg(write_vgg(tmp_path / "vgg.safetensors")), batch_of(store)
    config = LossConfig(perceptual="all", min_weight=min_weight)
    whole, ours = gradient(Objective(tiny_net(), vgg, config), batch)
    config = replace(config, perceptual="sparse")
    sparse, theirs = gradient(Objective(tiny_net(), vgg, config), batch)
    assert torch.allclose(whole, sparse, rtol=1e-5)
    assert (ours - theirs).norm() / ours.norm() < tolerance


@pytest.mark.parametrize("regions", ["colours", "connected"])
def test_a_minimum_by_region_is_never_above_the_images(store: PictureStore, regions):
    batch = batch_of(store, replace(CONFIG, regions=regions))
    found = {}
    for minimum in ("image", "region"):
        config = LossConfig(perceptual="winner", minimum=minimum, min_weight=1.0)
        found[minimum] = Objective(tiny_net(), None, config)(batch)[0]
    assert found["region"] < found["image"]


def test_the_images_share_of_the_region_minimum_is_mixed_in(store: PictureStore):
    batch = batch_of(store)
    values = []
    for minimum, share in (("image", 0.0), ("region", 0.0), ("region", 0.25)):
        config = LossConfig(perceptual="winner", minimum=minimum, image_share=share)  # type: ignore[arg-type]
        values.append(Objective(tiny_net(), None, config)(batch)[0])
    image, region, mixed = values
    assert torch.allclose(mixed, 0.75 * region + 0.25 * image, rtol=1e-5)


def test_connected_regions_are_connected_and_the_largest_comes_first(store: PictureStore):
    import cv2

    regions = batch_of(store, replace(CONFIG, regions="connected"))["regions"].numpy()
    for labels in regions:
        sizes = np.bincount(labels.ravel())
        assert sizes[0] == sizes.max()
        for label in range(min(len(sizes), 40)):
            count, _ = cv2.connectedComponents((labels == label).astype(np.uint8), connectivity=4)
            assert count <= 2  # what is not it, and it


def test_windows_lie_inside_and_on_multiples_of_sixteen():
    torch.manual_seed(0)
    picture = torch.arange(64 * 96).reshape(1, 1, 64, 96)
    starts = set()
    for _ in range(200):
        window = crop(picture, random_window(picture, 32))
        assert window.shape == (1, 1, 32, 32)
        top, left = divmod(int(window[0, 0, 0, 0]), 96)
        assert top % 16 == left % 16 == 0
        starts.add((top, left))
    assert len(starts) == 15  # three rows of five


def test_a_window_larger_than_the_picture_is_the_picture():
    picture = torch.rand(2, 3, 16, 16)
    assert torch.equal(crop(picture, random_window(picture, 64)), picture)


def test_roles_decide_the_target_where_they_are_known(store: PictureStore):
    batch = batch_of(store)
    batch["assigned"] = torch.full_like(batch["assigned"], UNASSIGNED)
    batch["assigned"][:, 0] = 2
    targets = placement_targets(batch, 5.0)
    assert torch.equal(targets[:, 2, 0], torch.ones_like(targets[:, 2, 0]))
    near = losses.palette_targets(batch["lab"].float(), batch["palette_lab"], batch["present"], 5.0)
    assert torch.equal(targets[:, :, 1:], near[:, :, 1:])


def test_parts_are_detached_and_usage_counts_every_picture(store: PictureStore):
    config = LossConfig(perceptual="winner", palette=1.0)
    loss, parts = Objective(tiny_net(TINY), None, config)(batch_of(store))
    assert not any(part.requires_grad for part in parts.values())
    assert int(parts["rgb_usage"].sum()) == int(parts["palette_usage"].sum()) == 4
    assert torch.equal(parts["loss"], loss.detach())


class NothingAsked(TorchDispatchMode):
    """Fails where a value is taken from the device: there the host would wait for it."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        assert "_local_scalar_dense" not in str(func), "a value is taken from the device"
        assert "nonzero" not in str(func), "a shape depends on values"
        return func(*args, **(kwargs or {}))


CONFIGS = {
    "embedded": LossConfig(perceptual="winner", perceptual_crop=16, palette=2.0, hint=0.2),
    "paper": LossConfig(perceptual="all"),
    "sparse": LossConfig(perceptual="sparse"),
    "region": LossConfig(perceptual="winner", minimum="region", image_share=0.5),
}


class Unwatched:
    """A guard and a watch that do nothing."""

    def note(self, step: int, loss: Tensor) -> None:
        return

    def add(self, parts: dict[str, Tensor]) -> None:
        return

    def timed(self, name: str):
        return nullcontext()


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_a_step_takes_no_value_from_the_device(store: PictureStore, tmp_path: Path, config):
    settings = recipe(vgg=str(write_vgg(tmp_path / "vgg.safetensors")), loss=config)
    run = set_up(settings, open_fabric(settings), tmp_path, resume=False)
    batch, unwatched = batch_of(store), Unwatched()
    with NothingAsked():
        gradients(run, [batch, batch], unwatched, unwatched)  # type: ignore[arg-type]
    parameters = [parameter.grad for parameter in run.net.parameters()]
    norms = torch.stack([grad.norm() for grad in parameters if grad is not None])
    assert 0 < norms.norm() <= settings.clip * 1.001


@pytest.mark.slow
@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_a_step_is_one_graph_for_the_compiler(store: PictureStore, tmp_path: Path, config):
    objective = Objective(tiny_net(), load_vgg(write_vgg(tmp_path / "vgg.safetensors")), config)
    batch = batch_of(store)
    compiled = torch.compile(objective, fullgraph=True, backend="aot_eager")
    torch.manual_seed(3)
    whole, ours = gradient(objective, batch)
    torch.manual_seed(3)
    objective.zero_grad()
    loss, _ = compiled(batch)
    loss.backward()
    theirs = torch.cat([p.grad.flatten() for p in objective.net.parameters() if p.grad is not None])
    assert torch.allclose(loss, whole, rtol=1e-5)
    assert (ours - theirs).norm() / ours.norm() < 1e-3


def test_thinned_maps_are_of_the_same_cells(store: PictureStore):
    batch = batch_of(store)
    features = functional.avg_pool2d(batch["truth"].float(), 2)
    thin, kept = thinned(features, batch, 2)
    assert thin.shape == (4, 3, 8, 8)
    assert torch.equal(functional.avg_pool2d(kept["truth"].float(), 2), thin)
    assert kept["lab"].shape == (4, 3, 8, 8)
    assert kept["ink"].shape == (4, 1, 16, 16)
    assert kept["palette"] is batch["palette"]


def test_a_thinned_loss_is_in_the_mean_the_whole_one(store: PictureStore):
    """Of the four corners that a comb of every second pixel may start at."""
    batch, net = batch_of(store), tiny_net()
    config = LossConfig(
        perceptual="winner", palette=1.0, min_weight=0.0, palette_min_weight=0.0, every=2
    )
    with torch.no_grad(), torch.random.fork_rng():
        torch.manual_seed(0)
        found = {round(float(Objective(net, None, config)(batch)[0]), 5) for _ in range(40)}
        whole = Objective(net, None, replace(config, every=1))(batch)[0]
    assert len(found) == 4
    assert np.mean(list(found)) == pytest.approx(float(whole), rel=1e-4)


def test_thinning_is_refused_where_features_need_all_pixels():
    with pytest.raises(BadConfig, match=r"loss\.every = 2.*vgg = \"none\""):
        TrainConfig(loss=LossConfig(every=2))
    with pytest.raises(BadConfig, match=r"loss\.every = 999 leaves none of \d+ cells"):
        TrainConfig(loss=LossConfig(every=999), vgg="none")
    with pytest.raises(BadConfig, match=r"loss\.every = 0 is not 1 or more"):
        LossConfig(every=0)
