"""What looks different between two states of a session, region by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkwash.choices import mask_of
from inkwash.geometry import Box

if TYPE_CHECKING:
    from inkwash.commands import State
    from inkwash.settle import Painting

Mask = NDArray[np.bool_]


def changed_regions(before: Painting, after: Painting, said: State, says: State) -> Mask:
    """The regions whose look may differ in the shown colouring, (R,); none too few.

    said, says: the states that the two paintings come from.
    """
    old, new = before.colourings[before.chosen], after.colourings[after.chosen]
    changed = (old.colours != new.colours).any(axis=1) | (old.clear != new.clear)
    if old.tones is None and new.tones is None:
        return changed
    if _source(before, said) != _source(after, says) or not (old.tones and new.tones):
        return np.ones_like(changed)
    told = set(_differing(said.choices, says.choices)) | set(_differing(said.locks, says.locks))
    return changed | mask_of(told | (old.tones.means ^ new.tones.means), after.regions)


def box_around(boxes: NDArray[np.int32]) -> Box | None:
    """The box of boxes (N, 4); None for none."""
    if not len(boxes):
        return None
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    return Box(left, top, right, bottom)


def _source(painting: Painting, state: State) -> tuple:
    """Where the tones come from, but for regions that were chosen or locked."""
    return state.round, painting.chosen, state.request.style


def _differing(one: Any, other: Any) -> list[int]:
    """The keys of two mappings whose values are not the same."""
    return [key for key in {*one, *other} if one.get(key) != other.get(key)]
