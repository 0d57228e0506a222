"""What a correction changes: the loss in a region, the steps, the filters that moved."""

from __future__ import annotations

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="inspecting needs torch; install inkwash[train]")

from inkwash import inspect, losses  # noqa: E402
from inkwash.colour import delta_e2000, lab_from_srgb  # noqa: E402
from inkwash.data.synth import draw  # noqa: E402
from inkwash.errors import BadConfig, BadData  # noqa: E402
from inkwash.inspect.change_report import as_csv  # noqa: E402
from inkwash.inspect.common import overlap  # noqa: E402
from inkwash.inspect.corrections import check_likeness, likeness, read_correction  # noqa: E402
from inkwash.inspect.lesson import errors, weight_of  # noqa: E402
from inkwash.inspect.movement import block_of, table  # noqa: E402
from inkwash.palettes import from_picture  # noqa: E402
from inkwash.sketch import read  # noqa: E402
from inspecting import corrected, drawing, files, named  # noqa: E402
from tiny_net import TINY, tiny_net  # noqa: E402


@pytest.fixture(scope="module")
def net():
    return tiny_net()


def palette_of(correction):
    return inspect.palette_input((from_picture(correction.colours),), TINY)


def test_a_planted_change_is_found(net):
    other = copy.deepcopy(net)
    with torch.no_grad():
        other.trunk.up[0].residual[1].conv.weight[3] *= 1.5
        other.trunk.up[1].up.conv.weight[:, 2] += 0.01  # of a transposed convolution
        other.trunk.down[0].skip_gate.norm.bias[4] += 0.7
    rows = [row for row in table(inspect.movement(net, other), TINY) if row["relative_change"] > 0]
    found = {(row["layer"], row["filter"]) for row in rows}
    assert found == {("up1.conv2", 3), ("up2.grow_gated", 2), ("skip1.gate", 4)}


def test_the_figures_of_a_planted_change(net):
    other = copy.deepcopy(net)
    gate = other.trunk.up[0].gate
    before = torch.cat([gate.conv.weight[2].flatten(), torch.tensor([1.0, 0.0])]).detach()
    with torch.no_grad():
        gate.conv.weight[2] *= 1.1
        gate.norm.weight[2] *= 1.1
        gate.norm.bias[2] = 0.3
    change = next(c for c in inspect.movement(net, other) if c.layer.name == "up1.gate")
    norm = float(before.norm())
    assert change.relative[2] == pytest.approx(np.hypot(0.1 * norm, 0.3) / norm, rel=1e-4)
    assert change.growth[2] == pytest.approx(0.1, rel=1e-4)
    assert change.turned[2] == pytest.approx(np.degrees(np.arctan(0.3 / (1.1 * norm))), rel=1e-3)
    assert change.relative[:2].max() == 0


def test_learning_finds_the_layer_that_was_planted(net):
    """Towards a picture that another last filter made, that filter's gradient is the largest."""
    other, correction = copy.deepcopy(net), corrected()
    with torch.no_grad():
        other.rgb.conv.bias[4 * 2 : 4 * 3] += 0.8  # red of proposal 3
        truth = (other.rgb(other.trunk(correction.seen.x))[:, 2] + 1) * 127.5
    planted = inspect.Correction(seen=correction.seen, truth=truth, region=correction.region)
    found = inspect.changes(net, planted, steps=3, lr=0.0001)
    assert found.proposal == 2
    top = table(found.movement, TINY)[:4]
    assert {row["meaning"] for row in top} == {"red of proposal 3"}
    assert found.losses[-1] < found.losses[0]


def test_one_step_is_the_rate_times_the_gradient(net):
    correction = corrected()
    taught = copy.deepcopy(net)
    loss = losses.collect(errors(taught, correction, None), 0.999)
    loss.backward()
    found = inspect.changes(net, correction, steps=1, lr=0.001)
    change = next(c for c in found.movement if c.layer.name == "up2.conv1")
    gradient = taught.trunk.up[1].residual[0].conv.weight.grad
    wanted = -0.001 * gradient.flatten(1).numpy()
    np.testing.assert_allclose(change.change[:, :-2], wanted, atol=1e-7)
    np.testing.assert_allclose(change.downhill[change.gradient_norm > 1e-3], 1, atol=1e-3)
    assert found.losses[0] == pytest.approx(float(loss.detach()), rel=1e-5)


