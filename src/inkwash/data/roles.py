"""What a colour may be for: the roles of palettes, and the parts of drawn pictures they cover."""

from __future__ import annotations

from inkwash.palettes import EYE_WHITE

# What weights remember of pictures; the whites of eyes are white in all of them.
REMEMBERED = ("skin", "hair", "eyes", "top", "bottom", "accent", "background", "sky")
ROLES = (*REMEMBERED, EYE_WHITE)

# Names that the drawing code gives to regions; what is not here (mouths, highlights) has no role.
_PARTS = {
    "skin": ("skin",),
    "hair": ("hair", "brow"),
    "eyes": ("iris",),
    "top": ("top", "shirt", "hood", "lapel", "cape"),
    "bottom": ("trousers", "skirt", "socks", "shoes"),
    "accent": ("ribbon", "tie", "obi", "hat", "trim", "prop", "flower", "print", "collar"),
    "background": (
        *("wall", "side wall", "ceiling", "paper", "pattern", "floor", "board"),
        *("building", "tower", "road", "path", "sand", "hill"),
    ),
    "sky": ("sky",),
    EYE_WHITE: ("eye white",),
}


def role_index(part: str) -> int:
    """1 + the place in ROLES of the role that a drawn part has, 0 for none."""
    base = part.rstrip("0123456789 ")
    for index, role in enumerate(ROLES):
        if base in _PARTS[role]:
            return index + 1
    return 0
