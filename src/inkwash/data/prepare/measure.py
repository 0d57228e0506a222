"""How colourful a picture is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def colourfulness(rgb: NDArray[np.uint8]) -> float:
    """M of Hasler & Süsstrunk 2003 for RGB (H, W, 3): 0 grey, 15 slightly, 45 quite, 80 highly.

    M = √(σ²(rg) + σ²(yb)) + 0.3 √(μ²(rg) + μ²(yb)), rg = R - G, yb = (R + G) / 2 - B.
    """
    channels = rgb.astype(np.float32)
    red, green, blue = channels[..., 0], channels[..., 1], channels[..., 2]
    rg, yb = red - green, (red + green) * 0.5 - blue
    (rg_mean, rg_deviation), (yb_mean, yb_deviation) = map(_statistics, (rg, yb))
    return float(np.hypot(rg_deviation, yb_deviation) + 0.3 * np.hypot(rg_mean, yb_mean))


def _statistics(values: NDArray[np.float32]) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(values)
    return float(mean[0, 0]), float(deviation[0, 0])
