"""What validation found in the course of a run, out of its `metrics.jsonl`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FIGURES = ("rgb_best", "rgb_mean", "palette_best", "palette_mean")


@dataclass(frozen=True)
class Validations:
    """By step, PSNR in dB by the names of FIGURES; and the last step of the run."""

    by_step: dict[int, dict[str, float]]
    steps: int


def read_validations(run: Path) -> Validations:
    """Of a run's folder. Raises OSError where there is none."""
    text = (run / "metrics.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    by_step = {
        found["step"]: {key: round(found[f"validation_{key}"], 2) for key in FIGURES}
        for found in lines
        if "validation_rgb_best" in found
    }
    return Validations(by_step, max((found["step"] for found in lines), default=0))
