"""The API: a `Painter` holds a network; a `PaintRequest` says everything about one painting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from inkwash.characters import recast, with_cast
from inkwash.choices import (
    Mask,
    before_locks,
    hold,
    locked_regions,
    mask_of,
    regions_with,
    snapped,
    told_to_network,
)
from inkwash.errors import BadConfig
from inkwash.hints import Hints
from inkwash.palettes import CharacterSheet, Palette
from inkwash.propose import Proposals, Study, WorkSize, propose, study
from inkwash.proposer import palettes_for
from inkwash.recolour import first_choice, hinted
from inkwash.regions import Progress, Regions, choose_gap, segment
from inkwash.roles import seen_kinds
from inkwash.runtime import Runtime
from inkwash.settle import Painting, Paper, Style, settle
from inkwash.sketch import Invert, Sketch, read
from inkwash.weights import DEFAULT, Backend, find, load

Head = Literal["auto", "palette", "rgb"]


@dataclass(frozen=True, kw_only=True)
class PaintRequest:
    """Everything that is asked of a painting; the same from Python and from the command line.

    Raises BadConfig for a value that cannot be.
    """

    style: Style = "flat"
    pick: int | Literal["best"] = "best"  # the chosen colouring, counted from 1
    hints: Hints | None = None
    only_hinted: bool = False  # regions without a hint stay as they are, to the byte
    palettes: tuple[Palette, ...] = ()  # one for all nine, or one each; none: proposed ones
    snap: float | None = None  # 0…1: colour freely, then move flats so far towards the palette
    characters: CharacterSheet | None = None  # whose colours the page has, instead of palettes
    head: Head = "auto"  # "auto": the palette head where the weights have one
    work_size: WorkSize = "auto"  # short side of what the network sees
    gap: float | Literal["auto"] = "auto"  # openings up to this many pixels are closed
    paper: Paper = "white"  # gutters and balloons of comic pages: left white, or painted
    seed: int = 0  # of the proposed palettes

    def __post_init__(self) -> None:
        for name, kind in (("style", Style), ("head", Head), ("paper", Paper)):
            if getattr(self, name) not in get_args(kind):
                choices = ", ".join(get_args(kind))
                raise BadConfig(f"{name} {getattr(self, name)!r}: choose from {choices}")
        if self.pick != "best" and (not isinstance(self.pick, int) or self.pick < 1):
            raise BadConfig(f"pick {self.pick!r}: give a number from 1, or best")
        if self.seed < 0:
            raise BadConfig(f"seed {self.seed}: give 0 or more")
        if self.snap is not None and not 0 <= self.snap <= 1:
            raise BadConfig(f"snap {self.snap}: give a number from 0 to 1")
        if not all(isinstance(palette, Palette) for palette in self.palettes):
            raise BadConfig("palettes: give Palettes; inkwash.palettes.load reads names and files")
        if self.hints is not None and not isinstance(self.hints, Hints):
            raise BadConfig("hints: give Hints; inkwash.hints.read reads files")
        choose_gap(self.gap, line_width=1, short_side=1000)
        if self.characters is not None and self.palettes:
            raise BadConfig("palettes and characters were both given; choose one")
        if self.snap is not None and len(self.palettes) != 1:
            raise BadConfig(f"snap needs one palette, {len(self.palettes)} were given")


class Painter:
    """Paints sketches with one network; make one and reuse it."""

    def __init__(self, runtime: Runtime, palettes: tuple[Palette, ...] = ()) -> None:
        """palettes: what is proposed first when a request gives none."""
        self.runtime = runtime
        self.palettes = palettes

    @classmethod
    def load(
        cls, weights: str | Path = DEFAULT, *, backend: Backend = "onnx", threads: int = 0
    ) -> Painter:
        """Load weights by name or file; `threads` 0 takes all cores.

        Raises BadWeights for a file that is missing or no network.
        """
        found = find(weights)
        return cls(load(found, backend=backend, threads=threads), found.palettes)

    def paint(
        self,
        source: object,
        request: PaintRequest | None = None,
        *,
        previous: Painting | None = None,
        **changes,
    ) -> Painting:
        """Read, propose, segment and settle one sketch.

        source: whatever `inkwash.sketch.read` takes, or a Sketch. changes: fields of PaintRequest.
        previous: an earlier painting of the sketch. Locked regions are taken from it, with
        `only_hinted` all regions without a hint; by default it is the painting without hints.
        Raises BadSketch, BadHints, BadPalette, BadConfig.
        """
        request = replace(request or PaintRequest(), **changes)
        sketch = source if isinstance(source, Sketch) else read(source)  # type: ignore[arg-type]
        check_hints(request.hints, sketch)
        if previous is None:
            if not _holds(request):
                return self._fresh(sketch, None, request, request.hints)
            previous = self._fresh(sketch, None, replace(request, hints=None), None)
        _check_previous(previous, sketch)
        return self._again(previous, request)

    def reroll(
        self, painting: Painting, seed: int, request: PaintRequest | None = None
    ) -> Painting:
        """New proposals, in which all regions that were chosen or locked hold.

        They go to the network as hints, so that the rest can follow. Raises BadConfig, BadHints.
        """
        request = replace(request or PaintRequest(), seed=seed)
        check_hints(request.hints, painting.sketch)
        locked = locked_regions(request.hints, painting.regions)
        kept = locked | mask_of(painting.decided, painting.regions)
        told = told_to_network(request.hints, painting, np.flatnonzero(kept).tolist())
        found = self._fresh(painting.sketch, painting.regions, request, told)
        held = hold(found, [painting.colourings[painting.chosen]], kept)
        return replace(held, decided=frozenset(np.flatnonzero(kept).tolist()))

    def study(self, sketch: Sketch, request: PaintRequest) -> Study:
        """Run the trunk; keep the result to try other palettes without running it again."""
        return study(sketch, self.runtime, hints=request.hints, work_size=request.work_size)

    def segment(
        self,
        sketch: Sketch,
        studied: Study,
        request: PaintRequest,
        *,
        progress: Progress | None = None,
    ) -> Regions:
        """The regions of a studied sketch, by its lines and by what the network sees; see
        `inkwash.regions.segment`."""
        known, roles = studied.chances, self.runtime.config.roles
        seen = None if known is None else seen_kinds(known, roles)
        return segment(sketch.lines, gap=request.gap, seen=seen, progress=progress)

    def propose(self, studied: Study, request: PaintRequest) -> Proposals:
        """Nine colourings of a studied sketch under the request's palettes."""
        return propose(studied, self.runtime, self._palettes(request, studied))

    def _fresh(
        self, sketch: Sketch, regions: Regions | None, request: PaintRequest, told: Hints | None
    ) -> Painting:
        """A painting that owes nothing to an earlier one but, where given, its regions; the network
        is told these hints."""
        studied = self.study(sketch, replace(request, hints=told))
        proposals = self.propose(studied, request)
        if regions is None:
            regions = self.segment(sketch, studied, request)
        return finish(proposals, regions, sketch, request)

    def _again(self, previous: Painting, request: PaintRequest) -> Painting:
        """A new painting of the same sketch that keeps what was asked for of the previous one."""
        previous = hinted(previous, before_locks(request.hints, previous.regions))
        kept = _kept(request, previous.regions)
        locked = np.flatnonzero(kept & locked_regions(request.hints, previous.regions))
        told = told_to_network(request.hints, previous, locked.tolist())
        found = self._fresh(previous.sketch, previous.regions, request, told)
        _check_count(found, previous)
        chosen = previous.chosen if request.pick == "best" else found.chosen
        return replace(hold(found, previous.colourings, kept), chosen=chosen)

    def _palettes(self, request: PaintRequest, studied: Study) -> tuple[Palette, ...]:
        config = self.runtime.config
        given = request.palettes if request.snap is None else ()
        if request.characters is not None:
            proposed = palettes_for(studied, self.runtime, request.seed)
            given = tuple(with_cast(palette, request.characters) for palette in proposed)
        wanted = "palette" if config.keys else "rgb"
        head = wanted if request.head == "auto" and not given else request.head
        if head == "rgb":
            if given:
                raise BadConfig("the RGB head takes no palettes; give snap too, or another head")
            return ()
        return given or palettes_for(studied, self.runtime, request.seed, self.palettes)


