"""Weights as the other kind of file: nothing that belongs to them is lost on the way."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="these tests need torch; install inkwash[train]")

from inkwash.cli import main  # noqa: E402
from inkwash.errors import BadWeights, OutputExists  # noqa: E402
from inkwash.weights import embedded, find  # noqa: E402
from inkwash.weights.adapter import Adapter, write_adapter  # noqa: E402
from inkwash.weights.export import export  # noqa: E402
from inkwash.weights.memory import read_memory, write_memory  # noqa: E402
from inkwash.weights.notes import read_metadata, read_notes  # noqa: E402
from inkwash.weights.safetensors_file import read_safetensors, write_safetensors  # noqa: E402
from tiny_net import tiny_net  # noqa: E402

NOTES = {"recipe": {"steps": 12, "loss": {"rgb": 0.3}}, "step": 12}
MEMORY = "what pictures looked like"
RANKING = '{"kinds": {}}'


@pytest.fixture
def trained(tmp_path) -> Path:
    """Tiny weights with notes, a memory, and a ranking beside them."""
    path = tmp_path / "trained.safetensors"
    write_safetensors(tiny_net(), path, NOTES)
    write_memory(path, path, MEMORY, force=True)
    path.with_suffix(".ranking.json").write_text(RANKING)
    return path


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
def test_notes_memory_and_ranking_go_along(trained, tmp_path, kind):
    out = tmp_path / "out" / f"exported.{kind}"
    assert main(["weights", "export", str(trained), "--out", str(out)]) == 0
    assert read_notes(out) == NOTES
    assert read_memory(out) == MEMORY
    assert out.with_suffix(".ranking.json").read_text() == RANKING


def test_an_adapter_that_is_merged_is_noted(trained, tmp_path):
    changed = {"trunk.head.1.norm.bias": torch.ones(8).numpy()}
    adapter = Adapter(base=find(trained).sha256, arrays=changed, notes={"pages": ["a.png"]})
    write_adapter(adapter, tmp_path / "mine.adapter")
    out = tmp_path / "merged.safetensors"
    export(find(f"{trained}+{tmp_path / 'mine.adapter'}"), out)
    assert read_notes(out) == {**NOTES, "adapter": {"pages": ["a.png"]}}
    before, after = (read_safetensors(path).state_dict() for path in (trained, out))
    moved = (after["trunk.head.1.norm.bias"] - before["trunk.head.1.norm.bias"]).abs()
    assert float((moved - 1).abs().max()) < 1e-3


def test_a_ranking_is_not_overwritten_unasked(trained, tmp_path):
    (tmp_path / "exported.ranking.json").write_text("mine")
    with pytest.raises(OutputExists, match=r"exported\.ranking\.json"):
        export(find(trained), tmp_path / "exported.safetensors")
    assert not (tmp_path / "exported.safetensors").exists()
    export(find(trained), tmp_path / "exported.safetensors", force=True)
    assert (tmp_path / "exported.ranking.json").read_text() == RANKING


def test_weights_do_not_get_the_ranking_of_others(trained, tmp_path):
    out = tmp_path / "exported.safetensors"
    export(find(trained), out)
    trained.with_suffix(".ranking.json").unlink()
    out.unlink()
    with pytest.raises(OutputExists, match=r"exported\.ranking\.json"):
        export(find(trained), out)
    export(find(trained), out, force=True)
    assert not out.with_suffix(".ranking.json").exists()


def test_imported_weights_do_not_get_the_ranking_of_others(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "inkwash.weights.tensorflow_checkpoint.import_checkpoint", lambda _: tiny_net()
    )
    out = tmp_path / "mine.safetensors"
    command = ["weights", "import", "checkpoint", "--out", str(out)]
    beside = out.with_suffix(".ranking.json")
    beside.write_text(RANKING)
    assert main(command) == 2
    assert not out.exists()
    assert main([*command, "--force"]) == 0
    assert read_safetensors(out).config == tiny_net().config
    assert not beside.exists()
    assert main(command) == 2  # the weights are there now


def test_both_kinds_of_file_are_read_without_their_packages(trained):
    assert read_metadata(trained).keys() == {"inkwash", "palette_memory"}
    found = read_metadata(embedded())
    assert found.keys() == {"inkwash", "palette_head", "palette_memory"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("half.onnx", b"\x72\x05\x0a"),
        ("half.safetensors", b""),
        ("half.safetensors", b"\xff" * 20),
        ("half.safetensors", b"\x02" + bytes(7) + b"[]"),
        ("empty.onnx", b""),
        ("long.onnx", b"\x72\xff\xff\xff\xff\x0f" + bytes(20)),
        ("deep.safetensors", (10**5).to_bytes(8, "little") + b"[" * 10**5),
        ("numbers.safetensors", b"\x1a" + bytes(7) + b'{"__metadata__":{"net": 1}}'),
    ],
)
def test_a_file_that_is_cut_short_is_named(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadWeights, match=name.replace(".", r"\.")):
        read_metadata(path)


@pytest.mark.parametrize("data", [b"\xff" * 10**6, b"\x72" + b"\x80" * 10 + b"\x01"])
def test_a_number_without_end_is_not_read_to_the_end_of_the_file(tmp_path, data):
    path = tmp_path / "endless.onnx"
    path.write_bytes(data)
    with pytest.raises(BadWeights, match="over 10 bytes"):
        read_metadata(path)


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
def test_notes_of_large_weights_are_read_without_the_tensors(tmp_path, kind):
    path = tmp_path / f"large.{kind}"
    about = '{"step": 7}'
    if kind == "onnx":
        _write_holed_onnx(path, about)
    else:
        header = json.dumps({"__metadata__": {"inkwash": about}}).encode()
        path.write_bytes(len(header).to_bytes(8, "little") + header)
        os.truncate(path, LARGE)
    tracemalloc.start()
    try:
        assert read_notes(path) == {"step": 7}
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


LARGE = 200_000_000  # bytes, nearly all of them a hole that takes no disk


def _write_holed_onnx(path: Path, about: str) -> None:
    """A graph (field 7) of zeros, then one entry of metadata (field 14)."""
    entry = b"\x0a\x07inkwash\x12" + bytes([len(about)]) + about.encode()
    with path.open("wb") as file:
        file.write(b"\x3a\x80\x80\x80\x60")  # 3 · 2²⁶ bytes, seven bits a byte
        file.seek(3 << 26, os.SEEK_CUR)
        file.write(b"\x72" + bytes([len(entry)]) + entry)
