"""Honest variety from few pictures: crops, flips, worn lines, and hues that leave skin alone."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.lines import EXTRACTORS

Picture = NDArray[np.uint8]


def crop_box(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[int, int, int]:
    """Left, top and side of a square crop; larger than the short side now and then.

    A third of the crops hold the whole picture (the missing part becomes white), the rest 60-100 %
    of the short side.
    """
    height, width = shape[:2]
    short, long = min(height, width), max(height, width)
    whole = rng.random() < 0.3
    side = int(min(long, short * 1.6) if whole else short * rng.uniform(0.6, 1.0))
    left = int(rng.integers(min(0, width - side), max(0, width - side) + 1))
    top = int(rng.integers(min(0, height - side), max(0, height - side) + 1))
    return left, top, max(side, 16)


def cut(picture: Picture, left: int, top: int, side: int) -> Picture:
    """A square of `side` pixels; what lies outside the picture is white."""
    height, width = picture.shape[:2]
    inside = picture[max(0, top) : min(height, top + side), max(0, left) : min(width, left + side)]
    if inside.shape[:2] == (side, side):
        return inside
    out = np.full((side, side, *picture.shape[2:]), 255, np.uint8)
    y, x = max(0, -top), max(0, -left)
    out[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return out


def resize(picture: Picture, side: int) -> Picture:
    """Square picture to `side` pixels."""
    mode = cv2.INTER_AREA if picture.shape[0] > side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (side, side), interpolation=mode), np.uint8)


def draw_lines(rgb: Picture, rng: np.random.Generator) -> Picture:
    """Line art by a random extractor at a random strength."""
    name = rng.choice(sorted(EXTRACTORS))
    return EXTRACTORS[name](rgb, float(rng.random()))


def wear_lines(line: Picture, rng: np.random.Generator) -> Picture:
    """Thicker, thinner, fainter or broken lines, as drawings that people bring have them."""
    kind = rng.random()
    if kind < 0.15:
        line = np.asarray(cv2.erode(line, np.ones((2, 2), np.uint8)), np.uint8)
    elif kind < 0.3:
        line = (255 - (255 - line) * rng.uniform(0.4, 0.9)).astype(np.uint8)
    if rng.random() < 0.3:
        line = break_lines(line, rng)
    return line


def break_lines(line: Picture, rng: np.random.Generator) -> Picture:
    """White gaps of 1-2 % of the side, at random places."""
    line = line.copy()
    side = line.shape[0]
    for _ in range(int(rng.integers(3, 15))):
        x, y = rng.integers(0, side, 2)
        cv2.circle(line, (int(x), int(y)), max(1, round(side * 0.01)), 255, -1)
    return line


def is_skin(lab: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Colours (…, 3) in Lab that may be skin of any tone: warm, moderate chroma, not dark."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    hue = np.degrees(np.arctan2(b, a))
    chroma = np.hypot(a, b)
    return (hue > 20) & (hue < 80) & (chroma > 8) & (chroma < 42) & (lightness > 30)


def recolour(
    lab: NDArray[np.float32],
    clusters: NDArray[np.integer],
    centres: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """New hues, chromas and lightness for the colours of a picture.

    lab (H, W, 3), clusters (H, W) indices into centres (P, 3). One turn for the whole picture or
    one for each colour; skin keeps its hue unless a dice says otherwise.
    """
    count = len(centres)
    same = rng.random() < 0.5
    turn = np.full(count, rng.uniform(-180, 180)) if same else rng.uniform(-180, 180, count)
    turn[rng.random(count) < 0.3 * (not same)] = 0
    if rng.random() < 0.85:
        turn[is_skin(centres)] = rng.normal(0, 4)
    chroma = np.exp(rng.normal(0.05, 0.25, count))
    lift = rng.normal(0, 6, count)
    angle = np.radians(turn)
    cos, sin = (chroma * np.cos(angle))[clusters], (chroma * np.sin(angle))[clusters]
    a, b = lab[..., 1], lab[..., 2]
    lightness = np.clip(lab[..., 0] + lift[clusters] * (lab[..., 0] < 97), 0, 100)
    return np.stack([lightness, a * cos - b * sin, a * sin + b * cos], axis=2).astype(np.float32)
