"""Read a picture for training: RGB on white, in sRGB."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from inkwash.decode import Picture, decode

Rgb = NDArray[np.uint8]


def read_rgb(data: bytes, largest_pixels: int) -> Rgb:
    """(H, W, 3) of the bytes of any picture file. Raises BadSketch."""
    picture = decode(data, max_pixels=largest_pixels)
    colour = picture.colour
    if colour.ndim == 2:
        colour = np.repeat(colour[..., None], 3, axis=2)
    return _on_white(_in_srgb(colour, picture), picture)


def read_grey(data: bytes, largest_pixels: int) -> Rgb:
    """(H, W) line art of the bytes of any picture file. Raises BadSketch."""
    return np.asarray(Image.fromarray(read_rgb(data, largest_pixels)).convert("L"))


def _in_srgb(rgb: Rgb, picture: Picture) -> Rgb:
    if picture.icc_profile is None:
        return rgb
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(picture.icc_profile))
        if "srgb" in ImageCms.getProfileDescription(profile).lower():
            return rgb
        image = Image.fromarray(np.ascontiguousarray(rgb))
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # a damaged profile: most pictures are sRGB anyway
        return rgb
    return rgb if converted is None else np.asarray(converted)


def _on_white(rgb: Rgb, picture: Picture) -> Rgb:
    if picture.alpha is None:
        return rgb
    alpha = picture.alpha[..., None].astype(np.uint16)
    return ((rgb * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
