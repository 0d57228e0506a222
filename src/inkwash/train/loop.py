"""The training loop: Lightning Fabric carries device, precision and ranks, the loop is ours."""

from __future__ import annotations

import copy
import logging
import math
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.utils.data import DataLoader

from inkwash.config import from_dict, to_dict
from inkwash.data.sample import Samples, collate
from inkwash.data.store import open_folders
from inkwash.errors import BadConfig, InkwashError
from inkwash.nets import SGRU, initialise
from inkwash.perceptual import Vgg, load_vgg
from inkwash.train import checkpoint, validate
from inkwash.train.config import TrainConfig
from inkwash.train.objective import Objective
from inkwash.train.watch import Watch

log = logging.getLogger(__name__)


class NotFinite(InkwashError):
    """The loss became infinite or no number; the batch is saved beside the run."""


@dataclass
class Run:
    """The moving parts of a training run."""

    config: TrainConfig
    fabric: Fabric
    net: SGRU
    average: SGRU  # exponential moving average of the weights; the same object if ema = 0
    optimiser: torch.optim.Optimizer
    objective: nn.Module
    step: int = 0
    best: float = -math.inf


def train(config: TrainConfig, data: list[Path], out: Path, *, resume: bool = False) -> Path:
    """Train and return the folder of the run, with `weights.safetensors` inside.

    Raises BadConfig, BadData, NotFinite, OutputFailed. SIGTERM writes a checkpoint and returns.
    """
    out.mkdir(parents=True, exist_ok=True)
    run = _set_up(config, out, resume)
    training, held_out = open_folders(data, config.picture_side)
    samples = Samples(training, config.sample, config.seed)
    quiet = Samples(held_out, _without_augmentation(config), config.seed)
    batches = validate.validation_batches(quiet, config.validation_pictures, 8)
    with Watch(out, config, resume=resume, active=run.fabric.is_global_zero) as watch:
        _loop(run, samples, batches, watch, out)
    return out


def _loop(run: Run, samples: Samples, validation: list, watch: Watch, out: Path) -> None:
    config, fabric = run.config, run.fabric
    stop = _Stop()
    saved = time.monotonic()
    for batch in _batches(run, samples):
        if run.step >= config.steps or stop.asked:
            break
        parts = _step(run, batch, out, watch)
        run.step += 1
        if run.step % config.log_every == 0:
            watch.scalars(run.step, {**parts, "rate": _rate(config, run.step)})
        if run.step % config.validate_every == 0 or run.step == config.steps:
            figures = validate.measure(run.average, validation)
            watch.validation(run.step, figures)
            score = max(value for name, value in figures.items() if name.endswith("_best"))
            if score > run.best and fabric.is_global_zero:
                run.best = score
                checkpoint.save(out / "best.pt", _state(run))
        if run.step % config.sheet_every == 0 or run.step == config.steps:
            watch.sheet(run.step, validate.sheet(run.average, validation[0]))
        if time.monotonic() - saved > 60 * config.checkpoint_minutes:
            _save(run, out)
            saved = time.monotonic()
    _save(run, out)


def _step(run: Run, batch: list[dict[str, Tensor]], out: Path, watch: Watch) -> dict[str, Tensor]:
    """One optimiser step over the accumulated batches."""
    config = run.config
    for group in run.optimiser.param_groups:
        group["lr"] = _rate(config, run.step)
    parts: dict[str, Tensor] = {}
    for i, part in enumerate(batch):
        with run.fabric.no_backward_sync(run.objective, enabled=i < len(batch) - 1):  # type: ignore[arg-type]
            with watch.timed("forward"):
                loss, parts = run.objective(part)
            with watch.timed("backward"):
                run.fabric.backward(loss / len(batch))
    if (run.step + 1) % config.log_every == 0 and not torch.isfinite(parts["loss"]):
        torch.save(batch, out / "not-finite.pt")
        raise NotFinite(
            f"the loss is {parts['loss'].item()} at step {run.step}; the batch is in "
            f"{out / 'not-finite.pt'}; lower learning_rate or set clip"
        )
    if config.clip:
        run.fabric.clip_gradients(run.objective, run.optimiser, max_norm=config.clip)
    run.optimiser.step()
    run.optimiser.zero_grad()
    if run.average is not run.net:
        _follow(run.average, run.net, min(config.ema, (1 + run.step) / (10 + run.step)))
    return parts


