"""The door: one seed in, line art, colours, regions and their names out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.backgrounds import BACKGROUNDS, background
from inkwash.data.synth.character import Character
from inkwash.data.synth.compose import KINDS, composed
from inkwash.data.synth.figure import CROPS, figure, place_in
from inkwash.data.synth.look import AMBIENTS, Look, random_look
from inkwash.data.synth.palettes import merged, palette_of
from inkwash.data.synth.raster import Pixels, render
from inkwash.data.synth.scene import Rgb, Scene
from inkwash.errors import BadConfig

SMALLEST, LARGEST = 32, 8192


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One picture, as line art, as colours and as regions."""

    line: NDArray[np.uint8]
    """(H, W): 0 is ink, 255 paper."""
    colour: NDArray[np.uint8]
    """(H, W, 3): the finished picture, shaded and with its lines."""
    flat: NDArray[np.uint8]
    """(H, W, 3): one colour a region, no lines, no shading."""
    labels: NDArray[np.int32]
    """(H, W): the region of each pixel, an index into `names`; they run on under the lines."""
    names: tuple[str, ...]
    """The role of each label: hair, skin, iris, shirt, sky, …"""
    palette: Mapping[str, Rgb]
    """Role → colour, of those that are seen."""


def draw(
    seed: int,
    size: int | tuple[int, int] = 256,
    *,
    kind: str | None = None,
    look: Look | None = None,
) -> Drawing:
    """Draw the picture of `seed`.

    `size` is a side, or (width, height), in pixels: the same seed is the same picture at every
    size of one aspect. `kind` is one of `KINDS` and `look` the hand that draws; both are drawn
    by lot where not given. Raises BadConfig for a size or a kind that cannot be drawn.
    """
    width, height = checked_size(size)
    if kind is not None:
        _checked("kind", kind, KINDS)
    rng = np.random.default_rng(seed)
    scene, ambient = composed(rng, kind, width / height)
    look = random_look(rng, ambient) if look is None else look
    return _drawn(scene, width, height, look, rng)


def portrait(
    character: Character,
    size: int | tuple[int, int] = 256,
    *,
    crop: str = "bust",
    ground: str = "paper",
    ambient: str = "day",
    colours: Mapping[str, Rgb] | None = None,
    look: Look | None = None,
    seed: int = 0,
) -> Drawing:
    """Draw one character of your own.

    `crop` is one of `CROPS`, `ground` "paper" or one of `BACKGROUNDS`, `ambient` one of
    `AMBIENTS`: the light that sky and window show. `seed` draws lots for the colours and the
    ground; `colours` (role → rgb) says them for the character, as far as given.
    Raises BadConfig for what cannot be drawn.
    """
    width, height = checked_size(size)
    _checked("crop", crop, CROPS)
    _checked("ground", ground, ("paper", *BACKGROUNDS))
    _checked("ambient", ambient, tuple(AMBIENTS))
    rng = np.random.default_rng(seed)
    aspect = width / height
    palette = {**palette_of(character, rng), **(colours or {})}
    layers = [
        *background(ground, rng, aspect, ambient),
        *figure(character, palette, place_in(character, crop, aspect)),
    ]
    look = Look(ambient=AMBIENTS[ambient]) if look is None else look
    return _drawn(Scene(layers=layers, aspect=aspect), width, height, look, rng)


def _checked(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadConfig(f"{name} {value!r} cannot be drawn; use one of {', '.join(known)}")


def checked_size(size: int | tuple[int, int]) -> tuple[int, int]:
    """Width and height; raises BadConfig where they cannot be drawn."""
    width, height = (size, size) if isinstance(size, int) else size
    for name, side in (("width", width), ("height", height)):
        if not SMALLEST <= side <= LARGEST:
            raise BadConfig(f"{name} {side} cannot be drawn; use {SMALLEST} to {LARGEST} pixels")
    if max(width, height) > 4 * min(width, height):
        raise BadConfig(f"size {width}×{height} is too narrow; keep the sides within 4 to 1")
    return width, height


def _drawn(scene: Scene, width: int, height: int, look: Look, rng: np.random.Generator) -> Drawing:
    pixels = render(scene, width, height, look, rng)
    seen = np.flatnonzero(np.bincount(pixels.labels.ravel(), minlength=len(pixels.names)))
    numbers = np.zeros(len(pixels.names), dtype=np.int32)
    numbers[seen] = np.arange(len(seen))
    names = tuple(pixels.names[i] for i in seen)
    known = merged([{"paper": scene.paper}, *(layer.palette for layer in scene.layers)])
    return Drawing(
        line=pixels.line,
        colour=_inked(pixels, look),
        flat=np.ascontiguousarray(pixels.flat),
        labels=numbers[pixels.labels],
        names=names,
        palette={name: known[name] for name in names},
    )


def _inked(pixels: Pixels, look: Look) -> NDArray[np.uint8]:
    """Lines over the shaded colours: black, or a dark tone of what they enclose."""
    share = 255 - pixels.ink[..., None].astype(np.uint16)  # (H, W, 1) 255 is ink
    tone = (pixels.shaded.astype(np.uint16) * round(110 * look.line_colour)) >> 8
    mixed = pixels.shaded * (255 - share) + tone * share
    return ((mixed + 127) // 255).astype(np.uint8)
