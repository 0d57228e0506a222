"""What the artist's pages show, where nobody says it: the network is asked what it sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkwash.adapt.pages import Page
from inkwash.data.roles import ROLES
from inkwash.nets import SGRU
from inkwash.propose import study
from inkwash.roles import knows_roles
from inkwash.runtime import TorchRuntime
from inkwash.sketch import read

Chances = NDArray[np.float32]
"""(h, w, len(ROLES)), how likely a page shows each role there, on a grid that covers the page."""


def seen_roles(net: SGRU, pages: Sequence[Page]) -> list[Chances]:
    """What the network sees on each page's lines; nothing where it knows no roles.

    A colour that lies where the network sees hair is the hair's, and the network, told so, puts it
    on the hair of other pages.
    """
    if not knows_roles(net.config):
        return []
    return [_seen(TorchRuntime(net), page) for page in pages]


def _seen(runtime: TorchRuntime, page: Page) -> Chances:
    known = study(read(page.lines, invert="no"), runtime).chances
    assert known is not None  # (R, h, w)
    found = np.zeros((*known.shape[1:], len(ROLES)), np.float32)
    for chances, role in zip(known, runtime.config.roles, strict=True):
        if role in ROLES:
            found[..., ROLES.index(role)] = chances
    return found
