"""Checkpoints: everything a run needs to go on bit for bit, written whole or not at all."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import torch

from inkwash.errors import BadConfig, OutputFailed

KEPT = 3


def save(path: Path, state: dict[str, Any]) -> None:
    """Write to a temporary name, then rename. Raises OutputFailed; an older file stays intact."""
    temporary = path.with_suffix(".tmp")
    try:
        with temporary.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, RuntimeError) as error:  # torch's writer wraps what the system says
        temporary.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else "the disk may be full"
        raise OutputFailed(
            f"{path}: checkpoint not written ({reason}); free space and use --resume, "
            "the checkpoint before it is intact"
        ) from error


def save_step(folder: Path, step: int, state: dict[str, Any]) -> None:
    """Write `step-N.pt` and keep the newest three."""
    save(folder / f"step-{step:08d}.pt", state)
    for old in sorted(folder.glob("step-*.pt"))[:-KEPT]:
        old.unlink()


def newest(folder: Path) -> Path:
    """The last checkpoint of a run. Raises BadConfig when there is none."""
    found = sorted(folder.glob("step-*.pt"))
    if not found:
        raise BadConfig(f"{folder}: holds no checkpoint to resume from; start without --resume")
    return found[-1]


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint. Raises BadConfig when it is damaged."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, KeyError, pickle.UnpicklingError) as error:
        raise BadConfig(f"{path}: is not a whole checkpoint ({error})") from error


def difference(ours: dict[str, Any], theirs: dict[str, Any], where: str = "") -> list[str]:
    """Keys whose values differ between two plain configs, as `key: ours ≠ theirs`."""
    lines = []
    for key in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(key), theirs.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            lines += difference(a, b, f"{where}{key}.")
        elif a != b:
            lines.append(f"{where}{key}: {a} ≠ {b}")
    return lines
