"""What a network learns from a character's finished pages, and what it forgets.

    python benchmarks/adapt.py --data DIR --fresh
    python benchmarks/adapt.py --data DIR --pages 3 --methods "norms;head;all;all, others free"

The second compares what may be learned, at three pages.
Characters are held-out groups of the data folder (adapt_characters.json beside this file, with the
colours by which the truth's skin, hair and clothes are told). The network learns 1, 3 and 5 of a
character's pictures and paints others of it without hints. What it forgets is the rise of the
training loss on held-out pictures of other groups. Writes results/adapt.csv, row by row, and
results/adapt.png, and prints the means; rows that are there already are kept unless --fresh is
given. "palette" has the palettes that adapt would write, and learns nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tables import write_rows

from inkwash import metrics
from inkwash.adapt import AdaptConfig, Page, learn_pages, page_palettes
from inkwash.adapt.pages import read_page
from inkwash.adapt.roles import seen_roles
from inkwash.adapt.samples import network_input
from inkwash.colour import as_uint8, delta_e76, lab_from_srgb, parse_hex
from inkwash.data import augment
from inkwash.data.pictures import Entry, find_entries
from inkwash.data.sample import SampleConfig, Samples
from inkwash.data.store import PictureStore
from inkwash.document import render
from inkwash.evaluate.cases import Case, fit, read_case
from inkwash.nets import SGRU
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette
from inkwash.runtime import Runtime, TorchRuntime, ranking_beside
from inkwash.settle import settle
from inkwash.train.config import LossConfig
from inkwash.train.feed import to_tensors
from inkwash.train.objective import Objective
from inkwash.weights import find, read_net

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "adapt.csv"
PAGES = (1, 3, 5)
TESTED = 4  # pictures of each character that nothing is learned from
OTHERS = 24  # pictures of other groups
PARTS = ("skin", "hair", "clothes")
PART_REACH = 14.0  # ΔE76 within which a pixel of the truth belongs to a part
NAIVE_STEPS, NAIVE_RATE = 30, 0.05
LEARNED = {
    "low-rank": AdaptConfig(),
    "norms": AdaptConfig(method="norms", learning_rate=5e-3),
    "head": AdaptConfig(method="head", learning_rate=3e-3),
    "all": AdaptConfig(method="all", learning_rate=1e-4),
    "all, others free": AdaptConfig(method="all", learning_rate=1e-4, keep=0),
}
LOSS = LossConfig(rgb=0.3, palette=2.0, min_weight=0.95)  # as the embedded weights were trained


@dataclass(frozen=True, kw_only=True)
class Row:
    """Means over the tested pictures; PSNR in dB, parts in ΔE76, others in percent."""

    character: str
    pages: int
    method: str
    steps: int  # learned
    psnr: float  # of the network's first proposal
    skin: float
    hair: float
    clothes: float
    flat_psnr: float  # of the painting in flat colours
    flat_skin: float
    flat_hair: float
    flat_clothes: float
    others: float  # rise of the loss
    seconds: float  # of learning, in CPU time


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What all rows of a character share."""

    group: str
    colours: dict[str, list[str]]
    learned: list[Entry]
    tested: list[Case]
    others: list[dict[str, torch.Tensor]]
    others_before: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--only", default="", help="characters whose names contain this")
    parser.add_argument("--methods", default="none;palette;naive;low-rank")
    parser.add_argument("--pages", default="1,3,5")
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    done = [] if arguments.fresh or not arguments.out.exists() else read_rows(arguments.out)
    for bench in benches(arguments.data, arguments.only):
        for count in map(int, arguments.pages.split(",")):
            for method in arguments.methods.split(";"):
                key = bench.group, count, method
                if key in {(row.character, row.pages, row.method) for row in done}:
                    continue
                done.append(
                    unlearned(bench, count, done)
                    if method == "none"
                    else measured(bench, count, method, arguments.steps)
                )
                print(done[-1], flush=True)
                write_rows(arguments.out, [rounded(row) for row in done])
    chart(done, arguments.out.with_suffix(".png"))
    tell(done)


