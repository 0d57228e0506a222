from __future__ import annotations

import numpy as np
import pytest

from held_out import write_pictures
from inkwash.errors import BadWeights
from inkwash.evaluate import Plan, evaluate, load_judges
from inkwash.painter import Painter
from tiny_net import tiny_runtime

onnx = pytest.importorskip("onnx")
torch = pytest.importorskip("torch")


def save_graph(path, nodes, inputs) -> None:
    """A stand-in network: ONNX nodes from pictures (N, 3, H, W) to `out`."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    given = [helper.make_tensor_value_info(n, floats, ["N", 3, "H", "W"]) for n in inputs]
    made = [helper.make_tensor_value_info("out", floats, None)]
    graph = helper.make_graph(nodes, "stand-in", given, made)
    opset = [helper.make_opsetid("", 13)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)


@pytest.fixture
def lpips(tmp_path):
    """Mean absolute difference: two pictures in, a number a pair out."""
    make = onnx.helper.make_node
    nodes = [
        make("Sub", ["a", "b"], ["d"]),
        make("Abs", ["d"], ["e"]),
        make("ReduceMean", ["e"], ["out"], axes=[1, 2, 3], keepdims=1),
    ]
    save_graph(tmp_path / "lpips.onnx", nodes, ["a", "b"])
    return tmp_path / "lpips.onnx"


@pytest.fixture
def inception(tmp_path):
    """Mean colour: a picture in, three features out."""
    nodes = [onnx.helper.make_node("ReduceMean", ["a"], ["out"], axes=[2, 3], keepdims=0)]
    save_graph(tmp_path / "inception.onnx", nodes, ["a"])
    return tmp_path / "inception.onnx"


@pytest.fixture
def vgg(tmp_path):
    """VGG-19's first four convolutions, narrow and with random weights."""
    from safetensors.torch import save_file

    tensors, inputs = {}, 3
    random = torch.Generator().manual_seed(0)
    for name, width in (("1_1", 4), ("1_2", 4), ("2_1", 8), ("2_2", 8)):
        weight = torch.randn(width, inputs, 3, 3, generator=random) / (9 * inputs) ** 0.5
        tensors |= {f"conv{name}.weight": weight, f"conv{name}.bias": torch.zeros(width)}
        inputs = width
    save_file(tensors, tmp_path / "vgg.safetensors")
    return tmp_path / "vgg.safetensors"


def pictures(count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 40, 36, 3), np.uint8)


def test_lpips_gets_pictures_from_minus_one_to_one(lpips):
    (judge,) = load_judges(lpips=lpips)
    black, white = np.zeros((1, 40, 36, 3), np.uint8), np.full((40, 36, 3), 255, np.uint8)
    assert judge.distances(black, white).tolist() == [2.0]
    assert judge.distances(pictures(), pictures()[0]).shape == (3,)


def test_inception_sees_299_pixels(inception):
    (judge,) = load_judges(inception=inception)
    found = judge.features(pictures())
    assert found.shape == (3, 3)
    wanted = pictures().mean((1, 2)) / 127.5 - 1
    np.testing.assert_allclose(found, wanted, atol=0.02)


def test_vgg_measures_nothing_between_a_picture_and_itself(vgg):
    (judge,) = load_judges(vgg=vgg)
    found = judge.distances(pictures(), pictures()[0])
    assert found[0] == pytest.approx(0, abs=1e-4)
    assert (found[1:] > 10).all()
    assert judge.features(pictures()).shape == (3, 8)
    assert np.square(judge.features(pictures())).mean(1) == pytest.approx(np.ones(3), rel=1e-4)
    assert "conv2_2" in judge.detail


def test_vgg_looks_at_a_truth_once(vgg, monkeypatch):
    (judge,) = load_judges(vgg=vgg)
    rows, truths = pictures(6).reshape(3, 2, 40, 36, 3), pictures(2)
    wanted = [judge.distances(row, truth.copy()) for row in rows for truth in truths]
    seen = []
    forward = type(judge._vgg).forward
    monkeypatch.setattr(
        type(judge._vgg), "forward", lambda net, x: seen.append(len(x)) or forward(net, x)
    )
    for truth, first in zip(truths, (0, 1), strict=True):
        found = [judge.distances(row, truth) for row in rows]
        assert np.array_equal(found, wanted[first::2])
    assert seen == 2 * [1, 2, 2, 2]


def test_a_file_that_is_no_network_is_refused(tmp_path, lpips):
    path = tmp_path / "x.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(BadWeights, match=r"x\.onnx"):
        load_judges(lpips=path)
    with pytest.raises(BadWeights, match="2 inputs"):
        load_judges(inception=lpips)


def test_judges_add_their_figures_to_the_report(tmp_path, lpips, inception, vgg):
    data = tmp_path / "data"
    data.mkdir()
    judges = load_judges(vgg=vgg, lpips=lpips, inception=inception)
    painters = {"one": Painter(tiny_runtime())}
    plan = Plan(judges=judges, counts=())
    table = evaluate(painters, [write_pictures(data)], tmp_path / "out", plan)
    assert table["settings"]["absent"] == []
    assert table["hints"] == []
    for entry in table["ways"]:
        assert entry["figures"]["vgg_best"]["mean"] > 0
        assert entry["figures"]["lpips_picked"]["mean"] > 0
    assert {entry["judge"] for entry in table["distances"]} == {"vgg", "inception"}
    text = (tmp_path / "out" / "table.md").read_text()
    assert "LPIPS, best" in text
    assert "KID" in text
