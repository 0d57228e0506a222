"""Backgrounds in the picture's own frame: height 1, width `aspect`."""

from inkwash.data.synth.backgrounds.choice import BACKGROUNDS, background

__all__ = ["BACKGROUNDS", "background"]
