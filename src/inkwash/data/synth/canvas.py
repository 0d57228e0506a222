"""Small helpers around skia's canvas and paint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import skia

from inkwash.data.synth.scene import Rgb


@contextmanager
def clipped(canvas: skia.Canvas, path: skia.Path | None, smooth: bool = True) -> Iterator[None]:
    """Within the block the canvas draws inside `path` only; None does not cut."""
    if path is None:
        yield
        return
    canvas.save()
    canvas.clipPath(path, doAntiAlias=smooth)
    try:
        yield
    finally:
        canvas.restore()


def plain(rgb: Rgb, blur: float = 0.0) -> skia.Paint:
    """A paint of one colour; `blur` in the units of the canvas."""
    paint = skia.Paint(AntiAlias=True, Color=skia.Color(*rgb))
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint
