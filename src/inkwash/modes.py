"""Pixels of any Pillow mode or array type as 8-bit grey or RGB, with or without alpha."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.errors import BadSketch

Pixels = NDArray[np.uint8]

_SAMPLES = 640  # on the short side, to judge a picture by
_PLAIN_MODES = ("L", "LA", "RGB", "RGBA")
_CONVERTED_MODES = {
    "1": "L",
    "P": "RGB",
    "PA": "RGBA",
    "La": "LA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "YCbCr": "RGB",
    "HSV": "RGB",
}


def eight_bit(image: Image.Image, label: str) -> Image.Image:
    """The same picture as L, LA, RGB or RGBA."""
    image.load()
    if image.mode.startswith("I"):
        return Image.fromarray(_from_sixteen_bit(np.asarray(image), label))
    if image.mode == "CMYK":
        return _from_cmyk(image)
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in _PLAIN_MODES:
        return image
    if image.mode in _CONVERTED_MODES:
        return image.convert(_CONVERTED_MODES[image.mode])
    raise BadSketch(
        f"{label}: pixels of mode {image.mode} are not read; save it as RGB with 8 or 16 bits"
    )


def _from_sixteen_bit(values: NDArray[Any], label: str) -> Pixels:
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 65535:
        raise BadSketch(
            f"{label}: has values {low}…{high}, outside of 16 bits (0…65535); "
            "save it with 8 or 16 bits"
        )
    return _rounded(values.astype(np.uint16))


def _rounded(values: NDArray[Any]) -> Pixels:
    """16 bits to 8, the nearest of v / 257, some rows at a time to spare memory."""
    result = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), 64):
        rows = slice(top, top + 64)
        result[rows] = (values[rows].astype(np.uint32) * 255 + 32895) >> 16
    return result


def sixteen_bit_colour(image: Image.Image) -> Image.Image | None:
    """Colour with 16 bits, rounded; None for other pictures.

    Pillow would cut off the low byte, so that every level became darker by half a step.
    """
    tiles = getattr(image, "tile", ())
    stream = getattr(image, "fp", None)
    if image.mode not in ("LA", "RGB", "RGBA") or not tiles or stream is None:
        return None
    if ";16" not in str(tiles[0][3]):
        return None
    import cv2

    stream.seek(0)
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    values = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), flags)
    if values is None or values.dtype != np.uint16 or values.ndim != 3:
        return None
    order = [2, 1, 0, 3][: values.shape[2]]  # OpenCV gives BGR(A)
    return Image.fromarray(_rounded(values[..., order]))


def _from_cmyk(image: Image.Image) -> Image.Image:
    """CMYK as sRGB: by the picture's own profile where it has one, else by complement."""
    from PIL import ImageCms

    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"])),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (KeyError, OSError, TypeError, ImageCms.PyCMSError):  # no profile, or a damaged one
        return image.convert("RGB")
    return converted or image.convert("RGB")


def array_as_bytes(array: NDArray[Any]) -> Pixels:
    """A copy as uint8: bool, uint8, uint16, or floating point in 0…1."""
    if array.dtype == np.uint8:
        return array.copy()
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return _rounded(array)
    if not np.issubdtype(array.dtype, np.floating):
        raise BadSketch(
            f"the array: has the type {array.dtype}; give bool, uint8, uint16 or floats in 0…1"
        )
    if not np.isfinite(array).all():
        raise BadSketch("the array: has values that are not finite; replace NaN and infinity")
    low, high = float(array.min()), float(array.max())
    if low < 0 or high > 1:
        raise BadSketch(f"the array: has floats in {low:g}…{high:g}; scale them to 0…1")
    return np.rint(array * 255).astype(np.uint8)


def split(pixels: Pixels) -> tuple[Pixels, Pixels | None]:
    """Colour (H, W) or (H, W, 3) and alpha (H, W), the latter None if all is opaque."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels in (1, 3):
        return np.ascontiguousarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels), None
    alpha = np.ascontiguousarray(pixels[..., -1])
    colour = pixels[..., 0] if channels == 2 else pixels[..., :3]
    return np.ascontiguousarray(colour), None if alpha.min() == 255 else alpha


def thinned(pixels: Pixels) -> Pixels:
    """A view of every n-th pixel, about 640 on the short side."""
    step = step_of(pixels)
    return pixels[::step, ::step]


def step_of(pixels: Pixels) -> int:
    return max(1, min(pixels.shape[:2]) // _SAMPLES)


def brightness_of(pixels: Pixels) -> NDArray[np.float32]:
    """(H, W), the mean of the channels, 0…255."""
    return pixels.astype(np.float32) if pixels.ndim == 2 else pixels.mean(axis=-1, dtype=np.float32)