def test_the_network_itself_stays_as_it_was(net):
    before = copy.deepcopy(net.state_dict())
    inspect.changes(net, corrected(), steps=2, lr=0.001)
    assert all(torch.equal(value, before[key]) for key, value in net.state_dict().items())


@pytest.mark.parametrize("head", ["rgb", "palette"])
def test_both_heads_learn_and_the_other_head_stays(net, head):
    correction = corrected()
    palette = palette_of(correction) if head == "palette" else None
    rate = 0.0005 if head == "rgb" else 0.01
    found = inspect.changes(net, correction, steps=4, lr=rate, palette=palette)
    assert found.losses[-1] < found.losses[0]
    other = "rgb" if head == "palette" else "palette"
    assert found.gradient_share[other] == 0
    assert sum(found.gradient_share.values()) == pytest.approx(1)
    assert sum(found.weight_share.values()) == pytest.approx(1)
    moved = {c.layer.block for c in found.movement if c.relative.max() > 0}
    assert moved == {c.layer.block for c in found.movement} - {other}


def test_the_loss_is_that_of_the_region_alone(net):
    inside = named(drawing(), "skin")
    correction = corrected(inside=inside)
    found = errors(net, correction, None)
    pictures = (net.rgb(net.trunk(correction.seen.x)) + 1) * 127.5
    apart = (pictures - correction.truth[:, None]).abs().mean(2)[0]  # (K, H, W)
    weight = weight_of(correction)[0, 0]
    wanted = 0.88 * (apart * weight).sum((1, 2)) / weight.sum()
    torch.testing.assert_close(found[0], wanted, rtol=1e-4, atol=1e-3)
    changed = correction.truth.clone()
    changed[:, :, weight == 0] = 0  # what lies outside the region, or is ink, does not matter
    other = inspect.Correction(seen=correction.seen, truth=changed, region=correction.region)
    torch.testing.assert_close(errors(net, other, None), found)
    palette = palette_of(correction)
    whole = errors(net, corrected(), palette)
    assert not torch.allclose(errors(net, correction, palette), whole)


def test_how_far_pictures_moved_is_measured_on_paper(net):
    inside = named(drawing(), "skin")
    found = inspect.changes(net, corrected(inside=inside), steps=1, lr=0.0005)
    paper, region = found.correction.seen.lines >= 128, found.correction.inside > 0.5
    lab = [lab_from_srgb(picture) for picture in (found.before, found.after)]
    moved = delta_e2000(*lab)
    assert found.spread["moved_inside"] == pytest.approx(moved[paper & region].mean(), rel=1e-5)
    assert found.spread["moved_outside"] == pytest.approx(moved[paper & ~region].mean(), rel=1e-5)
    truth = lab_from_srgb(found.correction.colours)
    off = delta_e2000(lab[1], truth)[paper & region].mean()
    assert found.spread["off_after"] == pytest.approx(off, rel=1e-5)


def test_every_parameter_belongs_to_a_block(net):
    blocks = {layer.block for layer in inspect.layers(net)}
    assert {block_of(net, name) for name, _ in net.named_parameters()} == blocks
    assert block_of(net, "trunk.down.1.skip_gate.conv.weight") == "skip2"
    assert block_of(net, "palette.sharpness") == "palette"


def test_a_rate_that_is_too_high_is_said(net):
    with pytest.raises(BadConfig, match=r"--lr 1e\+30: the loss is .* give a lower rate"):
        inspect.changes(net, corrected(), steps=5, lr=1e30)
    with pytest.raises(BadConfig, match="--lr 0"):
        inspect.changes(net, corrected(), steps=5, lr=0)
    with pytest.raises(BadConfig, match="--steps 0"):
        inspect.changes(net, corrected(), steps=0, lr=0.1)


