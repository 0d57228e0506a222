"""What goes over the wire, as pydantic models: the contract with the studio's page and programs.

Proposals are counted from 1, hints and regions from 0. Coordinates are pixels of the sketch from
its top left corner. Colours are "#rrggbb".
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from inkwash.palettes import MOST_CHARACTERS

Style = Literal["flat", "shaded"]
Paper = Literal["white", "paint"]
Layer = Literal["picture", "line", "flats", "shade", "sketch", "regions"]
ExportFormat = Literal["png", "psd", "ora", "project", "all"]
PaintFormat = Literal["png", "sheet", "psd", "ora", "zip"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]

HEX = "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"
PICK = "^(best|[1-9])$"
SHOWN_PICK = "^(shown|all|[1-9][0-9]?)$"
GAP = r"^(auto|[0-9]{1,3}(\.[0-9]{1,3})?)$"
PATTERNS = {
    HEX: "a colour as '#rrggbb'",
    PICK: "'best' or a number from 1 to 9",
    SHOWN_PICK: "'shown', 'all' or a number from 1 to 9",
    GAP: "'auto' or a number of pixels from 0 to 200",
}
"""What a text must be like, in words for who sent another."""

Hex = Annotated[str, Field(pattern=HEX, examples=["#3a2438"])]
Pixel = Annotated[float, Field(strict=True, ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Length = Annotated[float, Field(strict=True, gt=0, le=1_000_000, allow_inf_nan=False)]
Seed = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
ProposalNumber = Annotated[int, Field(strict=True, ge=1, le=64)]


class Strict(BaseModel):
    """A body: a field that is not known is refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid")


# Hints, as in docs/hints.md


class _Mark(Strict):
    kind: Literal["colour", "suggest", "lock", "clear"]
    rgb: Hex | None = None


class DotHint(_Mark):
    shape: Literal["dot"]
    x: Pixel
    y: Pixel
    radius: Length = 3


class StrokeHint(_Mark):
    shape: Literal["stroke"]
    points: Annotated[list[tuple[Pixel, Pixel]], Field(min_length=1, max_length=20_000)]
    width: Length = 4


class AreaHint(_Mark):
    shape: Literal["area"]
    runs: Annotated[list[tuple[Whole, Whole, Whole]], Field(min_length=1, max_length=100_000)]


HintBody = Annotated[DotHint | StrokeHint | AreaHint, Field(discriminator="shape")]


class HintsBody(Strict):
    """One or more hints. The other fields are those of a hints file and may be left out."""

    hints: Annotated[list[HintBody], Field(min_length=1, max_length=1000)]
    format: Literal["inkwash-hints"] = "inkwash-hints"
    version: Literal[1] = 1
    size: tuple[Whole, Whole] | None = None


# Palettes, as in docs/palettes.md


class SwatchBody(Strict):
    """`rgb` and `hex` say the same; one of them is enough when sent, both are in answers."""

    rgb: Hex | None = None
    hex: Hex | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    role: Annotated[str, Field(max_length=200)] = ""
    share: Share | None = None


class PaletteBody(Strict):
    name: Annotated[str, Field(max_length=200)] = ""
    swatches: Annotated[list[SwatchBody], Field(min_length=1, max_length=4096)]


Palettes = Annotated[list[PaletteBody | str], Field(max_length=64)]
"""Palettes as objects, by a name of the library, or as "#rrggbb,#rrggbb"."""

Characters = Annotated[list[PaletteBody], Field(max_length=MOST_CHARACTERS)]
"""The characters of a sheet: palettes with names, whose swatches have roles."""


# What is asked


class StartRequest(Strict):
    """The form field `request` of an upload."""

    style: Style = "flat"
    paper: Paper = "white"
    gap: Annotated[float, Field(strict=True, ge=0, le=200)] | Literal["auto"] = "auto"
    seed: Seed = 0
    palettes: Palettes = Field(default_factory=list)
    snap: Share | None = None
    characters: Characters | None = None
    invert: Literal["auto", "yes", "no"] = "auto"
    name: Annotated[str, Field(max_length=200)] | None = None


class Spot(Strict):
    """A region, by a point in it or by its number; exactly one of them."""

    x: Pixel | None = None
    y: Pixel | None = None
    region: Whole | None = None


