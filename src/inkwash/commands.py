"""The small commands of a session, and the state they lead to. All are values: nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from inkwash.choices import locked_regions
from inkwash.errors import BadConfig
from inkwash.geometry import Size
from inkwash.hints import Hint, Hints
from inkwash.painter import PaintRequest
from inkwash.palettes import CharacterSheet, Palette
from inkwash.recolour import region_under
from inkwash.regions import Regions
from inkwash.settle import Paper, Style


@dataclass(frozen=True, kw_only=True, eq=False)
class State:
    """All that was said so far.

    choices: region → the round and the proposal (from 0) that it is taken from. locks: region →
    what had been said, but for locks, when it was locked.
    """

    request: PaintRequest
    round: int = 0
    choices: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    locks: Mapping[int, State] = field(default_factory=dict)

    def hints_with(self, hint: Hint, size: Size) -> Hints:
        """The hints and one more. Raises BadHints where it lies outside the sketch."""
        return (self.request.hints or Hints(size)).with_items([hint])


@dataclass(frozen=True)
class Add:
    """Add hints that were given together: a dab, a stroke over several regions, a painted layer.

    A colour or a clearing takes the place of a choice in its region.
    """

    hints: tuple[Hint, ...]

    def after(self, state: State, regions: Regions) -> State:
        for hint in self.hints:
            state = _with_hint(state, hint, regions)
        return state


@dataclass(frozen=True)
class Remove:
    """Remove a hint by its place in the list, counted from 0."""

    place: int

    def after(self, state: State, regions: Regions) -> State:
        items = state.request.hints.items if state.request.hints else ()
        if not 0 <= self.place < len(items):
            raise BadConfig(f"hint {self.place + 1} is not there: there are {len(items)}")
        height, width = regions.labels.shape
        hints = Hints(Size(width, height), (*items[: self.place], *items[self.place + 1 :]))
        return replace(state, request=replace(state.request, hints=hints))


@dataclass(frozen=True)
class Choose:
    """Take these regions from a proposal of this round, counted from 0."""

    regions: tuple[int, ...]
    proposal: int

    def after(self, state: State, regions: Regions) -> State:
        _expect_regions(self.regions, regions)
        source = state.round, self.proposal
        return replace(state, choices={**state.choices, **dict.fromkeys(self.regions, source)})


@dataclass(frozen=True)
class Release:
    """Forget the choices for these regions."""

    regions: tuple[int, ...]

    def after(self, state: State, regions: Regions) -> State:
        return replace(state, choices=_without(state.choices, self.regions))


@dataclass(frozen=True)
class Erase:
    """Forget all that was said about these regions: hints, choices, locks."""

    regions: tuple[int, ...]

    def after(self, state: State, regions: Regions) -> State:
        _expect_regions(self.regions, regions)
        height, width = regions.labels.shape
        items = state.request.hints.items if state.request.hints else ()
        kept = tuple(hint for hint in items if region_under(hint, regions) not in self.regions)
        hints = Hints(Size(width, height), kept)
        locks = {label: said for label, said in state.locks.items() if label not in self.regions}
        return replace(
            state,
            request=replace(state.request, hints=hints),
            choices=_without(state.choices, self.regions),
            locks=locks,
        )


@dataclass(frozen=True)
class Pick:
    """Show another proposal, counted from 1 as in a PaintRequest."""

    proposal: int

    def after(self, state: State, regions: Regions) -> State:
        return replace(state, request=replace(state.request, pick=self.proposal))


@dataclass(frozen=True)
class Restyle:
    """Flat or shaded, paper white or painted (None: as it is); locked regions stay as locked."""

    style: Style
    paper: Paper | None = None

    def after(self, state: State, regions: Regions) -> State:
        paper = self.paper or state.request.paper
        return replace(state, request=replace(state.request, style=self.style, paper=paper))


@dataclass(frozen=True)
class Snap:
    """Move all flats towards a palette, by 0…1."""

    palette: Palette
    strength: float

    def after(self, state: State, regions: Regions) -> State:
        if not 0 <= self.strength <= 1:
            raise BadConfig(f"snap {self.strength} is not possible; give a number from 0 to 1")
        request = replace(
            state.request, characters=None, palettes=(self.palette,), snap=self.strength
        )
        return replace(state, request=request)


@dataclass(frozen=True)
class Propose:
    """Go on to the next round of proposals, made with this seed.

    palettes: from now on, one for all or one each; () proposed ones; None those of before. snap:
    with one palette, how far flats go towards it instead. characters: whose colours the page has
    from now on, instead of palettes. All as in a PaintRequest, which raises BadConfig.
    """

    seed: int
    palettes: tuple[Palette, ...] | None = None
    snap: float | None = None
    characters: CharacterSheet | None = None

    def after(self, state: State, regions: Regions) -> State:
        request = replace(state.request, seed=self.seed)
        if self.palettes is not None or self.characters is not None:
            request = replace(
                request,
                palettes=self.palettes or (),
                snap=self.snap,
                characters=self.characters,
            )
        return replace(state, request=request, round=state.round + 1)


Command = Add | Remove | Choose | Release | Erase | Pick | Restyle | Snap | Propose


def _expect_regions(labels: tuple[int, ...], regions: Regions) -> None:
    for label in labels:
        if not 0 <= label < regions.count:
            raise BadConfig(f"region {label}: the sketch has regions 0 to {regions.count - 1}")


def _with_hint(state: State, hint: Hint, regions: Regions) -> State:
    height, width = regions.labels.shape
    hints = state.hints_with(hint, Size(width, height))
    told = replace(state, request=replace(state.request, hints=hints))
    region = region_under(hint, regions)
    locked = region in state.locks and locked_regions(state.request.hints, regions)[region]
    if hint.kind == "lock" and not locked:  # other locks do not matter to this region
        return replace(told, locks={**state.locks, region: replace(state, locks={})})
    if hint.kind in ("lock", "suggest") or locked:
        return told
    return replace(told, choices=_without(state.choices, [region]))


def _without(choices: Mapping[int, tuple[int, int]], regions) -> dict[int, tuple[int, int]]:
    return {region: source for region, source in choices.items() if region not in regions}
