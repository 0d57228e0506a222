"""Layers by name, their activations, the figures, the components and the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="inspecting needs torch; install inkwash[train]")

from inkwash import inspect  # noqa: E402
from inkwash.config import NetConfig  # noqa: E402
from inkwash.errors import BadConfig, OutputExists  # noqa: E402
from inkwash.inspect.activations import statistics  # noqa: E402
from inkwash.inspect.components import aligned, as_picture, components  # noqa: E402
from inkwash.inspect.layers import channels_of, filter_meaning, filter_weights  # noqa: E402
from inkwash.inspect.report import smooth  # noqa: E402
from inkwash.nets import SGRU  # noqa: E402
from inspecting import corrected  # noqa: E402
from tiny_net import TINY, tiny_net  # noqa: E402


@pytest.fixture(scope="module")
def net() -> SGRU:
    return tiny_net()


@pytest.fixture(scope="module")
def seen() -> inspect.Seen:
    return corrected().seen


def test_layers_are_named_in_the_order_of_the_way(net):
    names = [layer.name for layer in inspect.layers(net)]
    assert names[:5] == ["down1.conv1", "down1.conv2", "down1.gate", "down1", "skip1.gate"]
    assert names.index("down2") < names.index("up1.enter") < names.index("head") < len(names) - 1
    assert len(set(names)) == len(names)


def test_the_faithful_form_has_ten_gated_blocks_and_fifteen_gates():
    with torch.device("meta"):
        net = SGRU(NetConfig())
    kinds = [layer.kind for layer in inspect.layers(net)]
    assert kinds.count("gate") == 15
    assert kinds.count("block") == 11  # and the head


@pytest.mark.parametrize("gated", [True, False])
def test_every_filter_of_every_convolution_belongs_to_one_layer(gated):
    net = tiny_net(replace(TINY, gated=gated))
    counted = sum(
        filter_weights(layer.module(net)).numel()
        for layer in inspect.layers(net)
        if layer.has_filters
    )
    kernels = sum(p.numel() for p in net.parameters() if p.ndim > 1)
    assert counted == kernels


def test_an_unknown_layer_is_refused_with_those_there_are(net, seen):
    with pytest.raises(BadConfig, match=r"did you mean up2\.gate\? there are: down1\.conv1,.*rgb"):
        inspect.activations(net, seen.x, ["up2.gates"])


def test_activations_are_what_the_modules_hand_on(net, seen):
    names = [layer.name for layer in inspect.layers(net) if layer.has_picture]
    found = {a.layer.name: a for a in inspect.activations(net, seen.x, names)}
    with torch.no_grad():
        x = net.trunk.unshuffle(seen.x)
        down1, skip1 = net.trunk.down[0](x)
        features = net.trunk(seen.x)
    np.testing.assert_array_equal(found["down1"].values, down1[0].numpy())
    np.testing.assert_array_equal(found["skip1.gate"].values, skip1[0].numpy())
    np.testing.assert_array_equal(found["head"].values, features[0].numpy())
    np.testing.assert_array_equal(found["rgb"].values, net.rgb.conv(features)[0].detach())


def test_a_layer_has_as_many_channels_as_it_says(net, seen):
    names = [layer.name for layer in inspect.layers(net) if layer.has_picture]
    for activation in inspect.activations(net, seen.x, names):
        assert len(activation.values) == channels_of(activation.layer, net), activation.layer


def test_a_gate_passes_and_stops_its_input(net, seen):
    for activation in inspect.activations(net, seen.x, ["skip1.gate", "up2.gate"]):
        gate = activation.gate
        assert gate is not None
        np.testing.assert_allclose(gate.inputs * gate.opening, activation.values, atol=1e-6)
        np.testing.assert_allclose(activation.values + gate.stopped, gate.inputs, atol=1e-6)
        assert 0 < gate.passed_share < 1


def test_padding_is_cut_off(net, seen):
    assert seen.x.shape[-2:] == (88, 64)
    found = inspect.activations(net, seen.x, ["down1", "head"], size=seen.size)
    assert seen.size.height == 85
    assert [a.values.shape[1:] for a in found] == [(22, 16), (43, 32)]


def test_statistics_are_those_of_numpy():
    rng = np.random.default_rng(4)
    values = rng.normal(2, 3, (5, 7, 9)).astype(np.float32)
    values[3] = 1.5
    values[4] = 1.5 + rng.normal(0, 1e-4, (7, 9))
    found = statistics(values)
    np.testing.assert_allclose(found.minimum, values.min((1, 2)))
    np.testing.assert_allclose(found.maximum, values.max((1, 2)))
    np.testing.assert_allclose(found.mean, values.mean((1, 2)), rtol=1e-5)
    np.testing.assert_allclose(found.deviation, values.std((1, 2)), rtol=1e-3)
    assert found.dead.tolist() == [False, False, False, True, True]
    assert found.dead_share == 0.4


def test_components_are_those_of_the_decomposition():
    rng = np.random.default_rng(0)
    for shape in [(40, 5, 6), (4, 20, 30)]:  # fewer places than channels, and more
        values = rng.normal(0, 1, shape).astype(np.float32) * np.linspace(3, 1, shape[0])[
            :, None, None
        ].astype(np.float32)
        flat = values.reshape(shape[0], -1)
        flat = flat - flat.mean(1, keepdims=True)
        _, sizes, right = np.linalg.svd(flat, full_matrices=False)
        found = components(values)
        np.testing.assert_allclose(found.shares, (sizes**2 / (sizes**2).sum())[:3], rtol=1e-4)
        for ours, theirs in zip(found.maps.reshape(3, -1), right, strict=False):
            assert abs(np.corrcoef(ours, theirs)[0, 1]) > 0.999


def test_a_layer_of_one_channel_has_one_component():
    values = np.random.default_rng(0).normal(0, 1, (1, 8, 8)).astype(np.float32)
    found = components(values)
    assert found.shares == pytest.approx((1.0,))
    assert np.abs(found.maps[1:]).max() == 0
    assert as_picture(found.maps).shape == (8, 8, 3)


def test_aligned_components_undo_a_turn():
    rng = np.random.default_rng(1)
    maps = rng.normal(0, 1, (3, 48, 48)).astype(np.float32)
    maps -= maps.mean((1, 2), keepdims=True)
    turn = np.linalg.qr(rng.normal(0, 1, (3, 3)))[0]
    turned = (turn @ maps.reshape(3, -1)).reshape(maps.shape).astype(np.float32)
    np.testing.assert_allclose(aligned(turned, maps), maps, atol=1e-4)


def test_maps_of_up_blocks_are_smoothed_for_their_components(net, seen):
    up, head = inspect.activations(net, seen.x, ["up2", "head"])
    assert smooth(up).shape == (len(up.values), 22, 16)
    np.testing.assert_allclose(smooth(up)[:, 3, 4], up.values[:, 6:8, 8:10].mean((1, 2)), rtol=1e-4)
    assert smooth(head) is head.values


def test_the_meaning_of_the_heads_filters():
    layers = {layer.name: layer for layer in inspect.layers(tiny_net())}
    assert filter_meaning(layers["rgb"], 0, TINY) == "red of proposal 1"
    assert filter_meaning(layers["rgb"], 4 * 9 + 7, TINY) == "green of proposal 2"
    assert filter_meaning(layers["palette.queries"], 4, TINY) == "proposal 2"
    assert filter_meaning(layers["up1.gate"], 4, TINY) == ""


def test_the_report_is_one_page_that_needs_nothing_else(net, seen, tmp_path):
    found = inspect.activations(net, seen.x, size=seen.size)
    about = {"sketch": "a </script> name", "weights": "tiny"}
    facts = inspect.write_report(inspect.report(found), tmp_path, about)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert not re.search(r"(src|href)=[\"']?(?!data:)\w", page)
    assert "http" not in page
    assert page.count("</script>") == 2
    assert json.loads((tmp_path / "activations.json").read_text()) == facts
    shown = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert shown["sketch"] == about["sketch"]
    assert [layer["name"] for layer in shown["layers"]] == [a.layer.name for a in found]
    gate = next(layer for layer in shown["layers"] if layer["name"] == "up1.gate")
    assert len(gate["pictures"]) == 3
    assert len(gate["grids"]) == 3
    assert gate["minimum"] == pytest.approx(min(gate["channels"]["minimum"]), abs=1e-4)
    assert len(list((tmp_path / "layers").iterdir())) == sum(
        6 if layer["kind"] == "gate" else 2 for layer in shown["layers"]
    )
    with pytest.raises(OutputExists):
        inspect.write_report(inspect.report(found), tmp_path, about)
