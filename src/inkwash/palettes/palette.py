"""What a palette is: a few colours, each with a name, a role and perhaps a share of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Rgb, as_float, format_hex, lab_from_srgb, name_of, parse_hex
from inkwash.errors import BadPalette

MOST_SWATCHES = 4096  # in any palette; the network takes far fewer, see `fit`
EYE_WHITE = "eye-white"  # the role of what is around the iris


@dataclass(frozen=True)
class Swatch:
    """One colour, sRGB 0…255. `role` says what it colours: "skin", "hair", "sky", or nothing."""

    rgb: Rgb
    name: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        whole = all(isinstance(part, int) and 0 <= part <= 255 for part in self.rgb)
        if len(self.rgb) != 3 or not whole:
            raise BadPalette(f"{self.rgb} is no colour; give three whole numbers from 0 to 255")

    @property
    def hex(self) -> str:
        return format_hex(self.rgb)


@dataclass(frozen=True)
class Palette:
    """Swatches in the artist's order.

    `shares`, where known, says how much of a picture each one covers; shares are scaled to sum
    to 1. A palette of no colour, or of more than 4096, is a `BadPalette`.
    """

    swatches: tuple[Swatch, ...]
    name: str = ""
    shares: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.swatches) <= MOST_SWATCHES:
            raise BadPalette(
                f"{self._label} has {len(self.swatches)} colours; give 1 to {MOST_SWATCHES}"
            )
        if self.shares is not None:
            object.__setattr__(self, "shares", self._scaled(self.shares))

    def __len__(self) -> int:
        return len(self.swatches)

    @property
    def rgb(self) -> NDArray[np.float32]:
        """(P, 3), sRGB 0…1."""
        return as_float(self.bytes)

    @property
    def bytes(self) -> NDArray[np.uint8]:
        """(P, 3), sRGB 0…255."""
        return np.array([swatch.rgb for swatch in self.swatches], np.uint8)

    @property
    def lab(self) -> NDArray[np.float32]:
        """(P, 3), CIE Lab."""
        return lab_from_srgb(self.bytes)

    @property
    def weights(self) -> NDArray[np.float32]:
        """(P,), the shares, or equal ones where none are known."""
        equal = (1 / len(self),) * len(self)
        return np.array(self.shares or equal, np.float32)

    @property
    def roles(self) -> dict[str, Swatch]:
        """The first swatch of each role."""
        return {swatch.role: swatch for swatch in reversed(self.swatches) if swatch.role}

    def take(self, places: Iterable[int]) -> Palette:
        """Only the swatches at these places, in this order, with their shares."""
        places = list(places)
        shares = self.shares and tuple(self.shares[place] for place in places)
        return Palette(tuple(self.swatches[place] for place in places), self.name, shares)

    def __str__(self) -> str:
        return ",".join(swatch.hex for swatch in self.swatches)

    @property
    def _label(self) -> str:
        return f"palette {self.name!r}" if self.name else "the palette"

    def _scaled(self, shares: tuple[float, ...]) -> tuple[float, ...]:
        """Shares that sum to 1, untouched where they already do, so that files round-trip."""
        if len(shares) != len(self.swatches):
            raise BadPalette(
                f"{self._label} has {len(self.swatches)} colours but {len(shares)} shares"
            )
        total = math.fsum(shares)
        if not math.isfinite(total) or total <= 0 or min(shares) < 0:
            raise BadPalette(f"shares of {self._label} are {shares}; none may be negative, one is")
        if abs(total - 1) <= 1e-6:
            return tuple(shares)
        return tuple(share / total for share in shares)


def palette_of(colours: Iterable[Rgb], name: str = "") -> Palette:
    """Bare colours as a palette, named by what they look like."""
    return Palette(tuple(Swatch(rgb, name_of(rgb)) for rgb in colours), name)


def parse(text: str) -> Palette:
    """`#rrggbb,#rgb,…` as a palette; `BadPalette` names the part that is no colour."""
    parts = [part for part in text.replace(" ", ",").split(",") if part]
    if not parts:
        raise BadPalette(f"{text!r} has no colour; write #rrggbb,#rrggbb,…")
    return palette_of(map(parse_hex, parts))
