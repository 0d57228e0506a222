"""Anime characters drawn by code: line art, colours, regions and their names from a seed.

Needs skia-python: `pip install "inkwash[draw]"`.
"""

from ...errors import MissingExtra

try:
    import skia as _skia  # noqa: F401
except ImportError as error:
    raise MissingExtra('drawing needs skia-python; pip install "inkwash[draw]"') from error

from .backgrounds import BACKGROUNDS
from .character import Character, Hair
from .drawing import CROPS, KINDS, Drawing, draw, portrait
from .examples import examples
from .look import AMBIENTS, Look

__all__ = [
    "AMBIENTS",
    "BACKGROUNDS",
    "CROPS",
    "KINDS",
    "Character",
    "Drawing",
    "Hair",
    "Look",
    "draw",
    "examples",
    "portrait",
]
