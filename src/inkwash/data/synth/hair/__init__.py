"""Hair: what hangs behind the body and what lies on the head."""

from inkwash.data.synth.hair.back import back_hair
from inkwash.data.synth.hair.front import front_hair
from inkwash.data.synth.hair.rear import rear_hair
from inkwash.data.synth.hair.tails import tails

__all__ = ["back_hair", "front_hair", "rear_hair", "tails"]
