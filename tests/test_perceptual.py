from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from inkwash import perceptual
from inkwash.errors import BadWeights
from inkwash.perceptual import load_vgg
from inkwash.train import vgg as finding
from inkwash.train.magnitudes import as_toml, magnitudes, measure_lambdas
from inkwash.train.vgg import open_vgg, published
from training import recipe, write_pictures, write_vgg


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return write_vgg(tmp_path / "vgg.safetensors")


def write_published(path: Path, width: int = 2) -> Path:
    """A file laid out as torchvision's: `features.N`, convolutions, ReLUs and pools counted."""
    state, inputs, position = {}, 3, 0
    for block, count in enumerate(perceptual.BLOCKS):
        for _ in range(count):
            state[f"features.{position}.weight"] = torch.randn(width, inputs, 3, 3) / 4
            state[f"features.{position}.bias"] = torch.full((width,), float(position))
            inputs, position = width, position + 2
        position += int(block < len(perceptual.BLOCKS) - 1)
    torch.save({**state, "classifier.0.weight": torch.zeros(2, 2)}, path)
    return path


def test_a_partial_file_ends_the_sum_where_it_ends(partial: Path):
    vgg = load_vgg(partial)
    assert vgg.layers == ("conv1_2", "conv2_2")
    features = vgg(torch.rand(2, 3, 16, 16) * 255)
    assert [tuple(x.shape) for x in features] == [(2, 4, 16, 16), (2, 4, 8, 8)]
    assert all((x >= 0).all() for x in features)


def test_features_are_the_plain_chain_of_convolutions(partial: Path):
    from safetensors.torch import load_file

    tensors = load_file(partial)
    picture = torch.rand(1, 3, 8, 8) * 255
    x = picture - torch.tensor(perceptual.CAFFE_MEAN).reshape(1, 3, 1, 1)
    for name in ("conv1_1", "conv1_2"):
        weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        x = torch.nn.functional.conv2d(x, weight, bias, padding=1).clamp(min=0)
    assert torch.allclose(load_vgg(partial)(picture)[0], x, atol=1e-4)


def test_the_published_layout_is_read_to_the_last_layer(tmp_path: Path):
    vgg = load_vgg(write_published(tmp_path / "vgg19.pth"))
    assert vgg.layers == perceptual.TAPS
    # conv5_2 is module 30 of torchvision's sequence.
    assert vgg.convs["conv5_2"].bias.tolist() == [30.0, 30.0]  # type: ignore[union-attr]
    assert len(vgg(torch.rand(1, 3, 32, 32))) == 5


def test_gradients_reach_the_picture_and_not_the_weights(partial: Path):
    vgg = load_vgg(partial)
    picture = (torch.rand(1, 3, 8, 8) * 255).requires_grad_()
    sum(x.sum() for x in vgg(picture)).backward()
    assert picture.grad is not None
    assert picture.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in vgg.parameters())


@pytest.mark.parametrize("content", [b"", b"not weights"])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_other_files_are_refused_by_name(tmp_path: Path, suffix: str, content: bytes):
    path = tmp_path / f"vgg{suffix}"
    path.write_bytes(content)
    with pytest.raises(BadWeights, match=f"vgg{suffix}: cannot be read as VGG-19"):
        load_vgg(path)


def test_the_published_file_is_fetched_once_and_checked(tmp_path: Path, monkeypatch):
    there = write_published(tmp_path / "vgg19-there.pth")
    digest = hashlib.sha256(there.read_bytes()).hexdigest()
    monkeypatch.setattr(finding, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    path = published(there.as_uri(), digest[:8])
    assert path.is_relative_to(tmp_path / "cache")
    there.unlink()
    assert published(there.as_uri(), digest[:8]) == path
    assert load_vgg(path).layers == perceptual.TAPS


def test_another_file_at_the_address_is_refused(tmp_path: Path, monkeypatch):
    there = write_published(tmp_path / "vgg19-there.pth")
    monkeypatch.setattr(finding, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    with pytest.raises(BadWeights, match=r"does not begin with dcbb9e9d; then name it"):
        published(there.as_uri(), finding.SHA256)
    assert not list((tmp_path / "cache").rglob("*.pth"))


def test_torch_hubs_copy_is_used_where_there_is_one(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    kept = tmp_path / "checkpoints" / "vgg19-dcbb9e9d.pth"
    kept.parent.mkdir()
    assert write_published(kept) == published()


def test_active_and_missing_layers_are_told(partial: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO")
    open_vgg(str(partial), (0.88, 0.79, 0.63, 0.51, 0.39, 1.07))
    assert "picture × 0.88, conv1_2 × 0.79, conv2_2 × 0.63; without conv3_2" in caplog.text
    assert open_vgg("none", ()) is None


def test_lambdas_are_inverse_to_the_magnitudes_on_ones_data(partial: Path, tmp_path: Path):
    folder = write_pictures(tmp_path / "pictures")
    config = recipe(vgg=str(partial))
    lambdas = measure_lambdas(config, [folder], pictures=8)
    assert len(lambdas) == 3
    assert lambdas[0] == pytest.approx(0.88)


def test_magnitudes_grow_with_the_features(partial: Path):
    vgg = load_vgg(partial)
    picture = torch.rand(1, 3, 16, 16) * 255
    before = magnitudes(vgg, picture)
    for parameter in vgg.convs["conv2_2"].parameters():
        parameter.mul_(3)
    wanted = before * torch.tensor([1, 1, 3.0])
    assert torch.allclose(magnitudes(vgg, picture), wanted, rtol=1e-4)


def test_lambdas_are_printed_as_a_line_of_a_recipe():
    import tomllib

    assert tomllib.loads(as_toml((0.88, 0.5))) == {"lambdas": [0.88, 0.5]}