def benches(data: Path, only: str) -> Iterator[Bench]:
    entries = [entry for entry in find_entries(data) if entry.held_out]
    known = json.loads((HERE / "adapt_characters.json").read_text())
    for group, colours in known.items():
        if only not in group:
            continue
        mine = [entry for entry in entries if entry.group == group]
        order = np.random.default_rng(7).permutation(len(mine))
        net = read_net(find("default").path)
        others = [entry for entry in entries if entry.group != group]
        batches = other_batches(others, net.config.roles)
        yield Bench(
            group=group,
            colours=colours,
            learned=[mine[place] for place in order[: max(PAGES)]],
            tested=[read_case(mine[place]) for place in order[-TESTED:]],
            others=batches,
            others_before=loss_of(net, batches),
        )


def unlearned(bench: Bench, count: int, done: Sequence[Row]) -> Row:
    """The embedded weights, which are the same for any number of pages."""
    for row in done:
        if (row.character, row.method) == (bench.group, "none"):
            return replace(row, pages=count)
    return row_of(bench, count, "none", Painter.load(), PaintRequest())


def measured(bench: Bench, count: int, method: str, steps: int) -> Row:
    """Learn by a method and measure."""
    pages = [read_page(entry) for entry in bench.learned[:count]]
    net = read_net(find("default").path)
    palettes: tuple[Palette, ...] = ()
    began, done = time.process_time(), 0
    if method == "naive":
        naive(net, pages)
        done = NAIVE_STEPS
    elif method in LEARNED:
        config = LEARNED[method]
        found = learn_pages(net, pages, replace(config, steps=steps or config.steps))
        palettes, done = found.palettes, found.standing.step
    else:
        palettes = page_palettes(pages, seen=seen_roles(net, pages))
    seconds = time.process_time() - began
    request = PaintRequest(head="rgb" if method == "naive" else "auto")
    row = row_of(bench, count, method, Painter(runtime_of(net), palettes), request)
    rise = 100 * (loss_of(net, bench.others) / bench.others_before - 1)
    return replace(row, steps=done, seconds=seconds, others=rise)


def row_of(bench: Bench, count: int, method: str, painter: Painter, request: PaintRequest) -> Row:
    """The means over the tested pictures."""
    figures = [tested(painter, request, case, bench.colours) for case in bench.tested]
    means = {key: float(np.nanmean([row[key] for row in figures])) for key in figures[0]}
    return Row(
        character=bench.group, pages=count, method=method, steps=0, **means,
        others=0.0, seconds=0.0,
    )  # fmt: skip


def runtime_of(net: SGRU) -> Runtime:
    """The network as it runs when it is loaded with its adapter: proposals are ranked."""
    runtime = TorchRuntime(net)
    runtime.ranking = ranking_beside(find("default").path)
    return runtime


def tested(
    painter: Painter, request: PaintRequest, case: Case, colours: dict[str, list[str]]
) -> dict[str, float]:
    """PSNR and ΔE by part, of the first proposal and of it in flat colours."""
    studied = painter.study(case.sketch, request)
    proposals = painter.propose(studied, request)
    regions = painter.segment(case.sketch, studied, request)
    painting = settle(proposals, regions, case.sketch)
    first = as_uint8(proposals.pictures[painting.chosen])
    flat = render(painting, painting.chosen)[..., :3]
    found = {}
    for prefix, picture in (("", first), ("flat_", flat)):
        shown = fit(picture, case.size)
        found[f"{prefix}psnr"] = float(metrics.psnr(shown[None], case.truth)[0])
        apart = delta_e76(lab_from_srgb(shown), lab_from_srgb(case.truth))
        for part, mask in parts_of(case.truth, colours).items():
            found[prefix + part] = float(apart[mask].mean()) if mask.sum() > 20 else np.nan
    return found


def parts_of(
    truth: NDArray[np.uint8], colours: dict[str, list[str]]
) -> dict[str, NDArray[np.bool_]]:
    """Masks of the truth's parts: pixels nearest to one of a part's colours, white being none's."""
    lab = lab_from_srgb(truth)
    names = [[parse_hex(text) for text in colours[part]] for part in PARTS] + [[(255, 255, 255)]]
    apart = np.stack(
        [
            np.min([delta_e76(lab, c) for c in lab_from_srgb(np.array(group, np.uint8))], 0)
            for group in names
        ]
    )
    nearest = apart.argmin(0)
    return {
        part: (nearest == place) & (apart[place] < PART_REACH) for place, part in enumerate(PARTS)
    }


