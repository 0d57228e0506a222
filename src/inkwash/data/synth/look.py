"""How a scene is drawn: the hand that inks it and the brush that shades it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Shading = Literal["flat", "cel", "cel2", "soft"]
Hand = Literal["clean", "sketchy", "gaps"]
Tone = Literal["none", "blacks", "dots"]


@dataclass(frozen=True)
class Fall:
    """How light falls over the picture: what colours are multiplied with, near it and far off."""

    near: tuple[float, float, float]
    far: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One way of inking and shading."""

    shading: Shading = "cel"
    hand: Hand = "clean"
    pen: float = 0.004
    """Width of a line as a share of the picture's short side."""
    pressure: float = 0.6
    """0: all lines even; 1: lines swell and taper as written in the strokes."""
    ink: float = 1.0
    """Darkness of the ink: 1 is black, 0.6 a soft pencil."""
    tones: Tone = "none"
    """What dark areas of the line art are filled with."""
    line_colour: float = 0.3
    """0: black lines over the colours; 1: lines in a dark tone of what they enclose."""
    shade: tuple[float, float, float] = (0.76, 0.70, 0.82)
    """What a shadow multiplies a colour with."""
    rim: bool = False
    """A thin light along the edges away from the main light."""
    painted: bool = False
    """Grounds have lines in the line art only, not over their colours."""
    haze: float = 0.0
    """How much grounds are blurred, as a share of the picture's height."""
    ambient: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """The light of the hour, multiplied over the finished colours."""
    fall: Fall | None = None
    """How the light falls over the whole picture; None: evenly."""


AMBIENTS = {
    "studio": (1.0, 1.0, 1.0),
    "day": (1.0, 1.0, 1.0),
    "indoor": (1.0, 0.96, 0.89),
    "dusk": (1.0, 0.84, 0.74),
    "overcast": (0.93, 0.96, 1.0),
    "night": (0.58, 0.64, 0.90),
}
_PENS = 0.0024, 0.0085  # from the lines of drawings to those that extractors find
_SHADES = ((0.76, 0.70, 0.82), (0.80, 0.72, 0.72), (0.70, 0.72, 0.84), (0.68, 0.62, 0.70))


def random_look(rng: np.random.Generator, ambient: str = "day") -> Look:
    """A look as illustrators use them: mostly clean lines and cel shading.

    In the ambient "studio" the light stays white: characters on plain paper.
    """
    studio = ambient == "studio"
    shading = rng.choice(["flat", "cel", "cel2", "soft"], p=[0.08, 0.24, 0.22, 0.46])
    hand = rng.choice(["clean", "sketchy", "gaps"], p=[0.68, 0.17, 0.15])
    tones = rng.choice(["none", "blacks", "dots"], p=[0.88, 0.07, 0.05])
    return Look(
        shading=str(shading),  # type: ignore[arg-type]
        hand=str(hand),  # type: ignore[arg-type]
        tones=str(tones),  # type: ignore[arg-type]
        pen=float(np.exp(rng.uniform(*np.log(_PENS)))),
        pressure=float(rng.uniform(0.2, 1.0)),
        ink=float(rng.choice([1.0, 0.9, 0.75], p=[0.6, 0.25, 0.15])),
        line_colour=float(rng.choice([0.0, 0.4, 0.8, 1.0], p=[0.16, 0.16, 0.34, 0.34])),
        shade=_SHADES[rng.integers(len(_SHADES))],
        rim=bool(rng.random() < 0.2),
        painted=bool(rng.random() < 0.6),
        haze=float(rng.choice([0.0, 0.002, 0.006], p=[0.45, 0.3, 0.25])),
        ambient=AMBIENTS[ambient] if studio else _graded(AMBIENTS[ambient], rng),
        fall=_fall(rng) if not studio and rng.random() < 0.35 else None,
    )


def _fall(rng: np.random.Generator) -> Fall:
    """Warm near the light and cold away from it, or the other way round."""
    warm, strength = rng.uniform(-0.08, 0.08), rng.uniform(0.1, 0.45)
    return Fall(
        (1.12 + warm, 1.1, 1.12 - warm),
        (1.0 - strength - warm, 1.0 - strength, 1.0 - strength + warm),
    )


def _graded(
    ambient: tuple[float, float, float], rng: np.random.Generator
) -> tuple[float, float, float]:
    """The light of the hour, in a quarter of the pictures dimmed, warmer or colder."""
    if rng.random() < 0.75:
        return ambient
    warmth, dim = rng.uniform(-0.16, 0.16), rng.uniform(0.68, 1.0)
    r, g, b = ambient
    return (
        r * dim * float(1 + min(0.0, warmth)),
        g * dim * float(1 - abs(warmth) * 0.4),
        b * dim * float(1 - max(0.0, warmth)),
    )
