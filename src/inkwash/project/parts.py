"""The large parts of a session as members of an archive: sketch, regions, rounds of proposals."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkwash.compact import pack, unpack
from inkwash.decode import without_pillow_limit
from inkwash.errors import BadPalette, BadProject, BadWeights
from inkwash.geometry import Size
from inkwash.palettes import MOST
from inkwash.palettes.files import palette_from_value, value_of_palette
from inkwash.project.archive import MOST_BYTES, Reader, Writer
from inkwash.project.fields import number, numbers, text, texts
from inkwash.propose import MOST_WORK_PIXELS, Proposals
from inkwash.ranking import coefficients
from inkwash.regions import Regions
from inkwash.regions.table import describe
from inkwash.sketch import Pixels, Sketch

_MOST_PROPOSALS = 64
_SMALL = 1 << 16  # regions up to which a label fits 16 bits


def write_sketch(archive: Writer, sketch: Sketch) -> dict[str, Any]:
    """Ink and alpha as PNG, the profile as it is; returns what the manifest says of it."""
    dpi = sketch.dpi or (None, None)
    archive.bytes("sketch.png", _png(sketch.ink, sketch), packed=True)
    if sketch.alpha is not None:
        archive.bytes("alpha.png", _png(sketch.alpha), packed=True)
    if sketch.icc_profile is not None:
        archive.bytes("sketch.icc", sketch.icc_profile)
    return {
        "name": sketch.name,
        "size": [sketch.size.width, sketch.size.height],
        "dpi": None if sketch.dpi is None else list(dpi),
        "inverted": sketch.inverted,
        "notes": list(sketch.notes),
    }


def read_sketch(archive: Reader, said: dict[str, Any], max_pixels: int) -> Sketch:
    """The same sketch, byte for byte. Raises BadProject, also over `max_pixels`."""
    width, height = numbers(said, "size", 2) or (0, 0)
    if width < 1 or height < 1 or width * height > max_pixels:
        raise BadProject(
            f"its sketch is {width}×{height}; the limit is {max_pixels} pixels, the least is one"
        )
    size = Size(int(width), int(height))
    dpi = numbers(said, "dpi", 2)
    return Sketch(
        ink=_picture(archive, "sketch.png", size, ("L", "RGB")),
        alpha=_picture(archive, "alpha.png", size, ("L",)) if "alpha.png" in archive else None,
        name=text(said, "name"),
        dpi=None if dpi is None else (dpi[0], dpi[1]),
        icc_profile=archive.bytes("sketch.icc", MOST_BYTES) if "sketch.icc" in archive else None,
        inverted=said.get("inverted") is True,
        notes=texts(said, "notes"),
    )


def write_regions(archive: Writer, regions: Regions) -> dict[str, Any]:
    """Labels and ink; the rest of the table is measured again when they are read."""
    kind = np.uint16 if regions.count <= _SMALL else np.int32
    archive.array("regions/labels.npy", regions.labels.astype(kind))
    archive.array("regions/ink.npy", np.packbits(regions.ink, axis=1))
    return {
        "count": regions.count,
        "line_width": regions.line_width,
        "gap": regions.gap,
        "notes": list(regions.notes),
    }


def read_regions(archive: Reader, said: dict[str, Any], size: Size) -> Regions:
    """The same regions. Raises BadProject for labels of another size or with gaps in them."""
    shape, packed = (size.height, size.width), (size.height, -(-size.width // 8))
    count = said.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= size.area:
        raise BadProject(f"it says that there are {count!r} regions")
    kind = "uint16" if count <= _SMALL else "int32"
    labels = archive.array("regions/labels.npy", kind, lambda found: found == shape)
    ink = archive.array("regions/ink.npy", "uint8", lambda found: found == packed)
    labels = labels.astype(np.int32)
    if labels.min() < 0 or labels.max() >= count or not _falling(labels, count):
        raise BadProject("its regions are not numbered by falling area")
    return describe(
        labels,
        np.unpackbits(ink, axis=1, count=size.width).view(np.bool_),
        line_width=number(said, "line_width"),
        gap=number(said, "gap"),
        notes=texts(said, "notes"),
    )


def _falling(labels: NDArray[np.int32], count: int) -> bool:
    areas = np.bincount(labels.ravel(), minlength=count)
    return areas[-1] > 0 and bool((areas[:-1] >= areas[1:]).all())


def write_round(archive: Writer, place: int, proposals: Proposals) -> dict[str, Any]:
    for name, array in pack(proposals).items():
        archive.array(f"rounds/{place}/{name}.npy", array)
    palettes = [value_of_palette(palette) for palette in proposals.palettes]
    return {"palettes": palettes, "ranking": proposals.ranking}


def read_round(archive: Reader, place: int, said: Any) -> Proposals:
    """Raises BadProject for arrays that do not belong together."""
    values = said.get("palettes") if isinstance(said, dict) else None
    if not isinstance(values, list):
        raise BadProject(f"round {place} has no list of palettes")
    try:
        palettes = tuple(palette_from_value(value) for value in values)
    except BadPalette as error:
        raise BadProject(f"round {place}: {error}") from None
    folder = f"rounds/{place}"
    arrays = {"pictures": archive.array(f"{folder}/pictures.npy", "uint8", _fits_pictures)}
    count, *grid = arrays["pictures"].shape[:3]
    if palettes:
        most = max(map(len, palettes))
        if len(palettes) != count or most > MOST:
            raise BadProject(f"round {place} has {len(palettes)} palettes for {count} proposals")
        arrays["scores"] = archive.array(
            f"{folder}/scores.npy",
            "uint8",
            lambda shape: (
                len(shape) == 4 and shape[1] >= most and shape == (count, shape[1], *grid)
            ),
        )
        arrays["shade"] = archive.array(
            f"{folder}/shade.npy", "int16", lambda shape: shape == (count, *grid)
        )
    return replace(unpack(arrays, palettes), ranking=_ranking(said, place))


def _ranking(said: dict[str, Any], place: int) -> str:
    """What projects of earlier versions do not have."""
    text = said.get("ranking", "")
    try:
        if not isinstance(text, str) or (text and not coefficients(text)):
            raise BadProject(f"round {place} has a ranking that is none")
    except BadWeights as error:
        raise BadProject(f"round {place}: {error}") from None
    return text


def _fits_pictures(shape: tuple[int, ...]) -> bool:
    """(K, h, w, 3), none of them too many."""
    if len(shape) != 4 or shape[3] != 3 or min(shape) < 1:
        return False
    return shape[0] <= _MOST_PROPOSALS and shape[1] * shape[2] <= MOST_WORK_PIXELS


def _png(pixels: Pixels, sketch: Sketch | None = None) -> bytes:
    stream = BytesIO()
    about = {}
    if sketch is not None:
        about = {"dpi": sketch.dpi, "icc_profile": sketch.icc_profile}
    about = {key: value for key, value in about.items() if value is not None}
    Image.fromarray(pixels).save(stream, "PNG", compress_level=2, **about)
    return stream.getvalue()


def _picture(archive: Reader, name: str, size: Size, modes: tuple[str, ...]) -> Pixels:
    """Read-only, (H, W) or (H, W, 3); its size and mode are looked at before it is decoded."""
    data = archive.bytes(name, MOST_BYTES)
    try:
        with without_pillow_limit(), Image.open(BytesIO(data), formats=("PNG",)) as image:
            if image.size != (size.width, size.height) or image.mode not in modes:
                raise BadProject(f"{name} is {image.size} {image.mode}, which does not fit")
            pixels = np.array(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadProject(f"{name} is damaged ({error})") from None
    pixels.setflags(write=False)
    return pixels
