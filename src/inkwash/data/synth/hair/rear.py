"""The hair of a head that looks away from us."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkwash.data.synth.character import Character
from inkwash.data.synth.curves import Points, ellipse, path, spline
from inkwash.data.synth.hair.back import back_hair
from inkwash.data.synth.hair.locks import crown, skull, strand_lines
from inkwash.data.synth.hair.shine import shine, strand_shadows
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke


def rear_hair(character: Character, head: Head, rng: np.random.Generator) -> list[Shape]:
    """The whole head from behind, down to the tips."""
    hair = character.hair
    mass = back_hair(character, head, rng)[0]
    if hair.back == "curly":
        return [replace(mass, shadows=())]
    cap = skull(head, hair.volume)
    over = cap if head.side > 0 else cap[::-1]
    roots = _roots(head, rng)
    top = crown(head, hair.part * 0.5) * (1.0, 0.86)
    short = hair.back in ("cropped", "short", "bob")
    nape = [path(ellipse((0.0, 1.45), 0.9, 0.45))] if short else []
    whole = replace(
        mass,
        outline=[*mass.outline, Stroke(spline(over[1:8]), (0.9, 1.15, 0.9))],
        strokes=[*mass.strokes, *strand_lines(rng, roots, top, 0.3, 0.85)],
        shadows=[*strand_shadows(roots, top, rng), *nape],
        deep=strand_shadows(roots[::2], top, rng, 0.022),
        lights=shine(hair, head, rng),
    )
    return [whole]


def _roots(head: Head, rng: np.random.Generator) -> Points:
    """Where strands are seen to part at the back of the head (n, 2)."""
    x = np.linspace(-0.8, 0.8, 7) + rng.uniform(-0.08, 0.08, 7)
    y = 0.55 - 0.5 * np.abs(x) + rng.uniform(-0.25, 0.15, 7) - 0.05 * head.pitch
    return np.stack([x, y], axis=1)
