"""PSD and, above 30 000 pixels a side, PSB: Adobe Photoshop File Formats Specification, 2019.

Built from psd-tools' records, not its image classes: those would blend the preview anew with
packages that are not needed here, and hold every layer as a picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import BinaryIO

from psd_tools.compression import compress
from psd_tools.constants import (
    BlendMode,
    ChannelID,
    ColorMode,
    Compression,
    Resource,
    SectionDivider,
    Tag,
)
from psd_tools.psd.document import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.image_resources import ImageResource, ImageResources, ResoulutionInfo
from psd_tools.psd.layer_and_mask import (
    ChannelData,
    ChannelDataList,
    ChannelImageData,
    ChannelInfo,
    LayerAndMaskInformation,
    LayerFlags,
    LayerInfo,
    LayerRecord,
    LayerRecords,
)
from psd_tools.psd.tagged_blocks import TaggedBlocks

from inkwash.document import Document
from inkwash.errors import OutputFailed
from inkwash.export.packbits import pack_spans
from inkwash.export.parameters import as_xmp
from inkwash.export.png import fits_pixels
from inkwash.export.registry import Job, Output
from inkwash.geometry import Size
from inkwash.layers import Blend, Group, Layer, Pixels, Raster
from inkwash.spans import Spans

LARGEST_PSD_SIDE = 30_000
LARGEST_PSB_SIDE = 300_000
_LARGEST_PSD_BYTES = 2**31 - 2**20  # the lengths in a PSD are read as signed by many programs
_BLENDS: dict[Blend, BlendMode] = {
    "normal": BlendMode.NORMAL,
    "multiply": BlendMode.MULTIPLY,
    "screen": BlendMode.SCREEN,
}
_Entry = tuple[LayerRecord, ChannelDataList]


def psd_outputs(job: Job) -> Iterable[Output]:
    suffix = "psb" if is_large(job.painting.sketch.size) else "psd"
    path = job.folder / f"{job.name}.{suffix}"
    yield Output(path, lambda file: write_psd(job.document, file))


def is_large(size: Size) -> bool:
    """Whether only a PSB holds a picture of this size."""
    return max(size.width, size.height) > LARGEST_PSD_SIDE


def write_psd(document: Document, file: BinaryIO) -> None:
    """Write the document; a side above 30 000 pixels makes it a PSB.

    Raises `OutputFailed` above 300 000 pixels a side, or if a PSD would grow over 2 GiB.
    """
    if max(document.size.width, document.size.height) > LARGEST_PSB_SIDE:
        raise OutputFailed(
            f"{document.name}: {document.size} pixels; PSB ends at {LARGEST_PSB_SIDE} a side: "
            "write --format ora instead"
        )
    psd = _build(document, version=2 if is_large(document.size) else 1)
    _refuse_oversize(document, psd)
    psd.write(file)


def _build(document: Document, version: int) -> PSD:
    planes = document.planes()
    channels = 3 if planes[3].min() == 255 else 4
    header = FileHeader(
        version=version,
        channels=channels,
        width=document.size.width,
        height=document.size.height,
        depth=8,
        color_mode=ColorMode.RGB,
    )
    preview = ImageData(compression=Compression.RLE)
    preview.set_data([plane.tobytes() for plane in planes[:channels]], header)
    del planes
    entries = list(_entries(document.layers, version))
    info = LayerInfo(
        # A negative count says that the preview's fourth channel is its transparency.
        layer_count=len(entries) if channels == 3 else -len(entries),
        layer_records=LayerRecords([record for record, _ in entries]),
        channel_image_data=ChannelImageData([data for _, data in entries]),
    )
    return PSD(
        header=header,
        image_resources=_resources(document),
        layer_and_mask_information=LayerAndMaskInformation(
            layer_info=info, tagged_blocks=TaggedBlocks()
        ),
        image_data=preview,
    )


def _refuse_oversize(document: Document, psd: PSD) -> None:
    info = psd.layer_and_mask_information.layer_info
    assert info is not None
    total = sum(len(channel.data) for layer in info.channel_image_data for channel in layer)
    if psd.header.version == 1 and total + len(psd.image_data.data) > _LARGEST_PSD_BYTES:
        raise OutputFailed(
            f"{document.name}: {total / 2**30:.1f} GiB of layers; a PSD holds 2 GiB: "
            "write fewer proposals with --pick, or --format ora"
        )


def _entries(layers: Sequence[Layer | Group], version: int) -> Iterator[_Entry]:
    """Records bottom to top; a group lies between a divider below and its own record above."""
    for item in layers:
        if isinstance(item, Group):
            yield _divider("</Layer group>", SectionDivider.BOUNDING_SECTION_DIVIDER, True)
            yield from _entries(item.layers, version)
            folder = SectionDivider.OPEN_FOLDER if item.visible else SectionDivider.CLOSED_FOLDER
            yield _divider(item.name, folder, item.visible)
        else:
            yield _pixel_entry(item, version)


def _divider(name: str, kind: SectionDivider, visible: bool) -> _Entry:
    record = _record(name, visible=visible)
    is_folder = kind != SectionDivider.BOUNDING_SECTION_DIVIDER
    if is_folder:
        record.blend_mode = BlendMode.PASS_THROUGH
    record.tagged_blocks.set_data(
        Tag.SECTION_DIVIDER_SETTING, kind, blend_mode=record.blend_mode if is_folder else None
    )
    return record, ChannelDataList([ChannelData(compression=Compression.RAW) for _ in range(4)])


def _pixel_entry(layer: Layer, version: int) -> _Entry:
    record = _record(layer.name, visible=layer.visible)
    record.left, record.top = layer.box.left, layer.box.top
    record.right, record.bottom = layer.box.right, layer.box.bottom
    record.blend_mode = _BLENDS[layer.blend]
    record.opacity = round(layer.opacity * 255)
    return record, ChannelDataList(_channels(layer.read(), layer.box.size, version))


def _record(name: str, *, visible: bool) -> LayerRecord:
    record = LayerRecord(
        # The old field is MacRoman and short; the block after it holds the whole name.
        name=name.encode("ascii", "replace")[:255].decode(),
        flags=LayerFlags(visible=visible),
        channel_info=[ChannelInfo(id=ChannelID(number)) for number in (-1, 0, 1, 2)],
    )
    record.tagged_blocks.set_data(Tag.UNICODE_LAYER_NAME, name)
    return record


def _channels(raster: Raster, size: Size, version: int) -> list[ChannelData]:
    """Transparency, red, green, blue; a plane that is there three times is packed once."""
    if isinstance(raster.alpha, Spans):
        data = pack_spans(raster.alpha, size, version)
        alpha = ChannelData(compression=Compression.RLE, data=data)
    else:
        alpha = _packed(raster.coverage(size), size, version)
    if raster.colour.ndim == 2:
        return [alpha, *([_packed(raster.colour, size, version)] * 3)]
    return [alpha, *(_packed(raster.channel(index), size, version) for index in range(3))]


def _packed(plane: Pixels, size: Size, version: int) -> ChannelData:
    """PackBits, the compression every program reads; plane (h, w), or () for one value."""
    pack = partial(compress, compression=Compression.RLE, depth=8, version=version)
    if plane.ndim:
        data = pack(plane.tobytes(), width=size.width, height=size.height)
    else:
        row = pack(plane.tobytes() * size.width, width=size.width, height=1)
        count = struct.calcsize(">H" if version == 1 else ">I")
        data = row[:count] * size.height + row[count:] * size.height
    return ChannelData(compression=Compression.RLE, data=data)


def _resources(document: Document) -> ImageResources:
    resources = ImageResources.new()
    if document.dpi:
        _add(resources, Resource.RESOLUTION_INFO, _resolution(document.dpi))
    if document.icc_profile and fits_pixels(document.icc_profile, grey=False):
        _add(resources, Resource.ICC_PROFILE, document.icc_profile)
    if document.parameters:
        _add(resources, Resource.XMP_METADATA, as_xmp(document.parameters))
    return resources


def _add(resources: ImageResources, key: Resource, data: bytes | ResoulutionInfo) -> None:
    resources[key] = ImageResource(key=key, data=data)  # type: ignore[arg-type]


def _resolution(dpi: tuple[float, float]) -> ResoulutionInfo:
    """Pixels per inch as 16.16 fixed point; unit 1 is the inch."""
    horizontal, vertical = (round(value * 65536) for value in dpi)
    return ResoulutionInfo(
        horizontal=horizontal,
        horizontal_unit=1,
        width_unit=1,
        vertical=vertical,
        vertical_unit=1,
        height_unit=1,
    )
