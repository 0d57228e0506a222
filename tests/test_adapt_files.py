"""Adapter files, and adapters merged into weights with and without torch."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="these tests need torch; install inkwash[train]")

from inkwash import weights  # noqa: E402
from inkwash.cli import main  # noqa: E402
from inkwash.config import NetConfig  # noqa: E402
from inkwash.errors import BadWeights, OutputExists  # noqa: E402
from inkwash.palettes import named  # noqa: E402
from inkwash.runtime import OnnxRuntime, TorchRuntime  # noqa: E402
from inkwash.weights.adapter import (  # noqa: E402
    LEFT,
    RIGHT,
    Adapter,
    read_adapter,
    write_adapter,
)
from inkwash.weights.initialisers import merge  # noqa: E402
from inkwash.weights.onnx_file import read_onnx, write_onnx  # noqa: E402
from inkwash.weights.torch_adapter import add_to  # noqa: E402
from tiny_net import tiny_net  # noqa: E402

SMALL = NetConfig(hints=True, stem=2, down=(4, 6), up=(6, 4), head=5, proposals=3, keys=4)
CONV, NORM = "trunk.down.1.residual.0.conv.weight", "trunk.head.1.norm.bias"
QUERIES, SHADE = "palette.queries.weight", "palette.shade.bias"


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """An export takes seconds, so all tests share one."""
    path = tmp_path_factory.mktemp("base") / "tiny.onnx"
    write_onnx(tiny_net(SMALL), path)
    return path


@pytest.fixture(scope="module")
def changes() -> dict[str, np.ndarray]:
    """Of a kernel by factors, and of a norm, the queries and the shade as they are."""
    rng = np.random.default_rng(2)
    shapes = {key: value.shape for key, value in tiny_net(SMALL).state_dict().items()}
    outputs, *rest = shapes[CONV]
    found = {
        CONV + LEFT: rng.normal(0, 0.5, (outputs, 2)).astype(np.float16),
        CONV + RIGHT: rng.normal(0, 0.5, (2, *rest)).astype(np.float16),
    }
    return found | {
        key: rng.normal(0, 0.5, shapes[key]).astype(np.float32) for key in (NORM, QUERIES, SHADE)
    }


@pytest.fixture
def adapter(base, changes) -> Adapter:
    sha256 = weights.find(base).sha256
    return Adapter(
        base=sha256, arrays=changes, palettes=(named("school-summer"),), notes={"steps": 7}
    )


@pytest.fixture
def file(adapter, tmp_path) -> Path:
    write_adapter(adapter, tmp_path / "mine.adapter")
    return tmp_path / "mine.adapter"


def outputs(runtime) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.random((5, 32, 48), np.float32)
    colours, present = rng.random((1, 4, 5), np.float32), np.ones((1, 4), np.float32)
    encoded = runtime.encode(x)
    return [*encoded, *runtime.place(encoded.features, colours, present)]


def apart(ours, theirs) -> float:
    pairs = zip(outputs(ours), outputs(theirs), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def test_a_file_gives_back_what_was_written(adapter, file):
    again = read_adapter(file)
    assert (again.base, again.palettes, again.notes) == (
        adapter.base,
        adapter.palettes,
        {"steps": 7},
    )
    assert again.arrays.keys() == adapter.arrays.keys()
    for name, values in adapter.arrays.items():
        assert again.arrays[name].dtype == values.dtype
        assert np.array_equal(again.arrays[name], values)


def test_factors_are_multiplied_to_the_shape_of_the_kernel(adapter):
    deltas = adapter.deltas()
    assert deltas.keys() == {CONV, NORM, QUERIES, SHADE}
    left, right = adapter.arrays[CONV + LEFT], adapter.arrays[CONV + RIGHT]
    by_hand = sum(
        left[:, r].astype(float)[:, None, None, None] * right[r].astype(float)[None]
        for r in range(2)
    )
    assert np.allclose(deltas[CONV], by_hand, atol=1e-5)


def test_an_adapter_is_written_once(adapter, file):
    with pytest.raises(OutputExists):
        write_adapter(adapter, file)
    write_adapter(adapter, file, force=True)


def test_more_than_ten_megabytes_are_refused(adapter, tmp_path):
    large = replace(adapter, arrays={CONV: np.zeros((1600, 1600), np.float32)})
    with pytest.raises(BadWeights, match="10 MB"):
        write_adapter(large, tmp_path / "large.adapter")
    assert not list(tmp_path.glob("large*"))


@pytest.mark.parametrize("half", [True, False])
def test_merged_weights_are_the_network_with_the_changes_added(adapter, tmp_path, half, base):
    path = base
    if not half:
        path = tmp_path / "single.onnx"
        write_onnx(tiny_net(SMALL), path, half=False)
    merged = OnnxRuntime(path, 1, model=merge(path.read_bytes(), adapter.deltas()))
    net = read_onnx(path)
    before = TorchRuntime(read_onnx(path))
    add_to(net, adapter.deltas())
    assert apart(merged, TorchRuntime(net)) < (5e-3 if half else 1e-4)
    assert apart(merged, before) > 0.05


def test_without_changes_not_a_byte_changes(base):
    assert merge(base.read_bytes(), {}) == base.read_bytes()


@pytest.mark.parametrize("name", ["trunk.down.9.conv.weight", "palette.nothing", "rgb.conv.weight"])
def test_a_tensor_that_the_network_does_not_have_so_is_named(base, name):
    with pytest.raises(BadWeights, match=name.removeprefix("palette.")):
        merge(base.read_bytes(), {name: np.zeros((2, 2), np.float32)})
    with pytest.raises(BadWeights, match=name):
        add_to(read_onnx(base), {name: np.zeros((2, 2), np.float32)})


@pytest.mark.parametrize("cut", [100, 5_000])
def test_a_base_that_is_cut_short_is_refused(base, cut):
    data = base.read_bytes()
    with pytest.raises(BadWeights):
        merge(data[: len(data) - cut], {CONV: np.zeros((6, 4, 3, 3), np.float32)})


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_weights_plus_adapter_load_by_name(base, file, backend):
    adapted = weights.load(f"{base}+{file}", backend=backend)
    assert apart(adapted, weights.load(base, backend=backend)) > 0.05
    found = weights.find(f"{base}+{file}")
    assert found.name == "tiny+mine"
    assert found.palettes[0].name == "school-summer"


def test_the_adapter_of_other_weights_is_refused_by_hash(adapter, base, tmp_path):
    write_adapter(replace(adapter, base="0" * 64), tmp_path / "other.adapter")
    with pytest.raises(BadWeights, match=r"other\.adapter: made for .*000000000000"):
        weights.load(f"{base}+{tmp_path / 'other.adapter'}")


def test_an_adapter_needs_no_torch_and_no_onnx_to_paint(base, file):
    code = (
        "import sys\n"
        "for name in ('torch', 'onnx', 'safetensors'): sys.modules[name] = None\n"
        "from inkwash.painter import Painter\n"
        "import numpy as np\n"
        f"painter = Painter.load({f'{base}+{file}'!r}, threads=1)\n"
        "page = np.full((80, 64), 255, np.uint8); page[20:60, 20:40] = 0\n"
        "print(painter.paint(page).colourings[0].title)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "school-summer"


def saved(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def about(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


GOOD = '{"format": "inkwash-adapter", "version": 1, "base": "ab", "palettes": []}'
BAD_FILES = {
    "nothing": b"",
    "text": b"no adapter",
    "another archive": saved(weights=np.zeros(3)),
    "another format": saved(about=about('{"format": "other", "version": 1}')),
    "a list": saved(about=about("[1]")),
    "no JSON": saved(about=about("{")),
    "a later version": saved(about=about(GOOD.replace("1,", "2,"))),
    "no base": saved(about=about('{"format": "inkwash-adapter", "version": 1, "palettes": []}')),
    "a bad palette": saved(about=about(GOOD.replace("[]", "[3]"))),
    "numbers that are none": saved(about=about(GOOD), a=np.array([np.nan])),
    "whole numbers": saved(about=about(GOOD), a=np.arange(3)),
    "half of a change": saved(about=about(GOOD), **{"a@left": np.zeros((3, 2))}),
    "factors that do not fit": saved(
        about=about(GOOD), **{"a@left": np.zeros((3, 2)), "a@right": np.zeros((4, 2))}
    ),
    "a change of half a gigabyte": saved(
        about=about(GOOD), **{"a@left": np.zeros((99999, 1)), "a@right": np.zeros((1, 9999))}
    ),
    "objects": saved(about=about(GOOD), a=np.array([{}, []], object)),
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_adapter_is_refused_by_name(data, tmp_path):
    path = tmp_path / "bad.adapter"
    path.write_bytes(data)
    with pytest.raises(BadWeights, match=r"bad\.adapter"):
        read_adapter(path)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_file_that_is_cut_short_is_refused(file, share):
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    with pytest.raises(BadWeights, match=r"mine\.adapter"):
        read_adapter(file)


def test_a_missing_adapter_is_named(base):
    with pytest.raises(BadWeights, match=r"none\.adapter: there is no such adapter"):
        weights.find(f"{base}+none.adapter")


def test_a_file_with_a_plus_in_its_name_is_still_a_file(base, tmp_path):
    path = tmp_path / "a+b.onnx"
    path.write_bytes(base.read_bytes())
    assert weights.find(path).adapter is None


def test_weights_with_an_adapter_export_as_one_file(base, file, tmp_path):
    merged = tmp_path / "merged.safetensors"
    assert main(["weights", "export", f"{base}+{file}", "--out", str(merged)]) == 0
    adapted = weights.load(f"{base}+{file}", backend="torch")
    assert apart(weights.load(merged, backend="torch"), adapted) < 0.02
