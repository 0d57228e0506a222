"""The sheet of drawn characters in docs/synth.md: `python docs/pictures/synth.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from inkwash.data.synth import draw

SHEET = Path(__file__).with_name("synth.webp")
KINDS = ("bust", "half", "face", "full", "group", "half", "bust", "view")
ROWS, SIZE = 3, (200, 240)


def main() -> None:
    rows = [
        np.concatenate(
            [draw(100 * row + i, SIZE, kind=kind).colour for i, kind in enumerate(KINDS)], 1
        )
        for row in range(ROWS)
    ]
    Image.fromarray(np.concatenate(rows)).save(SHEET, quality=80)


if __name__ == "__main__":
    main()
