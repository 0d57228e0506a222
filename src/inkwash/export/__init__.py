"""Writers: a painting or its document as PNG files, a sheet, PSD and ORA.

Importing this package registers the formats in `FORMATS`. psd-tools is slow to import and waits
until a PSD is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from inkwash.export.ora import write_ora
from inkwash.export.parameters import read_parameters
from inkwash.export.png import encode_png
from inkwash.export.registry import FORMATS, Job, Output, writer
from inkwash.export.saving import save
from inkwash.export.sheet import draw_sheet
from inkwash.writing import replacing

if TYPE_CHECKING:
    from inkwash.export.psd import write_psd

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


@writer("psd")
def psd_outputs(job: Job) -> Iterable[Output]:
    from inkwash.export import psd

    return psd.psd_outputs(job)


def __getattr__(name: str) -> Any:
    if name != "write_psd":
        raise AttributeError(f"module 'inkwash.export' has no attribute {name!r}")
    from inkwash.export import psd

    return psd.write_psd
