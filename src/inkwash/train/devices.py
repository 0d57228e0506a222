"""Lightning Fabric: which devices, how many processes, which precision."""

from __future__ import annotations

import gc
import os
from typing import Any

import torch

from inkwash.errors import BadConfig
from inkwash.train.config import TrainConfig
from inkwash.train.memory import keep_freed_memory

try:
    from lightning_fabric import Fabric
except ImportError:
    try:
        from lightning.fabric import Fabric  # type: ignore[import-not-found, no-redef]
    except ImportError as error:
        from inkwash.errors import MissingExtra

        raise MissingExtra(
            "training needs lightning-fabric; pip install 'inkwash[train]'"
        ) from error

__all__ = ["Fabric", "leave", "open_fabric"]


def open_fabric(config: TrainConfig) -> Fabric:
    """Fabric for this process, launched and seeded. On a CPU the process keeps freed memory.

    Under `torchrun` it takes the processes that torchrun started, on one node or several.
    Raises BadConfig for a precision that Fabric or the device does not know.
    """
    try:
        fabric = Fabric(accelerator="auto", precision=config.precision, **_processes(config))  # type: ignore[arg-type]
        fabric.launch()
    except ValueError as error:
        raise BadConfig(f"precision = {config.precision!r} cannot be used: {error}") from error
    fabric.seed_everything(config.seed, verbose=False)
    if fabric.device.type == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32 in what stays in single precision
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True  # shapes do not change
    else:
        keep_freed_memory()
    return fabric


def _processes(config: TrainConfig) -> dict[str, Any]:
    if "LOCAL_WORLD_SIZE" not in os.environ:
        return {"devices": "auto", "strategy": config.strategy}
    here, all_of_them = int(os.environ["LOCAL_WORLD_SIZE"]), int(os.environ["WORLD_SIZE"])
    strategy = "ddp" if all_of_them > 1 else config.strategy
    return {"devices": here, "num_nodes": all_of_them // here, "strategy": strategy}


def leave(fabric: Fabric) -> None:
    """Leave the group of processes together: one that ends while it is still in it may abort.

    Call it when the network that Fabric wrapped is out of scope: torch lets go of the interpreter
    while it ends the group's threads, but not where DDP's reducer is the last to hold the group,
    and a thread that waits for the interpreter then is waited for for ever.
    """
    if fabric.world_size > 1:
        gc.collect()  # what a cycle still holds of it
        fabric.barrier()
        torch.distributed.destroy_process_group()
