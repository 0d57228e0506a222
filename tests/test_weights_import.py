from __future__ import annotations

import importlib.util
import os
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="importing weights needs torch; inkwash[train]")

from inkwash.config import NetConfig  # noqa: E402
from inkwash.errors import BadWeights, MissingExtra  # noqa: E402
from inkwash.nets import SGRU, initialise  # noqa: E402
from inkwash.runtime import OnnxRuntime, Runtime, TorchRuntime  # noqa: E402
from inkwash.weights.checkpoint_files import checkpoint_prefix  # noqa: E402
from inkwash.weights.safetensors_file import read_safetensors, write_safetensors  # noqa: E402
from inkwash.weights.tensorflow_checkpoint import import_checkpoint, names, net_of  # noqa: E402

WIDTHS = {"down": (3, 4, 5, 6, 7), "up": (9, 8, 7, 5, 4), "head": 6}
FIXTURES = os.environ.get("INKWASH_FIXTURES", "")
LARGEST_DIFFERENCE = 0.01  # on the 0…255 scale

needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is not installed; install inkwash[import]",
)
needs_fixture = pytest.mark.skipif(
    not (Path(FIXTURES) / "upstream_checkpoint").is_dir() or not FIXTURES,
    reason="INKWASH_FIXTURES names no folder that holds upstream_checkpoint/",
)


class FakeReader:
    """A checkpoint as a dictionary."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.arrays = arrays

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        return {name: list(array.shape) for name, array in self.arrays.items()}

    def get_tensor(self, name: str) -> np.ndarray:
        return self.arrays[name]


@pytest.fixture
def net() -> SGRU:
    torch.manual_seed(4)
    net = SGRU(NetConfig(foreign_scale=True, **WIDTHS))
    initialise(net)
    return net.eval()


@pytest.fixture
def arrays(net) -> dict[str, np.ndarray]:
    state = {key: value.numpy() for key, value in net.state_dict().items()}
    return {
        name: state[key].transpose(2, 3, 1, 0) if state[key].ndim == 4 else state[key]
        for key, name in names()
    }


def encoded(runtime: Runtime, sketch: np.ndarray) -> np.ndarray:
    """Pictures (9, H, W, 3) on the 0…255 scale of a sketch (1, H, W, 1) in 0…255."""
    x = (sketch[0].transpose(2, 0, 1) / 255).astype(np.float32)
    return (runtime.encode(x).pictures.transpose(0, 2, 3, 1) + 1) / 2 * 255


# What the 2019 code computes


@pytest.fixture(scope="module")
def upstream(tmp_path_factory) -> tuple[Path, np.ndarray, np.ndarray]:
    """A folder with a checkpoint, a sketch and what TensorFlow makes of it."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own
        import upstream_graph

        folder = tmp_path_factory.mktemp("upstream")
        sketch = np.full((1, 64, 96, 1), 255, np.float32)
        sketch[0, 8:56, 20:23] = 0
        sketch[0, 30:33, 5:90] = 40
        return folder, sketch, upstream_graph.save_checkpoint(folder, sketch)


@needs_tensorflow
def test_an_imported_net_computes_what_tensorflow_computes(upstream, tmp_path):
    folder, sketch, expected = upstream
    net = import_checkpoint(folder)
    assert expected.std() > 10
    assert np.abs(encoded(TorchRuntime(net), sketch) - expected).max() < LARGEST_DIFFERENCE
    write_safetensors(net, tmp_path / "imported.safetensors", half=False)
    again = read_safetensors(tmp_path / "imported.safetensors")
    assert again.config == net.config
    assert np.abs(encoded(TorchRuntime(again), sketch) - expected).max() < LARGEST_DIFFERENCE


@needs_tensorflow
def test_widths_are_those_of_the_tensors(upstream):
    assert import_checkpoint(upstream[0]).config == NetConfig(foreign_scale=True, **WIDTHS)


@needs_tensorflow
def test_prefix_and_zip_give_the_same_net(upstream, tmp_path):
    folder, _, _ = upstream
    archive = zipped(tmp_path / "checkpoint.zip", {f"a/{p.name}": p for p in folder.iterdir()})
    expected = import_checkpoint(folder / "model.ckpt").state_dict()
    state = import_checkpoint(archive).state_dict()
    assert state.keys() == expected.keys()
    assert all(torch.equal(state[key], expected[key]) for key in expected)


