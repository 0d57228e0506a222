"""The command line on real files, with a tiny network in the place of the embedded one."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkwash.cli import main
from inkwash.errors import InkwashError
from sketches import draw_rooms
from tiny_net import tiny_runtime


@pytest.fixture(autouse=True)
def _tiny_weights(monkeypatch, tmp_path):
    monkeypatch.setattr("inkwash.painter.load", lambda *_, **__: tiny_runtime())
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def sketch(tmp_path) -> Path:
    return write_sketch(tmp_path / "rooms.png")


def write_sketch(path: Path, width: int = 200, height: int = 150) -> Path:
    Image.fromarray(draw_rooms(width, height)).save(path, dpi=(300, 300))
    return path


def test_paint_writes_nine_pictures_and_a_sheet(sketch):
    assert main(["paint", str(sketch)]) == 0
    folder = Path("painted") / "rooms"
    assert sorted(p.name for p in folder.iterdir()) == [
        *(f"{i}.png" for i in range(1, 10)),
        "sheet.png",
    ]
    with Image.open(folder / "3.png") as picture:
        assert picture.size == (200, 150)
        assert round(picture.info["dpi"][0]) == 300
        pixels = np.asarray(picture.convert("RGB"))
    assert (pixels[draw_rooms(200, 150) == 0] == 0).all()


def test_psd_and_ora_and_one_pick(sketch):
    assert main(["paint", str(sketch), "--format", "png, PSD,ora", "--pick", "2"]) == 0
    assert sorted(p.name for p in Path("painted/rooms").iterdir()) == [
        "2.png",
        "rooms.ora",
        "rooms.psd",
    ]


def test_out_hyphen_is_stdout_for_one_picture_only(sketch, tmp_path, monkeypatch, capsys):
    write_sketch(tmp_path / "more.png")
    assert main(["paint", str(sketch), "more.png", "--out", "-"]) == 2
    assert "stdout takes one picture" in capsys.readouterr().err
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", type("Stream", (), {"buffer": out}))
    assert main(["paint", str(sketch), "--out", "-"]) == 0
    with Image.open(io.BytesIO(out.getvalue())) as picture:
        assert picture.size == (200, 150)


def test_existing_files_are_refused_before_any_work(sketch, monkeypatch, capsys):
    assert main(["paint", str(sketch)]) == 0
    monkeypatch.setattr("inkwash.painter.Painter.paint", lambda *_: pytest.fail("painted"))
    assert main(["paint", str(sketch)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_nothing_is_overwritten_without_force(sketch, capsys):
    assert main(["paint", str(sketch)]) == 0
    before = Path("painted/rooms/1.png").read_bytes()
    assert main(["paint", str(sketch), "--seed", "5"]) == 1
    assert "--force" in capsys.readouterr().err
    assert Path("painted/rooms/1.png").read_bytes() == before
    assert main(["paint", str(sketch), "--seed", "5", "--force"]) == 0
    assert Path("painted/rooms/1.png").read_bytes() != before


def test_one_bad_file_does_not_stop_the_others(sketch, tmp_path, capsys):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    assert main(["paint", str(bad), "missing.png", str(sketch), "--json"]) == 1
    out = capsys.readouterr()
    report = json.loads(out.out)
    assert [Path(done["input"]).name for done in report["done"]] == ["rooms.png"]
    assert [Path(failed["input"]).name for failed in report["failed"]] == ["bad.png", "missing.png"]
    assert "1 done, 2 failed" in out.err


def test_folders_are_painted_and_same_names_kept_apart(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_sketch(tmp_path / name / "page.png")
    assert main(["paint", "one", "two", "--format", "sheet"]) == 0
    assert sorted(p.name for p in Path("painted").iterdir()) == ["page", "page-2"]


def test_files_are_called_like_their_folder(tmp_path, capsys):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_sketch(tmp_path / name / "page.png")
    call = ["paint", "one/page.png", "two/page.png", "--format", "png,sheet,psd,ora", "--json"]
    assert main([*call, "--pick", "1"]) == 0
    done = json.loads(capsys.readouterr().out)["done"]
    kinds = ("1.png", "sheet.png", "{}.psd", "{}.ora")
    for facts, name in zip(done, ("page", "page-2"), strict=True):
        there = {Path("painted", name, kind.format(name)) for kind in kinds}
        assert {Path(file) for file in facts["files"]} == there
        assert set(Path("painted", name).iterdir()) == there
    with zipfile.ZipFile("painted/page-2/page-2.ora") as archive:
        assert b'name="page-2"' in archive.read("stack.xml")


@pytest.mark.parametrize("kind", ["psd", "ora"])
def test_layers_of_the_second_of_a_name_are_kept_without_force(tmp_path, capsys, kind):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_sketch(tmp_path / name / "page.png")
    call = ["paint", "one", "two", "--format", kind, "--pick", "best"]
    assert main(call) == 0
    first = Path(f"painted/page-2/page-2.{kind}").stat().st_mtime_ns
    Path(f"painted/page/page.{kind}").unlink()
    assert main(call) == 1
    assert f"page-2.{kind}: exists already" in capsys.readouterr().err
    assert Path(f"painted/page/page.{kind}").exists()
    assert Path(f"painted/page-2/page-2.{kind}").stat().st_mtime_ns == first
    assert main([*call, "--force"]) == 0
    assert Path(f"painted/page-2/page-2.{kind}").stat().st_mtime_ns > first
    assert len(list(Path("painted/page-2").iterdir())) == 1


def test_a_folder_without_pictures_fails(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["paint", "empty"]) == 1
    assert "has no picture" in capsys.readouterr().err


def test_stdin_to_stdout(sketch, monkeypatch):
    class Stream:
        def __init__(self, data: bytes = b"") -> None:
            self.buffer = io.BytesIO(data)

    out = Stream()
    monkeypatch.setattr(sys, "stdin", Stream(sketch.read_bytes()))
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["paint", "-"]) == 0
    with Image.open(io.BytesIO(out.buffer.getvalue())) as picture:
        assert picture.size == (200, 150)


def test_hints_are_obeyed_to_the_pixel(sketch, tmp_path):
    overlay = np.zeros((150, 200, 4), np.uint8)
    overlay[70:80, 140:150] = (12, 34, 56, 255)
    Image.fromarray(overlay).save(tmp_path / "hints.png")
    assert main(["paint", str(sketch), "--hints", "hints.png", "--pick", "1"]) == 0
    with Image.open("painted/rooms/1.png") as picture:
        assert picture.getpixel((145, 75)) == (12, 34, 56)


def test_a_palette_and_a_reference_are_taken(sketch, tmp_path):
    assert main(["paint", str(sketch), "--palette", "#ff0000,#00ff00,#0000ff", "--pick", "1"]) == 0
    with Image.open("painted/rooms/1.png") as picture:
        colours = {pixel for _, pixel in picture.getcolors(10**6) or ()}
    assert {(255, 0, 0), (0, 255, 0), (0, 0, 255)} & colours
    reference = np.zeros((20, 20, 3), np.uint8)
    reference[:10], reference[10:] = (200, 30, 30), (30, 30, 200)
    Image.fromarray(reference).save(tmp_path / "reference.png")
    assert main(["paint", str(sketch), "--reference", "reference.png", "--force"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paint"], "no sketch given"),
        (["paint", "a.png", "--format", "gif"], "format gif: choose from"),
        (["paint", "a.png", "--pick", "ten"], "--pick ten"),
        (["paint", "a.png", "--pick", "²"], "--pick ²"),
        (["paint", "a.png", "--pick", "12"], "pick 12: choose from 1 to 9"),
        (["paint", "a.png", "--seed", "-1"], "seed -1"),
        (["paint", "a.png", "--gap", "-4"], "gap -4"),
        (["paint", "a.png", "--snap", "5", "--palette", "#fff,#000"], "snap 5"),
        (["paint", "a.png", "--palette", "sumer"], "is no palette"),
        (["paint", "a.png", "--palette", "#fff,#000", "--reference", "b.png"], "choose one"),
        (["paint", "a.png", "--style", "oil"], "oil"),
        (["paint", "a.png", "--colour"], "--colour"),
        (["segment", "a.png"], "--out"),
        (["unknown"], "unknown"),
    ],
)
def test_wrong_usage_says_so_and_gives_2(arguments, message, capsys):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_written_file(sketch, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["paint", str(sketch), "--format", "png", "--pick", "1"]) == 1
    assert "disk is full" in capsys.readouterr().err
    assert list(Path("painted/rooms").iterdir()) == []


def test_info_reads_what_paint_wrote(sketch, capsys):
    main(["paint", str(sketch), "--pick", "1", "--format", "png", "--style", "shaded"])
    assert main(["info", "painted/rooms/1.png", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["style"] == "shaded"
    assert main(["info", str(sketch)]) == 2


def test_segment_writes_labels_and_a_preview(sketch, capsys):
    assert main(["segment", str(sketch), "--out", "labels.png", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"][0]["regions"] == 4
    with Image.open("labels.png") as labels:
        assert len(np.unique(np.asarray(labels))) == 4
    assert Path("labels-preview.png").exists()


def test_palettes_are_listed_shown_and_taken(sketch, tmp_path, capsys):
    assert main(["palette", "list", "--json"]) == 0
    names = json.loads(capsys.readouterr().out)
    assert main(["palette", "show", next(iter(names))]) == 0
    assert "skin" in capsys.readouterr().out
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[:10], picture[10:] = (200, 30, 30), (30, 200, 200)
    Image.fromarray(picture).save(tmp_path / "two.png")
    assert main(["palette", "from", "two.png", "--count", "2", "--out", "two.gpl"]) == 0
    assert set(capsys.readouterr().out.strip().split(",")) == {"#c81e1e", "#1ec8c8"}
    assert Path("two.gpl").read_text(encoding="utf-8").startswith("GIMP Palette")


@pytest.mark.parametrize("verb", ["paint", "evaluate", "project new", "weights learn-palettes"])
def test_help_offers_no_empty_lists(verb, capsys):
    assert main([*verb.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert "Usage" in said
    assert "--empty" not in said


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("paint", ["- reads one from stdin", "NAME-2", "Pictures, folders of them"]),
        ("segment", ["OUT-preview.png"]),
        ("info", ["a painted PNG"]),
        ("doctor", ["paint a small sketch"]),
    ],
)
def test_a_verb_says_of_itself_what_it_does(verb, words, capsys):
    assert main([verb, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert all(word in said for word in words)
    assert main(["--help"]) == 0
    assert "Say what a file is, and what inkwash" in " ".join(capsys.readouterr().out.split())


def test_errors_of_ours_never_show_a_traceback(monkeypatch, sketch, capsys):
    def broken(*_, **__):
        raise InkwashError("weights.onnx: is broken; fetch it again")

    monkeypatch.setattr("inkwash.painter.load", broken)
    assert main(["paint", str(sketch)]) == 2
    assert capsys.readouterr().err == "inkwash: weights.onnx: is broken; fetch it again\n"
