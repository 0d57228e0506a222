"""What a file is, told from the file: `inkwash info`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkwash import palettes, project
from inkwash.about import about
from inkwash.cli import main
from inkwash.errors import BadData, BadHints, BadPalette, BadProject, BadWeights
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints
from inkwash.hints import write as write_hints
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import Palette, Swatch
from inkwash.session import Session
from inkwash.weights import embedded, find
from inkwash.weights.adapter import Adapter, write_adapter
from sketches import rooms_sketch
from tiny_net import tiny_runtime

PALETTE = Palette(
    (Swatch((240, 210, 190), "peach", "skin"), Swatch((40, 60, 160))), "two", (0.25, 0.75)
)


def adapter(folder: Path, base: str) -> Path:
    notes = {"pages": ["a.png", "b.png"], "config": {"rank": 8}, "standing": {"best_step": 60}}
    arrays = {"trunk.norm": np.zeros(3, np.float32)}
    path = folder / "mine.adapter"
    write_adapter(Adapter(base=base, arrays=arrays, palettes=(PALETTE,), notes=notes), path)
    return path


@pytest.mark.parametrize("suffix", [".gpl", ".ase", ".aco", ".json"])
def test_a_palette_tells_its_colours(tmp_path, suffix):
    found = about(palettes.write(PALETTE, tmp_path / f"two{suffix}"))
    assert found["kind"] == "palette"
    assert found["name"] == "two"
    assert [colour["rgb"] for colour in found["colours"]] == ["#f0d2be", "#283ca0"]
    if suffix == ".json":
        assert found["colours"][0] == {
            "rgb": "#f0d2be", "name": "peach", "role": "skin", "share": 0.25,
        }  # fmt: skip


def test_a_character_sheet_tells_who_is_on_it(tmp_path):
    sheet = palettes.CharacterSheet((Palette(PALETTE.swatches[:1], "mei"),))
    found = about(palettes.write_sheet(sheet, tmp_path / "cast.json"))
    assert found["kind"] == "character sheet"
    assert found["characters"][0]["name"] == "mei"


def test_hints_tell_their_size_and_kinds(tmp_path):
    items = (Hint("colour", Dot(3, 4), (1, 2, 3)), Hint("colour", Dot(9, 4), (1, 2, 3)))
    hints = Hints(Size(40, 30), (*items, Hint("lock", Dot(5, 5))))
    found = about(write_hints(hints, tmp_path / "said.json"))
    assert found == {"kind": "hints", "size": [40, 30], "hints": 3, "colour": 2, "lock": 1}


@pytest.mark.parametrize("name", ["page.inkwash", "renamed.zip"])
def test_a_project_tells_its_regions_and_commands(tmp_path, name):
    session = Session.start(Painter(tiny_runtime()), rooms_sketch(), PaintRequest())
    session.hint(Hint("colour", Dot(170.0, 80.0), (12, 200, 90)))
    path = project.write(session, tmp_path / "page.inkwash").rename(tmp_path / name)
    found = about(path)
    assert found["kind"] == "project"
    assert found["regions"] == session.origin.regions.count
    assert found["commands"] == ["add"]
    assert found["hints"] == 1


def test_an_adapter_tells_its_weights_pages_and_colours(tmp_path):
    ours = about(adapter(tmp_path, find("default").sha256))
    assert ours["kind"] == "adapter"
    assert ours["weights"] == "default"
    assert ours["pages"] == ["a.png", "b.png"]
    assert ours["config"]["rank"] == 8
    assert ours["palettes"][0]["colours"][1]["rgb"] == "#283ca0"
    (tmp_path / "other").mkdir()
    others = about(adapter(tmp_path / "other", "0" * 64))
    assert others["weights"] is None
    assert others["weights_sha256"] == "0" * 64


def test_weights_tell_their_network_and_their_training():
    found = about(embedded())
    assert found["kind"] == "weights"
    assert found["sha256"] == find("default").sha256
    assert found["net"]["proposals"] == 9
    assert found["step"] > 0
    assert found["palettes_remembered"] > 100


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("notes.txt", b"a text", BadData),
        ("other.json", b'{"format": "other"}', BadData),
        ("list.json", b"[]", BadData),
        ("half.json", b"{", BadData),
        ("half.gpl", b"GIMP", BadPalette),
        ("half.onnx", b"\x0a\xff\xff", BadWeights),
        ("half.safetensors", b"\xff" * 9, BadWeights),
        ("half.inkwash", b"PK", BadProject),
        ("half.ora", b"PK\5\6" + bytes(4) + b"\1\0\1\0\46\0\0\0\0\0\0\0\0\0", BadData),
        ("no.json", b'{"format": "inkwash-hints"}', BadHints),
    ],
)
def test_what_is_damaged_or_not_ours_is_named(tmp_path, name, data, error):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error, match=name.replace(".", r"\.")):
        about(path)


def test_a_picture_of_another_program_and_no_file_are_named(tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (4, 4)).save(path)
    with pytest.raises(BadData, match=r"photo\.png: holds nothing that inkwash wrote"):
        about(path)
    with pytest.raises(BadData, match="there is no such file"):
        about(tmp_path / "none.png")


def test_the_command_says_it_in_lines_and_as_json(tmp_path, capsys):
    path = palettes.write(PALETTE, tmp_path / "two.json")
    assert main(["info", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["kind: palette", "name: two"]
    assert lines[2] == "colours 1: #f0d2be, peach, skin, 0.25"
    assert main(["info", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == about(path)
