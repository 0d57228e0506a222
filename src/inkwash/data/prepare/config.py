"""Settings of `prepare`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inkwash.data.lines import DEFAULT, find_extractor
from inkwash.errors import BadConfig


@dataclass(frozen=True, kw_only=True)
class PrepareConfig:
    """What is kept of the pictures, and how it is written."""

    size: int = 256  # side of the square pairs, pixels
    crop: Literal["centre", "whole", "squares"] = "centre"  # whole: white padding
    most_squares: int = 4  # of one picture, for crop = squares
    panels: bool = False  # cut comic pages into their panels first
    layout: Literal["folders", "shards"] = "folders"  # images_rgb + images_bw, or WebDataset
    shard_pairs: int = 2000  # pairs in one shard
    lines: str = DEFAULT  # a line extractor's name, as in data.lines
    strength: tuple[float, ...] = (0.5, 0.5)  # of the lines, drawn between these two; 0…1
    line_scale: float = 1.5  # lines are drawn at this multiple of the size, then scaled down
    smallest_side: int = 0  # pixels; 0: the size, so that nothing is blown up
    least_colourfulness: float = 8.0  # Hasler & Süsstrunk's M; under it a picture is near-grey
    least_ink: float = 0.005  # share of ink; under it a pair is near-blank
    most_ink: float = 0.35  # over it lines are lost in texture or darkness
    alike: int = 3  # bits of the perceptual hash that near-duplicates differ by; -1 keeps them
    largest_pixels: int = 100_000_000
    seed: int = 0  # of strengths and squares
    workers: int = 0  # processes; 0: one for each core
    engine: Literal["pool", "ray"] = "pool"
    force: bool = False  # begin anew where other settings were used

    def __post_init__(self) -> None:
        if not 16 <= self.size <= 4096:
            raise BadConfig(f"size = {self.size} is not between 16 and 4096")
        if len(self.strength) != 2 or not 0 <= self.strength[0] <= self.strength[1] <= 1:
            raise BadConfig(f"strength = {self.strength} is not two numbers, 0 ≤ low ≤ high ≤ 1")
        if not -1 <= self.alike <= 3:
            raise BadConfig(f"alike = {self.alike} is not between -1 and 3")
        if not 0 <= self.least_ink < self.most_ink <= 1:
            raise BadConfig(f"least_ink = {self.least_ink} is not under {self.most_ink} (most_ink)")
        if self.most_squares < 1 or self.shard_pairs < 1 or self.line_scale < 1:
            raise BadConfig("most_squares, shard_pairs and line_scale must be at least 1")

    @property
    def floor(self) -> int:
        """The smallest side of a picture that is used, pixels."""
        return self.smallest_side or self.size

    def check_lines(self) -> None:
        """Open the line extractor once, so that a wrong name is told before the work begins."""
        find_extractor(self.lines)
