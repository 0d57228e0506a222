"""What one sees of a run: figures, TensorBoard, the chart, the line of progress."""

from __future__ import annotations

import io
import json
import logging
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from inkwash.errors import OutputFailed
from inkwash.train import progress
from inkwash.train.board import open_board
from inkwash.train.chart import draw_chart
from inkwash.train.clock import Clock
from inkwash.train.config import TrainConfig
from inkwash.train.devices import open_fabric
from inkwash.train.loop import train
from inkwash.train.progress import Progress
from inkwash.train.schedule import rate
from inkwash.train.watch import Watch
from training import recipe, write_pictures


def test_a_row_says_loss_speed_head_usage_and_where_the_time_went(tmp_path: Path):
    run = train(recipe(), [write_pictures(tmp_path / "pictures")], tmp_path / "run")
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    row = next(line for line in lines if line["step"] == 10 and "loss" in line)
    assert row["loss"] > 0
    assert 0 <= row["rgb_entropy"] <= 1
    shares = [row[f"palette_usage_{head}"] for head in range(1, 10)]
    assert sum(shares) == pytest.approx(1)
    times = [row[f"time_{part}"] for part in ("data", "forward", "backward", "update")]
    assert all(part > 0 for part in times)
    assert sum(times) <= 1
    assert row["pictures_per_second"] > 0
    assert {"validation_rgb_best", "validation_palette_entropy"} <= lines[-1].keys()


def test_tensorboard_has_the_figures_and_the_sheet(tmp_path: Path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    board = open_board(tmp_path, 0)
    board.scalars({"step": 5, "loss": 2.5, "validation_rgb_best": 14.0, "time_data": 0.1})
    board.picture("sheet", np.zeros((8, 12, 3), np.uint8), 5)
    board.close()
    seen = EventAccumulator(str(tmp_path)).Reload()
    assert seen.Tags()["images"] == ["sheet"]
    assert seen.Scalars("loss")[0].value == 2.5
    assert seen.Scalars("validation/validation_rgb_best")[0].step == 5


def test_the_chart_needs_figures(tmp_path: Path):
    draw_chart(tmp_path / "metrics.jsonl", tmp_path / "loss.png")
    assert not (tmp_path / "loss.png").exists()
    rows = [{"step": 1, "loss": 4.0}, {"step": 2, "loss": 3.0, "validation_rgb_best": 12.0}]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    draw_chart(tmp_path / "metrics.jsonl", tmp_path / "loss.png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_terminal_progress_is_plain_lines(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    shown = Progress(100)
    shown.update(50, 1.25, 20.0, {"time_data": 0.01, "rgb": 30.0})
    shown.close()
    assert "step 50/100 loss 1.25 rgb 30 20 pictures/s, 0 min left; data 1%" in caplog.text


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    shown = Progress(100, 10)
    shown.update(50, 1.25, 20.0, {})
    shown.say({"step": 50, "validation_rgb_best": 13.5})
    shown.close()
    said = terminal.getvalue()
    assert "step 50/100" in said
    assert "loss 1.25  20 pictures/s" in said
    assert "validation_rgb_best 13.5" in said


def test_the_clock_gives_shares_of_the_wall_time():
    clock = Clock(torch.device("cpu"))
    for _ in range(2):
        with clock.timed("data"):
            time.sleep(0.02)
    time.sleep(0.02)
    wall, shares = clock.read()
    assert wall >= 0.06
    assert 0.3 < shares["time_data"] < 0.9
    assert clock.read()[1] == {}


def test_the_rate_warms_up_holds_and_falls_to_zero():
    config = TrainConfig(steps=100, learning_rate=1.0, warmup=10, decay=0.5)
    assert rate(config, 0) == pytest.approx(0.1)
    assert rate(config, 9) == rate(config, 50) == 1.0
    assert rate(config, 75) == pytest.approx(0.5)
    assert rate(config, 99) < 0.01


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = recipe()
    with Watch(tmp_path, config, open_fabric(config), 0) as watch, monkeypatch.context() as now:
        now.setattr(watch, "_metrics", Path("/dev/full"))
        with pytest.raises(OutputFailed, match=r"No space left on device.* use --resume"):
            watch.validation(1, {"rgb_best": 10.0})