def finish(
    proposals: Proposals, regions: Regions, sketch: Sketch, request: PaintRequest
) -> Painting:
    """Settle, and do what the request says. Raises BadConfig for a wrong pick, BadHints."""
    settled = settle(proposals, regions, sketch, style=request.style, paper=request.paper)
    if request.hints:
        settled = replace(settled, chosen=first_choice(settled, request.hints))
    return directed(settled, request)


def directed(settled: Painting, request: PaintRequest) -> Painting:
    """What a request says about colours, done to a settled painting, quickly enough to do it
    again at every hint: palette first, then characters, then hints, which win.

    Raises BadConfig for a wrong pick, BadHints for hints of another size.
    """
    painting = settled
    if request.snap is not None:
        painting = snapped(painting, request.palettes[0], request.snap)
    if request.characters is not None:
        painting = recast(painting, request.characters, request.hints)
    painting = hinted(painting, request.hints)
    if request.pick == "best":
        return painting
    check_pick(request, len(painting.colourings))
    return replace(painting, chosen=request.pick - 1)


def check_pick(request: PaintRequest, count: int) -> None:
    """Raise BadConfig for a pick beyond the colourings there are."""
    if request.pick != "best" and request.pick > count:
        raise BadConfig(f"pick {request.pick}: choose from 1 to {count}, or best")


def check_hints(hints: Hints | None, sketch: Sketch) -> None:
    """Raise BadHints when hints were made for a picture of another size."""
    if hints is not None:
        hints.expect_size(sketch.size)


def _holds(request: PaintRequest) -> bool:
    """Whether anything is to stay as it was."""
    return request.only_hinted or bool(request.hints and request.hints.of_kind("lock"))


def _kept(request: PaintRequest, regions: Regions) -> Mask:
    """The regions that stay as they were: locked ones, or all that no hint speaks for."""
    locked = locked_regions(request.hints, regions)
    if not request.only_hinted:
        return locked
    return locked | ~regions_with(request.hints, regions, "colour", "suggest", "clear")


def _check_previous(previous: Painting, sketch: Sketch) -> None:
    if previous.sketch is not sketch and not np.array_equal(previous.sketch.ink, sketch.ink):
        raise BadConfig("the previous painting is of another sketch; leave it out")


def _check_count(painting: Painting, previous: Painting) -> None:
    ours, theirs = len(painting.colourings), len(previous.colourings)
    if ours != theirs:
        raise BadConfig(f"the previous painting has {theirs} colourings, these weights make {ours}")


__all__ = ["Head", "Invert", "PaintRequest", "Painter", "check_hints", "directed", "finish"]
