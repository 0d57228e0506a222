"""The tensors of an ONNX file, changed where they lie: no onnx package, no torch.

An ONNX file is a protocol buffer. Its tensors keep their size when an adapter is merged, so the
walk below finds their bytes and everything else in the file stays as it is.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from mmap import mmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkwash.errors import BadWeights

Deltas = Mapping[str, NDArray[np.float32]]
"""What is added to tensors, by their names in `SGRU.state_dict()`."""

GRAPH, METADATA = 7, 14  # fields of ModelProto
INITIALISER = 5  # of GraphProto
DIMENSION, KIND, NAME, RAW = 1, 2, 8, 9  # of TensorProto
KEY, VALUE = 1, 2  # of StringStringEntryProto
_KINDS = {1: np.dtype("<f4"), 10: np.dtype("<f2")}
_FIXED = {1: 8, 5: 4}  # bytes of the wire types of fixed length
_LONGEST_INTEGER = 10  # bytes, for 64 bits
_MOST_TEXT = 100_000_000  # bytes of metadata; beyond it a length is a mistake

Bytes = bytes | bytearray | mmap


class _Field(NamedTuple):
    """One field of a message: its bytes are data[start:stop], `value` is that of an integer."""

    number: int
    start: int
    stop: int
    value: int = 0


class _Tensor(NamedTuple):
    kind: int
    shape: tuple[int, ...]
    raw: slice


def merge(model: bytes, deltas: Deltas) -> bytes:
    """An ONNX file of ours with deltas added to its tensors, also those of the palette head.

    Raises BadWeights for a tensor that the file does not have, or has in another shape.
    """
    try:
        return bytes(_merged(bytearray(model), deltas))
    except (IndexError, ValueError) as error:
        raise BadWeights(f"the base weights cannot be read as ONNX ({error})") from error


def _merged(model: bytearray, deltas: Deltas) -> bytearray:
    head = {name: delta for name, delta in deltas.items() if name.startswith("palette.")}
    rest = {name: delta for name, delta in deltas.items() if name not in head}
    _add(model, rest, "net.")
    place = _metadata(model, b"palette_head")
    if head and place is None:
        raise BadWeights("the adapter changes the palette head, which the weights do not have")
    if head and place is not None:
        graph = bytearray(base64.b64decode(model[place]))
        _add(graph, {name.removeprefix("palette."): delta for name, delta in head.items()}, "")
        model[place] = base64.b64encode(graph)
    return model


def metadata_of(model: bytes | mmap) -> dict[str, str]:
    """The metadata of an ONNX file, in which the graph is passed over.

    Raises ValueError or IndexError for what is none.
    """
    found = {}
    for entry in _fields(model, 0, len(model)):
        if entry.number == METADATA:
            if entry.stop - entry.start > _MOST_TEXT:
                raise ValueError(f"a text in it has {entry.stop - entry.start} bytes")
            parts = {part.number: part for part in _fields(model, entry.start, entry.stop)}
            texts = {n: model[part.start : part.stop].decode() for n, part in parts.items()}
            found[texts.get(KEY, "")] = texts.get(VALUE, "")
    return found


def _add(model: bytearray, deltas: Deltas, prefix: str) -> None:
    tensors = {name.removeprefix(prefix): tensor for name, tensor in _tensors(model)}
    for name, delta in deltas.items():
        tensor = tensors.get(name)
        if tensor is None or tensor.kind not in _KINDS or tensor.shape != delta.shape:
            found = "does not have" if tensor is None else f"has as {tensor.shape}, not as"
            raise BadWeights(f"the network {found} tensor {name} {delta.shape} of the adapter")
        kind = _KINDS[tensor.kind]
        values = np.frombuffer(model[tensor.raw], kind).astype(np.float32).reshape(delta.shape)
        model[tensor.raw] = (values + delta).astype(kind).tobytes()


def _tensors(model: bytearray) -> Iterator[tuple[str, _Tensor]]:
    """Names, without the mark of half precision, and places of all initialisers."""
    for graph in _fields(model, 0, len(model)):
        if graph.number != GRAPH:
            continue
        for field in _fields(model, graph.start, graph.stop):
            if field.number == INITIALISER:
                yield _tensor(model, field)


def _tensor(model: bytearray, whole: _Field) -> tuple[str, _Tensor]:
    kind, shape, name, raw = 0, [], "", slice(0, 0)
    for field in _fields(model, whole.start, whole.stop):
        if field.number == DIMENSION:
            shape += _integers(model, field)
        elif field.number == KIND:
            kind = field.value
        elif field.number == NAME:
            name = model[field.start : field.stop].decode()
        elif field.number == RAW:
            raw = slice(field.start, field.stop)
    return name.removesuffix(":half"), _Tensor(kind, tuple(shape), raw)


def _metadata(model: bytearray, key: bytes) -> slice | None:
    """Where the value of a metadata entry lies."""
    for entry in _fields(model, 0, len(model)):
        if entry.number == METADATA:
            parts = {field.number: field for field in _fields(model, entry.start, entry.stop)}
            name, value = parts.get(KEY), parts.get(VALUE)
            if name and value and model[name.start : name.stop] == key:
                return slice(value.start, value.stop)
    return None


def _integers(model: bytearray, field: _Field) -> list[int]:
    """A repeated integer, one a field or all in one."""
    if field.stop == field.start:
        return [field.value]
    found, place = [], field.start
    while place < field.stop:
        value, place = _varint(model, place)
        found.append(value)
    return found


def _fields(model: Bytes, start: int, stop: int) -> Iterator[_Field]:
    while start < stop:
        key, start = _varint(model, start)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, start = _varint(model, start)
            yield _Field(number, start, start, value)
            continue
        if wire == 2:
            length, start = _varint(model, start)
        else:
            length = _FIXED.get(wire, stop)
        if start + length > stop:
            raise ValueError("a field is cut short")
        yield _Field(number, start, start + length)
        start += length


def _varint(model: Bytes, start: int) -> tuple[int, int]:
    """An integer of seven bits a byte, lowest first, and where it ends."""
    value = 0
    for place in range(_LONGEST_INTEGER):
        byte = model[start + place]
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, start + place + 1
    raise ValueError(f"a number in it has over {_LONGEST_INTEGER} bytes")
