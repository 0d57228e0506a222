"""Control from the command line, and the commands and the code that docs/control.md shows."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkwash.cli import main
from inkwash.geometry import Size
from inkwash.hints import Dot, Hint, Hints
from inkwash.hints import write as write_hints
from inkwash.palettes import CharacterSheet, Palette, Swatch, write_sheet
from sketches import draw_rooms
from tiny_net import tiny_runtime

ROOT = Path(__file__).parent.parent
CONTROL = (ROOT / "docs" / "control.md").read_text("utf-8")
LEFT, RIGHT = (35, 30), (170, 80)


@pytest.fixture(autouse=True)
def _folder(monkeypatch, tmp_path):
    runtime = tiny_runtime()
    monkeypatch.setattr("inkwash.painter.load", lambda *_, **__: runtime)
    monkeypatch.chdir(tmp_path)
    Image.fromarray(draw_rooms()).save("rooms.png")


def painted(*options: str) -> np.ndarray:
    """The first colouring of rooms.png."""
    assert main(["paint", "rooms.png", "--format", "png", "--pick", "1", "--force", *options]) == 0
    with Image.open("painted/rooms/1.png") as picture:
        return np.asarray(picture.convert("RGB"))


def hint_file(*items: Hint) -> str:
    write_hints(Hints(Size(240, 160), items), "hints.json", force=True)
    return "hints.json"


def test_only_hinted_moves_no_byte_elsewhere():
    hints = hint_file(Hint("colour", Dot(*RIGHT), (250, 10, 60)))
    plain = painted("--style", "shaded")
    told = painted("--style", "shaded", "--hints", hints, "--only-hinted")
    moved = np.argwhere((plain != told).any(axis=2))
    top, left = moved.min(axis=0)
    assert top >= 15
    assert left >= 115
    assert len(moved) > 1000


def test_a_locked_region_is_as_without_hints():
    hints = hint_file(Hint("lock", Dot(*LEFT)), Hint("colour", Dot(*RIGHT), (250, 10, 60)))
    plain, told = painted(), painted("--hints", hints)
    assert np.array_equal(plain[30, 35], told[30, 35])
    assert tuple(told[80, 170]) == (250, 10, 60)


def test_a_region_that_was_coloured_and_then_locked_has_that_colour():
    said = (Hint("colour", Dot(*LEFT), (250, 10, 60)), Hint("lock", Dot(*LEFT)))
    assert tuple(painted("--hints", hint_file(*said))[30, 35]) == (250, 10, 60)


def test_snap_moves_flats_to_a_palette_file():
    Path("two.gpl").write_text("GIMP Palette\nName: two\n#\n255 0 0 red\n0 0 255 blue\n")
    picture = painted("--palette", "two.gpl", "--snap", "1")
    paper = picture[draw_rooms() == 255]
    assert {tuple(rgb) for rgb in np.unique(paper, axis=0).tolist()} <= {(255, 0, 0), (0, 0, 255)}


def test_characters_are_read_and_chosen_by_name():
    hair = [Swatch(rgb, role="hair") for rgb in ((200, 30, 30), (30, 30, 200))]
    cast = (Palette((hair[0],), "Aiko"), Palette((hair[1],), "Ren"))
    write_sheet(CharacterSheet(cast), "cast.json")
    hints = hint_file(Hint("colour", Dot(*RIGHT), (30, 30, 200)))
    picture = painted("--characters", "cast.json", "--hints", hints)
    assert tuple(picture[80, 170]) == (30, 30, 200)
    assert not (picture == (200, 30, 30)).all(axis=2).any()
    painted("--characters", "cast.json", "--character", "Ren", "--character", "Aiko")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--snap", "0.5"], 2, "snap needs one palette"),
        (["--palette", "#fff,#000", "--snap", "1.5"], 2, "give a number from 0 to 1"),
        (["--character", "Aiko"], 2, "--characters FILE"),
        (["--characters", "none.json"], 2, "cannot be read"),
        (["--characters", "cast.json", "--palette", "#fff,#000"], 2, "choose one"),
        (["--characters", "cast.json", "--character", "Bob"], 2, "there are Aiko"),
        (["--palette", "broken.ase"], 2, "broken.ase: cut short"),
        (["--hints", "large.json"], 1, "the sketch is 240×160"),
        (["--hints", "outside.json"], 1, "hint 1 (dot at 400, 5) lies outside"),
        (["--hints", "colour.json"], 1, "is no colour"),
    ],
)
def test_bad_input_is_named(options, code, message, capsys):
    write_sheet(CharacterSheet((Palette((Swatch((1, 2, 3), role="hair"),), "Aiko"),)), "cast.json")
    Path("broken.ase").write_bytes(b"ASEF\0\1\0\0\0\0\0\3\0\1\0\0\0\40abc")
    for name, size, x, rgb in (
        ("large", [999, 999], 5, "#fff"),
        ("outside", [240, 160], 400, "#fff"),
        ("colour", [240, 160], 5, "#ggg"),
    ):
        hint = {"kind": "colour", "rgb": rgb, "shape": "dot", "x": x, "y": 5}
        value = {"format": "inkwash-hints", "version": 1, "size": size, "hints": [hint]}
        Path(f"{name}.json").write_text(json.dumps(value))
    assert main(["paint", "rooms.png", *options]) == code
    assert message in capsys.readouterr().err


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", CONTROL, re.S)


def test_the_worked_example_runs(tmp_path):
    for name in ("examples", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    lines = blocks("sh")[0].splitlines()
    assert len(lines) == 7
    for line in lines:
        _, *arguments = shlex.split(line)
        assert main(arguments) == 0, line
    assert (tmp_path / "painted" / "girl" / "1.png").exists()


def test_the_code_in_the_documentation_runs():
    Image.fromarray(draw_rooms(1024, 1448)).save("page.png")
    exec(blocks("python")[0], {})
    assert Path("page.inkwash").exists()