@needs_tensorflow
def test_a_damaged_checkpoint_is_an_error(upstream, tmp_path):
    for part in upstream[0].iterdir():
        (tmp_path / part.name).write_bytes(part.read_bytes()[:4000])
    (tmp_path / "model.ckpt.index").write_bytes(b"no index")
    with pytest.raises(BadWeights, match="cannot be read as a checkpoint"):
        import_checkpoint(tmp_path)


@needs_tensorflow
def test_cut_data_names_the_tensor_that_cannot_be_read(upstream, tmp_path):
    for part in upstream[0].iterdir():
        content = part.read_bytes()
        (tmp_path / part.name).write_bytes(content[:4000] if ".data-" in part.name else content)
    with pytest.raises(BadWeights, match=r"tensor SGRU_MODEL/.* cannot be read"):
        import_checkpoint(tmp_path)


@needs_tensorflow
@needs_fixture
def test_the_stored_output_of_the_2019_code_is_met(tmp_path):
    folder = Path(FIXTURES) / "upstream_checkpoint"
    stored = np.load(folder / "io.npz")
    path = tmp_path / "imported.safetensors"
    write_safetensors(import_checkpoint(folder), path, half=False)
    ours = encoded(TorchRuntime(read_safetensors(path)), stored["x"])
    assert np.abs(ours - stored["y"]).max() < LARGEST_DIFFERENCE


@pytest.mark.slow
@needs_tensorflow
@needs_fixture
def test_the_stored_output_is_met_by_onnx_runtime_too(tmp_path):
    from inkwash.weights.onnx_file import write_onnx

    folder = Path(FIXTURES) / "upstream_checkpoint"
    stored = np.load(folder / "io.npz")
    write_onnx(import_checkpoint(folder), tmp_path / "imported.onnx", half=False)
    ours = encoded(OnnxRuntime(tmp_path / "imported.onnx", threads=1), stored["x"])
    assert np.abs(ours - stored["y"]).max() < LARGEST_DIFFERENCE


# What the tensors must be, without TensorFlow


def test_tensors_find_their_places(net, arrays):
    found = net_of(FakeReader(arrays), Path("model.ckpt"))
    assert found.config == net.config
    for key, value in net.state_dict().items():
        assert torch.equal(found.state_dict()[key], value), key


def test_every_tensor_of_ours_has_one_name():
    pairs = list(names())
    with torch.device("meta"):
        assert {key for key, _ in pairs} == set(SGRU(NetConfig()).state_dict())
    assert len({name for _, name in pairs}) == len(pairs)


def test_the_slots_of_an_optimiser_are_left_out(arrays):
    slots = {f"{name}/Adam": array for name, array in arrays.items()}
    found = net_of(FakeReader(arrays | slots | {"beta1_power": np.array(0.9)}), Path("model.ckpt"))
    assert found.config.head == 6


def test_other_numbers_of_proposals_are_read(arrays):
    arrays["SGRU_MODEL/conv2d/kernel"] = np.zeros((1, 1, 6, 12), np.float32)
    arrays["SGRU_MODEL/conv2d/bias"] = np.zeros(12, np.float32)
    assert net_of(FakeReader(arrays), Path("model.ckpt")).config.proposals == 4


def test_the_first_missing_tensor_is_named(arrays):
    del arrays["SGRU_MODEL/SGB_3_up/Conv2d_transpose_1/weights"]
    del arrays["SGRU_MODEL/SGB_2/SWISH/Conv/LayerNorm/beta"]
    with pytest.raises(BadWeights, match="SGB_2/SWISH/Conv/LayerNorm/beta is missing"):
        net_of(FakeReader(arrays), Path("model.ckpt"))


def test_another_network_altogether_is_an_error():
    reader = FakeReader({"generator/conv/kernel": np.zeros((3, 3, 1, 64))})
    with pytest.raises(BadWeights, match="SGRU_MODEL/SGB_1/Conv/weights is missing"):
        net_of(reader, Path("model.ckpt"))