def naive(net: SGRU, pages: Sequence[Page]) -> None:
    """The reimplementers' experiment: plain back-propagation of the picture's error through all
    weights at a high rate, page after page."""
    optimiser = torch.optim.SGD(net.parameters(), lr=NAIVE_RATE)
    side = net.config.work_size
    for step in range(NAIVE_STEPS):
        page = pages[step % len(pages)]
        square = min(page.lines.shape)
        lines, rgb = (
            augment.resize(augment.cut(part, 0, 0, square), side) for part in (page.lines, page.rgb)
        )
        truth = torch.from_numpy(rgb).permute(2, 0, 1).float() / 127.5 - 1
        error = (net(network_input(lines[None], net.config)) - truth).abs().mean()
        optimiser.zero_grad()
        error.backward()
        optimiser.step()


def other_batches(
    entries: Sequence[Entry], roles: tuple[str, ...]
) -> list[dict[str, torch.Tensor]]:
    """Held-out pictures of other groups, as training would measure them."""
    good = [entry for entry in entries if entry.score >= 4]
    places = np.linspace(0, len(good) - 1, OTHERS).astype(int)
    config = SampleConfig(size=128, roles=roles, augment=False, colours=(6, 6))
    samples = Samples(PictureStore([good[place] for place in places], 256), config, 0)
    made = [samples[place] for place in range(len(places))]
    return [to_tensors(made[i : i + 8]) for i in range(0, len(made), 8)]


@torch.no_grad()
def loss_of(net: SGRU, batches: Sequence[dict[str, torch.Tensor]]) -> float:
    objective = Objective(net, None, LOSS)
    return float(np.mean([float(objective(batch)[0]) for batch in batches]))


def read_rows(path: Path) -> list[Row]:
    kinds = {field.name: field.type for field in fields(Row)}
    casts = {"str": str, "int": int, "float": float}
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Row(**{key: casts[str(kinds[key])](value) for key, value in row.items()})
            for row in rows]  # fmt: skip


def rounded(row: Row) -> dict[str, str | int | float]:
    return {k: round(v, 2) if isinstance(v, float) else v for k, v in asdict(row).items()}


def tell(rows: Sequence[Row]) -> None:
    """The means over the characters, as the table of docs/adapt.md."""
    print("| pages | method | PSNR | skin, ΔE | hair, ΔE | clothes, ΔE | others: loss | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for count, method in dict.fromkeys((row.pages, row.method) for row in rows):
        those = [row for row in rows if (row.pages, row.method) == (count, method)]
        psnr, *parts, others, seconds = (
            np.mean([getattr(row, key) for row in those])
            for key in ("psnr", *PARTS, "others", "seconds")
        )
        found = " | ".join(f"{part:.0f}" for part in parts)
        print(f"| {count} | {method} | {psnr:.1f} dB | {found} | {others:+.1f} % | {seconds:.0f} |")


def chart(rows: Sequence[Row], path: Path) -> None:
    """What is learned and what is forgotten, by pages; means over the characters."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    titles = {
        "psnr": "first proposal, PSNR (dB)", "skin": "skin, ΔE", "hair": "hair, ΔE",
        "clothes": "clothes, ΔE", "others": "other characters: rise of the loss (%)",
    }  # fmt: skip
    figure, axes = pyplot.subplots(1, len(titles), figsize=(4 * len(titles), 3.4))
    for axis, (key, title) in zip(axes, titles.items(), strict=True):
        for method in dict.fromkeys(row.method for row in rows):
            counts = sorted({row.pages for row in rows if row.method == method})
            means = [
                np.mean([getattr(r, key) for r in rows if r.method == method and r.pages == count])
                for count in counts
            ]
            axis.plot(counts, means, marker="o", label=method)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("pages learned")
        axis.set_xticks(PAGES)
    axes[-1].axhline(2, color="black", linewidth=0.6, linestyle=":")
    axes[-1].set_yscale("symlog", linthresh=2)
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