def test_a_region_that_vanishes_at_the_working_size_is_said(net):
    inside = np.zeros(drawing().line.shape, bool)
    with pytest.raises(BadData, match="holds no paper at the working size of 64×85"):
        inspect.changes(net, corrected(inside=inside), steps=1, lr=0.1)


def test_filters_that_corrections_move_in_common(net):
    one = inspect.changes(net, corrected(3), steps=1, lr=0.0005)
    two = inspect.changes(net, corrected(8), steps=1, lr=0.0005)
    rows = inspect.in_common([one, one])
    assert all(row["agreement"] == pytest.approx(1, abs=1e-4) for row in rows if row["common"] > 0)
    relative = {(r["layer"], r["filter"]): r["relative_change"] for r in table(one.movement, TINY)}
    mean = np.mean(list(relative.values()))
    for row in rows[:20]:
        wanted = relative[row["layer"], row["filter"]] / mean
        assert row["common"] == pytest.approx(wanted, rel=1e-3)
    mixed = inspect.in_common([one, two])
    assert min(row["agreement"] for row in mixed) < 0.9
    np.testing.assert_allclose(np.diag(overlap([one, two])), 1)
    with pytest.raises(BadConfig, match="two or more"):
        inspect.in_common([one])


def test_opposite_corrections_have_nothing_in_common(net):
    one = inspect.changes(net, corrected(), steps=1, lr=0.0005)
    parts = [
        inspect.LayerChange(
            layer=part.layer, before=part.before, change=-part.change, gradient=part.gradient
        )
        for part in one.movement
    ]
    other = copy.copy(one)
    object.__setattr__(other, "movement", parts)
    rows = inspect.in_common([one, other])
    assert max(row["common"] for row in rows) < 1e-4


def test_pictures_of_other_sketches_are_told_by_their_lines():
    drawn, other = (draw(seed, (256, 360), kind="bust") for seed in (3, 8))
    assert likeness(drawn.line, drawn.colour) > 0.8
    assert likeness(drawn.line, drawn.flat) > 0.5  # no lines, only where colours meet
    assert likeness(drawn.line, other.colour) < 0.35
    assert likeness(drawn.line, np.full((*drawn.line.shape, 3), 255, np.uint8)) == 0
    check_likeness(read(drawn.line), drawn.colour, "it")  # type: ignore[arg-type]
    with pytest.raises(BadData, match="their lines agree to"):
        check_likeness(read(drawn.line), other.colour, "it")  # type: ignore[arg-type]


def test_bad_corrections_are_refused(tmp_path):
    from PIL import Image

    line, colour, skin = (tmp_path / path for path in files(tmp_path))
    assert read_correction(line, colour, skin, TINY).inside.mean() < 0.5
    small = tmp_path / "small.png"
    Image.open(colour).resize((36, 48)).save(small)
    with pytest.raises(BadData, match="is 36×48, the sketch is 72×96"):
        read_correction(line, small, None, TINY)
    with pytest.raises(BadData, match="is not a picture of line3"):
        read_correction(line, tmp_path / files(tmp_path, 8)[1], None, TINY)
    empty = tmp_path / "empty.png"
    Image.new("L", (72, 96)).save(empty)
    with pytest.raises(BadData, match="the region is empty"):
        read_correction(line, colour, empty, TINY)


def test_a_mask_is_what_is_opaque_or_white(tmp_path):
    from PIL import Image

    from inkwash.geometry import Size
    from inkwash.inspect.corrections import read_region

    layer = Image.new("RGBA", (8, 6))
    layer.paste((0, 0, 0, 255), (2, 1, 5, 4))
    layer.save(tmp_path / "layer.png")
    inside = read_region(tmp_path / "layer.png", Size(8, 6))
    assert inside.sum() == 9
    layer.getchannel("A").save(tmp_path / "white.png")
    np.testing.assert_array_equal(read_region(tmp_path / "white.png", Size(8, 6)), inside)


def test_a_table_keeps_six_digits():
    assert as_csv([{"a": 0.123456789, "b": "x"}]) == b"a,b\n0.123457,x\n"