@pytest.mark.parametrize(
    ("name", "shape", "expected"),
    [
        ("SGB_1/Conv/weights", (3, 3, 3, 3), r"\(3, 3, 3, 3\), expected \(3, 3, 1, 3\)"),
        ("SGB_4/Conv/weights", (1, 1, 11, 6), r"\(1, 1, 11, 6\), expected \(1, 1, 10, 6\)"),
        ("SGB_2_up/Conv2d_transpose/weights", (4, 4, 5, 5), r"expected \(2, 2, 5, 5\)"),
        ("SGB_3_up/Conv/weights", (), r"SGB_3_up/Conv/weights is \(\), expected \(1, 1, "),
        ("Conv_2/LayerNorm/gamma", (6, 1), r"\(6, 1\), expected \(6,\)"),
        ("conv2d/bias", (26,), r"expected \(1, 1, 6, 24\)"),
    ],
)
def test_the_first_tensor_of_another_shape_is_named(arrays, name, shape, expected):
    arrays[f"SGRU_MODEL/{name}"] = np.zeros(shape, np.float32)
    with pytest.raises(BadWeights, match=expected):
        net_of(FakeReader(arrays), Path("model.ckpt"))


def test_numbers_that_are_not_finite_are_an_error(arrays):
    arrays["SGRU_MODEL/SWISH_2/Conv/LayerNorm/gamma"] = np.full(4, np.nan, np.float32)
    with pytest.raises(BadWeights, match="SWISH_2/Conv/LayerNorm/gamma holds numbers"):
        net_of(FakeReader(arrays), Path("model.ckpt"))


def test_without_tensorflow_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    (tmp_path / "model.ckpt.index").touch()
    with pytest.raises(MissingExtra, match=r"inkwash\[import\]"):
        import_checkpoint(tmp_path)


# Where the checkpoint is


def zipped(path: Path, members: dict[str, Path | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    for name in ("model.ckpt.index", "model.ckpt.data-00000-of-00001", "checkpoint"):
        (folder / name).touch()
    return folder


@pytest.mark.parametrize(
    "name", ["", "model.ckpt", "model.ckpt.index", "model.ckpt.data-00000-of-00001"]
)
def test_a_prefix_its_files_or_its_folder_are_accepted(folder, name):
    with checkpoint_prefix(folder / name) as prefix:
        assert prefix == folder / "model.ckpt"


def test_a_zip_is_unpacked_for_as_long_as_it_is_read(tmp_path):
    members: dict[str, Path | bytes] = {
        "checkpoint/model.ckpt.index": b"index",
        "checkpoint/model.ckpt.data-00000-of-00001": b"data",
        "__MACOSX/checkpoint/._model.ckpt.index": b"a Mac's note",
        "checkpoint/README.txt": b"nothing that is needed",
    }
    with checkpoint_prefix(zipped(tmp_path / "checkpoint.zip", members)) as prefix:
        assert prefix.with_name("model.ckpt.data-00000-of-00001").read_bytes() == b"data"
        assert not prefix.with_name("README.txt").exists()
    assert not prefix.parent.exists()


def test_two_checkpoints_are_listed(folder):
    (folder / "older.ckpt.index").touch()
    with (
        pytest.raises(BadWeights, match=r"2 checkpoints.*model\.ckpt, older\.ckpt"),
        checkpoint_prefix(folder),
    ):
        pass


@pytest.mark.parametrize("name", ["", "missing.ckpt", "notes.txt"])
def test_what_holds_no_checkpoint_says_what_would(tmp_path, name):
    (tmp_path / "notes.txt").write_text("no checkpoint")
    with (
        pytest.raises(BadWeights, match=r"prefix such as model\.ckpt"),
        checkpoint_prefix(tmp_path / name),
    ):
        pass


@pytest.mark.parametrize(
    "name", ["../model.ckpt.index", "/tmp/model.ckpt.index", "a\\..\\..\\b.index", "C:\\a.index"]
)
def test_a_zip_that_reaches_out_is_refused(tmp_path, name):
    archive = zipped(tmp_path / "checkpoint.zip", {name: b"index"})
    with pytest.raises(BadWeights, match="outside the zip"), checkpoint_prefix(archive):
        pass


def test_a_zip_that_swells_is_refused(tmp_path):
    archive = zipped(tmp_path / "checkpoint.zip", {"model.ckpt.index": bytes(100_001)})
    with (
        pytest.raises(BadWeights, match="100001 bytes, over 100000"),
        checkpoint_prefix(archive, max_unpacked=100_000),
    ):
        pass


def test_a_damaged_zip_is_an_error(tmp_path):
    archive = zipped(tmp_path / "checkpoint.zip", {"model.ckpt.index": os.urandom(5000)})
    content = bytearray(archive.read_bytes())
    content[2000:2100] = bytes(100)
    archive.write_bytes(content)
    with pytest.raises(BadWeights, match="cannot be unpacked"), checkpoint_prefix(archive):
        pass
