from __future__ import annotations

import itertools

import pytest

torch = pytest.importorskip("torch", reason="the networks need torch; install inkwash[train]")

from inkwash.config import NetConfig  # noqa: E402
from inkwash.nets import SGRU, PaletteHead, RgbHead, initialise, render  # noqa: E402
from inkwash.nets.blocks import DownBlock, SwishGate, Unit, UpBlock  # noqa: E402
from inkwash.nets.palette import shaded  # noqa: E402

TINY = NetConfig(hints=True, down=(4, 6), up=(6, 4), head=5, proposals=3, keys=4)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(3)


def tiny(**changes) -> SGRU:
    values = {"down": (4, 6), "up": (6, 4), "head": 5, "proposals": 3}
    net = SGRU(NetConfig(**(values | changes))).eval()
    initialise(net)
    return net


def run(net, x):
    with torch.inference_mode():
        return net(x)


def test_the_faithful_form_has_the_parameters_of_the_2019_code():
    with torch.device("meta"):
        net = SGRU(NetConfig())
    assert sum(p.numel() for p in net.parameters()) == 47_827_558


@pytest.mark.parametrize(("stem", "hints"), [(1, False), (2, True), (4, False)])
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 5), (7, 3)])
def test_every_size_multiple_gives_pictures_of_that_size(stem, hints, rows, columns):
    net = tiny(stem=stem, hints=hints)
    height, width = rows * net.config.multiple, columns * net.config.multiple
    pictures = run(net, torch.rand(2, net.config.in_channels, height, width))
    assert pictures.shape == (2, 3, 3, height, width)
    assert pictures.isfinite().all()


def test_features_are_smaller_by_the_stem():
    net = tiny(stem=2)
    assert net.config.multiple == 8
    assert net.trunk(torch.rand(1, 1, 16, 24)).shape == (1, 5, 8, 12)


def test_a_stem_costs_no_resolution():
    """A change of one pixel inside a 2×2 cell reaches the picture through pixel-unshuffle."""
    net = tiny(stem=2)
    x = torch.ones(1, 1, 16, 16)
    dotted = [x.clone() for _ in range(4)]
    for picture, (row, column) in zip(dotted, itertools.product((6, 7), (8, 9)), strict=True):
        picture[0, 0, row, column] = 0
    results = [run(net, picture) for picture in dotted]
    for one, other in itertools.combinations(results, 2):
        assert (one - other).abs().max() > 1e-4


def test_pictures_of_a_batch_do_not_touch_each_other():
    net = tiny()
    x = torch.rand(3, 1, 16, 20)
    alone = torch.cat([run(net, x[i : i + 1]) for i in range(3)])
    assert torch.allclose(run(net, x), alone, atol=1e-5)


def test_channels_come_as_all_reds_then_greens_then_blues():
    config = NetConfig(head=2, proposals=9)
    head = RgbHead(config)
    torch.nn.init.zeros_(head.conv.weight)
    with torch.no_grad():
        head.conv.bias = torch.nn.Parameter(torch.arange(27.0))
    pictures = head(torch.rand(1, 2, 4, 6))
    assert pictures.shape == (1, 9, 3, 4, 6)
    for k, channel in itertools.product(range(9), range(3)):
        assert (pictures[0, k, channel] == channel * 9 + k).all()


def test_foreign_scale_shows_the_net_white_as_255():
    net, foreign = tiny(), tiny(foreign_scale=True)
    foreign.load_state_dict(net.state_dict())
    x = torch.rand(1, 1, 16, 16)
    assert torch.allclose(run(foreign, x), run(net, x * 255.0), atol=1e-5)
    assert not torch.allclose(run(foreign, x), run(net, x), atol=1e-2)


@pytest.mark.parametrize("contrast", [1e-4, 20])  # the faintest too: eps is 1e-12
def test_a_unit_normalises_over_channels_height_and_width(contrast):
    unit = Unit(3, 4, 3)
    y = unit.norm(unit.conv(contrast * (2 + torch.randn(2, 3, 10, 14))))
    assert torch.allclose(y.mean(dim=(1, 2, 3)), torch.zeros(2), atol=1e-4)
    assert torch.allclose(y.std(dim=(1, 2, 3), correction=0), torch.ones(2), atol=1e-3)


def test_a_unit_leaks_a_fifth():
    unit = Unit(1, 1, 1)
    x = torch.randn(1, 1, 6, 6)
    normal = unit.norm(unit.conv(x))
    expected = torch.where(normal > 0, normal, 0.2 * normal)
    assert torch.allclose(unit(x), expected)


def test_a_gate_lets_through_between_nothing_and_all():
    gate = SwishGate(3)
    x = torch.rand(1, 3, 8, 8) + 0.1
    share = gate(x) / x
    assert share.min() > 0
    assert share.max() < 1
    assert share.std() > 0.01


def test_only_the_first_block_takes_its_input_as_it_is():
    first, second = DownBlock(1, 8, enter=False), DownBlock(9, 6)
    assert first.enter is None
    out, skip = first(torch.rand(1, 1, 8, 12))
    assert out.shape == (1, 8 + 1, 4, 6)
    assert skip.shape == (1, 8, 8, 12)
    out, skip = second(out)
    assert out.shape == (1, 2 * 6, 2, 3)
    assert skip.shape == (1, 6, 4, 6)


