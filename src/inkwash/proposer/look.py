"""What a sketch looks like to the network: a summary of the trunk's features, and how much of it
shows skin, hair, clothes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkwash.propose import Study

SHARE_SPREAD = 3.0  # shares of roles count so much in a summary beside features of spread 1

Floats = NDArray[np.float32]


class Look(NamedTuple):
    """`summary` (F,): mean and spread of each feature, and the shares; `shares` (R,): how much of
    the sketch each role takes, summing to 1."""

    summary: Floats
    shares: Floats


def look_at(studied: Study) -> Look:
    """The look of a sketch that a network which knows roles has studied."""
    assert studied.chances is not None
    shares = studied.chances.mean((1, 2))
    mean, spread = studied.seen.mean((1, 2)), studied.seen.std((1, 2))
    summary = np.concatenate([mean, spread, SHARE_SPREAD * shares])
    return Look(summary.astype(np.float32), shares)
