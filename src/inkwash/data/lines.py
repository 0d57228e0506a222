"""Line extractors: a colour picture in, line art out (ink 0, paper 255), one function each.

Every extractor takes RGB (H, W, 3) uint8 and a strength 0…1 (faint to bold) and gives (H, W) uint8.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Extractor = Callable[[Picture, float], Picture]

EXTRACTORS: dict[str, Extractor] = {}


def extractor(function: Extractor) -> Extractor:
    """Register a line extractor under its function's name."""
    EXTRACTORS[function.__name__] = function
    return function


@extractor
def divide(rgb: Picture, strength: float = 0.5) -> Picture:
    """Each channel over its dilation, the darkest channel kept: thin lines, no filled areas.

    The usual "divide by a brightened copy" of photo editors; the dilation is a 5×5 ellipse.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    smooth = cv2.GaussianBlur(rgb, (3, 3), 0.6).astype(np.float32) + 8.0
    ratio = _darkest(smooth / cv2.dilate(smooth, kernel))  # 1 on flats, small on lines
    low, high = 0.30 + 0.25 * strength, 0.78 + 0.17 * strength
    return _to_byte((ratio - low) / (high - low))


@extractor
def xdog(rgb: Picture, strength: float = 0.5) -> Picture:
    """Extended difference of Gaussians (Winnemöller et al. 2012), thresholded softly.

    The two Gaussians have σ = 0.6…1.0 and 1.6 σ; τ under 1 keeps flats white, so that only lines
    and borders of colour are drawn. The three channels are joined by their minimum.
    """
    sigma, tau, phi = 0.6 + 0.4 * strength, 0.985, 25.0 + 50.0 * strength
    picture = rgb.astype(np.float32) / 255.0
    fine = cv2.GaussianBlur(picture, (0, 0), sigma)
    coarse = cv2.GaussianBlur(picture, (0, 0), 1.6 * sigma)
    response = _darkest(fine - tau * coarse)
    epsilon = -0.012 + 0.012 * strength
    return _to_byte(np.where(response >= epsilon, 1.0, 1.0 + np.tanh(phi * (response - epsilon))))


def ink_coverage(line: Picture) -> float:
    """Mean darkness of line art, 0 (blank) … 1 (all ink)."""
    return float(1.0 - line.mean() / 255.0)


def _darkest(channels: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.minimum(np.minimum(channels[..., 0], channels[..., 1]), channels[..., 2])


def _to_byte(unit: NDArray[np.floating]) -> Picture:
    return np.clip(unit * 255.0 + 0.5, 0, 255).astype(np.uint8)
