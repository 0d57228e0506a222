"""How pages are learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inkwash.config import NetConfig
from inkwash.errors import BadConfig

Method = Literal["low-rank", "norms", "head", "all"]


@dataclass(frozen=True, kw_only=True)
class AdaptConfig:
    """Settings of `adapt`; the defaults were chosen by benchmarks/adapt.py."""

    method: Method = "low-rank"  # what is learned, see `changes.Changes`
    rank: int = 8  # of the changes of kernels
    steps: int = 100  # at most; fewer where what is held out gets no better
    batch: int = 4  # pieces of pages a step
    size: int = 0  # side of the pieces, pixels; 0: three quarters of the network's working size
    learning_rate: float = 1.5e-3
    keep: float = 6.0  # weight of what moves on other sketches; 0: they may change
    others: int = 2  # other sketches a step
    min_weight: float = 0.3  # of the best of the nine placements; the rest is the mean's
    check_every: int = 20  # steps between looks at what is held out
    patience: int = 4  # looks without improvement after which it ends
    colours: int = 12  # of the pages' palettes
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("rank", "steps", "batch", "check_every", "patience"):
            if getattr(self, name) < 1:
                raise BadConfig(f"{name} {getattr(self, name)}: give 1 or more")
        if not 2 <= self.colours <= 16:
            raise BadConfig(f"colours {self.colours}: give 2 to 16")
        if not self.learning_rate > 0:
            raise BadConfig(f"learning rate {self.learning_rate}: give a number over 0")
        if self.keep < 0 or self.others < 0 or self.seed < 0:
            raise BadConfig("keep, others and seed must be 0 or more")

    def size_for(self, net: NetConfig) -> int:
        """The side of pieces, a multiple of what the network asks for."""
        wanted = self.size or round(0.75 * net.work_size)
        return max(1, round(wanted / net.multiple)) * net.multiple
