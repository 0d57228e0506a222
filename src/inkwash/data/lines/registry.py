"""Line extractors by name: what an extractor is, and where it is written down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadConfig

Picture = NDArray[np.uint8]
Extractor = Callable[[Picture, float], Picture]
"""RGB (H, W, 3) and a strength 0…1 (faint to bold) → line art (H, W), ink 0, paper 255."""

DEFAULT = "divide"
"""What `prepare` draws with; docs/data.md says why."""

EXTRACTORS: dict[str, Extractor] = {}
"""The extractors that training draws from at random."""

NAMED: dict[str, Extractor] = {}
"""All extractors that need no file."""

OPENERS: dict[str, Callable[[str], Extractor]] = {}
"""Kinds of network → what opens one: `onnx:FILE`, `sketchkeras:FILE`."""


def extractor(function: Extractor) -> Extractor:
    """Register a line extractor under its function's name, for training too."""
    EXTRACTORS[function.__name__] = function
    return compared(function)


def compared(function: Extractor) -> Extractor:
    """Register a line extractor under its function's name; training does not draw from it."""
    NAMED[function.__name__] = function
    return function


def opener(open_network: Callable[[str], Extractor]) -> Callable[[str], Extractor]:
    """Register a function that makes an extractor of a file, under its name."""
    OPENERS[open_network.__name__] = open_network
    return open_network


def find_extractor(name: str) -> Extractor:
    """The extractor of a name, or of a kind and a file: `divide`, `onnx:lines.onnx`.

    Raises BadConfig for a name that is not known, BadWeights for a file that cannot be used.
    """
    if name in NAMED:
        return NAMED[name]
    kind, colon, file = name.partition(":")
    if colon and kind in OPENERS:
        return OPENERS[kind](file)
    accepted = [*sorted(NAMED), *(f"{kind}:FILE" for kind in sorted(OPENERS))]
    raise BadConfig(f"{name!r} is not a line extractor; choose {', '.join(accepted)}")
