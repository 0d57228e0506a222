from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="these tests need torch; install inkwash[train]")

from inkwash import weights  # noqa: E402
from inkwash.config import NetConfig  # noqa: E402
from inkwash.errors import BadWeights, OutputExists  # noqa: E402
from inkwash.nets import SGRU, initialise  # noqa: E402
from inkwash.runtime import OnnxRuntime, Runtime, TorchRuntime  # noqa: E402
from inkwash.weights.onnx_file import write_onnx  # noqa: E402
from inkwash.weights.safetensors_file import read_safetensors, write_safetensors  # noqa: E402

TINY = NetConfig(hints=True, stem=2, down=(4, 6), up=(6, 4), head=5, proposals=3, keys=4)
AGREEMENT = 1e-3  # on [-1, 1]


def random_net(config: NetConfig = TINY) -> SGRU:
    torch.manual_seed(6)
    net = SGRU(config)
    initialise(net)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    return net.eval()


@pytest.fixture(scope="module")
def net() -> SGRU:
    return random_net()


@pytest.fixture(scope="module")
def onnx_path(net, tmp_path_factory) -> Path:
    """An export takes seconds, so all tests share one."""
    path = tmp_path_factory.mktemp("weights") / "tiny.onnx"
    write_onnx(net, path, {"licence": "Apache-2.0"})
    return path


