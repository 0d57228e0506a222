"""`inkwash data …` on small folders: the arguments arrive, the exit codes are right."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from inkwash.cli import main
from sketches import draw_rooms


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(3):
        random = np.random.default_rng(index)
        page = draw_rooms(140, 120)
        colours = random.integers(40, 255, (3, 3))
        picture = colours[(np.arange(140) * 3 // 140)][None] * (page[..., None] / 255.0)
        Image.fromarray(picture.astype(np.uint8)).save(folder / f"{index}.png")
    return folder


def facts_of(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def test_prepare_then_check(pictures, tmp_path, capsys):
    out = str(tmp_path / "pairs")
    arguments = ["data", "prepare", str(pictures), "--out", out, "--size", "64", "--workers", "1"]
    assert main([*arguments, "--alike", "-1", "--json"]) == 0
    assert facts_of(capsys)["pairs"] == 3
    report = str(tmp_path / "report")
    assert main(["data", "check", out, "--out", report, "--workers", "1", "--json"]) == 0
    assert facts_of(capsys)["sizes"] == {"64×64": 3}


def test_a_broken_pair_gives_exit_1(pictures, tmp_path):
    for name in ("images_rgb", "images_bw"):
        (tmp_path / "broken" / name).mkdir(parents=True)
    (tmp_path / "broken" / "images_rgb" / "a.png").write_bytes(b"nothing")
    (tmp_path / "broken" / "images_bw" / "a.png").write_bytes(b"nothing")
    report = str(tmp_path / "report")
    assert main(["data", "check", str(tmp_path / "broken"), "--out", report, "--workers", "1"]) == 1


def test_lines_of_files_and_a_sheet(pictures, tmp_path, capsys):
    one = str(pictures / "0.png")
    assert main(["data", "lines", one, "--out", str(tmp_path / "lines"), "--json"]) == 0
    assert len(facts_of(capsys)["files"]) == 1
    sheet = tmp_path / "sheet.png"
    assert main(["data", "lines", one, "--sheet", "--out", str(sheet)]) == 0
    assert sheet.exists()


def test_fetch_says_what_it_would_take(tmp_path, capsys):
    posts = tmp_path / "posts.txt"
    posts.write_text("http://127.0.0.1:9/a.png\nhttp://127.0.0.1:9/b.png\n")
    out = str(tmp_path / "fetched")
    assert main(["data", "fetch", str(posts), "--out", out, "--dry-run", "--json"]) == 0
    assert facts_of(capsys)["wanted"] == 2


def test_a_wrong_setting_is_named(pictures, tmp_path, capsys):
    assert main(["data", "prepare", str(pictures), "--out", str(tmp_path), "--size", "3"]) == 2
    assert "size = 3 is not between 16 and 4096" in capsys.readouterr().err


def test_drawn_pictures(tmp_path, capsys):
    pytest.importorskip("skia")
    out = tmp_path / "drawn"
    arguments = ["data", "synth", "--out", str(out), "--count", "2", "--size", "64x80", "--json"]
    assert main(arguments) == 0
    with Image.open(out / "000001_color.png") as picture:
        assert picture.size == (64, 80)
    beside = ["--size", "64", "--size", "64x96", "--lines", "0.5", "--no-held-out"]
    mixed = tmp_path / "mixed"
    assert main(["data", "synth", "--out", str(mixed), "--count", "2", *beside]) == 0
    assert len([*mixed.glob("*_line.png")]) == 1
    with Image.open(mixed / "000001_color.png") as picture:
        assert picture.size == (64, 96)
    assert (
        main(["data", "synth", "--out", str(tmp_path / "x"), "--count", "2", "--size", "big"]) == 2
    )
    assert "write a side" in capsys.readouterr().err
