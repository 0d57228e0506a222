"""Open a picture of any file format and mode as 8-bit pixels: the first half of `read`."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from inkwash.errors import BadSketch
from inkwash.modes import Pixels, array_as_bytes, eight_bit, sixteen_bit_colour, split

Source = str | os.PathLike[str] | bytes | BinaryIO | NDArray[Any] | Image.Image

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
CONVERT = f"convert it to one of {', '.join(FORMATS)}"

_ORIENTATION = 0x0112  # the EXIF tag
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SIDEWAYS = tuple(_TURNS[orientation] for orientation in (5, 6, 7, 8))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Decoded pixels, upright, before anyone asks what is paper and what is ink."""

    colour: Pixels
    """(H, W) grey or (H, W, 3) RGB, 0…255, not multiplied by alpha."""
    alpha: Pixels | None
    """(H, W), 0 transparent … 255 opaque; None where every pixel is opaque."""
    name: str
    dpi: tuple[float, float] | None = None
    icc_profile: bytes | None = None
    notes: tuple[str, ...] = ()


def decode(source: Source, *, max_pixels: int) -> Picture:
    """Decode `source`; raises BadSketch for everything that is not a picture within limits."""
    if isinstance(source, np.ndarray):
        return _from_array(source, max_pixels)
    if isinstance(source, Image.Image):
        with _decoding("the picture"):
            return _from_image(source, "the picture", "sketch", max_pixels)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_stream(BytesIO(source), "the bytes", "sketch", max_pixels)
    if isinstance(source, str | os.PathLike):
        return _from_path(Path(source), max_pixels)
    if hasattr(source, "read"):
        return _from_stream(source, "the stream", "sketch", max_pixels)
    raise BadSketch(
        f"a {type(source).__name__} is not a sketch; "
        "give a path, bytes, a binary stream, an array or a PIL image"
    )


def _from_path(path: Path, max_pixels: int) -> Picture:
    try:
        with path.open("rb") as stream:
            return _from_stream(stream, str(path), path.stem, max_pixels)
    except FileNotFoundError as error:
        raise BadSketch(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise BadSketch(f"{path}: is a folder; give the pictures in it") from error
    except PermissionError as error:
        raise BadSketch(f"{path}: permission denied; allow reading it first") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        raise BadSketch(f"{str(path)!r}: cannot be read: {error}; check the path") from error


def _from_stream(stream: BinaryIO, label: str, name: str, max_pixels: int) -> Picture:
    with _decoding(label):
        if not (hasattr(stream, "seekable") and stream.seekable()):
            stream = BytesIO(stream.read())
        try:
            image = Image.open(stream, formats=FORMATS)
        except UnidentifiedImageError as error:
            raise BadSketch(_unidentified(stream, label)) from error
        with image:
            return _from_image(image, label, name, max_pixels)


@contextmanager
def _decoding(label: str) -> Iterator[None]:
    """Whatever a decoder raises becomes a BadSketch that names the picture."""
    with without_pillow_limit():
        try:
            yield
        except BadSketch:
            raise
        except MemoryError as error:
            raise BadSketch(f"{label}: does not fit into memory; scale it down") from error
        except Exception as error:  # on damaged files the decoders raise every class there is
            reason = " ".join(str(error).split()) or type(error).__name__
            raise BadSketch(
                f"{label}: the picture is damaged or cut off ({reason}); save or copy it again"
            ) from error


def _unidentified(stream: BinaryIO, label: str) -> str:
    if stream.seek(0, os.SEEK_END) == 0:
        return f"{label}: is empty (0 bytes); save or copy it again"
    return f"{label}: is not a picture that inkwash reads; {CONVERT}"


class _PillowLimit:
    """Pillow's own pixel limit, lifted while at least one thread is decoding.

    The limit belongs to the whole process and is half a warning; ours is checked before
    anything is decoded.
    """

    lock = threading.Lock()
    users = 0
    kept: int | None = None


@contextmanager
def without_pillow_limit() -> Iterator[None]:
    with _PillowLimit.lock:
        if _PillowLimit.users == 0:
            _PillowLimit.kept, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        _PillowLimit.users += 1
    try:
        yield
    finally:
        with _PillowLimit.lock:
            _PillowLimit.users -= 1
            if _PillowLimit.users == 0:
                Image.MAX_IMAGE_PIXELS = _PillowLimit.kept


def _check_size(width: int, height: int, label: str, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise BadSketch(f"{label}: is {width}×{height}, without a pixel; give a larger picture")
    if width * height > max_pixels:
        raise BadSketch(
            f"{label}: is {width}×{height}, {width * height:,} pixels, more than the limit of "
            f"{max_pixels:,}; scale it down or raise the limit with --max-pixels"
        )


def _from_image(image: Image.Image, label: str, name: str, max_pixels: int) -> Picture:
    _check_size(image.width, image.height, label, max_pixels)
    notes = _frame_notes(image)
    plain = sixteen_bit_colour(image) or eight_bit(image, label)
    turn = _TURNS.get(_orientation(image))
    colour, alpha = split(np.asarray(plain.transpose(turn) if turn is not None else plain))
    return Picture(
        colour=colour,
        alpha=alpha,
        name=name,
        dpi=_dpi(image, swapped=turn in _SIDEWAYS),
        icc_profile=_rgb_profile(image),
        notes=notes,
    )


def _frame_notes(image: Image.Image) -> tuple[str, ...]:
    # A phone's MPO is a JPEG with previews behind it, not an animation.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        return ("only the first frame is read",)
    return ()


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF raises every class there is; the pixels are still good
        return 1


def _dpi(image: Image.Image, *, swapped: bool) -> tuple[float, float] | None:
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (0 < across < float("inf") and 0 < down < float("inf")):
        return None
    return (down, across) if swapped else (across, down)


def _rgb_profile(image: Image.Image) -> bytes | None:
    """The picture's ICC profile if it describes RGB: no other fits a coloured picture."""
    profile = image.info.get("icc_profile")
    fits = isinstance(profile, bytes) and profile[16:20] == b"RGB " and profile[36:40] == b"acsp"
    return profile if fits and image.mode != "CMYK" else None


def _from_array(array: NDArray[Any], max_pixels: int) -> Picture:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise BadSketch(
            f"the array: has the shape {array.shape}; give (H, W) or (H, W, C) with C of 1 to 4"
        )
    _check_size(array.shape[1], array.shape[0], "the array", max_pixels)
    colour, alpha = split(array_as_bytes(array))
    return Picture(colour=colour, alpha=alpha, name="sketch")
