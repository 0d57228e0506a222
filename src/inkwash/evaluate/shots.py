"""Small pictures of every case, to look at: its sketch, its truth and its colourings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadData
from inkwash.evaluate.cases import Case, fit
from inkwash.evaluate.rows import Row
from inkwash.evaluate.ways import Outcome
from inkwash.geometry import Size

HEIGHT, WIDEST = 176, 320
QUALITY = 82  # of WebP

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A small picture as WebP, and where it comes from."""

    weights: str
    way: str
    form: str
    what: str  # "sketch", "truth", "best", "picked", or "best and picked"
    psnr: float | None
    webp: bytes


@dataclass(frozen=True, kw_only=True)
class Strip:
    """All shots of one case."""

    picture: str
    group: str
    shots: Sequence[Shot]


def strip(case: Case, outcomes: Sequence[Outcome], rows: Sequence[Row]) -> Strip:
    """Sketch and truth, then of each way of each weights the best one and the one picked."""
    shots = [_given("sketch", np.repeat(case.lines[..., None], 3, 2)), _given("truth", case.truth)]
    for outcome, row in zip(outcomes, rows, strict=True):
        if row.weights:
            shots += [_shot(outcome, row, index, what) for index, what in _choices(row)]
    return Strip(picture=case.name, group=case.group, shots=shots)


def _choices(row: Row) -> list[tuple[int, str]]:
    if row.winner == row.picked:
        return [(row.winner, "best and picked")]
    return [(row.winner, "best"), (row.picked, "picked")]


def _given(what: str, picture: Pixels) -> Shot:
    return Shot(weights="", way="", form="", what=what, psnr=None, webp=_webp(picture))


def _shot(outcome: Outcome, row: Row, index: int, what: str) -> Shot:
    return Shot(
        weights=row.weights, way=row.way, form=row.form, what=what,
        psnr=row.quality[index], webp=_webp(outcome.pictures[index]),
    )  # fmt: skip


def _webp(picture: Pixels) -> bytes:
    scale = min(HEIGHT / picture.shape[0], WIDEST / picture.shape[1])
    size = Size(max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small = cv2.cvtColor(fit(picture, size), cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    if not done:
        raise BadData(f"a picture of {size} cannot be written as WebP; leave it out")
    return data.tobytes()