def test_an_up_block_keeps_the_skip_last_and_unchanged():
    block = UpBlock(10, 6, 4)
    skip = torch.rand(1, 4, 8, 12)
    out = block(torch.rand(1, 10, 4, 6), skip)
    assert out.shape[1] == block.out_channels == 2 * 6 + 4
    assert torch.equal(out[:, -4:], skip)


def palettes(n: int, groups: int, count: int):
    return torch.rand(n, groups, count, 5) * 2 - 1, torch.ones(n, groups, count)


@pytest.fixture
def head() -> PaletteHead:
    return PaletteHead(6, 3, 5, 4).eval()


def test_scores_are_log_probabilities_over_the_palette(head):
    colours, present = palettes(2, 3, 5)
    output = head(torch.randn(2, 6, 7, 9), colours, present)
    assert output.scores.shape == (2, 3, 5, 7, 9)
    assert torch.allclose(output.scores.exp().sum(dim=2), torch.ones(2, 3, 7, 9), atol=1e-5)
    assert output.shade.shape == (2, 3, 7, 9)
    assert output.shade.abs().max() < 1


def test_the_order_of_a_palette_only_reorders_its_scores(head):
    features, (colours, present) = torch.randn(1, 6, 7, 9), palettes(1, 3, 5)
    present[..., 4] = 0
    order = torch.tensor([3, 0, 4, 1, 2])
    output = head(features, colours, present)
    other = head(features, colours[:, :, order], present[:, :, order])
    assert torch.allclose(other.scores, output.scores[:, :, order], atol=1e-5)
    rendered = render(other, colours[:, :, order])
    assert torch.allclose(rendered, render(output, colours), atol=1e-5)


def test_padding_is_never_chosen_and_changes_nothing(head):
    features, (colours, present) = torch.randn(1, 6, 7, 9), palettes(1, 3, 4)
    padded = torch.cat([colours, torch.full((1, 3, 2, 5), 7.0)], dim=2)
    mask = torch.cat([present, torch.zeros(1, 3, 2)], dim=2)
    output, masked = head(features, colours, present), head(features, padded, mask)
    assert torch.allclose(masked.scores[:, :, :4], output.scores, atol=1e-5)
    assert masked.scores[:, :, 4:].exp().max() == 0


def test_one_palette_for_all_is_that_palette_for_each(head):
    features, (colours, present) = torch.randn(2, 6, 7, 9), palettes(2, 1, 5)
    one = head(features, colours, present)
    each = head(features, colours.expand(-1, 3, -1, -1), present.expand(-1, 3, -1))
    assert torch.allclose(one.scores, each.scores, atol=1e-5)
    assert torch.allclose(render(one, colours), render(each, colours.expand(-1, 3, -1, -1)))


def test_a_colour_alone_is_chosen_everywhere(head):
    colours, present = palettes(1, 1, 1)
    output = head(torch.randn(1, 6, 7, 9), colours, present)
    flat = render(output._replace(shade=torch.zeros(1, 3, 7, 9)), colours)
    assert torch.allclose(flat, colours[0, 0, 0, :3, None, None].expand(1, 3, 3, 7, 9), atol=1e-5)


def test_shade_goes_from_black_over_the_colour_to_white():
    flat = torch.tensor([0.2, -0.6, 0.9]).reshape(1, 1, 3, 1, 1).expand(1, 1, 3, 1, 3)
    result = shaded(flat, torch.tensor([[[[-1.0, 0.0, 1.0]]]]))
    assert torch.allclose(result[..., 0], torch.tensor(-1.0))
    assert torch.allclose(result[..., 1], flat[..., 1])
    assert torch.allclose(result[..., 2], torch.tensor(1.0))


def test_weights_without_palette_head_say_so():
    net = tiny()
    with pytest.raises(ValueError, match="no palette head"):
        net.place(torch.rand(1, 5, 4, 4), *palettes(1, 1, 2))


def test_training_starts_near_grey():
    net = SGRU(TINY)
    initialise(net)
    assert run(net, torch.rand(1, 5, 32, 32)).abs().max() < 1


def test_a_plain_unet_of_wider_blocks_costs_what_the_embedded_network_does():
    from torch.utils.flop_counter import FlopCounterMode

    def cost(**changes) -> tuple[int, tuple[int, ...]]:
        widths = {"down": (32, 64, 96, 144, 192), "up": (192, 160, 128, 96, 64)}
        net = SGRU(NetConfig(**{**widths, "hints": True, "stem": 2, "head": 48, **changes}))
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            pictures = net(torch.zeros(1, 5, 64, 64))
        return counter.get_total_flops(), tuple(pictures.shape)

    wide = {"down": (48, 96, 144, 216, 288), "up": (288, 240, 192, 144, 96)}
    plain, shape = cost(gated=False, **wide)
    ours, same_shape = cost()
    assert shape == same_shape
    assert plain == pytest.approx(ours, rel=0.03)
    assert not any(
        isinstance(part, SwishGate)
        for part in SGRU(NetConfig(gated=False, down=(4,), up=(4,), head=4)).modules()
    )
