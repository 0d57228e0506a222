"""Anime characters drawn by code: line art, colours, regions and their names from a seed.

Needs skia-python: `pip install "inkwash[draw]"`.
"""

from ...errors import MissingExtra

try:
    import skia as _skia  # noqa: F401
except ImportError as error:
    raise MissingExtra('drawing needs skia-python; pip install "inkwash[draw]"') from error

from .drawing import KINDS, Drawing, draw
from .look import Look

__all__ = ["KINDS", "Drawing", "Look", "draw"]
