"""Options that several verbs take: what they are and what their help says, once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Json = Annotated[bool, Parameter(negative="", help="One JSON object on stdout.")]
Force = Annotated[bool, Parameter(negative="", help="Overwrite what is there.")]
Threads = Annotated[int, Parameter(help="0: all cores.")]

# Of a network
Weights = Annotated[
    str, Parameter(help="A name or a file; NAME+FILE.adapter with what inkwash adapt learned.")
]
Head = Annotated[
    Literal["auto", "palette", "rgb"],
    Parameter(help="Who colours: palettes placed, or the network's own colours."),
]
WorkSize = Annotated[
    str, Parameter(help="Short side that the network sees: auto, native, or pixels.")
]
SeenHead = Annotated[
    Literal["auto", "rgb", "palette"], Parameter(help="auto: palette where there is one.")
]

# Of a sketch
Gap = Annotated[str, Parameter(help="Gaps in lines to close: auto, or pixels.")]
Invert = Annotated[
    Literal["auto", "yes", "no"], Parameter(help="Light lines on dark paper: turn them over.")
]
HintsFile = Annotated[Path | None, Parameter(help="Hints as JSON, or as a painted layer.")]
Reference = Annotated[Path | None, Parameter(help="A picture whose colours are the palette.")]
Formats = Annotated[str, Parameter(help="Of png, sheet, psd, ora, joined by commas.")]

# Of files
Folders = Annotated[list[Path], Parameter(help="Folders of pictures; may be given repeatedly.")]
WeightsFile = Annotated[Path, Parameter(help="A .safetensors or .onnx file.")]
