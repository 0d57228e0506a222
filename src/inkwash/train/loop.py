"""The training loop: Lightning Fabric carries device, precision and ranks, the loop is ours."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from inkwash.data.sample import Samples
from inkwash.data.store import Pictures, open_data
from inkwash.train import checkpoint, validate
from inkwash.train.config import TrainConfig
from inkwash.train.devices import Fabric, leave, open_fabric
from inkwash.train.feed import Batch, Feed
from inkwash.train.guard import Guard, NotFinite
from inkwash.train.run import Run, TooLittleMemory, is_out_of_memory, set_up
from inkwash.train.schedule import follow, rate
from inkwash.train.stop import Stop
from inkwash.train.watch import Watch

__all__ = ["NotFinite", "TooLittleMemory", "train"]

VALIDATION_BATCH = 8


def train(
    config: TrainConfig, data: Sequence[str | Path], out: Path, *, resume: bool = False
) -> Path:
    """Train and return the folder of the run; at its end it holds `weights.safetensors` and
    `weights.onnx`.

    `data` are folders, tar shards or URLs of shards. SIGTERM writes a checkpoint and returns.
    Raises BadConfig, BadData, BadWeights, NotFinite, OutputFailed, TooLittleMemory.
    """
    out.mkdir(parents=True, exist_ok=True)
    fabric = open_fabric(config)
    _train(config, data, out, fabric, resume=resume)
    leave(fabric)
    return out


def _train(
    config: TrainConfig, data: Sequence[str | Path], out: Path, fabric: Fabric, *, resume: bool
) -> None:
    with fabric.rank_zero_first(local=True):  # one process of each machine fetches shards
        pictures = open_data(data, config.data, config.sample, config.picture_side, config.seed)
    run = set_up(config, fabric, out, resume=resume)
    samples = Samples(pictures.training, config.sample, config.seed, pictures.shares)
    feed = Feed(config, fabric, samples)
    with (
        Watch(out, config, fabric, run.step) as watch,
        Stop(fabric, config.log_every) as stop,
    ):
        try:
            _loop(run, feed, _held_out(config, pictures), stop, watch, out)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise TooLittleMemory(config, fabric.device) from error
        run.save(out)
    if run.step >= config.steps and config.export and fabric.is_global_zero:
        from inkwash.train.finish import export

        export(out)


def _loop(run: Run, feed: Feed, held_out: list[Batch], stop: Stop, watch: Watch, out: Path) -> None:
    guard = Guard(feed, out)
    saved = time.monotonic()
    with closing(feed.batches(run.step)) as batches:  # its workers end with it
        while run.step < run.config.steps and not stop.asked(run.step):
            with watch.timed("data"):
                batch = next(batches)
            _step(run, batch, guard, watch)
            run.step += 1
            _report(run, feed, held_out, guard, watch, out)
            if time.monotonic() - saved > 60 * run.config.checkpoint_minutes:
                guard.check()
                run.save(out)
                saved = time.monotonic()
    guard.check()


def _step(run: Run, batch: list[Batch], guard: Guard, watch: Watch) -> None:
    """One optimiser step over the accumulated batches; nothing here waits for the device."""
    config = run.config
    gradients(run, batch, guard, watch)
    with watch.timed("update"):
        for group in run.optimiser.param_groups:
            group["lr"] = rate(config, run.step)
        run.optimiser.step()
        run.optimiser.zero_grad()
        if run.average is not run.net:
            follow(run.average, run.net, config.ema, run.step)


def gradients(run: Run, batch: list[Batch], guard: Guard, watch: Watch) -> None:
    """Forward and backward over the accumulated batches, and the clipping."""
    config = run.config
    for i, part in enumerate(batch):
        with run.fabric.no_backward_sync(run.objective, enabled=i < len(batch) - 1):
            with watch.timed("forward"):
                loss, parts = run.objective(part)
            with watch.timed("backward"):
                run.fabric.backward(loss / len(batch))
        guard.note(run.step, parts["loss"])
        watch.add(parts)
    if config.clip:  # gradients that are no numbers are the guard's: here they would be waited for
        with watch.timed("update"):
            run.fabric.clip_gradients(
                run.objective, run.optimiser, max_norm=config.clip, error_if_nonfinite=False
            )


def _report(
    run: Run, feed: Feed, held_out: list[Batch], guard: Guard, watch: Watch, out: Path
) -> None:
    """What is written after a step: figures, validation and the best weights, a sheet."""
    config, last = run.config, run.step == run.config.steps
    if run.step % config.log_every == 0 or last:
        guard.check()
        watch.figures(run.step, rate(config, run.step), feed.skipped)
    if not run.fabric.is_global_zero:
        return
    if run.step % config.validate_every == 0 or last:
        figures = validate.measure(run.average, held_out)
        watch.validation(run.step, figures)
        score = max(value for name, value in figures.items() if name.endswith("_best"))
        if score > run.best:
            run.best = score
            checkpoint.save(out / "best.pt", run.state())
    if run.step % config.sheet_every == 0 or last:
        watch.sheet(run.step, validate.sheet(run.average, held_out[0]))


def _held_out(config: TrainConfig, pictures: Pictures) -> list[Batch]:
    quiet = replace(config.sample, augment=False, colours=(6, 6))
    samples = Samples(pictures.held_out, quiet, config.seed)
    return validate.validation_batches(samples, config.validation_pictures, VALIDATION_BATCH)
