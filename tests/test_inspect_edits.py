"""Filters scaled and ablated, against direct computation; sweeps; the command line."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="inspecting needs torch; install inkwash[train]")

from inkwash import inspect  # noqa: E402
from inkwash.cli import main  # noqa: E402
from inkwash.colour import delta_e2000, lab_from_srgb  # noqa: E402
from inkwash.config import NetConfig  # noqa: E402
from inkwash.errors import BadConfig, BadData  # noqa: E402
from inkwash.inspect.edits import Edit, Workbench, scaling  # noqa: E402
from inkwash.inspect.seeing import paint  # noqa: E402
from inkwash.inspect.stages import trace  # noqa: E402
from inkwash.weights import find  # noqa: E402
from inkwash.weights.adapter import Adapter, write_adapter  # noqa: E402
from inspecting import corrected, drawing, files, named, weights  # noqa: E402
from tiny_net import TINY, tiny_net  # noqa: E402

PICTURED = [layer.name for layer in inspect.layers(tiny_net()) if layer.has_picture]


@pytest.fixture(scope="module")
def net():
    return tiny_net()


@pytest.fixture(scope="module")
def seen():
    return corrected().seen


@pytest.fixture(scope="module")
def palette():
    return inspect.proposed_input(TINY)


def test_a_trace_gives_the_trunks_features(net, seen):
    with torch.inference_mode():
        _, features = trace(net.trunk, seen.x)
        torch.testing.assert_close(features, net.trunk(seen.x), rtol=0, atol=0)


@pytest.mark.parametrize("name", PICTURED)
def test_an_edit_is_a_whole_run_with_the_scaled_map(net, seen, palette, name):
    """Taken up in the middle or not, for several edits or one: the same pictures."""
    layer = inspect.find_layer(net, name)
    used = palette if name.startswith("palette") else None
    edits = [Edit(name, (0,), 0.0), Edit(name, (0, 1), 2.5)]
    made = Workbench(net, seen.x, used).after(edits)
    for edit, picture in zip(edits, made, strict=True):
        factors = torch.ones(1, inspect.channels_of(layer, net), 1, 1)
        factors[0, list(edit.filters)] = edit.scale
        with torch.inference_mode(), scaling(net, layer, factors):
            wanted = paint(net, net.trunk(seen.x), used)[0]
        torch.testing.assert_close(picture, wanted, rtol=1e-4, atol=1e-5)


def test_an_ablated_filter_is_a_direct_computation(net, seen):
    """Of a unit: its gain and shift at 0 in the weights. Of a skip: the reader's columns at 0."""
    without = copy.deepcopy(net)
    with torch.no_grad():
        without.trunk.up[0].residual[1].norm.weight[2] = 0
        without.trunk.up[0].residual[1].norm.bias[2] = 0
        wanted = without(seen.x)[0]
    made = Workbench(net, seen.x).after([Edit("up1.conv2", (2,))])[0]
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=1e-5)
    without = copy.deepcopy(net)
    with torch.no_grad():
        without.trunk.head[0].conv.weight[:, 2 * TINY.up[1] + 3] = 0  # skip 1 comes last in up 2
        wanted = without(seen.x)[0]
    made = Workbench(net, seen.x).after([Edit("skip1.gate", (3,))])[0]
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=1e-5)


def test_a_scale_of_one_changes_nothing(net, seen, palette):
    bench = Workbench(net, seen.x, palette)
    for name in ("down1.gate", "skip2.gate", "up2", "head.conv1", "palette.queries"):
        made = bench.after([Edit(name, (1,), 1.0)])[0]
        torch.testing.assert_close(made, bench.before(), rtol=1e-4, atol=1e-5)


def test_networks_of_the_2019_scale_are_edited_too():
    config = NetConfig(down=(4, 6), up=(6, 4), head=5, proposals=3, foreign_scale=True)
    net, x = tiny_net(config), torch.rand(1, 1, 16, 16)
    made = Workbench(net, x).after([Edit("down2.conv1", (1,))])[0]
    layer = inspect.find_layer(net, "down2.conv1")
    factors = torch.tensor([1.0, 0, 1, 1, 1, 1])[None, :, None, None]
    with torch.inference_mode(), scaling(net, layer, factors):
        torch.testing.assert_close(made, net(x)[0], rtol=1e-4, atol=1e-5)


