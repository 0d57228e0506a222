"""The palettes that weights remember, as text in the metadata of either kind of file."""

from __future__ import annotations

from pathlib import Path

from inkwash.errors import BadWeights, MissingExtra
from inkwash.weights.notes import read_metadata
from inkwash.writing import replacing

KEY = "palette_memory"


def read_memory(path: Path) -> str:
    """The text (see `inkwash.proposer.memory`), "" where a file has none. Raises BadWeights."""
    return read_metadata(path).get(KEY, "")


def write_memory(source: Path, out: Path, text: str, *, force: bool = False) -> None:
    """`source` with another memory, as a file of the same kind; `out` may be `source`.

    Raises BadWeights, MissingExtra, OutputFailed.
    """
    data = _onnx_with(source, text) if source.suffix == ".onnx" else _safetensors_with(source, text)
    with replacing(out, force=force) as file:
        file.write(data)


def _onnx_with(path: Path, text: str) -> bytes:
    import onnx

    model = _onnx_model(path)
    metadata = {item.key: item.value for item in model.metadata_props}
    onnx.helper.set_model_props(model, {**metadata, KEY: text})
    return model.SerializeToString()


def _safetensors_with(path: Path, text: str) -> bytes:
    tensors, metadata = _safetensors(path)
    from safetensors.torch import save

    return save(tensors, {**metadata, KEY: text})


def _onnx_model(path: Path):
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise MissingExtra("reading ONNX needs onnx; install inkwash[train]") from error
    try:
        return onnx.load(path)
    except (OSError, DecodeError) as error:
        raise BadWeights(f"{path}: cannot be read as ONNX ({error}); fetch it again") from error


def _safetensors(path: Path):
    """Tensors and metadata."""
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError as error:
        raise MissingExtra("safetensors files need inkwash[train]; install it") from error
    try:
        with safe_open(path, "pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            return tensors, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise BadWeights(f"{path}: cannot be read as safetensors ({error})") from error