@pytest.fixture
def safetensors_path(net, tmp_path) -> Path:
    write_safetensors(net, tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(weights, "cache_folder", lambda: folder)
    return folder


def sketch(height: int, width: int, channels: int = 5) -> np.ndarray:
    x = np.zeros((channels, height, width), np.float32)
    x[0] = 1
    x[0, height // 3, 2:-2] = 0
    x[0, 1:-1, width // 2] = 0
    return x


def state_error(one: SGRU, other: SGRU) -> float:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return max(float((a - b).abs().max()) for a, b in pairs)


def same_pictures(one: Runtime, other: Runtime, height: int, width: int) -> None:
    """Both runtimes give the same pictures and, for palettes of any length, the same places."""
    x = sketch(height, width, one.config.in_channels)
    a, b = one.encode(x), other.encode(x)
    k = one.config.proposals
    assert a.pictures.shape == (k, 3, height, width)
    np.testing.assert_allclose(a.pictures, b.pictures, atol=AGREEMENT)
    np.testing.assert_allclose(a.features, b.features, atol=AGREEMENT)
    if not one.config.keys:
        return
    rng = np.random.default_rng(2)
    for groups, count in itertools.product((1, k), (1, 2, 7)):
        colours = rng.uniform(-1, 1, (groups, count, 5)).astype(np.float32)
        present = np.ones((groups, count), np.float32)
        present[0, count // 2 + 1 :] = 0
        p, q = (runtime.place(a.features, colours, present) for runtime in (one, other))
        assert p.scores.shape == (k, count, height // 2, width // 2)
        np.testing.assert_allclose(np.exp(p.scores), np.exp(q.scores), atol=AGREEMENT)
        np.testing.assert_allclose(p.shade, q.shade, atol=AGREEMENT)


# Runtimes


@pytest.mark.parametrize(("height", "width"), [(16, 16), (8, 40), (64, 24)])
def test_both_backends_agree(onnx_path, height, width):
    onnx, torch_too = (weights.load(onnx_path, backend=b, threads=1) for b in ("onnx", "torch"))
    assert (onnx.backend, torch_too.backend) == ("onnx", "torch")
    same_pictures(onnx, torch_too, height, width)


def test_half_precision_stays_close_to_the_net_that_was_written(net, onnx_path):
    x = sketch(32, 32)
    written, ours = OnnxRuntime(onnx_path, threads=1), TorchRuntime(net)
    difference = np.abs(written.encode(x).pictures - ours.encode(x).pictures)
    assert 0 < difference.max() < 0.02


def test_safetensors_run_in_onnx_by_a_twin_made_once(tmp_path, cache):
    """A foreign net of full precision keeps its pictures, its scale and its precision."""
    config = NetConfig(down=(4,), up=(3,), head=4, foreign_scale=True)
    path = tmp_path / "foreign.safetensors"
    write_safetensors(random_net(config), path, half=False)
    onnx, torch_too = (weights.load(path, backend=b, threads=1) for b in ("onnx", "torch"))
    assert isinstance(onnx, OnnxRuntime)
    assert onnx.config == torch_too.config == config
    same_pictures(onnx, torch_too, 16, 24)
    (twin,) = (cache / "converted").iterdir()
    made = twin.stat().st_mtime_ns
    weights.load(path, threads=1)
    assert twin.stat().st_mtime_ns == made


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_weights_without_palette_head_say_so(tmp_path, onnx_path, backend):
    runtime = weights.load(onnx_path, backend=backend, threads=1)
    if isinstance(runtime, OnnxRuntime):
        runtime._head = None
    else:
        runtime = TorchRuntime(random_net(NetConfig(down=(4,), up=(3,), head=5, proposals=3)))
    features, one = np.ones((5, 4, 4), np.float32), np.ones((1, 1, 5), np.float32)
    with pytest.raises(BadWeights, match="no palette head"):
        runtime.place(features, one, one[..., 0])


# Files


def test_safetensors_come_back_as_they_were_to_half_precision(net, safetensors_path):
    again = read_safetensors(safetensors_path)
    assert again.config == net.config
    assert 0 < state_error(again, net) < 2e-3
    write_safetensors(again, safetensors_path, force=True)
    assert state_error(read_safetensors(safetensors_path), again) == 0


def test_safetensors_of_full_precision_come_back_exactly(net, safetensors_path):
    write_safetensors(net, safetensors_path, half=False, force=True)
    assert state_error(read_safetensors(safetensors_path), net) == 0


def test_onnx_comes_back_as_it_was_to_half_precision(net, onnx_path):
    again = weights.read_net(onnx_path)
    assert again.config == net.config
    assert 0 < state_error(again, net) < 2e-3


def test_an_onnx_file_names_no_folders(onnx_path):
    content = onnx_path.read_bytes()
    assert str(Path(weights.__file__).parents[1]).encode() not in content
    assert b"Apache-2.0" in content


def test_a_graph_has_a_node_or_two_for_each_norm_and_tensors_by_their_names(net, onnx_path):
    """torch's own norms keep ONNX Runtime from its fast layout; adapters need the names."""
    import onnx

    graph = onnx.load(onnx_path).graph
    kinds = [node.op_type for node in graph.node]
    norms = sum(isinstance(module, torch.nn.GroupNorm) for module in net.modules())
    assert kinds.count("InstanceNormalization") == kinds.count("BatchNormalization") == norms
    assert not {"CastLike", "Expand", "Range"} & set(kinds)
    shapes = {t.name.removesuffix(":half"): tuple(t.dims) for t in graph.initializer}
    for name, tensor in net.state_dict().items():
        if not name.startswith("palette."):
            assert shapes[f"net.{name}"] == tuple(tensor.shape)


@pytest.mark.parametrize("write", [write_safetensors, write_onnx])
def test_nothing_is_overwritten_without_force(net, tmp_path, monkeypatch, write):
    late = "inkwash.weights.onnx_file._export_trunk"
    monkeypatch.setattr(late, lambda *_: pytest.fail("exported before it looked"))
    path = tmp_path / "precious"
    path.write_bytes(b"precious")
    with pytest.raises(OutputExists, match="--force"):
        write(net, path)
    assert path.read_bytes() == b"precious"


def rewritten(path: Path, change) -> Path:
    """The safetensors file with its tensors and metadata changed by `change(tensors, about)`."""
    import json

    from safetensors import safe_open
    from safetensors.torch import load, save

    tensors = load(path.read_bytes())
    with safe_open(path, "pt") as file:
        about = json.loads(file.metadata()["inkwash"])
    change(tensors, about)
    path.write_bytes(save(tensors, {"inkwash": json.dumps(about)}))
    return path


def test_the_first_missing_tensor_is_named(safetensors_path):
    path = rewritten(
        safetensors_path, lambda tensors, _: tensors.pop("trunk.up.1.gate.conv.weight")
    )
    with pytest.raises(BadWeights, match=r"trunk\.up\.1\.gate\.conv\.weight is missing"):
        read_safetensors(path)


def test_the_first_tensor_of_another_shape_is_named(safetensors_path):
    path = rewritten(safetensors_path, lambda _, about: about["net"].update(proposals=5))
    with pytest.raises(BadWeights, match=r"rgb\.conv\.weight is \(36, .*asks for \(60, "):
        read_safetensors(path)


def test_a_config_of_a_later_version_says_what_to_do(safetensors_path):
    path = rewritten(safetensors_path, lambda _, about: about["net"].update(attention=True))
    with pytest.raises(BadWeights, match=r"unknown key attention.*update inkwash"):
        read_safetensors(path)


@pytest.mark.parametrize("name", ["broken.onnx", "broken.safetensors"])
@pytest.mark.parametrize("backend", ["onnx", "torch"])
@pytest.mark.parametrize("content", [b"", b"no weights", bytes(1000)])
def test_a_damaged_file_is_an_error(tmp_path, name, backend, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadWeights, match=name):
        weights.load(path, backend=backend)


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_another_onnx_network_is_an_error(tmp_path, onnx_path, backend):
    import onnx

    model = onnx.load(onnx_path)
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "other.onnx")
    with pytest.raises(BadWeights, match="not made by inkwash"):
        weights.load(tmp_path / "other.onnx", backend=backend)


# Names


def test_the_default_is_inside_the_package():
    assert weights.find("default").path.parent == Path(weights.__file__).parents[1] / "embedded"


def test_files_are_found_by_path_and_in_the_cache_by_name(safetensors_path, cache):
    assert weights.find(safetensors_path).name == "tiny"
    cache.mkdir()
    (cache / "night.safetensors").write_bytes(safetensors_path.read_bytes())
    (cache / "notes.txt").touch()
    assert weights.find("night").path == cache / "night.safetensors"
    assert [found.name for found in weights.installed()] == ["default", "night"]
    assert weights.find("night").sha256 == weights.find(safetensors_path).sha256


def test_an_unknown_name_lists_the_known(cache):
    cache.mkdir()
    (cache / "night.onnx").touch()
    with pytest.raises(BadWeights, match="'nigth' names no weights; there are: default, night"):
        weights.find("nigth")


def test_a_checkpoint_of_tensorflow_is_to_be_imported(tmp_path):
    (tmp_path / "checkpoint.zip").touch()
    with pytest.raises(BadWeights, match=r"inkwash weights import .*checkpoint\.zip"):
        weights.load(tmp_path / "checkpoint.zip")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(BadWeights, match=r"gone\.onnx: there is no such"):
        weights.load(tmp_path / "gone.onnx")


def test_painting_with_onnx_loads_no_torch(onnx_path):
    import subprocess

    code = (
        "import sys; from inkwash import weights; weights.load(sys.argv[1], threads=1);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'onnx', 'safetensors')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(onnx_path)], check=False).returncode == 0
