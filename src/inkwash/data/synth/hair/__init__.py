"""Hair: what hangs behind the body and what lies on the head."""

from .back import back_hair
from .front import front_hair
from .tails import tails

__all__ = ["back_hair", "front_hair", "tails"]
