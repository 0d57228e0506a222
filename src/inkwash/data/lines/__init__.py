"""Line extractors: a colour picture in, line art out (ink 0, paper 255), one function each.

Every extractor takes RGB (H, W, 3) uint8 and a strength 0…1 (faint to bold) and gives (H, W) uint8.
`find_extractor` knows them by name; a network is named with its file, as in `onnx:lines.onnx`.
"""

from inkwash.data.lines.drawn import divide, ink_coverage, pencil, xdog
from inkwash.data.lines.files import LinesConfig, LinesReport, draw_lines
from inkwash.data.lines.networks import light_map, onnx, sketchkeras, sketchkeras_lines
from inkwash.data.lines.registry import (
    DEFAULT,
    EXTRACTORS,
    NAMED,
    OPENERS,
    Extractor,
    Picture,
    extractor,
    find_extractor,
)
from inkwash.data.lines.sheet import line_sheet

__all__ = [
    "DEFAULT",
    "EXTRACTORS",
    "NAMED",
    "OPENERS",
    "Extractor",
    "LinesConfig",
    "LinesReport",
    "Picture",
    "divide",
    "draw_lines",
    "extractor",
    "find_extractor",
    "ink_coverage",
    "light_map",
    "line_sheet",
    "onnx",
    "pencil",
    "sketchkeras",
    "sketchkeras_lines",
    "xdog",
]
