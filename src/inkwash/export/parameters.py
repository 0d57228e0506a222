"""The parameters of a run inside the files it wrote, and back.

PNG holds them in an iTXt chunk `inkwash`, ORA in the file `inkwash.json`, PSD in the attribute
`inkwash:parameters` of its XMP packet; everywhere as JSON.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

from inkwash.errors import BadData

KEYWORD = "inkwash"
ORA_ENTRY = "inkwash.json"
NAMESPACE = "https://inkwash.invalid/ns/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP_RESOURCE = 1060
_Reader = Callable[[BinaryIO], "str | None"]


def as_json(parameters: Mapping[str, object]) -> str:
    return json.dumps(parameters, ensure_ascii=False)


def as_xmp(parameters: Mapping[str, object]) -> bytes:
    """An XMP packet (ISO 16684-1) with the parameters as one attribute."""
    for prefix, uri in (("x", "adobe:ns:meta/"), ("rdf", _RDF), (KEYWORD, NAMESPACE)):
        ElementTree.register_namespace(prefix, uri)
    meta = ElementTree.Element("{adobe:ns:meta/}xmpmeta")
    rdf = ElementTree.SubElement(meta, f"{{{_RDF}}}RDF")
    about = {f"{{{_RDF}}}about": "", f"{{{NAMESPACE}}}parameters": as_json(parameters)}
    ElementTree.SubElement(rdf, f"{{{_RDF}}}Description", about)
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        + ElementTree.tostring(meta, encoding="utf-8")
        + b'<?xpacket end="w"?>'
    )


def read_parameters(path: str | Path) -> dict[str, Any] | None:
    """What inkwash wrote into a PNG, ORA, PSD or PSB file; None if it wrote nothing there.

    Raises `BadData` for a file that cannot be read or is damaged.
    """
    try:
        with open(path, "rb") as file:
            return _read(file)
    except (ValueError, KeyError, EOFError, struct.error, zipfile.BadZipFile, SyntaxError) as error:
        raise BadData(f"{path}: is damaged ({error}); write it again") from error
    except OSError as error:
        if error.errno is None:  # psd-tools says so where a file ends too early
            raise BadData(f"{path}: is damaged ({error}); write it again") from error
        raise BadData(f"{path}: cannot be read: {error.strerror}; check the path") from error


def _read(file: BinaryIO) -> dict[str, Any] | None:
    reader = _reader_for(file.read(8))
    file.seek(0)
    text = reader(file) if reader else None
    return json.loads(text) if text is not None else None


def _reader_for(magic: bytes) -> _Reader | None:
    readers: dict[bytes, _Reader] = {
        b"\x89PNG": _from_png,
        b"PK\x03\x04": _from_ora,
        b"8BPS": _from_psd,
    }
    return readers.get(magic[:4])


def _from_png(file: BinaryIO) -> str | None:
    file.seek(8)
    start = KEYWORD.encode() + b"\0"
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"iTXt":
            data = file.read(length)
            if data.startswith(start):
                return data.split(b"\0", 5)[-1].decode()
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)
    return None


def _from_ora(file: BinaryIO) -> str | None:
    with zipfile.ZipFile(file) as archive:
        if ORA_ENTRY not in archive.namelist():
            return None
        return archive.read(ORA_ENTRY).decode()


def _from_psd(file: BinaryIO) -> str | None:
    from psd_tools.psd.color_mode_data import ColorModeData
    from psd_tools.psd.header import FileHeader
    from psd_tools.psd.image_resources import ImageResources

    FileHeader.read(file)
    ColorModeData.read(file)
    packet = ImageResources.read(file).get_data(_XMP_RESOURCE)
    if packet is None:
        return None
    for element in ElementTree.fromstring(packet).iter(f"{{{_RDF}}}Description"):
        return element.get(f"{{{NAMESPACE}}}parameters")
    return None
