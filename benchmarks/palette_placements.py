"""One palette placed nine times: which of the nine differ, and which is the best?

    python benchmarks/palette_placements.py --data DIR [--most N]

On held-out pictures with the truth's own six colours. For each proposal: its mean PSNR in dB, how
often it is the best of nine, how often it is picked without the truth, and the share of the area
whose settled colour differs from that of the first proposal. Last rows: the picked one, and the
best of nine. Writes results/palette_placements.csv.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from held_out_pictures import asked
from numpy.typing import NDArray
from tables import write_rows

from inkwash import metrics
from inkwash.colour import as_uint8
from inkwash.errors import BadPalette
from inkwash.evaluate.cases import Case, choose_entries, fit, read_case
from inkwash.evaluate.ways import seen_by
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import from_picture
from inkwash.propose import propose
from inkwash.settle import settle

RESULTS = Path(__file__).parent / "results" / "palette_placements.csv"
Floats = NDArray[np.floating]


def measure(painter: Painter, case: Case) -> tuple[Floats, int, Floats] | None:
    """PSNR (K,), the picked one, and the share of the area that differs from the first (K,)."""
    try:
        palette = from_picture(case.truth, 6)
    except BadPalette:  # a grey picture
        return None
    proposals = propose(painter.study(case.sketch, PaintRequest()), painter.runtime, (palette,))
    pictures = np.stack([fit(as_uint8(picture), case.size) for picture in proposals.pictures])
    painting = settle(proposals, case.regions, case.sketch)
    colours = np.stack([colouring.colours for colouring in painting.colourings])
    other = (colours != colours[0]).any(2)  # (K, R)
    areas = case.regions.areas
    return metrics.psnr(pictures, case.truth), painting.chosen, other @ areas / areas.sum()


def main() -> None:
    arguments = asked(__doc__).parse_args()
    painter = Painter.load(arguments.weights, threads=arguments.threads)
    entries = choose_entries(arguments.data, most=arguments.most)
    cases = (seen_by(painter, read_case(entry)) for entry in entries)
    found = [one for case in cases if (one := measure(painter, case)) is not None]
    quality = np.stack([psnr for psnr, _, _ in found])  # (pictures, K)
    picked = np.array([place for _, place, _ in found])
    other = np.stack([share for _, _, share in found])
    rows = [
        {
            "proposal": str(place + 1),
            "pictures": len(found),
            "psnr": f"{quality[:, place].mean():.2f}",
            "is_best": f"{(quality.argmax(1) == place).mean():.2f}",
            "is_picked": f"{(picked == place).mean():.2f}",
            "differs": f"{other[:, place].mean():.2f}",
        }
        for place in range(quality.shape[1])
    ]
    of_picked = quality[np.arange(len(found)), picked].mean()
    for name, value in (("picked", of_picked), ("best of nine", quality.max(1).mean())):
        rows.append({"proposal": name, "pictures": len(found), "psnr": f"{value:.2f}"})
    write_rows(RESULTS, rows)


if __name__ == "__main__":
    main()
