"""Fringes: how the hair ends over the forehead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.character import Hair
from inkwash.data.synth.curves import Points, spline
from inkwash.data.synth.hair.locks import curls, zigzag
from inkwash.data.synth.head import Head

Angles = NDArray[np.float64]
RADIUS = 1.03  # of the head with its hair


@dataclass(frozen=True)
class Fringe:
    """The lower edge of the hair over the forehead."""

    edge: Points  # from the left temple to the right one
    notches: Points  # (n - 1, 2) between the locks


def temples(head: Head) -> tuple[float, float]:
    """The visible angles of the two temples, left and right."""
    turn = float(np.clip(head.yaw, -2.0, 2.0)) * 0.5
    reach = 1.22
    return max(-reach + turn, -1.40), min(reach + turn, 1.40)


def on_skull(angles: Angles, v: Angles, head: Head) -> Points:
    """Points (n, 2) on the hair at angles to the side and heights `v`."""
    nod = head.pitch * 0.10 * np.cos(angles)
    return np.stack([RADIUS * np.sin(angles), v - nod], axis=1)


def fringe(hair: Hair, head: Head, rng: np.random.Generator) -> Fringe:
    """The fringe in its style."""
    left, right = temples(head)
    if hair.fringe == "none" or hair.back == "curly":
        return _hairline(hair, head, rng)
    count = hair.locks
    spread = np.linspace(-1, 1, count + 1)
    spread[1:-1] += rng.uniform(-0.25, 0.25, count - 1) / count
    middle = (spread[:-1] + spread[1:]) / 2
    lean = _lean(hair, middle) * 0.9 / count
    tip_v, notch_v = _heights(hair, middle, spread, head, rng)
    to_angle = lambda s: left + (np.clip(s, -1, 1) + 1) / 2 * (right - left)  # noqa: E731
    notches = on_skull(to_angle(spread), notch_v, head)
    tips = on_skull(to_angle(middle + lean), tip_v, head)
    bow = -np.sign(lean + 1e-9) * np.clip(np.abs(lean) * count * 0.16, 0.02, 0.16)
    edge = zigzag(notches, tips, bow)
    return Fringe(edge, notches[1:-1])


def _lean(hair: Hair, middle: Angles) -> Angles:
    """How far each tip leans, in locks: away from the parting."""
    away = np.sign(middle - hair.part) * np.minimum(np.abs(middle - hair.part) * 1.4 + 0.15, 1.0)
    if hair.fringe == "straight":
        return away * 0.25
    if hair.fringe == "swept":
        return np.full_like(middle, -np.sign(hair.part or 1.0) * 1.15)
    if hair.fringe == "centre":
        return away * 1.3
    return away * 0.75


def _heights(
    hair: Hair, middle: Angles, spread: Angles, head: Head, rng: np.random.Generator
) -> tuple[Angles, Angles]:
    """How low the tips (n,) and the notches between them (n + 1,) are."""
    lid = head.eye_line - head.eye_height
    jitter = rng.uniform(-1, 1, len(middle))
    outward = np.abs(middle)
    kind = hair.fringe
    if kind == "straight":
        tips = lid - 0.02 + 0.10 * outward**2 + jitter * 0.015
        depth = 0.07 + 0.03 * rng.random(len(spread))
    elif kind == "swept":
        away = np.abs(middle - hair.part) / 2
        tips = lid - 0.12 + 0.40 * away + jitter * 0.05
        depth = 0.22 + 0.14 * rng.random(len(spread))
    elif kind == "centre":
        away = np.abs(middle - hair.part)
        tips = lid - 0.10 + 0.62 * away + jitter * 0.05
        depth = (
            0.28 + 0.1 * rng.random(len(spread)) + 0.45 * np.exp(-(((spread - hair.part) * 4) ** 2))
        )
    elif kind == "spiky":
        tips = lid - 0.02 + 0.20 * outward**2 + jitter * 0.13
        depth = 0.26 + 0.18 * rng.random(len(spread))
    else:
        tips = lid + 0.03 + 0.34 * outward**2.5 + jitter * 0.06
        depth = 0.20 + 0.14 * rng.random(len(spread))
        if kind == "long":
            tips = np.where(np.abs(middle - 0.0) < 1.1 / hair.locks, lid + 0.42, tips)
    neighbours = np.concatenate([tips[:1], np.minimum(tips[:-1], tips[1:]), tips[-1:]])
    notches = neighbours - depth
    notches[0], notches[-1] = tips[0] + 0.02, tips[-1] + 0.02
    return tips, notches


def _hairline(hair: Hair, head: Head, rng: np.random.Generator) -> Fringe:
    """No fringe: hair combed back from the forehead."""
    left, right = temples(head)
    s = np.linspace(-1, 1, 9)
    peak = -0.42 + 0.52 * np.abs(s) ** 2.2 + 0.05 * np.exp(-((s * 5) ** 2))
    points = on_skull(left + (s + 1) / 2 * (right - left), peak, head)
    edge = curls(points, -0.2, rng) if hair.back == "curly" else spline(points)
    return Fringe(edge, points[[2, 4, 6]] if hair.back != "curly" else points[:0])
