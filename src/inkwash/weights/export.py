"""A network as a weights file of either kind, with all that belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkwash.errors import BadConfig
from inkwash.runtime import ranking_beside
from inkwash.weights import Weights, open_net
from inkwash.weights.beside import put_ranking, refuse_ranking
from inkwash.weights.memory import read_memory, write_memory
from inkwash.weights.notes import read_notes
from inkwash.writing import refuse_existing

if TYPE_CHECKING:
    from inkwash.nets import SGRU


def export(source: Weights, out: Path, *, force: bool = False) -> int:
    """Write weights as another file, an adapter merged in; returns how many parameters it has.

    Notes of training, remembered palettes and the ranking beside the file (`NAME.ranking.json`) go
    along. Raises BadWeights, BadConfig for a suffix that is none, OutputExists without `force`.
    """
    notes = read_notes(source.path)
    if source.adapter is not None:
        notes["adapter"] = dict(source.adapter.notes)
    ranking = ranking_beside(source.path)
    refuse_ranking(out, ranking, force=force)
    count = write_net(open_net(source), out, notes, force=force)
    if memory := read_memory(source.path):
        write_memory(out, out, memory, force=True)
    put_ranking(out, ranking)
    return count


def write_imported(checkpoint: Path, out: Path, *, force: bool = False) -> int:
    """Write a TensorFlow checkpoint of 2019 as a weights file; returns how many parameters it has.

    No ranking stays beside it. Raises BadWeights, BadConfig for a suffix that is none,
    OutputExists without `force`, MissingExtra.
    """
    refuse_existing(out, force=force)  # before the seconds that TensorFlow takes
    refuse_ranking(out, force=force)
    from inkwash.weights.tensorflow_checkpoint import import_checkpoint

    count = write_net(import_checkpoint(checkpoint), out, force=force)
    put_ranking(out)
    return count


def write_net(
    net: SGRU, out: Path, notes: dict[str, Any] | None = None, *, force: bool = False
) -> int:
    """Write a network by the suffix of `out`; returns how many parameters it has."""
    half = not net.config.foreign_scale  # 0…255 needs single precision
    if out.suffix == ".onnx":
        from inkwash.weights.onnx_file import write_onnx

        write_onnx(net, out, notes, force=force, half=half)
    elif out.suffix == ".safetensors":
        from inkwash.weights.safetensors_file import write_safetensors

        write_safetensors(net, out, notes, force=force, half=half)
    else:
        raise BadConfig(f"{out}: give a name that ends in .onnx or .safetensors")
    return sum(parameter.numel() for parameter in net.parameters())
