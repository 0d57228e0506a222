"""Line art for tests, drawn here: a head with hair, a solid collar and some thin strokes."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def line_drawing(width: int = 240, height: int = 320) -> NDArray[np.uint8]:
    """(height, width) anti-aliased black ink on pure white paper, a few percent of it black."""
    image = Image.new("L", (2 * width, 2 * height), 255)
    draw = ImageDraw.Draw(image)
    centre, unit = width, width // 10
    draw.ellipse((centre - 5 * unit, 2 * unit, centre + 5 * unit, 14 * unit), outline=0, width=4)
    for eye in (centre - 2 * unit, centre + 2 * unit):
        draw.ellipse((eye - unit, 7 * unit, eye + unit, 9 * unit), outline=0, width=3)
    for lock in range(-4, 5):
        draw.line((centre, 2 * unit, centre + lock * unit, 6 * unit), fill=0, width=2)
    draw.polygon(
        [(centre, 15 * unit), (centre - 3 * unit, 19 * unit), (centre + 3 * unit, 19 * unit)],
        fill=0,
    )
    draw.line((unit, 22 * unit, 18 * unit, 20 * unit), fill=90, width=2)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX)).copy()