def test_a_network_without_gates_is_edited_too(seen):
    net = tiny_net(replace(TINY, gated=False))
    names = [layer.name for layer in inspect.layers(net)]
    assert not [name for name in names if "gate" in name]
    made = Workbench(net, seen.x).after([Edit("up1", (3,))])[0]
    layer, factors = inspect.find_layer(net, "up1"), torch.ones(1, 16, 1, 1)
    factors[0, 3] = 0
    with torch.inference_mode(), scaling(net, layer, factors):
        torch.testing.assert_close(made, net(seen.x)[0], rtol=1e-4, atol=1e-5)


def test_weights_are_opened_with_their_adapter(net, tmp_path):
    path = weights(tmp_path)
    bias = {"rgb.conv.bias": np.full(108, 0.25, np.float32)}
    write_adapter(Adapter(base=find(path).sha256, arrays=bias), tmp_path / "lesson.npz")
    adapted = inspect.open_net(f"{path}+{tmp_path / 'lesson.npz'}")
    torch.testing.assert_close(adapted.rgb.conv.bias, net.rgb.conv.bias + 0.25)
    torch.testing.assert_close(inspect.open_net(path).rgb.conv.bias, net.rgb.conv.bias)


def test_edits_that_cannot_be(net, seen):
    bench = Workbench(net, seen.x)
    with pytest.raises(BadConfig, match=r"filter 8 of up1\.gate does not exist; give 0 to 7"):
        bench.after([Edit("up1.gate", (8,))])
    with pytest.raises(BadConfig, match="no filter of up1 was named"):
        bench.after([Edit("up1", ())])
    with pytest.raises(BadConfig, match="layer 'up9' does not exist"):
        bench.after([Edit("up9", (0,))])
    with pytest.raises(BadConfig, match="give those of one"):
        bench.after([Edit("up1", (0,)), Edit("up2", (0,))])


def test_a_sweep_is_the_change_of_the_regions_colour(net, seen):
    drawn = drawing()
    where = inspect.spot(seen, named(drawn, "skin"), 4)
    bench = Workbench(net, seen.x)
    effects = inspect.sweep(bench, "head.conv3", where)
    assert sorted(effect.filter for effect in effects) == list(range(TINY.head))
    assert [e.delta_e for e in effects] == sorted((e.delta_e for e in effects), reverse=True)
    first = effects[0]
    weight = where.weight.numpy()

    def colour(pictures):
        unit = ((pictures[4].numpy() + 1) / 2).clip(0, 1)
        return lab_from_srgb((unit * weight).sum((1, 2)).astype(np.float32))

    before = colour(bench.before())
    after = colour(bench.after([Edit("head.conv3", (first.filter,))])[0])
    assert first.delta_e == pytest.approx(float(delta_e2000(before, after)), abs=1e-3)
    np.testing.assert_allclose(first.lab, after - before, atol=1e-3)


def test_a_filter_that_alone_colours_is_ranked_first(net, seen):
    other = copy.deepcopy(net)
    with torch.no_grad():
        other.rgb.conv.weight.zero_()
        other.rgb.conv.weight[:, 5] = 0.4
    where = inspect.spot(seen, None, 0)
    effects = inspect.sweep(Workbench(other, seen.x), "head", where)
    assert effects[0].filter == 5
    assert effects[0].delta_e > 1
    assert effects[1].delta_e == pytest.approx(0, abs=1e-3)


def test_estimates_are_exact_where_the_colour_is_linear(net, seen):
    pale = copy.deepcopy(net)
    with torch.no_grad():
        pale.rgb.conv.weight.mul_(0.05)  # so that no colour is cut at its range
    where = inspect.spot(seen, named(drawing(), "hair", "skin"), 0)
    estimates = inspect.screen(pale, seen, where)
    guessed = {e.filter: e.delta_e for e in estimates if e.layer.name == "head.conv3"}
    measured = inspect.sweep(Workbench(pale, seen.x), "head.conv3", where)
    assert guessed == pytest.approx({e.filter: e.delta_e for e in measured}, abs=1e-3)


@pytest.mark.parametrize(("head", "name"), [("rgb", "up2.gate"), ("palette", "head.conv3")])
def test_estimates_rank_as_what_is_measured(net, seen, palette, head, name):
    used = palette if head == "palette" else None
    where = inspect.spot(seen, named(drawing(), "hair", "skin"), 0)
    estimates = inspect.screen(net, seen, where, used)
    guessed = {e.filter: e.delta_e for e in estimates if e.layer.name == name}
    measured = inspect.sweep(Workbench(net, seen.x, used), name, where)
    assert guessed.keys() == {e.filter for e in measured}
    pairs = np.array([(guessed[e.filter], e.delta_e) for e in measured])
    assert np.corrcoef(pairs.T)[0, 1] > 0.8


def test_a_region_without_paper_is_refused(seen):
    with pytest.raises(BadData, match="holds no paper"):
        inspect.spot(seen, np.zeros((96, 72), bool), 0)


@pytest.fixture
def tiny(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    return weights(tmp_path)


def run(*arguments: str) -> int:
    return main(["inspect", *arguments])


def test_the_command_activations(tiny, tmp_path, capsys):
    line, _, _ = files(tmp_path)
    command = ("activations", line, "--out", "seen", "--weights", tiny)
    assert run(*command, "--layer", "up1.gate", "--layer", "head", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [layer["name"] for layer in facts["layers"]] == ["up1.gate", "head"]
    assert Path("seen/index.html").is_file()
    assert run(*command, "--layer", "up3", "--force") == 2
    assert "there are: down1.conv1" in capsys.readouterr().err
    assert run(*command) == 2
    assert "exists already" in capsys.readouterr().err


def test_the_command_changes(tiny, tmp_path, capsys):
    one, two = files(tmp_path, 3), files(tmp_path, 8)
    command = ("changes", *one[:2], *two[:2], "--weights", tiny, "--steps", "2", "--out", "moved")
    assert run(*command, "--region", one[2], "--region", two[2], "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in summary["corrections"]] == ["line3", "line8"]
    assert sorted(p.name for p in Path("moved").iterdir()) == [
        "common.csv", "common.png", "line3", "line8", "summary.json"
    ]  # fmt: skip
    for name in ("chart.png", "filters.csv", "pictures.png"):
        assert (Path("moved/line8") / name).stat().st_size > 1000
    filters = sum(
        inspect.channels_of(layer, tiny_net())
        for layer in inspect.layers(tiny_net())
        if layer.has_filters
    )
    rows = Path("moved/line3/filters.csv").read_text().splitlines()
    assert len(rows) == 1 + filters
    assert rows[0].startswith("layer,block,filter,meaning,relative_change,growth,turned_degrees")
    assert len(summary["common"]["most_in_common"]) == 20
    assert run(*command, "--region", one[2], "--force") == 2
    assert "--region was given 1 times for 2 pairs" in capsys.readouterr().err
    assert run("changes", one[0], "--weights", tiny, "--out", "other") == 2
    assert "give pairs" in capsys.readouterr().err
    assert run("changes", one[0], two[1], "--weights", tiny, "--out", "other") == 2
    assert "is not a picture of line3" in capsys.readouterr().err
    assert not Path("other").exists()


@pytest.mark.parametrize("head", ["rgb", "palette"])
def test_the_command_edit(tiny, tmp_path, capsys, head):
    line, _, skin = files(tmp_path)
    command = ("edit", line, "--weights", tiny, "--head", head, "--region", skin)
    edit = (*command, "--layer", "head", "--filter", "2", "--out", "edited")
    assert run(*edit, "--ablate", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["delta_e2000"].keys() == {"page", "region", "rest"}
    assert len(facts["delta_e2000"]["page"]) == TINY.proposals
    assert Path("edited/effect.png").is_file()
    assert run(*edit, "--ablate") == 2
    assert "exists already" in capsys.readouterr().err
    assert run(*edit, "--force") == 2
    assert "give --scale or --ablate" in capsys.readouterr().err
    sweep = (*command, "--sweep", "--out", "swept")
    assert run(*sweep, "--layer", "up2.gate", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["effects"]) == TINY.up[1]
    assert run(*sweep, "--most", "12", "--force") == 0
    assert capsys.readouterr().out.count("ΔE") == 10
    assert len(Path("swept/sweep.csv").read_text().splitlines()) == 13
    assert run(*sweep, "--ablate", "--force") == 2
    assert "leave --filter, --scale, --ablate out" in capsys.readouterr().err
    assert run(*edit, "--ablate", "--proposal", "10", "--force") == 2
    assert "--proposal 10: choose from 1 to 9" in capsys.readouterr().err
