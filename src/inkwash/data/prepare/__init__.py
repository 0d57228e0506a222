"""From a folder of pictures to clean training pairs: filtered, deduplicated, cut, split."""

from inkwash.data.prepare.alike import Alike, Look, look_of
from inkwash.data.prepare.config import PrepareConfig
from inkwash.data.prepare.measure import colourfulness
from inkwash.data.prepare.panels import find_panels
from inkwash.data.prepare.run import PrepareReport, Progress, Tally, prepare

__all__ = [
    "Alike",
    "Look",
    "PrepareConfig",
    "PrepareReport",
    "Progress",
    "Tally",
    "colourfulness",
    "find_panels",
    "look_of",
    "prepare",
]
