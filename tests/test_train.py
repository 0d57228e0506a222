"""The loop: it learns, resumes bit for bit, stops cleanly and says what is wrong."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
import torch

from inkwash.data.sample import SampleConfig
from inkwash.errors import BadConfig, BadData, OutputFailed
from inkwash.nets import SGRU
from inkwash.runtime import OnnxRuntime
from inkwash.train import checkpoint, feed
from inkwash.train.config import LossConfig
from inkwash.train.loop import NotFinite, TooLittleMemory, train
from inkwash.train.objective import Objective
from training import recipe, write_pictures, write_vgg

SMOKE = Path(__file__).parent.parent / "recipes" / "smoke.toml"
LEARNED = 12.0  # best-of-nine loss, 0…255, of eight pictures learned by heart; it starts over 45


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pictures(tmp_path_factory.mktemp("pictures"))


def rows(run: Path, key: str = "loss") -> list[dict[str, float]]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if key in row]


def newest(run: Path) -> dict:
    return checkpoint.load(checkpoint.newest(run))


def assert_same(ours, theirs) -> None:
    """Nested dictionaries and lists of tensors are equal bit for bit."""
    if isinstance(ours, torch.Tensor):
        assert torch.equal(ours, theirs)
    elif isinstance(ours, dict):
        assert ours.keys() == theirs.keys()
        for key in ours:
            assert_same(ours[key], theirs[key])
    else:
        assert ours == theirs


@pytest.mark.slow
def test_eight_pictures_are_learned_by_heart(pictures: Path, tmp_path: Path):
    config = recipe(
        loss=LossConfig(perceptual="winner", palette=0.0),
        sample=SampleConfig(size=32, recolour=0.0, hints=0.0),
        steps=400, batch=8, learning_rate=4e-3, decay=0.5, log_every=20,
        validate_every=400, sheet_every=400,
    )  # fmt: skip
    run = train(config, [pictures], tmp_path / "run")
    found = rows(run, "rgb")
    assert found[0]["rgb"] > 2 * LEARNED
    assert found[-1]["rgb"] < LEARNED
    assert (run / "loss.png").stat().st_size > 5000
    sheet = cv2.imread(str(run / "sheets" / "00000400.png"))
    assert sheet is not None
    assert sheet.shape[1] == 11 * 32  # sketch, truth and nine


def test_a_resumed_run_goes_on_bit_for_bit(pictures: Path, tmp_path: Path):
    config = recipe(
        steps=20,
        vgg=str(write_vgg(tmp_path / "vgg.safetensors")),
        loss=LossConfig(perceptual="winner", perceptual_crop=16, palette=1.0, hint=0.2),
    )
    straight = train(config, [pictures], tmp_path / "straight")
    broken = tmp_path / "broken"
    train(replace(config, steps=10), [pictures], broken)
    train(config, [pictures], broken, resume=True)
    ours, theirs = newest(straight), newest(broken)
    for part in ("net", "average", "optimiser", "rng", "step"):
        assert_same(ours[part], theirs[part])
    steps = [row["step"] for row in rows(broken)]
    assert steps == [5, 10, 15, 20]
    assert [row["loss"] for row in rows(broken)] == [row["loss"] for row in rows(straight)]


def test_the_newest_three_checkpoints_and_the_best_are_kept(pictures: Path, tmp_path: Path):
    config = recipe(steps=6, validate_every=2, checkpoint_minutes=0.0)
    run = train(config, [pictures], tmp_path / "run")
    names = sorted(path.name for path in run.glob("*.pt"))
    assert names == ["best.pt", *(f"step-{step:08d}.pt" for step in (4, 5, 6))]
    best = max(row["validation_rgb_best"] for row in rows(run, "validation_rgb_best"))
    placed = max(row["validation_palette_best"] for row in rows(run, "validation_palette_best"))
    assert checkpoint.load(run / "best.pt")["best"] == max(best, placed)


@pytest.mark.parametrize("workers", [0, 1])
def test_sigterm_writes_a_checkpoint_and_exits_with_zero(
    pictures: Path, tmp_path: Path, workers: int
):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "inkwash.train", str(SMOKE), "--data", str(pictures)]
    command += ["--out", str(out), "--set", "steps=100000", "--set", "log_every=1"]
    command += ["--set", f"workers={workers}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: (out / "metrics.jsonl").exists(), process)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "writing a checkpoint" in said
    assert newest(out)["step"] > 0


def wait_until(ready, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_loss_that_is_no_number_stops_with_its_step_and_batch(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    forward, calls = Objective.forward, []

    def spoiled(self, batch):
        loss, parts = forward(self, batch)
        calls.append(batch)
        bad = float("nan") if len(calls) == 4 else 0.0
        return loss + bad, {**parts, "loss": parts["loss"] + bad}

    monkeypatch.setattr(Objective, "forward", spoiled)
    with pytest.raises(NotFinite, match=r"at step 3; pictures: \d_color.png, .* set clip"):
        train(recipe(), [pictures], tmp_path / "run")
    saved = torch.load(tmp_path / "run" / "not-finite.pt", weights_only=True)
    assert saved["step"] == 3
    assert torch.equal(saved["batches"][0]["ink"], calls[3]["ink"])
    assert torch.equal(saved["batches"][0]["truth"], calls[3]["truth"])
    assert len(saved["pictures"]) == 4


def test_corrupt_and_unequal_pictures_are_skipped_counted_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    folder = write_pictures(tmp_path / "pictures")
    (folder / "3_color.png").write_bytes(b"not a picture")
    (folder / "empty.png").write_bytes(b"")
    line = cv2.imread(str(folder / "5_line.png"))
    assert line is not None
    cv2.imwrite(str(folder / "5_line.png"), line[:20])
    run = train(recipe(steps=20), [folder], tmp_path / "run")
    told = [record.getMessage() for record in caplog.records if "skipped" in record.getMessage()]
    assert len(told) == 3
    assert sum("3_color.png: cannot be decoded" in line for line in told) == 1
    assert sum("line art is 48×20" in line and "picture 48×48" in line for line in told) == 1
    assert rows(run)[-1]["skipped"] == 3


def test_worker_processes_give_the_same_run(pictures: Path, tmp_path: Path):
    alone = train(recipe(steps=4), [pictures], tmp_path / "alone")
    helped = train(recipe(steps=4, workers=1), [pictures], tmp_path / "helped")
    assert_same(newest(alone)["net"], newest(helped)["net"])


def test_too_little_shared_memory_is_told(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(feed.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BadConfig, match=r"workers = 2 with batch = 4 need .* lower workers"):
        train(recipe(workers=2), [pictures], tmp_path / "run")


def test_a_folder_without_pictures_is_told(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("none here")
    with pytest.raises(BadData, match="holds no pictures"):
        train(recipe(), [tmp_path], tmp_path / "run")


def test_a_folder_where_nothing_can_be_read_is_told(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(BadData, match=r"none of 1 pictures can be read; the first: a.png"):
        train(recipe(), [tmp_path], tmp_path / "run")


def test_a_checkpoint_of_another_network_names_the_difference(pictures: Path, tmp_path: Path):
    run = train(recipe(steps=1), [pictures], tmp_path / "run")
    other = replace(recipe().net, keys=6)
    with pytest.raises(BadConfig, match=r"net.keys: 6 ≠ 4 .*recipe ≠ checkpoint"):
        train(recipe(steps=2, net=other), [pictures], run, resume=True)


def test_a_damaged_checkpoint_is_told(pictures: Path, tmp_path: Path):
    run = train(recipe(steps=1), [pictures], tmp_path / "run")
    path = checkpoint.newest(run)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BadConfig, match="is not a whole checkpoint"):
        train(recipe(steps=2), [pictures], run, resume=True)


def test_resuming_without_a_checkpoint_is_told(pictures: Path, tmp_path: Path):
    with pytest.raises(BadConfig, match="start without --resume"):
        train(recipe(), [pictures], tmp_path / "run", resume=True)


def test_a_full_disk_leaves_the_last_checkpoint_intact(pictures: Path, tmp_path: Path):
    run = train(recipe(steps=1), [pictures], tmp_path / "run")
    before = checkpoint.newest(run).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # the system refuses to write more
    try:
        with pytest.raises(OutputFailed, match="the checkpoint before it is intact"):
            checkpoint.save_step(run, 2, newest(run))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert checkpoint.newest(run).read_bytes() == before
    assert list(run.glob("*.tmp")) == []


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
    ],
    ids=["gpu", "cpu"],
)
def test_too_little_memory_names_the_settings_to_lower(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(SGRU, "place", full)
    with pytest.raises(TooLittleMemory, match=r"batch = 4 at sample.size = 32 .* lower batch"):
        train(recipe(), [pictures], tmp_path / "run")


def test_the_weights_of_a_finished_run_paint(pictures: Path, tmp_path: Path):
    run = train(recipe(steps=2, export=True), [pictures], tmp_path / "run")
    assert (run / "weights.safetensors").exists()
    runtime = OnnxRuntime(run / "weights.onnx")
    assert runtime.config.work_size == 32


def test_a_run_can_start_from_the_weights_of_another(
    pictures: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    first = train(recipe(steps=2), [pictures], tmp_path / "first")
    caplog.set_level("INFO")
    start = str(checkpoint.newest(first))
    train(recipe(steps=1, start=start), [pictures], tmp_path / "second")
    assert any("of" in r.getMessage() and "taken over" in r.getMessage() for r in caplog.records)
    other = replace(recipe().net, hints=False, down=(5, 7), up=(7, 5), head=5, keys=0, proposals=3)
    config = recipe(steps=1, start=start, net=other, loss=LossConfig(perceptual="winner"))
    with pytest.raises(BadConfig, match="none of its tensors fits"):
        train(config, [pictures], tmp_path / "third")


def test_accumulated_batches_equal_a_larger_one(pictures: Path, tmp_path: Path):
    config = recipe(steps=6, log_every=1)
    large = train(config, [pictures], tmp_path / "large")
    small = train(replace(config, batch=2, accumulate=2), [pictures], tmp_path / "small")
    wanted = [row["loss"] for row in rows(large)]
    assert [row["loss"] for row in rows(small)] == pytest.approx(wanted, rel=2e-3)


@pytest.mark.slow
def test_two_processes_learn_as_one_with_the_doubled_batch(pictures: Path, tmp_path: Path):
    """Each rank takes its own share of the positions; gradients are averaged over both."""
    losses = []
    for ranks, batch in ((1, 4), (2, 2)):
        out = tmp_path / f"ranks-{ranks}"
        launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"]
        command = [sys.executable, *launcher, "-m", "inkwash.train", str(SMOKE)]
        command += ["--data", str(pictures), "--out", str(out)]
        for setting in (f"batch={batch}", "steps=10", "log_every=1", "export=false"):
            command += ["--set", setting]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-3000:]
        losses.append([row["loss"] for row in rows(out)])
    assert len(losses[0]) == len(losses[1]) == 10
    assert losses[1] == pytest.approx(losses[0], rel=2e-3)


BARE = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(name, name=name)

import importlib.util
really = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {absent!r} else really(name, *rest)
sys.meta_path.insert(0, Absent())
sys.argv = ["train", {recipe!r}, "--data", {data!r}, "--out", {out!r}, "--set", "steps=2"]
from inkwash.train.__main__ import main
sys.exit(main())
"""


def test_a_bare_machine_trains(pictures: Path, tmp_path: Path):
    """torch, numpy, OpenCV, Pillow, safetensors and lightning-fabric are enough."""
    absent = ["cyclopts", "rich", "platformdirs", "psd_tools", "onnx", "onnxruntime"]
    absent += ["onnxscript", "tensorboard", "matplotlib", "skia", "scipy"]
    out = tmp_path / "run"
    code = BARE.format(absent=absent, recipe=str(SMOKE), data=str(pictures), out=str(out))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (out / "weights.safetensors").exists()
    assert "onnxruntime is not installed" in done.stderr