def _batches(run: Run, samples: Samples) -> Iterator[list[dict[str, Tensor]]]:
    """Lists of `accumulate` batches from the run's position on, this rank's share of each."""
    config, fabric = run.config, run.fabric
    per_step = config.batch * config.accumulate * fabric.world_size
    first = run.step * per_step

    def positions() -> Iterator[list[int]]:
        start = first
        while True:
            mine = range(
                start + fabric.global_rank,
                start + config.batch * fabric.world_size,
                fabric.world_size,
            )
            yield list(mine)
            start += config.batch * fabric.world_size

    loader = DataLoader(
        samples,  # type: ignore[arg-type]
        batch_sampler=_Endless(positions),
        num_workers=config.workers,
        collate_fn=_to_tensors,
        prefetch_factor=4 if config.workers else None,
        worker_init_fn=_one_thread,
        multiprocessing_context="spawn" if config.workers else None,  # forks of OpenMP hang
        pin_memory=fabric.device.type == "cuda",
    )
    group = []
    for batch in loader:
        group.append({k: v.to(fabric.device, non_blocking=True) for k, v in batch.items()})
        if len(group) == config.accumulate:
            yield group
            group = []


class _Endless:
    """A batch sampler that never ends; the loop decides when to stop."""

    def __init__(self, make) -> None:
        self.make = make

    def __iter__(self) -> Iterator[list[int]]:
        return self.make()


class _Stop:
    """Set by SIGTERM: finish the step, write a checkpoint, end with exit code 0."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def _set_up(config: TrainConfig, out: Path, resume: bool) -> Run:
    fabric = Fabric(accelerator="auto", devices="auto", precision=config.precision)  # type: ignore[arg-type]
    fabric.launch()
    fabric.seed_everything(config.seed, verbose=False)
    net = SGRU(config.net)
    initialise(net)
    if config.start:
        _start_from(net, Path(config.start))
    average = copy.deepcopy(net).requires_grad_(False) if config.ema else net
    vgg = _vgg(config)
    if config.channels_last:
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        vgg = vgg.to(memory_format=torch.channels_last) if vgg is not None else None  # type: ignore[call-overload]
    objective: nn.Module = Objective(net, vgg, config.loss)
    optimiser = _optimiser(config, net)
    if resume:
        state = checkpoint.load(checkpoint.newest(out))
        _check_same_net(config, state)
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
    if config.compile:
        objective = torch.compile(objective)  # type: ignore[assignment]
    wrapped, optimiser = fabric.setup(objective, optimiser)
    average.to(fabric.device)
    run = Run(config, fabric, net, average, optimiser, wrapped)  # type: ignore[arg-type]
    if resume:
        run.step, run.best = state["step"], state["best"]
        torch.set_rng_state(state["rng"])
    return run


def _optimiser(config: TrainConfig, net: SGRU) -> torch.optim.Optimizer:
    kind = torch.optim.AdamW if config.optimiser == "adamw" else torch.optim.Adam
    beta1, beta2 = config.betas
    return kind(
        net.parameters(), config.learning_rate, (beta1, beta2), weight_decay=config.weight_decay
    )


def _state(run: Run) -> dict:
    return {
        "config": to_dict(run.config),
        "step": run.step,
        "best": run.best,
        "net": run.net.state_dict(),
        "average": run.average.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "rng": torch.get_rng_state(),
    }


def _save(run: Run, out: Path) -> None:
    if run.fabric.is_global_zero:
        checkpoint.save_step(out, run.step, _state(run))


def _check_same_net(config: TrainConfig, state: dict) -> None:
    lines = checkpoint.difference(to_dict(config.net), state["config"]["net"], "net.")
    lines = [line for line in lines if not line.startswith("net.work_size")]
    if lines:
        raise BadConfig("the checkpoint is of another network: " + "; ".join(lines))


def _start_from(net: SGRU, path: Path) -> None:
    """Take over every tensor that fits; a checkpoint of ours (its averaged weights)."""
    theirs = checkpoint.load(path)["average"]
    ours = net.state_dict()
    fitting = {k: v for k, v in theirs.items() if k in ours and ours[k].shape == v.shape}
    net.load_state_dict(fitting, strict=False)
    log.info("%s: %d of %d tensors taken over", path, len(fitting), len(ours))


def _vgg(config: TrainConfig) -> Vgg | None:
    if config.vgg == "none":
        return None
    vgg = load_vgg(Path(config.vgg))
    log.info("perceptual layers: %s", ", ".join(vgg.layers))
    return vgg


def _rate(config: TrainConfig, step: int) -> float:
    """Linear warm-up, constant, cosine to zero over the last `decay` share of the steps."""
    rate = config.learning_rate * min(1.0, (step + 1) / max(1, config.warmup))
    begin = config.steps * (1 - config.decay)
    if step > begin:
        rate *= 0.5 * (1 + math.cos(math.pi * (step - begin) / (config.steps - begin)))
    return rate


@torch.no_grad()
def _follow(average: SGRU, net: SGRU, decay: float) -> None:
    torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1 - decay)


def _without_augmentation(config: TrainConfig):
    from dataclasses import replace

    return replace(config.sample, augment=False, colours=(6, 6))


def _to_tensors(samples: list) -> dict[str, Tensor]:
    return {key: torch.from_numpy(value) for key, value in collate(samples).items()}


def _one_thread(_: int) -> None:
    import cv2

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


__all__ = ["NotFinite", "Run", "from_dict", "train"]
