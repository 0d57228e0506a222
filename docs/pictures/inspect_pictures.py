"""The pictures of docs/inspect.md, and the figures beside them, with the embedded weights.

Run by `make pictures`, or alone; the figures go to inspect.txt. The sketches are three of the
examples; the correction is always the same: their hair in one red.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from inkwash import inspect
from inkwash.data.synth import Drawing, examples
from inkwash.inspect import charts, drawing, edit_report
from inkwash.inspect.change_report import pictures
from inkwash.inspect.common import overlap
from inkwash.nets import SGRU
from inkwash.palettes import from_picture
from inkwash.sketch import Sketch, read
from inkwash.weights import DEFAULT, find

HERE = Path(__file__).parent
SIDE = 192  # short side that the network sees
NAMES = ("schoolgirl", "twin_tails", "walker")
RED, GREEN = (196, 48, 56), (150, 200, 150)
STEPS = 4
RATES = {"rgb": 0.0005, "palette": 0.005}
BLOCKS = ("down1", "down2", "down3", "up3", "up4", "up5", "head", "palette.queries")
GATES = (
    *("skip1.gate", "skip2.gate", "skip3.gate", "skip4.gate"),
    *("up2.gate", "up3.gate", "up4.gate", "up5.gate"),
)


said: list[str] = []


def main() -> None:
    net = inspect.open_net()
    say(f"weights {find(DEFAULT).sha256[:16]}, short side {SIDE}, of schoolgirl but for changes")
    drawn = {name: one for name, one in examples((512, 724)).items() if name in NAMES}
    activations(net, sketch_of("schoolgirl", drawn["schoolgirl"]))
    for head in ("rgb", "palette"):
        changes(net, drawn, head)
    edits(net, drawn["schoolgirl"])
    (HERE / "inspect.txt").write_text("\n".join(said) + "\n", "utf-8")


def activations(net: SGRU, sketch: Sketch) -> None:
    """Components of blocks over the flow of gates, and the feature maps of the head."""
    seen = inspect.see(sketch, net.config, SIDE)
    found = inspect.activations(net, seen.x, size=seen.size)
    reports = {one.facts["name"]: one for one in inspect.report(found)}
    rows = [(BLOCKS, "components"), (GATES, "flow")]
    strips = [
        drawing.strip([(name, view(reports[name], key)) for name in names], 190)
        for names, key in rows
    ]
    save("inspect-layers", stacked(strips))
    head = next(one for one in found if one.layer.name == "head")
    limit = drawing.signed_limit(head.values)
    save("inspect-head", drawing.grid(head.values, drawing.SIGNED, -limit, limit).picture)
    for one in found:
        if one.gate:
            passed = f"passes {one.gate.passed_share:.0%}"
            say(f"{one.layer.name}: {passed}, shut {one.gate.closed_share:.0%}")
        if one.statistics.dead_share:
            say(f"{one.layer.name}: {one.statistics.dead_share:.0%} dead")


def changes(net: SGRU, drawn: dict[str, Drawing], head: str) -> None:
    """The same correction of three sketches by one head, and another one beside it."""
    found = [
        learned(net, name, one, hair(one), recoloured(one, hair(one), RED), head)
        for name, one in drawn.items()
    ]
    save(f"inspect-changes-{head}", stacked([pictures(one) for one in found]))
    if head == "rgb":
        save("inspect-chart", opened(charts.change_chart(found[0])))
        common = charts.common_chart(found, inspect.in_common(found))
        save("inspect-common", opened(common))
    one = drawn["schoolgirl"]
    skin = part(one, "skin")
    other = learned(net, "skin", one, skin, recoloured(one, skin, GREEN), head)
    hairs, mixed = overlap(found)[np.triu_indices(len(found), 1)], overlap([found[0], other])[0, 1]
    say(f"{head}: of the 5 % that moved most, hair and hair share {percents(hairs)}")
    say(f"  hair and skin of one sketch {mixed:.0%}")
    say(f"  directions over head.conv3 agree to {agreement(found):.2f} between hair and hair,")
    say(f"  to {agreement([found[0], other]):.2f} between hair and skin of one sketch")


def learned(
    net: SGRU, name: str, one: Drawing, inside: np.ndarray, colours: np.ndarray, head: str
) -> inspect.Changes:
    """One correction; what it did is said."""
    told = inspect.correction(sketch_of(name, one), colours, inside, net.config, SIDE)
    palette = None
    if head == "palette":
        palette = inspect.palette_input((from_picture(told.colours),), net.config)
    found = inspect.changes(net, told, steps=STEPS, lr=RATES[head], palette=palette)
    say(f"{head} {name}: loss {found.losses[0]:.3g} to {found.losses[-1]:.3g}")
    say(f"  ΔE {', '.join(f'{k} {v:.1f}' for k, v in found.spread.items())}")
    shares = sorted(found.gradient_share.items(), key=lambda item: -item[1])[:6]
    say(f"  gradient {', '.join(f'{block} {share:.1%}' for block, share in shares)}")
    deep = sum(found.gradient_share[block] for block in ("down5", "skip5", "up1"))
    weights = sum(found.weight_share[block] for block in ("down5", "skip5", "up1"))
    say(f"  down5, skip5 and up1: {deep:.2%} of the gradient, {weights:.0%} of the weights")
    return found


def agreement(found: list[inspect.Changes]) -> float:
    """Mean cosine between corrections' changes of the filters of head.conv3."""
    rows = [row for row in inspect.in_common(found) if row["layer"] == "head.conv3"]
    return float(np.mean([row["agreement"] for row in rows]))


