"""Read: a file, bytes, an array or a PIL image becomes a `Sketch`, ink on pure white paper."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from inkwash.decode import Picture, Source, decode
from inkwash.errors import BadSketch
from inkwash.geometry import Size
from inkwash.modes import Pixels, thinned
from inkwash.paper import make_white
from inkwash.polarity import is_colour_picture, is_light_on_dark, is_light_on_nothing

Invert = Literal["auto", "yes", "no"]

MAX_PIXELS = 200_000_000
SUFFIXES = (".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

_TRANSPARENT_ENOUGH = 0.1  # the share of a picture that makes its transparency the paper
_NO_INK = "there is hardly any ink"
_STRIP = 64  # rows at a time: they stay in the processor's cache


@dataclass(frozen=True, kw_only=True, eq=False)
class Sketch:
    """Line art at full size, as ink to be multiplied onto colours. Its arrays are read-only."""

    ink: Pixels = field(repr=False)
    """(H, W) grey, or (H, W, 3) RGB where the line art is coloured; paper 255."""
    alpha: Pixels | None = field(default=None, repr=False)
    """(H, W) transparency of the source, 0…255; None if it was opaque."""
    name: str = "sketch"
    """What outputs are called after: the file's name without suffix."""
    dpi: tuple[float, float] | None = None
    """Dots per inch across and down, as the source gave them."""
    icc_profile: bytes | None = field(default=None, repr=False)
    """The source's profile if it describes RGB. Ink is never converted."""
    inverted: bool = False
    """Whether the source was light ink on dark paper."""
    notes: tuple[str, ...] = ()
    """What the user may want to know, a line each."""

    @property
    def size(self) -> Size:
        return Size(self.ink.shape[1], self.ink.shape[0])

    @cached_property
    def lines(self) -> Pixels:
        """The ink as (H, W) grey: ink 0, paper 255."""
        if self.ink.ndim == 2:
            return self.ink
        return _frozen(np.asarray(Image.fromarray(self.ink).convert("L")))


def read(source: Source, *, invert: Invert = "auto", max_pixels: int = MAX_PIXELS) -> Sketch:
    """Read line art of any kind as black ink on white paper, at its own size.

    `source` is a path, the bytes of a file, a binary stream, a PIL image, or an array: (H, W) or
    (H, W, C) with C = 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA, of bool, uint8, uint16 or floats in
    0…1. Animations give their first frame; EXIF turns are done; 16 bits are rounded to 8.

    What happens to the pixels:

    - Transparency becomes white paper: black at alpha a becomes exactly 255 - a. Where a tenth
      of the picture is transparent, that is the paper and no other is looked for.
    - Light ink on dark paper (`invert`: "auto" looks at the paper) becomes its complement.
    - Paper that is tinted, grey or unevenly lit is divided out. Pure white paper stays as it is
      byte for byte; so does paper that is nowhere darker than 250, and a painted picture.
    - CMYK becomes sRGB. An RGB profile is carried along, grey and CMYK profiles are dropped.

    Raises BadSketch for what is not a picture, or has more than `max_pixels` pixels.
    """
    if invert not in ("auto", "yes", "no"):
        raise BadSketch(f"invert is {invert!r}; give auto, yes or no")
    picture = decode(source, max_pixels=max_pixels)
    floating = _is_floating(picture)
    painted = not floating and is_colour_picture(picture.colour)
    inverted = invert == "yes" or (invert == "auto" and not painted and _is_light(picture))
    ink, note = _on_white(picture, inverted), None
    if painted:
        note = "this looks like a colour picture; --lines xdog makes line art of it"
    elif not floating:
        ink, note = make_white(ink)
    notes = (*picture.notes, note, _NO_INK if thinned(ink).min() > 192 else None)
    return Sketch(
        ink=_frozen(ink),
        alpha=None if picture.alpha is None else _frozen(picture.alpha),
        name=picture.name,
        dpi=picture.dpi,
        icc_profile=picture.icc_profile,
        inverted=inverted,
        notes=tuple(filter(None, notes)),
    )


def find_pictures(path: str | os.PathLike[str], *, recursive: bool = False) -> list[Path]:
    """The pictures in a folder by their suffixes, sorted; a file gives itself.

    Raises BadSketch if there is no such folder, it cannot be listed, or it has no picture.
    """
    folder = Path(path)
    if folder.is_file():
        return [folder]
    try:
        entries = sorted(folder.rglob("*") if recursive else folder.iterdir())
    except OSError as error:
        raise BadSketch(f"{folder}: cannot be listed: {error.strerror}; check the path") from error
    pictures = [p for p in entries if p.suffix.lower() in SUFFIXES and p.is_file()]
    if not pictures:
        raise BadSketch(f"{folder}: has no picture in it ({', '.join(SUFFIXES)})")
    return pictures


def _is_floating(picture: Picture) -> bool:
    """Whether there is so much transparency that it is the paper."""
    alpha = picture.alpha
    return alpha is not None and bool((thinned(alpha) < 128).mean() > _TRANSPARENT_ENOUGH)


def _is_light(picture: Picture) -> bool:
    if picture.alpha is not None and _is_floating(picture):
        return is_light_on_nothing(picture.colour, picture.alpha)
    return is_light_on_dark(picture.colour)


def _on_white(picture: Picture, inverted: bool) -> Pixels:
    """The ink over white paper; what is transparent becomes paper."""
    colour = _without_colour(picture.colour)
    if picture.alpha is None:
        return 255 - colour if inverted else colour
    alpha = picture.alpha if colour.ndim == 2 else picture.alpha[..., None]
    ink = np.empty_like(colour)
    for top in range(0, len(ink), _STRIP):
        rows = slice(top, top + _STRIP)
        darkness = colour[rows] if inverted else 255 - colour[rows]
        ink[rows] = 255 - _share(darkness, alpha[rows])
    return _without_colour(ink)


def _share(values: Pixels, alpha: Pixels) -> Pixels:
    """values · alpha / 255 to the nearest, in 16-bit integers."""
    product = values * alpha.astype(np.uint16)
    product += 128
    product += product >> 8
    product >>= 8
    return product.astype(np.uint8)


def _without_colour(ink: Pixels) -> Pixels:
    """(H, W) if the three channels are the same, else the ink itself."""
    if ink.ndim == 2 or not (_is_grey(thinned(ink)) and _is_grey(ink)):
        return ink
    return np.ascontiguousarray(ink[..., 0])


def _is_grey(pixels: Pixels) -> bool:
    first = pixels[..., 0]
    return all(np.array_equal(first, pixels[..., channel]) for channel in (1, 2))


def _frozen(pixels: Pixels) -> Pixels:
    pixels.setflags(write=False)
    return pixels
