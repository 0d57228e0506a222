"""Colour as numbers: sRGB, linear light and CIE Lab (D65), differences, names.

Colours lie in the last axis, (…, 3). sRGB is float 0…1 or uint8 0…255, told apart by the dtype;
Lab has L in 0…100 and a, b in about -128…127.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadPalette

Rgb = tuple[int, int, int]  # 0…255
Floats = NDArray[np.floating[Any]]
Colours = NDArray[np.uint8] | Floats

_XYZ_FROM_LINEAR = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
# Rows that sum to 1: XYZ relative to the white, so that greys have a = b = 0.
_RELATIVE = _XYZ_FROM_LINEAR / _XYZ_FROM_LINEAR.sum(axis=1, keepdims=True)
_RELATIVE_BACK = np.linalg.inv(_RELATIVE)
_LAB_FROM_ROOTS = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]])
_LAB_EDGE = (6 / 29) ** 3
_FEW = 1 << 16  # pixels up to which sorting them is faster than a table of all colours


def as_float(rgb: Colours) -> NDArray[np.float32]:
    """sRGB 0…1, from uint8 or float."""
    if rgb.dtype == np.uint8:
        return rgb.astype(np.float32) / np.float32(255)
    return rgb.astype(np.float32, copy=False)


def as_uint8(rgb: Colours) -> NDArray[np.uint8]:
    """sRGB 0…255, rounded and cut at the ends, from float 0…1 or uint8."""
    if rgb.dtype == np.uint8:
        return rgb  # type: ignore[return-value]
    return (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)


def linear_from_srgb(rgb: Colours) -> NDArray[np.float32]:
    """Linear light 0…1."""
    if rgb.dtype == np.uint8:
        return np.take(_LINEAR_OF_BYTE, rgb.astype(np.uint8, copy=False))
    return _linear(as_float(rgb))


def srgb_from_linear(linear: Floats) -> NDArray[np.float32]:
    """sRGB 0…1; light outside 0…1 is cut."""
    linear = np.clip(linear.astype(np.float32, copy=False), 0, 1)
    bent = 1.055 * np.power(linear, 1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, bent).astype(np.float32)


def lab_from_srgb(rgb: Colours) -> NDArray[np.float32]:
    """CIE Lab under D65."""
    xyz = linear_from_srgb(rgb) @ _RELATIVE.T.astype(np.float32)
    roots = np.cbrt(xyz)
    np.copyto(roots, xyz * (841 / 108) + 4 / 29, where=xyz <= _LAB_EDGE)
    lab = roots @ _LAB_FROM_ROOTS.T.astype(np.float32)
    lab[..., 0] -= 16
    return lab


def srgb_from_lab(lab: Floats) -> NDArray[np.float32]:
    """sRGB 0…1; colours outside its gamut are cut channel by channel."""
    lab = lab.astype(np.float32, copy=False)
    y = (lab[..., 0] + 16) / 116
    roots = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (108 / 841))
    return srgb_from_linear(xyz.astype(np.float32) @ _RELATIVE_BACK.T.astype(np.float32))


def delta_e76(lab: Floats, other: Floats) -> Floats:
    """The CIE 1976 difference: the distance in Lab, (…, 3) × (…, 3) → (…)."""
    return np.sqrt(np.square(lab - other).sum(axis=-1))


def delta_e2000(lab: Floats, other: Floats) -> Floats:
    """The CIEDE2000 difference, (…, 3) × (…, 3) → (…), broadcast; about 1 is just seen.

    Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula", 2005; their test pairs hold to
    the fourth decimal when Lab is float64.
    """
    light1, a1, b1 = np.moveaxis(lab, -1, 0)
    light2, a2, b2 = np.moveaxis(other, -1, 0)
    stretch = 1 + 0.5 * (1 - _chroma_weight((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2))
    a1, a2 = a1 * stretch, a2 * stretch
    chroma1, chroma2 = np.hypot(a1, b1), np.hypot(a2, b2)
    hue1, hue2 = _hue(a1, b1), _hue(a2, b2)
    chroma = (chroma1 + chroma2) / 2
    turn = hue2 - hue1
    turn = np.where(np.abs(turn) > 180, turn - 360 * np.sign(turn), turn)  # the short way round
    turn = np.where(chroma1 * chroma2 == 0, 0, turn)
    hue = np.where(chroma1 * chroma2 == 0, hue1 + hue2, hue1 + turn / 2)
    to_light = (light2 - light1) / _light_scale((light1 + light2) / 2)
    to_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    to_hue = (
        2 * np.sqrt(chroma1 * chroma2) * _sin(turn / 2) / (1 + 0.015 * chroma * _hue_scale(hue))
    )
    blue = _sin(60 * np.exp(-np.square((hue % 360 - 275) / 25)))
    twist = -2 * _chroma_weight(chroma) * blue * to_chroma * to_hue
    squares = np.square(to_light) + np.square(to_chroma) + np.square(to_hue) + twist
    return np.sqrt(np.maximum(squares, 0))


def parse_hex(text: str) -> Rgb:
    """`#rrggbb` or `#rgb`, with or without `#`, as three numbers 0…255; else `BadPalette`."""
    found = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", text.strip())
    if not found:
        raise BadPalette(f"{text!r} is no colour; write it as #rrggbb or #rgb, such as #ff8800")
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def format_hex(rgb: Rgb) -> str:
    """`#rrggbb`, in small letters."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def colourfulness(rgb: Colours) -> float:
    """M3 of Hasler & Süsstrunk 2003 on the 0…255 scale: grey 0, moderate 33, extreme 109."""
    red, green, blue = np.moveaxis(as_float(rgb).reshape(-1, 3).astype(np.float64) * 255, -1, 0)
    red_green = red - green
    yellow_blue = (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def name_of(rgb: Rgb) -> str:
    """A short English name in ASCII, such as "dark blue" or "pale pink"; near colours share one."""
    light, a, b = (float(part) for part in lab_from_srgb(np.array(rgb, np.uint8)))
    chroma = float(np.hypot(a, b))
    if chroma < 6 or (light < 12 and chroma < 20):
        return _name_at(_GREYS, light)
    hue = _name_of_hue(light, chroma, float(np.degrees(np.arctan2(b, a))) % 360)
    return f"{_modifier(hue, light, chroma)} {hue}".strip()


def distinct(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The different colours of (…, 3), as (M, 3) in rising order, and the place of each pixel's."""
    red, green, blue = np.moveaxis(rgb.astype(np.int32), -1, 0)
    codes = (red << 16) | (green << 8) | blue
    if codes.size < _FEW:
        found, places = np.unique(codes, return_inverse=True)
        return _colours(found), places.reshape(codes.shape).astype(np.int32)
    seen = np.zeros(1 << 24, bool)
    seen[codes] = True
    found = np.flatnonzero(seen).astype(np.int32)
    places = np.empty(1 << 24, np.int32)  # never filled whole: only pages in use cost memory
    places[found] = np.arange(len(found), dtype=np.int32)
    return _colours(found), places[codes]


# The name holds up to this lightness, or up to this hue in degrees of Lab.
_GREYS = ((15, "black"), (42, "dark grey"), (72, "grey"), (94, "light grey"), (101, "white"))
_HUES = (
    (14, "pink"),
    (50, "red"),
    (77, "orange"),
    (109, "yellow"),
    (128, "lime"),
    (170, "green"),
    (222, "teal"),
    (308, "blue"),
    (318, "violet"),
    (335, "purple"),
    (360, "pink"),
)
_LIGHT_BY_NATURE = ("yellow", "lime", "peach", "beige", "cream", "brown", "olive")


def _name_at(steps: tuple[tuple[int, str], ...], value: float) -> str:
    return next(name for limit, name in steps if value <= limit)


def _name_of_hue(light: float, chroma: float, degrees: float) -> str:
    """The word for a hue; some hues have words of their own when they are dark or pale."""
    hue = _name_at(_HUES, degrees)
    if hue == "red" and light >= 65:
        return "pink"
    if hue == "orange" and light >= 72 and chroma < 45:
        return "peach" if degrees < 70 else "beige"
    if hue == "orange" and light < 60 and chroma < 75:
        return "brown"
    if hue == "red" and degrees > 35 and chroma < 35:
        return "brown"
    if hue == "yellow" and light >= 62 and chroma < 35:
        return "cream" if light >= 90 else "beige"
    if hue in ("yellow", "lime") and light < 60:
        return "brown" if degrees < 88 else "olive"
    return hue


def _modifier(hue: str, light: float, chroma: float) -> str:
    if light < 30 and chroma < 90:
        return "dark"
    if hue in ("yellow", "lime") and chroma < 20:
        return "dull"
    if hue in _LIGHT_BY_NATURE:
        return "pale" if light >= 92 and chroma < 50 and hue != "cream" else ""
    if light >= 75 and chroma < 60:
        return "pale" if chroma < 25 else "light"
    if chroma < 20:
        return "dull"
    return "bright" if chroma >= 80 else ""


def _linear(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    bent = np.power((np.maximum(rgb, 0) + np.float32(0.055)) / np.float32(1.055), np.float32(2.4))
    return np.where(rgb <= 0.04045, rgb / np.float32(12.92), bent)


def _colours(codes: NDArray[np.int32]) -> NDArray[np.uint8]:
    return np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=-1).astype(np.uint8)


_LINEAR_OF_BYTE = _linear(np.arange(256, dtype=np.float32) / np.float32(255))


def _hue(a: Floats, b: Floats) -> Floats:
    """The angle in degrees, 0…360."""
    return np.degrees(np.arctan2(b, a)) % 360


def _sin(degrees: Floats) -> Floats:
    return np.sin(np.radians(degrees))


def _cos(degrees: Floats) -> Floats:
    return np.cos(np.radians(degrees))


def _chroma_weight(chroma: Floats) -> Floats:
    seventh = chroma**7
    return np.sqrt(seventh / (seventh + 25.0**7))


def _light_scale(light: Floats) -> Floats:
    square = np.square(light - 50)
    return 1 + 0.015 * square / np.sqrt(20 + square)


def _hue_scale(hue: Floats) -> Floats:
    return (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
