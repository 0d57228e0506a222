"""The fall of light over a finished picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.data.synth.look import Fall


def fallen(
    colours: NDArray[np.uint8],
    covered: NDArray[np.bool_],
    fall: Fall,
    light: tuple[float, float],
) -> NDArray[np.uint8]:
    """Colours (H, W, 3) brighter towards the light, darker away from it.

    Only where `covered` (H, W): paper stays white. `light` is where the light comes from.
    """
    height, width = covered.shape
    y, x = (np.linspace(-0.5, 0.5, n, dtype=np.float32) for n in (height, width))
    towards = x * light[0] + y[:, None] * light[1] + 0.5  # (H, W) about 0…1
    near, far = (np.asarray(k, dtype=np.float32) for k in (fall.near, fall.far))
    lit = colours * (far + (near - far) * towards[..., None])
    return np.where(covered[..., None], np.clip(lit, 0, 255), colours).astype(np.uint8)
