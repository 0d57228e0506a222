"""Characters by lot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from inkwash.data.synth.character import Character, Hair

_OUTFITS = {
    "sailor": 0.16,
    "blazer": 0.18,
    "kimono": 0.1,
    "dress": 0.12,
    "hoodie": 0.11,
    "coat": 0.1,
    "sweater": 0.11,
    "tee": 0.1,
    "armour": 0.04,
    "tank": 0.05,
    "sundress": 0.05,
    "vest": 0.06,
    "pinafore": 0.05,
    "apron": 0.05,
    "overalls": 0.04,
}
_STURDY_OUTFITS = {
    "blazer": 0.26,
    "kimono": 0.12,
    "hoodie": 0.17,
    "coat": 0.15,
    "sweater": 0.12,
    "tee": 0.12,
    "armour": 0.06,
    "tank": 0.06,
    "vest": 0.08,
    "overalls": 0.05,
}


def random_character(rng: np.random.Generator) -> Character:
    """A character with every choice drawn by lot."""
    stance = _one(rng, still=0.3, apart=0.26, step=0.2, sit=0.15, run=0.09)
    age = _one(rng, child=0.16, teen=0.52, adult=0.24, elder=0.08)
    build = _one(rng, slender=0.62, sturdy=0.38)
    yaw = float(rng.choice([-2, 2])) if rng.random() < 0.08 else float(rng.uniform(-1, 1))
    lean = float(np.clip(rng.normal(0, 8), -15, 15)) if rng.random() < 0.3 else 0.0
    pose = _one(
        rng,
        down=0.33,
        wave=0.12,
        chest=0.1,
        hips=0.1,
        behind=0.08,
        hold=0.1,
        up=0.03,
        cross=0.06,
        open=0.05,
        greet=0.03,
        run=0.04,
    )
    if stance == "run":  # arms swing, and the body leans to where it goes
        pose, lean = "run", float(np.copysign(rng.uniform(2, 9), yaw))
    return Character(
        age=age,
        build=build,
        hair=_short_hair(rng) if build == "sturdy" and rng.random() < 0.85 else _hair(rng),
        eyes=_one(
            rng,
            round=0.3,
            almond=0.26,
            droopy=0.14,
            sharp=0.13,
            calm=0.05,
            closed=0.05,
            smiling=0.07,
        ),
        brows=_one(rng, soft=0.4, straight=0.22, raised=0.14, stern=0.14, worried=0.1),
        mouth=_one(
            rng, smile=0.3, open=0.22, flat=0.14, cat=0.06, small=0.14, frown=0.07, grin=0.07
        ),
        outfit=_one(rng, **(_OUTFITS if build == "slender" else _STURDY_OUTFITS)),
        head=float(rng.uniform(1.5, 2.0)) if rng.random() < 0.14 else float(rng.uniform(1.0, 1.12)),
        stance=stance,
        print=_one(rng, none=0.7, stripes=0.1, checks=0.08, dots=0.05, flowers=0.07),
        pose=pose,
        facing=_one(rng, front=0.94, away=0.06),
        yaw=yaw,
        pitch=float(rng.uniform(-0.6, 0.6)),
        tilt=float(rng.normal(0, 4.5)),
        lean=lean,
        gaze=(float(rng.uniform(-0.8, 0.8)), float(rng.uniform(-0.5, 0.6))),
        lashes=float(rng.uniform(0.4, 1.0) if build == "slender" else rng.uniform(0.0, 0.35)),
        blush=float(rng.choice([0.0, 0.35, 0.7])),
        ears=_one(rng, human=0.86, cat=0.05, fox=0.03, rabbit=0.02, elf=0.04),
        glasses=_one(rng, none=0.86, round=0.07, square=0.07),
        headwear=_one(
            rng,
            none=0.6,
            ribbon=0.1,
            band=0.06,
            hat=0.06,
            cap=0.04,
            flower=0.06,
            pins=0.06,
        ),
        seed=int(rng.integers(2**31)),
    )


def _hair(rng: np.random.Generator) -> Hair:
    hair = Hair(
        fringe=_one(
            rng, locks=0.34, straight=0.16, swept=0.18, centre=0.12, long=0.1, spiky=0.05, none=0.05
        ),
        sides=_one(rng, none=0.06, short=0.16, chin=0.42, long=0.36),
        back=_one(rng, short=0.14, bob=0.2, medium=0.17, long=0.3, wavy=0.13, curly=0.06),
        tail=_one(
            rng, none=0.55, ponytail=0.1, twin=0.11, side=0.05, buns=0.06, braid=0.06, braids=0.04
        ),
        locks=int(rng.integers(4, 9)),
        part=float(rng.choice([-0.5, -0.3, 0.0, 0.3, 0.5])),
        length=float(rng.uniform(0.75, 1.2)),
        volume=float(rng.uniform(0.8, 1.35)),
        fade=float(rng.choice([0.0, 0.0, 0.0, 0.3, -0.25])),
        wave=float(rng.choice([0.0, 0.0, 0.35, 0.9])),
        tufts=float(rng.choice([0.0, 0.0, 0.0, 0.3])),
        ahoge=bool(rng.random() < 0.12),
    )
    if hair.tail != "none" and hair.tail != "buns":
        return replace(hair, back="cropped")
    return hair


def _short_hair(rng: np.random.Generator) -> Hair:
    return Hair(
        fringe=_one(rng, locks=0.35, swept=0.25, centre=0.14, spiky=0.18, none=0.08),
        sides=_one(rng, none=0.3, short=0.7),
        back=_one(rng, cropped=0.6, short=0.33, curly=0.07),
        locks=int(rng.integers(4, 9)),
        part=float(rng.choice([-0.5, -0.3, 0.3, 0.5])),
        volume=float(rng.uniform(0.8, 1.4)),
        tufts=float(rng.choice([0.0, 0.3, 0.6, 1.0])),
        ahoge=bool(rng.random() < 0.06),
    )


def _one(rng: np.random.Generator, **chances: float) -> Any:
    """One of the names, by its chances."""
    names = list(chances)
    weights = np.fromiter(chances.values(), dtype=np.float64)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]
