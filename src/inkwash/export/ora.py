"""OpenRaster files (openraster.org, version 0.0.6 of the specification)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import BinaryIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from inkwash.document import Document
from inkwash.export.layout import shrink
from inkwash.export.parameters import ORA_ENTRY, as_json
from inkwash.export.png import encode_png
from inkwash.export.registry import Job, Output, writer
from inkwash.geometry import Size
from inkwash.layers import Blend, Group, Layer, Pixels

_THREADS = 2  # more would hold more layers at once
_THUMBNAIL = Size(256, 256)
_OPERATORS: dict[Blend, str] = {
    "normal": "svg:src-over",
    "multiply": "svg:multiply",
    "screen": "svg:screen",
}


@writer("ora")
def ora_outputs(job: Job) -> Iterable[Output]:
    yield Output(job.folder / f"{job.name}.ora", lambda file: write_ora(job.document, file))


def write_ora(document: Document, file: BinaryIO) -> None:
    """Write the document: its layers as PNG, how they lie, and what they look like together."""
    merged = document.flatten()
    sources: list[Layer] = []
    stack = _image_element(document, sources)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "image/openraster")  # the first entry, by the specification
        archive.writestr("stack.xml", _as_xml(stack), zipfile.ZIP_DEFLATED)
        with ThreadPoolExecutor(_THREADS) as pool:  # zlib works outside Python's lock
            encoded = pool.map(partial(_encoded, document), sources)
            for number, data in enumerate(encoded):
                archive.writestr(_source_name(number), data)
        archive.writestr("mergedimage.png", _png(merged, document))
        archive.writestr("Thumbnails/thumbnail.png", _thumbnail(merged))
        if document.parameters:
            archive.writestr(ORA_ENTRY, as_json(document.parameters))


def _image_element(document: Document, sources: list[Layer]) -> Element:
    image = Element(
        "image", version="0.0.6", w=str(document.size.width), h=str(document.size.height)
    )
    image.set("name", _printable(document.name))
    if document.dpi:
        image.set("xres", str(round(document.dpi[0])))
        image.set("yres", str(round(document.dpi[1])))
    _fill(SubElement(image, "stack"), document.layers, sources)
    return image


def _fill(stack: Element, layers: Sequence[Layer | Group], sources: list[Layer]) -> None:
    """Elements for the layers, top to bottom; each layer joins `sources`, which numbers it."""
    for item in reversed(layers):
        visibility = "visible" if item.visible else "hidden"
        name = _printable(item.name)
        if isinstance(item, Group):
            group = SubElement(stack, "stack", name=name, visibility=visibility, isolation="auto")
            _fill(group, item.layers, sources)
        else:
            element = SubElement(stack, "layer", name=name, visibility=visibility)
            element.set("src", _source_name(len(sources)))
            element.set("x", str(item.box.left))
            element.set("y", str(item.box.top))
            element.set("opacity", f"{item.opacity:g}")
            element.set("composite-op", _OPERATORS[item.blend])
            sources.append(item)


def _encoded(document: Document, layer: Layer) -> bytes:
    return _png(layer.read().rgba(layer.box.size), document)


def _source_name(number: int) -> str:
    return f"data/layer{number}.png"


def _as_xml(element: Element) -> bytes:
    return ElementTree.tostring(element, encoding="UTF-8", xml_declaration=True)


def _printable(text: str) -> str:
    """The text without what XML cannot hold, such as the halves of broken characters."""
    return "".join(character for character in text if character.isprintable())


def _png(pixels: Pixels, document: Document) -> bytes:
    return encode_png(pixels, dpi=document.dpi, icc_profile=document.icc_profile)


def _thumbnail(pixels: Pixels) -> bytes:
    return encode_png(np.asarray(shrink(pixels, _THUMBNAIL)))
