"""A network as a weights file of either kind, with all that belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkwash.errors import BadConfig
from inkwash.runtime import ranking_beside, ranking_path
from inkwash.weights import Weights, open_net
from inkwash.weights.memory import read_memory, write_memory
from inkwash.weights.notes import read_notes
from inkwash.writing import refuse_existing, write_whole

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
    ranking, beside = ranking_beside(source.path), ranking_path(out)
    if beside.resolve() != ranking_path(source.path).resolve():
        refuse_existing(beside, force=force)  # it would rank by what other weights propose
    count = write_net(open_net(source), out, notes, force=force)
    if memory := read_memory(source.path):
        write_memory(out, out, memory, force=True)
    if ranking:
        write_whole(beside, ranking.encode(), force=True)
    else:
        beside.unlink(missing_ok=True)
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
