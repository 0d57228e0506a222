"""Learning from pages: what is learned, what stays, and the command."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="these tests need torch; install inkwash[train]")

from inkwash.adapt import AdaptConfig, Page, Standing, adapt, learn_pages  # noqa: E402
from inkwash.adapt import others as other_sketches  # noqa: E402
from inkwash.adapt.changes import Changes  # noqa: E402
from inkwash.adapt.learn import importance  # noqa: E402
from inkwash.adapt.others import Others  # noqa: E402
from inkwash.adapt.palettes import page_palettes  # noqa: E402
from inkwash.adapt.samples import Batch, Lessons  # noqa: E402
from inkwash.cli import main  # noqa: E402
from inkwash.errors import BadConfig, BadData, BadWeights, OutputExists  # noqa: E402
from inkwash.painter import Painter  # noqa: E402
from inkwash.proposer import propose_palettes  # noqa: E402
from inkwash.weights import load  # noqa: E402
from inkwash.weights.adapter import read_adapter  # noqa: E402
from inkwash.weights.onnx_file import write_onnx  # noqa: E402
from tiny_net import TINY, tiny_net  # noqa: E402
from training import draw, write_pictures  # noqa: E402

SIDE = 96
QUICK = AdaptConfig(steps=12, batch=2, rank=2, learning_rate=2e-2, check_every=4, keep=0)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    drawn = [draw(number, SIDE) for number in (1, 1, 4)]
    return [Page(name=str(i), lines=lines, rgb=rgb) for i, (rgb, lines) in enumerate(drawn)]


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """An export takes seconds, so all tests share one."""
    path = tmp_path_factory.mktemp("base") / "tiny.onnx"
    write_onnx(tiny_net(), path)
    return path


@pytest.fixture
def few_others(monkeypatch) -> None:
    """Four other sketches, small ones: the tiny network is quick, the real ones are not."""
    every = other_sketches.sketches()[:4, ::2, ::2].copy()
    monkeypatch.setattr(other_sketches, "sketches", lambda: every)


def learned(pages, config: AdaptConfig, **options):
    return learn_pages(tiny_net(), pages, config, **options)


def test_what_is_held_out_gets_better(pages):
    first: list[Standing] = []
    found = learned(pages, replace(QUICK, steps=40), follow=first.append)
    assert found.standing.best < 0.95 * first[0].best
    assert found.standing.best_step > 0


def test_the_same_seed_learns_the_same(pages):
    ours, theirs, others = (
        learned(pages, replace(QUICK, steps=3, seed=seed)).changes.arrays() for seed in (1, 1, 2)
    )
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    assert any(not np.array_equal(ours[name], others[name]) for name in ours)


ALLOWED = {
    "head": ("palette.",),
    "norms": ("palette.", "trunk."),
    "low-rank": ("palette.", "trunk."),
    "all": ("palette.", "trunk."),
}


@pytest.mark.parametrize("method", ALLOWED)
def test_a_method_changes_what_it_says_and_the_rgb_head_never(pages, method):
    found = learned(pages, replace(QUICK, method=method))
    arrays = found.changes.arrays()
    assert arrays
    assert all(name.startswith(ALLOWED[method]) for name in arrays)
    if method == "norms":
        assert all(values.ndim == 1 for name, values in arrays.items() if "trunk" in name)
    if method == "low-rank":
        assert any(name.endswith("@left") for name in arrays)
    before = tiny_net().state_dict()
    assert torch.equal(found.net.rgb.conv.weight, before["rgb.conv.weight"])


def test_a_step_of_nothing_is_no_change(pages):
    """Low-rank changes start at 0: the network begins as it was."""
    net = tiny_net()
    changes = Changes(net, "low-rank", rank=3)
    x = torch.rand(1, 5, 32, 32)
    assert torch.equal(net(x), tiny_net()(x))
    assert all(not values.any() for name, values in changes.arrays().items() if "right" not in name)


def test_the_best_is_kept_though_learning_went_on(pages):
    """A rate that destroys the network: what is held out only gets worse."""
    wild = replace(QUICK, learning_rate=30.0, patience=2, steps=100)
    found = learned(pages, wild)
    assert found.standing.best_step < found.standing.step < 100
    if found.standing.best_step == 0:
        x = torch.rand(1, 5, 32, 32)
        assert torch.equal(found.net(x), tiny_net()(x))


def test_other_sketches_move_less_when_they_are_kept(pages, few_others):
    def drift(keep: float) -> float:
        net = tiny_net()
        judge = Others(net, seed=5)
        learn_pages(net, pages, replace(QUICK, keep=keep, steps=25))
        with torch.no_grad():
            return float(judge.drift(0, 4))

    free, kept = drift(0), drift(20)
    assert free > 0
    assert kept < 0.5 * free


def test_nothing_has_moved_before_anything_is_learned(few_others):
    with torch.no_grad():
        assert abs(float(Others(tiny_net(), 0).drift(3, 2))) < 1e-5


def test_nothing_is_learned_from_held_out_squares_or_beyond_the_page(pages):
    lessons = Lessons(pages, page_palettes(pages), TINY, size=64, seed=0)
    for batch in (*lessons.whole(3), lessons.draw(7, 3)):
        both = batch.learned + batch.held_out
        assert both.max() < 1.01  # masks are rounded to bytes
        assert float((batch.learned * batch.held_out).mean()) < 0.02  # only where squares meet
    whole = lessons.whole(1)[0]
    share = float(whole.held_out.sum() / (whole.learned + whole.held_out).sum())
    assert 0.02 < share < 0.35


def test_every_pixel_has_the_place_of_its_colour(pages):
    lessons = Lessons(pages, page_palettes(pages), TINY, size=64, seed=0)
    batch = lessons.whole(1)[0]
    placed = torch.einsum("nphw,npc->nchw", batch.targets, batch.colours[:, 0, :, :3])
    wrong = ((placed - batch.truth).abs().mean(1, keepdim=True) * batch.learned).sum()
    assert float(wrong / batch.learned.sum()) < 0.06  # of 2


def test_an_adapter_is_loaded_by_name_and_proposes_the_pages_palette(pages, base, tmp_path):
    out = tmp_path / "mine.adapter"
    adapt(pages[:2], out, QUICK, weights=str(base), preview_seconds=0)
    painter = Painter.load(f"{base}+{out}", threads=1)
    painting = painter.paint(pages[0].lines)
    own = read_adapter(out).palettes[0].bytes.tolist()
    first = painting.colourings[painting.chosen].colours.tolist()
    assert all(colour in own for colour in first)
    rerolled = painter.paint(pages[0].lines, seed=1)
    assert [c.title for c in rerolled.colourings].count("pages") == 1
    x = np.random.default_rng(0).random((5, 64, 64), np.float32)
    net = learn_pages(tiny_net(), pages[:2], QUICK).net
    expected = net.trunk(torch.from_numpy(x[None])).detach().numpy()
    assert np.abs(painter.runtime.encode(x).features - expected[0]).max() < 0.02


def test_own_palettes_come_first_and_fill_all_proposals():
    ours = propose_palettes(2, 0)
    assert propose_palettes(5, 0, ours) == (*ours, *ours, ours[0])
    assert propose_palettes(5, 3, ours)[:2] == ours
    assert propose_palettes(5, 3, ours)[2:] == propose_palettes(5, 3)[:3]
    assert propose_palettes(1, 3, ours) == ours[:1]


def test_ctrl_c_keeps_the_best_so_far(pages, base, tmp_path):
    out = tmp_path / "mine.adapter"

    def interrupt(now: Standing) -> None:
        if now.step == 5:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    standing = adapt(pages, out, QUICK, weights=str(base), follow=interrupt)
    assert standing.step in (5, 6)
    assert read_adapter(out).notes["standing"]["step"] == standing.step
    assert signal.getsignal(signal.SIGINT) is before


def test_a_preview_shows_every_page_before_and_now(pages, base, tmp_path):
    out = tmp_path / "mine.adapter"
    adapt(pages, out, QUICK, weights=str(base), preview_seconds=1e-3)
    picture = cv2.imread(str(tmp_path / "mine.preview.png"))
    assert picture.shape == (3 * 256, 4 * 256, 3)
    before, now = picture[:, 512:768], picture[:, 768:]
    assert np.abs(before.astype(int) - now).mean() > 1


def test_what_cannot_be_adapted_is_refused_before_any_work(pages, base, tmp_path):
    out = tmp_path / "mine.adapter"
    adapt(pages[:1], out, replace(QUICK, steps=1), weights=str(base), preview_seconds=0)
    with pytest.raises(OutputExists):
        adapt(pages, out, QUICK, weights=str(base))
    with pytest.raises(BadWeights, match="has an adapter already"):
        adapt(pages, tmp_path / "two.adapter", QUICK, weights=f"{base}+{out}")
    with pytest.raises(BadWeights, match="no palette head"):
        learn_pages(tiny_net(replace(TINY, keys=0)), pages, QUICK)
    grey = replace(pages[0], name="grey", rgb=np.full_like(pages[0].rgb, 128))
    with pytest.raises(BadData, match="grey"):
        learned([grey], QUICK)


@pytest.mark.parametrize(
    "wrong", [{"rank": 0}, {"steps": 0}, {"colours": 1}, {"learning_rate": 0.0}, {"keep": -1.0}]
)
def test_a_setting_that_cannot_be_is_named(wrong):
    with pytest.raises(BadConfig, match=next(iter(wrong)).replace("_", " ")):
        AdaptConfig(**wrong)


def test_the_command_learns_tells_and_paints(base, tmp_path, capsys, few_others):
    folder = write_pictures(tmp_path / "pages", 2, SIDE)
    out = tmp_path / "mine.adapter"
    common = ["--out", str(out), "--weights", str(base), "--steps", "4", "--threads", "1"]
    assert main(["adapt", str(folder), *common, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pages"] == 2
    assert told["steps"] == 4
    assert 0 < told["megabytes"] < 10
    assert main(["adapt", str(folder), *common]) == 2
    assert "--force" in capsys.readouterr().err
    painted = tmp_path / "painted"
    sketch = str(folder / "0_line.png")
    arguments = ["--weights", f"{base}+{out}", "--out", str(painted), "--threads", "1"]
    assert main(["paint", sketch, *arguments, "--pick", "1"]) == 0
    assert (painted / "0_line" / "1.png").exists()


def test_the_command_takes_pairs_and_needs_a_page(base, tmp_path, capsys, few_others):
    folder = write_pictures(tmp_path / "pages", 1, SIDE)
    pair = ["--pair", str(folder / "0_line.png"), str(folder / "0_color.png")]
    out = tmp_path / "a.adapter"
    common = ["--out", str(out), "--weights", str(base), "--steps", "1", "--preview", "0"]
    assert main(["adapt", *pair, *common]) == 0
    assert "1 pages" in capsys.readouterr().out
    assert main(["adapt", *common]) == 2
    assert "no page given" in capsys.readouterr().err
    assert load(f"{base}+{out}").config == TINY


def test_a_small_thing_counts_more_and_its_light_and_shadow_alike():
    shares = torch.tensor([0.6, 0.3, 0.08, 0.02])
    colours = torch.zeros(1, 1, 4, 7)  # RGB, share, whether it is known, two roles
    colours[0, 0, :, 3] = shares
    colours[0, 0, 1:3, 5] = 1  # hair in light and in shadow
    colours[0, 0, 3, 6] = 1  # skin
    every = torch.eye(4).reshape(1, 4, 2, 2)  # a pixel of each colour
    batch = Batch(
        x=every, colours=colours, present=torch.ones(1, 1, 4), targets=every,
        truth=every, learned=every, held_out=every,
    )  # fmt: skip
    ground, light, shadow, skin = importance(batch).flatten()
    assert light == shadow
    assert ground < light < skin / 4
    assert float((importance(batch).flatten() * shares).sum()) == pytest.approx(1)
