"""Colour by role: skin of all tones, hair from natural to fancy, clothes in harmony."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inkwash.data.synth.character import Character
from inkwash.data.synth.colours import common_hue, dyed, from_hsv, mixed, multiplied
from inkwash.data.synth.scene import Rgb

SKINS: tuple[Rgb, ...] = (
    (255, 236, 222),
    (254, 228, 210),
    (250, 219, 196),
    (240, 200, 170),
    (222, 174, 138),
    (190, 138, 104),
    (150, 104, 78),
    (112, 76, 58),
)
HAIRS: tuple[Rgb, ...] = (
    (38, 34, 42),
    (58, 42, 40),
    (98, 64, 48),
    (142, 92, 58),
    (196, 150, 92),
    (240, 208, 132),
    (226, 226, 236),
    (170, 176, 196),
    (150, 48, 46),
    (206, 96, 64),
    (238, 160, 184),
    (148, 116, 186),
    (84, 100, 178),
    (124, 182, 226),
    (100, 178, 150),
    (60, 72, 104),
)
_HAIR_WEIGHTS = np.array([10, 9, 9, 9, 9, 12, 6, 4, 4, 6, 5, 3, 4, 9, 5, 4], dtype=np.float64)
_DARKS: tuple[Rgb, ...] = (
    (30, 38, 74),
    (40, 36, 44),
    (58, 28, 38),
    (30, 54, 56),
    (62, 62, 74),
    (24, 26, 32),
)


def palette_of(character: Character, rng: np.random.Generator) -> dict[str, Rgb]:
    """Role → colour of one character."""
    skin = _skin(rng)
    hair = _hair(character, skin, rng)
    cloth = _clothes(hair, rng)
    iris = from_hsv(_iris_hue(rng), rng.uniform(0.45, 0.8), rng.uniform(0.62, 0.9))
    accent = cloth["tie"]
    return {
        "skin": skin,
        "hair": hair,
        "brow": mixed(multiplied(hair, (0.7, 0.66, 0.66)), (60, 44, 44), 0.25),
        "iris": iris,
        "pupil": multiplied(iris, (0.25, 0.2, 0.3)),
        "highlight": (255, 255, 255),
        "eye white": (252, 252, 253),
        "lash": (40, 32, 38),
        "mouth": (172, 70, 72),
        "tongue": (232, 130, 124),
        "teeth": (253, 252, 250),
        "blush": mixed((250, 120, 110), skin, 0.25),
        "ribbon": accent if rng.random() < 0.6 else dyed(common_hue(rng), 0.75, 0.85),
        "ear inner": mixed((244, 178, 172), hair, 0.25),
        "glasses": (70, 60, 70) if rng.random() < 0.6 else from_hsv(rng.random(), 0.6, 0.6),
        "prop": dyed(common_hue(rng), rng.uniform(0.45, 0.85), rng.uniform(0.6, 0.9)),
        "flower": from_hsv(rng.uniform(0.86, 1.16), rng.uniform(0.35, 0.75), 0.97),
        "leaf": from_hsv(rng.uniform(0.26, 0.38), 0.5, 0.65),
        "wrapping": from_hsv(rng.random(), 0.12, 0.98),
        "seat": from_hsv(rng.uniform(0.04, 0.12), rng.uniform(0.2, 0.65), rng.uniform(0.35, 0.9)),
        "drink": (116, 76, 56),
        **cloth,
    }


def _skin(rng: np.random.Generator) -> Rgb:
    weights = np.array([5, 7, 7, 4, 3, 2.5, 2.2, 1.6])
    base = SKINS[rng.choice(len(SKINS), p=weights / weights.sum())]
    return multiplied(base, rng.uniform(0.97, 1.01, 3) * (1.0, 1.01, 0.975))


def _hair(character: Character, skin: Rgb, rng: np.random.Generator) -> Rgb:
    weights = _HAIR_WEIGHTS.copy()
    if sum(skin) < 480:
        weights[:4] *= 4
    if character.age == "elder":
        weights[:] = 0.01
        weights[[6, 7]] = 1
    base = HAIRS[rng.choice(len(HAIRS), p=weights / weights.sum())]
    return multiplied(base, rng.uniform(0.93, 1.06, 3))


def _iris_hue(rng: np.random.Generator) -> float:
    hues = (0.07, 0.58, 0.62, 0.42, 0.98, 0.76, 0.11, 0.52)
    return float(rng.choice(hues) + rng.uniform(-0.03, 0.03))


def _clothes(hair: Rgb, rng: np.random.Generator) -> dict[str, Rgb]:
    hue = _harmonic_hue(hair, rng)
    main = dyed(hue, rng.uniform(0.3, 0.95), rng.uniform(0.45, 1.0))
    if rng.random() < 0.2:
        main = dyed(hue, rng.uniform(0.02, 0.2), rng.uniform(0.88, 1.0))
    elif rng.random() < 0.25:
        main = multiplied(_DARKS[rng.integers(len(_DARKS))], rng.uniform(0.9, 1.15, 3))
    accent = dyed(
        common_hue(rng) if rng.random() < 0.5 else hue + rng.choice([0.0, 0.5, 0.42, 0.58]),
        rng.uniform(0.55, 0.85),
        rng.uniform(0.65, 0.92),
    )
    light = from_hsv(hue, rng.uniform(0.0, 0.08), rng.uniform(0.93, 1.0))
    dark = mixed(multiplied(main, (0.6, 0.6, 0.66)), (50, 46, 60), 0.3)
    return {
        "top": main,
        "shirt": light,
        "collar": main if rng.random() < 0.5 else (light if sum(main) < 420 else dark),
        "lapel": multiplied(main, (0.93, 0.93, 0.95)),
        "hood": multiplied(main, (0.82, 0.80, 0.86)),
        "tie": accent,
        "obi": accent,
        "print": _print_colour(main, accent, light, rng),
        "button": (236, 204, 120) if rng.random() < 0.5 else light,
        "skirt": dark if rng.random() < 0.6 else main,
        "trousers": dark,
        "socks": light if rng.random() < 0.5 else (60, 56, 66),
        "shoes": (96, 62, 52) if rng.random() < 0.5 else (52, 50, 60),
        "hat": accent if rng.random() < 0.4 else mixed(main, (250, 244, 230), 0.5),
        "metal": multiplied((196, 204, 218), [rng.uniform(0.6, 1.1)] * 3),
        "trim": (226, 186, 104) if rng.random() < 0.6 else accent,
        "cape": multiplied(accent, (0.8, 0.78, 0.84)),
    }


def _print_colour(main: Rgb, accent: Rgb, light: Rgb, rng: np.random.Generator) -> Rgb:
    if rng.random() < 0.4:
        return accent
    return light if sum(main) < 480 else multiplied(main, (0.7, 0.72, 0.78))


def _harmonic_hue(hair: Rgb, rng: np.random.Generator) -> float:
    import colorsys

    hue, saturation, _ = colorsys.rgb_to_hsv(*(c / 255 for c in hair))
    if saturation < 0.25:
        return common_hue(rng)
    if rng.random() < 0.6:
        return common_hue(rng)
    return float(hue + rng.choice([0.0, 0.08, -0.08, 0.5, 0.42, 0.58]))


def merged(palettes: list[Mapping[str, Rgb]]) -> dict[str, Rgb]:
    """Role → colour; the first palette that has a role decides."""
    result: dict[str, Rgb] = {}
    for palette in palettes:
        for role, rgb in palette.items():
            result.setdefault(role, rgb)
    return result
