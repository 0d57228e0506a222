"""Hints: what the artist says about a sketch, as a model, as files and as pixels."""

from inkwash.hints.files import decode, decode_overlay, encode, read, write
from inkwash.hints.model import KINDS, Area, Dot, Hint, Hints, Kind, Shape, Stroke
from inkwash.hints.overlay import hints_from_overlay
from inkwash.hints.raster import pixels_of, raster

__all__ = [
    "KINDS",
    "Area",
    "Dot",
    "Hint",
    "Hints",
    "Kind",
    "Shape",
    "Stroke",
    "decode",
    "decode_overlay",
    "encode",
    "hints_from_overlay",
    "pixels_of",
    "raster",
    "read",
    "write",
]
