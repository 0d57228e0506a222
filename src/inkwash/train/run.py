"""The moving parts of a run: made from a recipe, kept in checkpoints, taken up again."""

from __future__ import annotations

import copy
import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from inkwash.config import NetConfig, from_dict, to_dict
from inkwash.errors import BadConfig, InkwashError
from inkwash.nets import SGRU, initialise
from inkwash.train import checkpoint
from inkwash.train.config import TrainConfig
from inkwash.train.devices import Fabric
from inkwash.train.muon import Muon
from inkwash.train.objective import Objective
from inkwash.train.vgg import open_vgg

log = logging.getLogger(__name__)


@dataclass
class Run:
    """A network in training."""

    config: TrainConfig
    fabric: Fabric
    net: SGRU
    average: SGRU  # exponential moving average of the weights; the same object if ema = 0
    optimiser: Any  # torch's, wrapped by Fabric
    objective: Any  # Objective, wrapped by Fabric
    step: int = 0  # optimiser steps done
    best: float = -math.inf  # dB on held-out pictures

    def state(self) -> dict[str, Any]:
        """Everything that a checkpoint holds; the position in the data follows from the step."""
        state = {
            "config": to_dict(self.config),
            "step": self.step,
            "best": self.best,
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "rng": torch.get_rng_state(),
        }
        if self.fabric.device.type == "cuda":
            state["device_rng"] = torch.cuda.get_rng_state(self.fabric.device)
        return state

    def save(self, out: Path) -> None:
        """Write a checkpoint; ranks other than the first do nothing."""
        if self.fabric.is_global_zero:
            checkpoint.save_step(out, self.step, self.state())


def set_up(config: TrainConfig, fabric: Fabric, out: Path, *, resume: bool) -> Run:
    """A new run, or the newest checkpoint of the one in `out`.

    Raises BadConfig when the checkpoint is of another network, naming the differences.
    """
    state = checkpoint.load(checkpoint.newest(out)) if resume else None
    if state is not None:
        _check_same_net(config, state)
    net = SGRU(config.net)
    initialise(net)
    if config.start and state is None:
        _start_from(net, config.start)
    if config.channels_last:
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(net).requires_grad_(False) if config.ema else net
    _freeze_unused(net, config)
    run = _wrapped(config, fabric, net, average)
    if state is not None:
        _restore(run, state)
    return run


def _wrapped(config: TrainConfig, fabric: Fabric, net: SGRU, average: SGRU) -> Run:
    with fabric.rank_zero_first(local=True):  # one process of each machine fetches the file
        vgg = open_vgg(config.vgg, config.loss.lambdas)
    if vgg is not None and config.channels_last:
        vgg = vgg.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    objective = Objective(net, vgg, config.loss)
    compiled = torch.compile(objective) if config.compile else objective
    optimiser = _optimiser(config, net, fused=fabric.device.type == "cuda")
    wrapped, wrapped_optimiser = fabric.setup(compiled, optimiser)  # type: ignore[arg-type]
    average.to(fabric.device)
    return Run(config, fabric, net, average, wrapped_optimiser, wrapped)


def _restore(run: Run, state: dict[str, Any]) -> None:
    """Take up a checkpoint, after the network is where it trains: the optimiser follows it."""
    run.net.load_state_dict(state["net"])
    run.average.load_state_dict(state["average"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.step, run.best = state["step"], state["best"]
    torch.set_rng_state(state["rng"])
    if "device_rng" in state and run.fabric.device.type == "cuda":
        torch.cuda.set_rng_state(state["device_rng"], run.fabric.device)
    for line in checkpoint.difference(to_dict(run.config), state["config"]):
        log.info("other than in the checkpoint: %s", line)


def _optimiser(config: TrainConfig, net: SGRU, *, fused: bool) -> torch.optim.Optimizer:
    beta1, beta2 = config.betas
    if config.optimiser == "muon":
        return Muon(net.parameters(), config.learning_rate, (beta1, beta2), config.weight_decay)
    kind = torch.optim.AdamW if config.optimiser == "adamw" else torch.optim.Adam
    return kind(
        net.parameters(),
        config.learning_rate,
        (beta1, beta2),
        weight_decay=config.weight_decay,
        fused=fused,
    )


def _freeze_unused(net: SGRU, config: TrainConfig) -> None:
    """A head without a loss takes no part: DDP would wait for its gradients for ever."""
    if not config.loss.rgb:
        net.rgb.requires_grad_(False)
    if not config.loss.palette and net.palette is not None:
        net.palette.requires_grad_(False)


def _check_same_net(config: TrainConfig, state: dict[str, Any]) -> None:
    theirs = to_dict(from_dict(NetConfig, state["config"]["net"]))
    lines = checkpoint.difference(to_dict(config.net), theirs, "net.")
    lines = [line for line in lines if not line.startswith("net.work_size")]
    if lines:
        raise BadConfig(
            "the checkpoint is of another network: "
            + "; ".join(lines)
            + " (recipe ≠ checkpoint); use its recipe, or start from it with start = FILE"
        )


def _start_from(net: SGRU, name: str) -> None:
    """Take over every tensor that fits, of a checkpoint (its averaged weights) or of weights."""
    theirs = _tensors_of(name)
    ours = net.state_dict()
    fitting = {k: v for k, v in theirs.items() if k in ours and ours[k].shape == v.shape}
    if not fitting:
        raise BadConfig(f"start = {name}: none of its tensors fits this network; set [net] alike")
    net.load_state_dict(fitting, strict=False)
    new = ", ".join(sorted(ours.keys() - fitting.keys())[:8])
    log.info("%s: %d of %d tensors taken over; new: %s", name, len(fitting), len(ours), new or "-")


def _tensors_of(name: str) -> dict[str, torch.Tensor]:
    if name.endswith(".pt"):
        return checkpoint.load(Path(name))["average"]
    from inkwash.weights import find, open_net

    return open_net(find(name)).state_dict()


class TooLittleMemory(InkwashError):
    """A step does not fit the memory of the device."""

    def __init__(self, config: TrainConfig, device: torch.device) -> None:
        super().__init__(
            f"a step of batch = {config.batch} at sample.size = {config.sample.size} does not fit "
            f"the memory of {device}; lower batch (and raise accumulate as much), "
            'set loss.perceptual to "sparse" or "winner", or lower sample.size'
        )


def is_out_of_memory(error: Exception) -> bool:
    """Whether it was memory that was missing, on a GPU or (a plain RuntimeError there) on a CPU."""
    known = isinstance(error, MemoryError | torch.cuda.OutOfMemoryError)
    return known or "can't allocate memory" in str(error)
