"""Principal components of feature maps as one picture: readable where single channels are not.

The first three components become red, green and blue. Which is which, and their signs, are chance;
so each layer's are turned to agree with its neighbour's, and one thing keeps its colour through the
layers as far as the layers tell it apart (orthogonal Procrustes, Schönemann 1966).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]

COUNT = 3
REACH = 2.2  # deviations from the middle that a picture shows
_GRID = 48  # side of the grid on which layers of different sizes are compared
_ENOUGH = 20_000  # places that components are computed from


class Components(NamedTuple):
    """The three components of a layer."""

    maps: Maps  # (3, h, w), each of mean 0 and deviation 1
    shares: tuple[float, ...]  # of the layer's variance, the largest first


def components(values: Maps) -> Components:
    """The three principal components of feature maps (C, h, w); those that C lacks are 0."""
    count, height, width = values.shape
    flat = values.reshape(count, -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    step = max(1, flat.shape[1] // _ENOUGH)
    directions, spread = _principal(flat[:, ::step])
    scores = directions.T @ flat  # (≤ 3, h·w)
    maps = np.zeros((COUNT, height * width), np.float32)
    deviation = scores.std(axis=1, keepdims=True)
    kept = deviation[:, 0] > 1e-9
    maps[: len(scores)][kept] = (scores / np.maximum(deviation, 1e-12))[kept]
    return Components(maps.reshape(COUNT, height, width), spread)


def aligned(maps: Maps, reference: Maps) -> Maps:
    """Components (3, h, w) turned and mirrored to be as near as can be to others (3, h', w')."""
    ours, theirs = _on_grid(maps), _on_grid(reference)
    left, _, right = np.linalg.svd(theirs @ ours.T)
    turned = (left @ right) @ maps.reshape(COUNT, -1)
    return turned.reshape(maps.shape).astype(np.float32)


def aligned_chain(found: Sequence[Components]) -> list[Components]:
    """Each turned towards the one after it, from the last back: the last ones mean the most."""
    chain: list[Components] = []
    for one in reversed(found):
        maps = aligned(one.maps, chain[-1].maps) if chain else one.maps
        chain.append(Components(maps, one.shares))
    return chain[::-1]


def as_picture(maps: Maps) -> NDArray[np.uint8]:
    """Components (3, h, w) as RGB (h, w, 3); grey is the mean."""
    unit = np.clip(maps / (2 * REACH) + 0.5, 0, 1)
    return np.ascontiguousarray((unit * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0))


def _principal(flat: NDArray[np.float64]) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Directions (C, ≤ 3) and shares of variance of centred columns (C, places).

    Where there are fewer places than channels the smaller of the two products is decomposed.
    """
    total = max(float(np.square(flat).sum()), 1e-30)
    narrow = flat.shape[1] < flat.shape[0]
    values, vectors = np.linalg.eigh(flat.T @ flat if narrow else flat @ flat.T)
    values, vectors = values[::-1][:COUNT], vectors[:, ::-1][:, :COUNT]
    if narrow:
        vectors = flat @ vectors
        vectors /= np.maximum(np.linalg.norm(vectors, axis=0), 1e-12)
    shares = tuple(float(max(value, 0) / total) for value in values)
    return vectors, shares


def _on_grid(maps: Maps) -> NDArray[np.float64]:
    resized = [cv2.resize(one, (_GRID, _GRID), interpolation=cv2.INTER_AREA) for one in maps]
    flat = np.stack(resized).reshape(COUNT, -1).astype(np.float64)
    return flat - flat.mean(axis=1, keepdims=True)
