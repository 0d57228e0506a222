"""What a character is: every choice that the body parts are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Age = Literal["child", "teen", "adult", "elder"]
Build = Literal["slender", "sturdy"]
Fringe = Literal["locks", "straight", "swept", "centre", "long", "spiky", "none"]
Sides = Literal["none", "short", "chin", "long"]
Back = Literal["cropped", "short", "bob", "medium", "long", "wavy", "curly"]
Tail = Literal["none", "ponytail", "twin", "low twin", "side", "buns", "braid", "braids"]
Eyes = Literal["round", "almond", "droopy", "sharp", "calm", "closed", "smiling"]
Mouth = Literal["smile", "open", "flat", "cat", "small", "frown", "grin"]
Brows = Literal["soft", "straight", "raised", "stern", "worried"]
Outfit = Literal[
    "sailor",
    "blazer",
    "kimono",
    "dress",
    "hoodie",
    "coat",
    "sweater",
    "tee",
    "armour",
    "tank",
    "sundress",
    "vest",
    "pinafore",
    "apron",
    "overalls",
]
Pattern = Literal["none", "stripes", "checks", "dots", "flowers"]
Stance = Literal["still", "apart", "step", "run", "sit"]
Pose = Literal[
    "down", "wave", "chest", "hips", "behind", "hold", "up", "cross", "open", "greet", "run"
]


@dataclass(frozen=True, kw_only=True)
class Hair:
    """A hair style: fringe × sides × back × tail."""

    fringe: Fringe = "locks"
    sides: Sides = "chin"
    back: Back = "long"
    tail: Tail = "none"
    locks: int = 6
    """Locks of the fringe, 3…9."""
    part: float = 0.0
    """Where the hair parts: -1 is the left temple, 1 the right."""
    length: float = 1.0
    """Stretches the back and the tails."""
    volume: float = 1.0
    """How far the hair stands off the skull, 0.6…1.5."""
    wave: float = 0.0
    """0: straight; 1: strong waves."""
    tufts: float = 0.0
    """Tufts that stand off the head: 0 none, 1 wild."""
    fade: float = 0.0
    """How much lighter (or darker, under 0) the ends are than the crown."""
    ahoge: bool = False


@dataclass(frozen=True, kw_only=True)
class Character:
    """One person."""

    age: Age = "teen"
    build: Build = "slender"
    hair: Hair = Hair()
    eyes: Eyes = "round"
    brows: Brows = "soft"
    mouth: Mouth = "smile"
    outfit: Outfit = "sailor"
    print: Pattern = "none"
    head: float = 1.0
    """Size of the head against the body, 1…2: what makes a figure a chibi."""
    stance: Stance = "still"
    pose: Pose = "down"
    facing: Literal["front", "away"] = "front"
    """Away: seen from behind."""
    yaw: float = 0.3
    """-1: three-quarter to the left; 0: front; 1: three-quarter to the right; ±2: in profile."""
    pitch: float = 0.0
    """-1: looks down; 1: looks up."""
    tilt: float = 0.0
    """Degrees the head leans to the right."""
    lean: float = 0.0
    """Degrees the whole figure leans to the right."""
    gaze: tuple[float, float] = (0.0, 0.0)
    """Where the irises go, -1…1."""
    lashes: float = 0.5
    """0: none; 1: full."""
    blush: float = 0.3
    ears: Literal["human", "cat", "fox", "rabbit", "elf"] = "human"
    glasses: Literal["none", "round", "square"] = "none"
    headwear: Literal["none", "ribbon", "band", "hat", "cap", "flower", "pins"] = "none"
    seed: int = 0
    """Of the small differences: the tips of the locks, the folds."""