class ChoiceBody(Spot):
    """This region as that proposal has it. `spread`: like-coloured regions nearby come along."""

    proposal: ProposalNumber
    spread: StrictBool = False


class PickBody(Strict):
    proposal: ProposalNumber


class StyleBody(Strict):
    style: Style | None = None
    paper: Paper | None = None


class RerollBody(Strict):
    """Without a seed the next one is taken."""

    seed: Seed | None = None


class PalettesBody(Strict):
    """One palette for all nine, or nine; null or [] goes back to proposed ones.

    `snap`: colour freely, then move the flats so far (0 to 1) towards the one palette; no network
    runs then, but the answer is a job all the same. `characters`, instead of palettes: whose
    colours the page has.
    """

    palettes: Palettes | None = None
    snap: Share | None = None
    characters: Characters | None = None
    seed: Seed | None = None


# What is answered


class JobView(BaseModel):
    id: str
    kind: Literal["open", "propose", "reroll", "palettes", "paint"]
    state: JobState
    step: str = Field(description="read, segment, propose, settle, save; empty while queued")
    share: Share
    position: int = Field(description="How many jobs are before this one; 0 when it runs")
    problem: dict[str, Any] | None = Field(None, description="RFC 9457, when it failed")
    result: dict[str, Any] | None = Field(None, description='{"sketch": id} when done')
    sketch: str | None = None


class Accepted(BaseModel):
    """The answer 202: the sketch, and the job to follow."""

    id: str
    job: str


class BoxView(BaseModel):
    left: int
    top: int
    width: int
    height: int


class SwatchView(BaseModel):
    hex: str
    rgb: str
    name: str
    role: str
    share: float | None


class PaletteView(BaseModel):
    name: str
    swatches: list[SwatchView]


class SheetView(BaseModel):
    characters: list[PaletteView]


class NoteView(BaseModel):
    kind: str = Field(description="specks, dithered, texture, …; empty for one without a word")
    count: int | None = Field(description="Of what the note counts")
    text: str


class SketchView(BaseModel):
    """The state of a sketch."""

    id: str
    name: str
    width: int
    height: int
    revision: int = Field(description="Grows with every change; never used twice")
    round: int = Field(description="How often the network was asked again")
    rounds: int
    proposals: int = Field(description="How many there are: 9")
    pick: int = Field(description="The proposal that is shown, from 1")
    style: Style
    paper: Paper
    seed: int
    hints: list[dict[str, Any]]
    regions: int
    chosen: int = Field(description="Regions taken from another proposal")
    locked: int = Field(description="Regions that are locked")
    palettes: list[PaletteView] = Field(description="One for each proposal of this round")
    snap: float | None
    characters: list[PaletteView] = Field(description="Whose colours the page has; [] for none")
    titles: list[str] = Field(description="A name for each proposal; may be empty texts")
    can_undo: bool
    can_redo: bool
    undo: str | None = Field(description="What undo would take back: hint, choose, pick, …")
    redo: str | None
    notes: list[str]
    noted: list[NoteView] = Field(description="The notes, each with a word for its kind")
    job: str | None = Field(description="The job that is at work on this sketch")
    saved: bool = Field(description="Whether the last change is on the disk")
    tile: int = Field(description="Side of a tile in pixels: 512")
    levels: int = Field(description="Levels 0 … levels - 1; the last fits into one tile")
    changed: BoxView | None = Field(None, description="What must be drawn again; null: nothing")


class SketchEntry(BaseModel):
    """A line of the list of sketches."""

    id: str
    name: str
    width: int
    height: int
    opened: float = Field(description="Seconds since 1970")
    changed: float


class AtView(BaseModel):
    region: int
    area: int = Field(description="Pixels of the region")
    box: BoxView
    colour: str | None = Field(description="The flat colour shown; null where it is clear")
    pixel: str = Field(description="The colour of this very pixel, with shade and line")
    hinted: bool
    locked: bool
    chosen: bool
    colours: list[str | None] = Field(description="The flat colour of each proposal")


class ExampleView(BaseModel):
    name: str
    width: int
    height: int
    url: str


class Problem(BaseModel):
    """RFC 9457. Some have more members: `errors`, `state`, `job`, `retry_after`; `reason`, a word
    where the type leaves several open, and what that names: `limit`, `size`, `known`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


class Health(BaseModel):
    status: Literal["ok"]
    version: str
