"""A zip of JSON, pictures and arrays that may come from anywhere: nothing is believed unchecked.

Nothing is ever unpacked to the disk, and nothing is decompressed that is larger than it may be.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadProject

MOST_BYTES = 4 * 2**30  # unpacked, all together; a page of 200 megapixels needs less
MOST_JSON = 64 * 2**20
MOST_MEMBERS = 10_000
_NAME = re.compile(r"[a-z0-9]+(/[a-z0-9]+)*\.[a-z]+")
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same session gives the same bytes whenever it is saved

T = TypeVar("T")


class Reader:
    """The members of an archive. Every method raises BadProject for what is missing or wrong."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {info.filename: info for info in archive.infolist()}
        _expect_plain(archive.infolist())

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def bytes(self, name: str, most: int) -> bytes:
        """A member of at most so many bytes."""
        with self._open(name, most) as member:
            return member.read(self._members[name].file_size)  # never more, whatever it says

    def json(self, name: str) -> Any:
        try:
            return json.loads(self.bytes(name, MOST_JSON))
        except (ValueError, RecursionError) as error:
            raise BadProject(f"{name} is not JSON, or broken in the middle ({error})") from None

    def array(self, name: str, kind: str, check: Callable[[tuple[int, ...]], bool]) -> NDArray[Any]:
        """An array of a dtype such as "uint8" whose shape passes the check; read only then."""
        with self._open(name, MOST_BYTES) as member:
            dtype, shape = _array_header(name, member)
            if dtype != np.dtype(kind) or not check(shape):
                raise BadProject(f"{name} is an array {dtype} {shape}, which does not fit")
            data = member.read(self._members[name].file_size)
        if len(data) != dtype.itemsize * int(np.prod(shape, dtype=object)):
            raise BadProject(f"{name} is cut short: {len(data)} bytes of an array {shape}")
        return np.frombuffer(data, dtype).reshape(shape)

    @contextmanager
    def _open(self, name: str, most: int) -> Iterator[BinaryIO]:
        if name not in self._members:
            raise BadProject(f"{name} is missing in it")
        info = self._members[name]
        if info.file_size > most:
            raise BadProject(f"{name} unpacks to {info.file_size} bytes; the limit is {most}")
        with self._archive.open(info) as member:
            yield member  # type: ignore[misc]


class Writer:
    """Puts members into an archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def bytes(self, name: str, data: bytes, *, packed: bool = False) -> None:
        """packed: it is compressed already, as PNG is."""
        info = zipfile.ZipInfo(name, _BEGINNING)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, data, compresslevel=None if packed else 1)

    def json(self, name: str, value: Any) -> None:
        self.bytes(name, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())

    def array(self, name: str, array: NDArray[Any]) -> None:
        stream = BytesIO()
        np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
        self.bytes(name, stream.getvalue())


@contextmanager
def reading(file: BinaryIO) -> Iterator[Reader]:
    """Open an archive; whatever zip reading raises becomes a BadProject."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield Reader(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadProject(f"no project, cut short or damaged ({error}); take a copy of it") from None
    except MemoryError:
        raise BadProject("does not fit into memory; close other programs") from None


@contextmanager
def writing(file: BinaryIO) -> Iterator[Writer]:
    with zipfile.ZipFile(file, "w") as archive:
        yield Writer(archive)


def _expect_plain(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_MEMBERS:
        raise BadProject(f"it has {len(names)} members; the limit is {MOST_MEMBERS}")
    if wrong := [name for name in names if not _NAME.fullmatch(name)]:
        raise BadProject(f"it has a member named {wrong[0]!r}, which no project has")
    if len(set(names)) < len(names):
        raise BadProject("it has two members of one name, which no project has")
    if (total := sum(info.file_size for info in infos)) > MOST_BYTES:
        raise BadProject(f"it unpacks to {total} bytes; the limit is {MOST_BYTES}")


def _array_header(name: str, member: BinaryIO) -> tuple[np.dtype, tuple[int, ...]]:
    """NumPy's own .npy format, version 1.0, rows first."""
    try:
        if np.lib.format.read_magic(member) != (1, 0):
            raise ValueError("another version of .npy")
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(member)
    except ValueError as error:
        raise BadProject(f"{name} is no array ({error})") from None
    if by_columns or dtype.hasobject:
        raise BadProject(f"{name} is an array of another layout")
    return dtype, shape
