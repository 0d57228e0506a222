"""The hair on the head: cap, fringe and side locks as one united shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from ..character import Character, Hair
from ..curves import Points, at, band, chain, path, polygon, sample, spline
from ..head import Head
from ..scene import Shape, Stroke
from .locks import Lock, crown, curls, lock, skull, strand, strand_lines, wavy, zigzag

_RADIUS = 1.03


def front_hair(character: Character, head: Head, rng: np.random.Generator) -> list[Shape]:
    """Cap and fringe, then the locks at the sides."""
    hair = character.hair
    cap = skull(head, hair.volume)
    top = crown(head, hair.part)
    fringe = _fringe(hair, head, rng)
    locks = _side_locks(hair, head, rng)
    over = curls(cap[:, :], 0.22, rng) if hair.back == "curly" else spline(cap)
    edge = fringe.edge if head.side > 0 else fringe.edge[::-1]
    near, far = _ends(over, edge, rng)
    contour = chain(over, far, edge[::-1], near)
    shape = Shape(
        role="hair",
        path=path(contour, *(lock.contour for lock in locks)),
        group="hair",
        outline=[
            Stroke(over, (0.8, 1.15, 0.8)),
            Stroke(fringe.edge, (1.0, 1.0)),
            Stroke(near),
            Stroke(far),
        ]
        + [Stroke(side, (0.5, 1.0, 0.5)) for lock in locks for side in (lock.left, lock.right)],
        strokes=[
            *strand_lines(rng, fringe.notches, top, 0.25, 0.8),
            *_side_lines(locks),
            *_crown_lines(cap, top, rng),
        ],
        shadows=[*_strand_shadows(fringe.notches, top, rng), *_side_shadows(locks)],
        deep=_strand_shadows(fringe.notches[::2], top, rng, 0.022),
        lights=_ring(hair, head, rng),
        turn=0.10,
    )
    return [shape, *([_ahoge(top, head, rng)] if hair.ahoge else [])]


def _ends(over: Points, edge: Points, rng: np.random.Generator) -> tuple[Points, Points]:
    """The tips between the fringe and the contour of the head, at the near and the far ear."""
    return _tuft(edge[0], over[0], rng), _tuft(over[-1], edge[-1], rng)


def _tuft(start: Points, end: Points, rng: np.random.Generator) -> Points:
    count = 2 if np.hypot(*(end - start)) > 0.25 else 1
    t = np.linspace(0, 1, count + 1)[:, None]
    notches = start + (end - start) * t
    tips = (notches[:-1] + notches[1:]) / 2
    tips[:, 1] = np.maximum(notches[:-1, 1], notches[1:, 1]) + rng.uniform(0.06, 0.22, count)
    tips[:, 0] *= 0.96
    return zigzag(notches, tips, np.zeros(count))


@dataclass(frozen=True)
class _Fringe:
    edge: Points  # from the left temple to the right one
    notches: Points  # (n - 1, 2) between the locks


def _angles(head: Head) -> tuple[float, float]:
    """The visible angles of the two temples, left and right."""
    turn = head.yaw * 0.5
    reach = 1.22
    return max(-reach + turn, -1.40), min(reach + turn, 1.40)


def _on_skull(angles: np.ndarray, v: np.ndarray, head: Head) -> Points:
    nod = head.pitch * 0.10 * np.cos(angles)
    return np.stack([_RADIUS * np.sin(angles), v - nod], axis=1)


def _fringe(hair: Hair, head: Head, rng: np.random.Generator) -> _Fringe:
    left, right = _angles(head)
    if hair.fringe == "none" or hair.back == "curly":
        return _hairline(hair, head, rng)
    count = hair.locks
    spread = np.linspace(-1, 1, count + 1)
    spread[1:-1] += rng.uniform(-0.25, 0.25, count - 1) / count
    middle = (spread[:-1] + spread[1:]) / 2
    lean = _lean(hair, middle) * 0.9 / count
    tip_v, notch_v = _heights(hair, middle, spread, head, rng)
    to_angle = lambda s: left + (np.clip(s, -1, 1) + 1) / 2 * (right - left)  # noqa: E731
    notches = _on_skull(to_angle(spread), notch_v, head)
    tips = _on_skull(to_angle(middle + lean), tip_v, head)
    bow = -np.sign(lean + 1e-9) * np.clip(np.abs(lean) * count * 0.16, 0.02, 0.16)
    edge = zigzag(notches, tips, bow)
    return _Fringe(edge, notches[1:-1])


def _lean(hair: Hair, middle: np.ndarray) -> np.ndarray:
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
    hair: Hair, middle: np.ndarray, spread: np.ndarray, head: Head, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
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


def _hairline(hair: Hair, head: Head, rng: np.random.Generator) -> _Fringe:
    """No fringe: hair combed back from the forehead."""
    left, right = _angles(head)
    s = np.linspace(-1, 1, 9)
    peak = -0.52 + 0.62 * np.abs(s) ** 2.2 + 0.05 * np.exp(-((s * 5) ** 2))
    points = _on_skull(left + (s + 1) / 2 * (right - left), peak, head)
    edge = curls(points, -0.2, rng) if hair.back == "curly" else spline(points)
    return _Fringe(edge, points[[2, 4, 6]] if hair.back != "curly" else points[:0])


def _side_locks(hair: Hair, head: Head, rng: np.random.Generator) -> list[Lock]:
    if hair.sides == "none" or hair.back == "curly":
        return []
    low = {"short": 0.78, "chin": head.chin + 0.12, "long": 2.1 + 0.75 * hair.length}[hair.sides]
    left, right = _angles(head)
    locks = []
    for side, angle in ((-1.0, left), (1.0, right)):
        x = _RADIUS * np.sin(angle)
        wide = 0.155 if side == -head.side else 0.155 - 0.045 * abs(head.yaw)
        for shift, share, reach in ((0.02, 1.0, 1.0), (-0.13, 0.55, rng.uniform(0.62, 0.85))):
            root = x + side * shift
            sway = side * rng.uniform(-0.02, 0.10)
            end = low * reach
            spine = np.array(
                [
                    (root - side * 0.22, -0.50),
                    (root - side * 0.07, -0.05),
                    (root - side * 0.02, 0.35),
                    (root - side * 0.02 + sway, 0.35 + (end - 0.35) * 0.55),
                    (root - side * 0.08 + sway, end),
                ]
            )
            widths = np.array([0.03, wide * 0.8, wide, wide * 0.8, 0.0]) * share
            locks.append(_tapered(spine, widths, hair.wave, float(rng.uniform(0, 6))))
    return locks


def _tapered(spine: Points, widths: np.ndarray, wave: float, phase: float) -> Lock:
    waved = wavy(spine, wave, phase)
    if len(waved) != len(spine):
        widths = np.interp(np.linspace(0, 1, len(waved)), np.linspace(0, 1, len(spine)), widths)
    return lock(waved, widths)


def _side_lines(locks: list[Lock]) -> list[Stroke]:
    return [Stroke(edge[6:], (0.1, 0.9, 0.7)) for lock in locks for edge in (lock.left, lock.right)]


def _side_shadows(locks: list[Lock]) -> list[skia.Path]:
    return [path(thin.contour) for thin in locks[1::2]]


def _crown_lines(cap: Points, top: Points, rng: np.random.Generator) -> list[Stroke]:
    """Strands from the whorl down the sides of the head."""
    strokes = []
    for root in cap[[1, 2, 6, 7]]:
        inside = root * rng.uniform(0.86, 0.95)
        strokes.append(Stroke(strand(inside, top, float(rng.uniform(0.3, 0.6))), (0.15, 0.7, 0.15)))
    return strokes


def _strand_shadows(
    roots: Points, top: Points, rng: np.random.Generator, wide: float = 0.05
) -> list[skia.Path]:
    """Narrow dark wedges that start between two locks."""
    shadows = []
    for root in roots:
        points = sample(strand(root + at(0, 0.05), top, float(rng.uniform(0.25, 0.5))), 2)
        widths = np.interp(np.linspace(0, 1, len(points)), [0, 0.35, 1], [0.01, wide, 0.0])
        shadows.append(path(band(points, widths)))
    return shadows


def _ring(hair: Hair, head: Head, rng: np.random.Generator) -> list[skia.Path]:
    """The shine around the head: a broken band of spindles."""
    if hair.back == "curly":
        return []
    left, right = _angles(head)
    spindles = []
    gap = rng.uniform(left, right)
    for angle in np.arange(left * 0.84, right * 0.84, 0.07):
        if abs(angle - gap) < 0.13:
            continue
        y = -0.36 - 0.20 * np.cos(angle - head.yaw * 0.4)
        fade = 0.5 + 0.5 * np.cos(angle - 0.5 * (left + right))
        up, down = rng.uniform(0.03, 0.10) * fade, rng.uniform(0.04, 0.22) * fade
        a = [angle - 0.062, angle, angle + 0.062, angle]
        v = [y, y - up, y, y + down]
        spindles.append(polygon(_on_skull(np.array(a), np.array(v), head) * (0.97, 1.0)))
    return [path(*spindles)] if spindles else []


def _ahoge(top: Points, head: Head, rng: np.random.Generator) -> Shape:
    side = float(rng.choice([-1.0, 1.0]))
    spine = [
        top + at(0.0, 0.06),
        top + at(0.06 * side, -0.2),
        top + at(0.25 * side, -0.32),
        top + at(0.48 * side, -0.2),
    ]
    single = lock(spine, (0.05, 0.06, 0.045, 0.0))
    edges = [Stroke(single.left, (0.8, 1, 0.5)), Stroke(single.right, (0.8, 1, 0.5))]
    return Shape(role="hair", path=path(single.contour), group="hair", outline=edges)
