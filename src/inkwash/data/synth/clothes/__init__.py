"""Clothes: each outfit turns a body into shapes, back to front."""

from inkwash.data.synth.clothes.dressing import OUTFITS, dress

__all__ = ["OUTFITS", "dress"]