def edits(net: SGRU, one: Drawing) -> None:
    """The filters of the head by what they do to the hair, and the first of them doubled."""
    seen = inspect.see(sketch_of("schoolgirl", one), net.config, SIDE)
    bench = inspect.Workbench(net, seen.x)
    where = {"hair": hair(one), "skin": part(one, "skin")}
    spots = {name: inspect.spot(seen, inside, 0) for name, inside in where.items()}
    ranks = {name: inspect.sweep(bench, "head.conv3", spot) for name, spot in spots.items()}
    for name, effects in ranks.items():
        say(f"ablated, ΔE of the {name}'s colour: {listed(effects[:6])}")
        trunk = inspect.screen(net, seen, spots[name])
        say(f"  estimated: {listed(trunk[:8])}")
    alike = np.corrcoef(
        [[by_filter(effects)[i] for i in range(net.config.head)] for effects in ranks.values()]
    )
    say(f"  correlation of the two rankings over head.conv3: {alike[0, 1]:.2f}")
    save("inspect-sweep", edit_report.sweep_picture(ranks["hair"], bench, seen, 0))
    first = inspect.Edit("head.conv3", (ranks["hair"][0].filter,), 3.0)
    before = edit_report.shown(bench.before(), seen)[0]
    after = edit_report.shown(bench.after([first])[0], seen)[0]
    save("inspect-edit", edit_report.strip(before, after, seen, first))


def by_filter(effects: list[inspect.Effect]) -> dict[int, float]:
    return {effect.filter: effect.delta_e for effect in effects}


def sketch_of(name: str, one: Drawing) -> Sketch:
    return Sketch(ink=read(one.line).ink, name=name)


def part(one: Drawing, *names: str) -> np.ndarray:
    return np.isin(one.labels, [i for i, name in enumerate(one.names) if name in names])


def hair(one: Drawing) -> np.ndarray:
    return part(one, "hair", "brow")


def recoloured(one: Drawing, inside: np.ndarray, rgb: tuple[int, int, int]) -> np.ndarray:
    """The finished picture with a part in another colour, with the shading it had."""
    shade = one.colour / np.maximum(one.flat, 1)
    return np.where(inside[..., None], np.clip(shade * rgb, 0, 255), one.colour).astype(np.uint8)


def percents(shares: np.ndarray) -> str:
    return ", ".join(f"{share:.0%}" for share in shares)


def view(report: inspect.LayerReport, key: str) -> np.ndarray:
    return opened(next(one.webp for one in report.pictures if one.key == key))


def stacked(strips: list[np.ndarray]) -> np.ndarray:
    width = max(strip.shape[1] for strip in strips)
    sheets = [drawing.widened(strip, width) for strip in strips]
    return np.concatenate(sheets)


def opened(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def save(name: str, picture: np.ndarray) -> None:
    image = Image.fromarray(picture)
    image.thumbnail((1200, 2400), Image.Resampling.LANCZOS)
    image.save(HERE / f"{name}.webp", quality=78, method=6)


def say(line: str) -> None:
    said.append(line)
    print(line, flush=True)  # noqa: T201


def listed(effects: list[inspect.Effect]) -> str:
    return ", ".join(f"{e.layer.name} {e.filter} {e.delta_e:.1f}" for e in effects)


if __name__ == "__main__":
    main()
