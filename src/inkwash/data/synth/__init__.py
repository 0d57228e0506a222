"""Anime characters drawn by code: line art, colours, regions and their names from a seed.

Needs skia-python: `pip install "inkwash[draw]"`.
"""

from inkwash.errors import MissingExtra

try:
    import skia as _skia  # noqa: F401
except ImportError as error:
    raise MissingExtra('drawing needs skia-python; pip install "inkwash[draw]"') from error

from inkwash.data.synth.backgrounds import BACKGROUNDS
from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.drawing import CROPS, KINDS, Drawing, draw, portrait
from inkwash.data.synth.examples import examples
from inkwash.data.synth.look import AMBIENTS, Look
from inkwash.data.synth.pairs import DrawnPictures, write_pairs
from inkwash.data.synth.sheets import sheet

__all__ = [
    "AMBIENTS",
    "BACKGROUNDS",
    "CROPS",
    "KINDS",
    "Character",
    "Drawing",
    "DrawnPictures",
    "Hair",
    "Look",
    "draw",
    "examples",
    "portrait",
    "sheet",
    "write_pairs",
]
