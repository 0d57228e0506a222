"""The networks, torch only: read `sgru.py` first, then `blocks.py` and `palette.py`."""

from inkwash.nets.palette import PaletteHead, PaletteOutput, render, shaded
from inkwash.nets.sgru import SGRU, RgbHead, Trunk, initialise

__all__ = [
    "SGRU",
    "PaletteHead",
    "PaletteOutput",
    "RgbHead",
    "Trunk",
    "initialise",
    "render",
    "shaded",
]
