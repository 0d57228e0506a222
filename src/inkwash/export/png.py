"""PNG files, one for each colouring, with dpi, colour profile and parameters.

PNG Specification, Third Edition (W3C). Written here rather than with Pillow because rows without
a filter and zlib's quickest level take half the time on flat colours, and smaller files.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import BinaryIO

import numpy as np

from inkwash.export.parameters import KEYWORD, as_json
from inkwash.export.registry import Job, Output, writer
from inkwash.layers import Pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}  # grey, RGB, RGBA
_INCH = 0.0254  # metres


def encode_png(
    pixels: Pixels,
    *,
    dpi: tuple[float, float] | None = None,
    icc_profile: bytes | None = None,
    parameters: Mapping[str, object] | None = None,
) -> bytes:
    """A PNG file of (H, W), (H, W, 3) or (H, W, 4) uint8, compressed quickly.

    A profile that is not for pixels of this kind (grey or RGB) is left out, as PNG demands.
    """
    chunks = [_chunk(b"IHDR", _header(pixels))]
    if icc_profile and fits_pixels(icc_profile, grey=pixels.ndim == 2):
        chunks.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc_profile)))
    if dpi:
        chunks.append(_chunk(b"pHYs", struct.pack(">IIB", *(round(d / _INCH) for d in dpi), 1)))
    if parameters:
        text = as_json(parameters).encode()
        chunks.append(_chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0\0\0" + text))
    chunks += [_chunk(b"IDAT", zlib.compress(_rows(pixels).data, 1)), _chunk(b"IEND", b"")]
    return SIGNATURE + b"".join(chunks)


def fits_pixels(icc_profile: bytes, *, grey: bool) -> bool:
    """Whether the profile's own colour space (ICC.1, header bytes 16…19) is that of the pixels."""
    return icc_profile[16:20] == (b"GRAY" if grey else b"RGB ")


@writer("png")
def png_outputs(job: Job) -> Iterable[Output]:
    for index in job.picks:
        yield Output(job.folder / f"{index + 1}.png", partial(_write, job, index))


def _write(job: Job, index: int, file: BinaryIO) -> None:
    sketch = job.painting.sketch
    parameters = {**job.parameters, "proposal": index + 1}
    pixels = job.render(index)
    file.write(
        encode_png(pixels, dpi=sketch.dpi, icc_profile=sketch.icc_profile, parameters=parameters)
    )


def _header(pixels: Pixels) -> bytes:
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    return struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)


def _rows(pixels: Pixels) -> Pixels:
    """The rows, a byte 0 for "no filter" before each."""
    height = pixels.shape[0]
    flat = pixels.reshape(height, -1)
    rows = np.empty((height, 1 + flat.shape[1]), np.uint8)
    rows[:, 0] = 0
    rows[:, 1:] = flat
    return rows


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(data, zlib.crc32(kind))
    return b"".join([struct.pack(">I", len(data)), kind, data, struct.pack(">I", check)])
