"""inkwash colours line art: a sketch goes in, nine complete colourings come out.

    >>> import inkwash
    >>> painting = inkwash.paint("sketch.png")
    >>> inkwash.save(painting, "painted", ["png", "psd"])

Everything is loaded at its first use, so that importing costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkwash.document import render
    from inkwash.export import save
    from inkwash.painter import Painter, PaintRequest
    from inkwash.regions import segment
    from inkwash.settle import Painting
    from inkwash.sketch import Sketch, read

__version__ = "0.1.0"

_HOMES = {
    "PaintRequest": "inkwash.painter",
    "Painter": "inkwash.painter",
    "Painting": "inkwash.settle",
    "Sketch": "inkwash.sketch",
    "read": "inkwash.sketch",
    "render": "inkwash.document",
    "save": "inkwash.export",
    "segment": "inkwash.regions",
}

__all__ = [
    "PaintRequest",
    "Painter",
    "Painting",
    "Sketch",
    "paint",
    "read",
    "render",
    "save",
    "segment",
]


def paint(source: object, **wishes: Any) -> Painting:
    """Colour one sketch with the embedded weights; `wishes` are fields of `PaintRequest`.

    source: a path, bytes, an array, a PIL image or a Sketch. For many sketches make a `Painter`.
    """
    from inkwash.painter import Painter

    return Painter.load().paint(source, **wishes)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'inkwash' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
