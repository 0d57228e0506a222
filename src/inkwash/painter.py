"""The API: a `Painter` holds a network; a `PaintRequest` says everything about one painting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from inkwash.errors import BadConfig
from inkwash.hints import Hints
from inkwash.palettes import Palette
from inkwash.propose import Proposals, Study, WorkSize, propose, study
from inkwash.proposer import propose_palettes
from inkwash.regions import Regions, segment
from inkwash.runtime import Runtime
from inkwash.settle import Painting, Style, settle
from inkwash.sketch import Invert, Sketch, read
from inkwash.weights import DEFAULT, Backend, load

Head = Literal["auto", "palette", "rgb"]


@dataclass(frozen=True, kw_only=True)
class PaintRequest:
    """Everything that is asked of a painting; the same for Python, command line and HTTP."""

    style: Style = "flat"
    pick: int | Literal["best"] = "best"  # the chosen colouring, counted from 1
    hints: Hints | None = None
    palettes: tuple[Palette, ...] = ()  # one for all nine, or one each; none: proposed ones
    head: Head = "auto"  # "auto": the palette head where the weights have one
    work_size: WorkSize = "auto"  # short side of what the network sees
    gap: float | Literal["auto"] = "auto"  # openings up to this many pixels are closed
    seed: int = 0  # of the proposed palettes


class Painter:
    """Paints sketches with one network; make one and reuse it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    @classmethod
    def load(
        cls, weights: str | Path = DEFAULT, *, backend: Backend = "onnx", threads: int = 0
    ) -> Painter:
        """Load weights by name or file; `threads` 0 takes all cores.

        Raises BadWeights for a file that is missing or no network.
        """
        return cls(load(weights, backend=backend, threads=threads))

    def paint(self, source: object, request: PaintRequest | None = None, **changes) -> Painting:
        """Read, propose, segment and settle one sketch.

        source: whatever `inkwash.sketch.read` takes, or a Sketch. changes: fields of PaintRequest.
        Raises BadSketch, BadHints, BadPalette, BadConfig.
        """
        request = replace(request or PaintRequest(), **changes)
        sketch = source if isinstance(source, Sketch) else read(source)  # type: ignore[arg-type]
        check_hints(request.hints, sketch)
        proposals = self.propose(self.study(sketch, request), request)
        return finish(proposals, segment(sketch.lines, gap=request.gap), sketch, request)

    def study(self, sketch: Sketch, request: PaintRequest) -> Study:
        """Run the trunk; keep the result to try other palettes without running it again."""
        return study(sketch, self.runtime, hints=request.hints, work_size=request.work_size)

    def propose(self, studied: Study, request: PaintRequest) -> Proposals:
        """Nine colourings of a studied sketch under the request's palettes."""
        return propose(studied, self.runtime, self._palettes(request))

    def _palettes(self, request: PaintRequest) -> tuple[Palette, ...]:
        config = self.runtime.config
        wanted = "palette" if config.keys else "rgb"
        head = wanted if request.head == "auto" and not request.palettes else request.head
        if head == "rgb":
            if request.palettes:
                raise BadConfig("the RGB head takes no palettes; leave out --palette or --head rgb")
            return ()
        if request.palettes:
            return request.palettes
        return propose_palettes(config.proposals, request.seed)


def finish(
    proposals: Proposals, regions: Regions, sketch: Sketch, request: PaintRequest
) -> Painting:
    """Settle, and choose the colouring that was asked for. Raises BadConfig for a wrong pick."""
    painting = settle(proposals, regions, sketch, hints=request.hints, style=request.style)
    if request.pick == "best":
        return painting
    if not 1 <= request.pick <= proposals.count:
        raise BadConfig(f"pick {request.pick}: choose from 1 to {proposals.count}, or best")
    return replace(painting, chosen=request.pick - 1)


def check_hints(hints: Hints | None, sketch: Sketch) -> None:
    """Raise BadHints when hints were made for a picture of another size."""
    if hints is not None:
        hints.expect_size(sketch.size)


__all__ = ["Head", "Invert", "PaintRequest", "Painter", "check_hints", "finish"]
