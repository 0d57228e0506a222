"""The hair on the head: cap, fringe and side locks as one united shape."""

from __future__ import annotations

import numpy as np
import skia

from inkwash.data.synth.character import Character, Hair
from inkwash.data.synth.curves import Points, at, chain, ellipse, line, path, sample, spline
from inkwash.data.synth.hair.fringe import RADIUS, fringe, temples
from inkwash.data.synth.hair.locks import (
    Lock,
    crown,
    curls,
    lock,
    skull,
    strand,
    strand_lines,
    wavy,
    zigzag,
)
from inkwash.data.synth.hair.shine import shine, strand_shadows
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Shape, Stroke


def front_hair(character: Character, head: Head, rng: np.random.Generator) -> list[Shape]:
    """Cap and fringe, then the locks at the sides."""
    hair = character.hair
    cap = skull(head, hair.volume)
    top = crown(head, hair.part)
    edge_of = fringe(hair, head, rng)
    locks = _side_locks(hair, head, rng)
    spikes = _spikes(hair, cap, rng)
    over = curls(cap, 0.22 * head.side, rng) if hair.back == "curly" else spline(cap)
    edge = edge_of.edge if head.side > 0 else edge_of.edge[::-1]
    near, far = _ends(head, over, edge, rng)
    contour = chain(over, far, edge[::-1], near)
    shape = Shape(
        role="hair",
        path=path(contour, *(one.contour for one in locks), *spikes, *_fillers(near, far, locks)),
        group="hair",
        outline=[
            Stroke(over, (0.8, 1.15, 0.8)),
            Stroke(edge_of.edge, (1.0, 1.0)),
            Stroke(near),
            Stroke(far),
        ]
        + [Stroke(spike, (1.0, 1.0)) for spike in spikes]
        + [Stroke(side, (0.5, 1.0, 0.5)) for one in locks for side in (one.left, one.right)],
        strokes=[
            *strand_lines(rng, edge_of.notches, top, 0.25, 0.8),
            *_side_lines(locks),
            *_crown_lines(cap, top, rng),
        ],
        shadows=[*strand_shadows(edge_of.notches, top, rng), *_side_shadows(locks)],
        deep=strand_shadows(edge_of.notches[::2], top, rng, 0.022),
        lights=shine(hair, head, rng),
        ramp=(1.0, 1.0 + hair.fade) if hair.fade else None,
        turn=0.10,
    )
    return [shape, *([_ahoge(top, head, rng)] if hair.ahoge else [])]


def _ends(
    head: Head, over: Points, edge: Points, rng: np.random.Generator
) -> tuple[Points, Points]:
    """The tips between the fringe and the contour of the head, at the near and the far ear."""
    near = _tuft(edge[0], over[0], rng)
    return near, line(over[-1], edge[-1]) if head.profile else _tuft(over[-1], edge[-1], rng)


def _fillers(near: Points, far: Points, locks: list[Lock]) -> list[Points]:
    """Closes the slits between the tufts at the ears and the locks that hang over them."""
    middles = [(end[0] + end[-1]) / 2 + at(0.0, 0.05) for end in (near, far)]
    return [ellipse(middle, 0.08, 0.26) for middle in middles[: len(locks) // 2]]


def _tuft(start: Points, end: Points, rng: np.random.Generator) -> Points:
    count = 2 if np.hypot(*(end - start)) > 0.25 else 1
    t = np.linspace(0, 1, count + 1)[:, None]
    notches = start + (end - start) * t
    tips = (notches[:-1] + notches[1:]) / 2
    tips[:, 1] = np.maximum(notches[:-1, 1], notches[1:, 1]) + rng.uniform(0.06, 0.22, count)
    tips[:, 0] *= 0.96
    return zigzag(notches, tips, np.zeros(count))


def _spikes(hair: Hair, cap: Points, rng: np.random.Generator) -> list[Points]:
    """Tufts that stand off the contour of the head."""
    if hair.tufts <= 0 or hair.back == "curly":
        return []
    around = sample(spline(cap), 4)[2:-2]
    chosen = np.linspace(0, len(around) - 4, 4 + round(6 * hair.tufts)).astype(int)
    centre = np.array([0.0, -0.25])
    spikes = []
    for i in chosen:
        a, b = around[i], around[i + 3]
        middle = (a + b) / 2
        outward = (middle - centre) / np.hypot(*(middle - centre))
        aside = abs(outward[0])
        if aside < 0.5:  # the top of the head stays round
            continue
        reach = rng.uniform(0.18, 0.38) * (0.4 + 0.6 * hair.tufts) * aside
        tip = middle + (outward + at(0.0, 0.75 * aside)) * reach
        roots = np.array([a, b]) + (centre - middle) * 0.12
        spikes.append(zigzag(roots, tip[None], [0.06 * np.sign(outward[0])]))
    return [chain(spike, line(spike[-1], spike[0])) for spike in spikes]


def _side_locks(hair: Hair, head: Head, rng: np.random.Generator) -> list[Lock]:
    if hair.sides == "none" or hair.fringe == "none" or hair.back == "curly":
        return []
    low = {"short": 0.78, "chin": head.chin + 0.12, "long": 2.1 + 0.75 * hair.length}[hair.sides]
    left, right = temples(head)
    locks = []
    for side, angle in ((-1.0, left), (1.0, right)):
        if head.profile and side == head.side:
            continue
        x = RADIUS * np.sin(angle)
        wide = 0.155 if side == -head.side else 0.155 - 0.045 * abs(head.turn)
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
    """Strands from the whorl down the sides of the head, and some stray ones."""
    roots = [root * rng.uniform(0.86, 0.95) for root in cap[[1, 2, 6, 7]]]
    for _ in range(int(rng.integers(0, 9))):
        root = cap[int(rng.integers(1, len(cap) - 1))]
        root = root * rng.uniform(0.6, 0.97)
        if root[1] < -0.5:  # well above the forehead
            roots.append(root)
    return [
        Stroke(strand(root, top, float(rng.uniform(0.25, 0.6))), (0.15, 0.7, 0.15))
        for root in roots
    ]


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
