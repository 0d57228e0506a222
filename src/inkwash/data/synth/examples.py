"""Six hand-picked pictures: the sketches that the documentation and the studio show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.drawing import Drawing, portrait
from inkwash.data.synth.look import AMBIENTS, Look
from inkwash.data.synth.scene import Rgb


@dataclass(frozen=True, kw_only=True)
class _Example:
    character: Character
    crop: str = "bust"
    ground: str = "paper"
    ambient: str = "day"
    colours: Mapping[str, Rgb]
    seed: int = 0


_EXAMPLES = {
    "schoolgirl": _Example(
        character=Character(
            hair=Hair(fringe="locks", sides="chin", back="long", locks=6, part=0.3, wave=0.35),
            eyes="round",
            mouth="smile",
            outfit="sailor",
            headwear="ribbon",
            yaw=0.45,
            tilt=4.0,
            gaze=(0.1, 0.0),
            lashes=0.8,
            seed=5,
        ),
        colours={
            "skin": (255, 232, 216),
            "hair": (92, 66, 58),
            "brow": (92, 60, 54),
            "iris": (86, 150, 196),
            "shirt": (250, 250, 252),
            "collar": (48, 66, 116),
            "tie": (206, 62, 70),
            "ribbon": (206, 62, 70),
        },
        ground="sky",
        seed=3,
    ),
    "gift": _Example(
        character=Character(
            age="adult",
            hair=Hair(fringe="swept", sides="short", back="bob", locks=5, part=-0.5),
            eyes="droopy",
            mouth="small",
            outfit="sweater",
            pose="hold",
            glasses="round",
            yaw=-0.35,
            pitch=-0.3,
            gaze=(0.0, 0.4),
            seed=12,
        ),
        colours={
            "skin": (166, 116, 86),
            "hair": (52, 40, 42),
            "brow": (44, 32, 34),
            "iris": (128, 84, 56),
            "top": (196, 152, 96),
            "shirt": (250, 246, 238),
            "flower": (232, 120, 112),
            "prop": (96, 120, 104),
            "wrapping": (244, 232, 212),
            "glasses": (110, 70, 52),
        },
        crop="half",
        ground="shelf",
        ambient="indoor",
        seed=4,
    ),
    "kimono": _Example(
        character=Character(
            hair=Hair(fringe="straight", sides="chin", back="short", tail="buns", locks=7),
            eyes="almond",
            mouth="smile",
            outfit="kimono",
            pose="chest",
            headwear="flower",
            yaw=0.3,
            tilt=-3.0,
            lashes=0.9,
            seed=21,
        ),
        colours={
            "skin": (255, 234, 222),
            "hair": (44, 42, 58),
            "brow": (44, 40, 52),
            "iris": (150, 98, 170),
            "top": (122, 108, 176),
            "collar": (250, 244, 240),
            "obi": (232, 186, 104),
            "ribbon": (236, 128, 146),
            "button": (250, 222, 130),
        },
        crop="half",
        seed=8,
    ),
    "boy": _Example(
        character=Character(
            build="sturdy",
            hair=Hair(fringe="spiky", sides="short", back="cropped", locks=7, tufts=0.8),
            eyes="sharp",
            brows="stern",
            mouth="grin",
            outfit="hoodie",
            pose="wave",
            yaw=-0.5,
            lashes=0.1,
            blush=0.0,
            seed=33,
        ),
        colours={
            "skin": (240, 200, 168),
            "hair": (206, 112, 66),
            "brow": (130, 64, 40),
            "iris": (86, 140, 98),
            "top": (70, 96, 108),
            "hood": (56, 76, 88),
            "trousers": (54, 54, 66),
        },
        crop="half",
        ground="street",
        seed=11,
    ),
    "twin_tails": _Example(
        character=Character(
            hair=Hair(sides="chin", back="cropped", tail="twin", locks=7, wave=0.35),
            eyes="round",
            mouth="open",
            outfit="blazer",
            pose="hips",
            yaw=-0.2,
            tilt=-5.0,
            lashes=0.7,
            blush=0.6,
            seed=44,
        ),
        colours={
            "skin": (254, 228, 210),
            "hair": (244, 212, 134),
            "brow": (180, 130, 70),
            "iris": (86, 132, 206),
            "top": (58, 62, 98),
            "lapel": (52, 56, 90),
            "shirt": (252, 252, 252),
            "tie": (214, 72, 92),
            "ribbon": (214, 72, 92),
            "skirt": (150, 70, 84),
            "button": (240, 208, 120),
        },
        crop="half",
        seed=15,
    ),
    "walker": _Example(
        character=Character(
            age="adult",
            hair=Hair(fringe="none", sides="none", back="curly", volume=0.8),
            eyes="almond",
            brows="soft",
            mouth="open",
            outfit="coat",
            pose="behind",
            yaw=0.35,
            lashes=0.6,
            seed=52,
        ),
        colours={
            "skin": (124, 84, 64),
            "hair": (50, 38, 40),
            "brow": (36, 28, 30),
            "iris": (122, 78, 48),
            "top": (188, 84, 70),
            "lapel": (172, 74, 64),
            "shirt": (250, 240, 222),
            "button": (244, 214, 140),
            "trousers": (62, 66, 84),
        },
        ground="forest",
        seed=30,
    ),
}


def examples(size: int | tuple[int, int] = (1024, 1448)) -> dict[str, Drawing]:
    """Name → drawing. Raises BadConfig for a size that cannot be drawn."""
    return {name: _drawn(example, size) for name, example in _EXAMPLES.items()}


def _drawn(example: _Example, size: int | tuple[int, int]) -> Drawing:
    look = Look(shading="cel2", pen=0.0036, line_colour=0.45, ambient=AMBIENTS[example.ambient])
    return portrait(
        example.character,
        size,
        crop=example.crop,
        ground=example.ground,
        ambient=example.ambient,
        colours=example.colours,
        look=look,
        seed=example.seed,
    )
