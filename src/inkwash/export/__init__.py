"""Writers: a painting or its document as PNG files, a sheet, PSD and ORA.

Importing this package registers the formats in `FORMATS`.
"""

from inkwash.export.ora import write_ora
from inkwash.export.parameters import read_parameters
from inkwash.export.png import encode_png
from inkwash.export.psd import write_psd
from inkwash.export.registry import FORMATS, Job, Output, writer
from inkwash.export.saving import save
from inkwash.export.sheet import draw_sheet
from inkwash.writing import replacing

__all__ = [
    "FORMATS",
    "Job",
    "Output",
    "draw_sheet",
    "encode_png",
    "read_parameters",
    "replacing",
    "save",
    "write_ora",
    "write_psd",
    "writer",
]
