"""Extractors that are a few filters: division, differences of Gaussians, pencil."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.lines.registry import Picture, compared, extractor


@extractor
def divide(rgb: Picture, strength: float = 0.5) -> Picture:
    """Each channel over its dilation, the darkest channel kept: thin lines, no filled areas.

    The usual "divide by a brightened copy" of photo editors; the dilation is a 5×5 ellipse.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    smooth = cv2.GaussianBlur(rgb, (3, 3), 0.6).astype(np.float32) + 8.0
    ratio = _darkest(smooth / cv2.dilate(smooth, kernel))  # 1 on flats, small on lines
    low, high = 0.30 + 0.25 * strength, 0.78 + 0.17 * strength
    return to_byte((ratio - low) / (high - low))


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
    return to_byte(np.where(response >= epsilon, 1.0, 1.0 + np.tanh(phi * (response - epsilon))))


@compared
def pencil(rgb: Picture, strength: float = 0.5) -> Picture:
    """OpenCV's pencil sketch after its edge-preserving filter (Gastal & Oliveira 2011).

    What the 2019 reimplementers tried first, with their sigma_r 0.09 and shade 0.05 at strength
    0.5. It keeps tones as grey, which line art does not have, so training does not draw from it.
    """
    shade = 0.01 + 0.08 * (1.0 - strength)  # a brighter shade is a fainter drawing
    framed = cv2.copyMakeBorder(rgb, 1, 1, 1, 1, cv2.BORDER_REPLICATE)  # it blots the corner
    smooth = cv2.edgePreservingFilter(framed, flags=cv2.RECURS_FILTER, sigma_s=60, sigma_r=0.09)
    grey, _ = cv2.pencilSketch(smooth, sigma_s=60, sigma_r=0.09, shade_factor=shade)
    return np.ascontiguousarray(grey[1:-1, 1:-1], np.uint8)


def ink_coverage(line: Picture) -> float:
    """Mean darkness of line art, 0 (blank) … 1 (all ink)."""
    return float(1.0 - line.mean() / 255.0)


def _darkest(channels: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.minimum(np.minimum(channels[..., 0], channels[..., 1]), channels[..., 2])


def to_byte(unit: NDArray[np.floating]) -> Picture:
    """0…1 to 0…255, cut at both ends."""
    return np.clip(unit * 255.0 + 0.5, 0, 255).astype(np.uint8)
