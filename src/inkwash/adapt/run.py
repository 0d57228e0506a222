"""From pages to an adapter file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from inkwash.adapt.changes import Changes
from inkwash.adapt.config import AdaptConfig
from inkwash.adapt.learn import Standing, learn
from inkwash.adapt.others import Others
from inkwash.adapt.pages import Page
from inkwash.adapt.palettes import page_palettes
from inkwash.adapt.preview import Preview
from inkwash.adapt.roles import seen_roles
from inkwash.adapt.samples import Lessons
from inkwash.adapt.stop import Stop
from inkwash.errors import BadWeights
from inkwash.nets import SGRU
from inkwash.palettes import Palette
from inkwash.weights import DEFAULT, find, read_net
from inkwash.weights.adapter import Adapter, write_adapter
from inkwash.writing import refuse_existing

PREVIEW_PAGES = 4
Follow = Callable[[Standing], None]


@dataclass(frozen=True, kw_only=True)
class Adapted:
    """A network that learned pages, and what is to be written about it."""

    net: SGRU
    changes: Changes
    palettes: tuple[Palette, ...]
    standing: Standing


def adapt(
    pages: Sequence[Page],
    out: Path,
    config: AdaptConfig | None = None,
    *,
    weights: str = DEFAULT,
    preview_seconds: float = 30.0,
    force: bool = False,
    follow: Follow | None = None,
) -> Standing:
    """Learn pages and write the adapter, for `--weights WEIGHTS+OUT`.

    Beside it `NAME.preview.png` is written, and again every so many seconds (0: never). Ctrl+C
    ends early and writes the best so far. Raises BadData, BadWeights, OutputExists, OutputFailed.
    """
    config = config or AdaptConfig()
    refuse_existing(out, force=force)
    base = find(weights)
    if base.adapter is not None:
        raise BadWeights(f"{weights}: has an adapter already; name the weights without it")
    began = time.monotonic()
    with Stop() as stop:
        found = learn_pages(
            read_net(base.path), pages, config,
            preview=out.with_suffix(".preview.png") if preview_seconds else None,
            preview_seconds=preview_seconds, stop=stop, follow=follow,
        )  # fmt: skip
    notes = {
        "pages": [page.name for page in pages],
        "config": asdict(config),
        "standing": asdict(found.standing),
        "seconds": round(time.monotonic() - began, 1),
    }
    adapter = Adapter(
        base=base.sha256, arrays=found.changes.arrays(), palettes=found.palettes, notes=notes
    )
    write_adapter(adapter, out, force=force)
    return found.standing


def learn_pages(
    net: SGRU,
    pages: Sequence[Page],
    config: AdaptConfig,
    *,
    preview: Path | None = None,
    preview_seconds: float = 30.0,
    stop: Stop | None = None,
    follow: Follow | None = None,
) -> Adapted:
    """Learn pages in place. Raises BadData for a page without colour, BadWeights for a network
    without a palette head."""
    if net.palette is None:
        raise BadWeights("these weights have no palette head, which is what learns; choose others")
    palettes = page_palettes(pages, config.colours, seen_roles(net, pages))
    lessons = Lessons(
        pages, palettes, net.config, size=config.size_for(net.config), seed=config.seed
    )
    others = Others(net, config.seed) if config.keep else None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        changes = Changes(net, config.method, config.rank)
    picture = Preview(net, lessons.whole(PREVIEW_PAGES), preview) if preview else None
    written = time.monotonic()

    def after(now: Standing) -> bool:
        nonlocal written
        if picture and time.monotonic() - written >= preview_seconds:
            picture.write()
            written = time.monotonic()
        if follow:
            follow(now)
        return not (stop and stop.asked)

    standing = learn(net, changes, lessons, others, config, after)
    if picture:
        picture.write()
    return Adapted(net=net, changes=changes, palettes=palettes, standing=standing)
