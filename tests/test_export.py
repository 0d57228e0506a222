from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fake_painting import draw_painting, read_pixels
from inkwash.document import render
from inkwash.errors import BadConfig, BadData, OutputExists, OutputFailed
from inkwash.export import FORMATS, read_parameters, replacing, save

ALL = ("png", "sheet", "psd", "ora")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def write_half(path: Path, error: Exception) -> None:
    with replacing(path, force=True) as file:
        file.write(b"half")
        raise error


def test_save_writes_every_format_and_says_where(tmp_path):
    paths = save(draw_painting(), tmp_path / "new" / "page", ALL)
    assert [path.name for path in paths] == [
        *("1.png", "2.png", "3.png"),
        *("sheet.png", "page.psd", "page.ora"),
    ]
    assert names(tmp_path / "new" / "page") == sorted(path.name for path in paths)


def test_the_formats_are_those_of_the_command_line():
    assert set(FORMATS) == set(ALL)


def test_a_painting_is_rendered_once_for_pictures_and_sheet(tmp_path, monkeypatch):
    rendered = []

    def counted(painting, index):
        rendered.append(index)
        return render(painting, index)

    monkeypatch.setattr("inkwash.export.registry.render", counted)
    save(draw_painting(), tmp_path, ("png", "sheet"))
    assert rendered == [0, 1, 2]


def test_picks_choose_the_pictures(tmp_path):
    save(draw_painting(), tmp_path, ("png",), picks=[2, 0, 2])
    assert names(tmp_path) == ["1.png", "3.png"]


@pytest.mark.parametrize("picks", [[3], [-1], []])
def test_picks_that_are_not_there_are_refused(tmp_path, picks):
    with pytest.raises(BadConfig, match="choose from 1 to 3"):
        save(draw_painting(), tmp_path, picks=picks)


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(BadConfig, match=r"'xcf' is not known; choose from .*png"):
        save(draw_painting(), tmp_path, ("png", "xcf"))
    assert names(tmp_path) == []


def test_existing_files_are_refused_before_anything_is_written(tmp_path):
    (tmp_path / "sheet.png").write_bytes(b"mine")
    with pytest.raises(OutputExists, match=r"sheet\.png: exists already; .*force"):
        save(draw_painting(), tmp_path)
    assert names(tmp_path) == ["sheet.png"]
    assert (tmp_path / "sheet.png").read_bytes() == b"mine"


def test_force_overwrites(tmp_path):
    (tmp_path / "sheet.png").write_bytes(b"mine")
    save(draw_painting(), tmp_path, force=True)
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "file"), [("a/b:c", "a_b_c.psd"), ("", "untitled.psd"), ("..", "untitled.psd")]
)
def test_names_are_made_fit_for_files(tmp_path, name, file):
    save(draw_painting(name=name), tmp_path, ("psd",))
    assert names(tmp_path) == [file]


@pytest.mark.parametrize("kind", ["1.png", "sheet.png", "page.psd", "page.ora"])
def test_parameters_come_back_from_every_file(tmp_path, kind):
    parameters = {"weights": "default", "palette": ["#ffd6cc"], "note": '頁 <1> & "2"', "seed": 7}
    save(draw_painting(count=1), tmp_path, ALL, parameters=parameters)
    found = read_parameters(tmp_path / kind)
    assert found is not None
    assert {key: found[key] for key in parameters} == parameters


def test_a_picture_says_which_proposal_it_is(tmp_path):
    save(draw_painting(), tmp_path, ("png",), picks=[1])
    assert read_parameters(tmp_path / "2.png") == {"proposal": 2}


def test_files_without_parameters_have_none(tmp_path):
    save(draw_painting(count=1), tmp_path, ("psd", "ora"))
    Image.new("RGB", (4, 4)).save(tmp_path / "foreign.png")
    (tmp_path / "notes.txt").write_text("no picture")
    for name in ("page.psd", "page.ora", "foreign.png", "notes.txt"):
        assert read_parameters(tmp_path / name) is None


def test_damaged_and_missing_files_are_named(tmp_path):
    save(draw_painting(count=1), tmp_path, ("psd", "ora"), parameters={"a": 1})
    for name, length in (("page.psd", 60), ("page.ora", 500)):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(BadData, match=rf"{name}: is damaged"):
            read_parameters(path)
    with pytest.raises(BadData, match=r"gone\.png: cannot be read"):
        read_parameters(tmp_path / "gone.png")


def test_replacing_leaves_the_old_file_if_the_block_fails(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_half(path, RuntimeError())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["picture.png"]


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "disk is full; free some space"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "choose another --out"),
    ],
)
def test_refusals_of_the_system_have_a_remedy_and_leave_nothing(tmp_path, number, remedy):
    path = tmp_path / "picture.png"
    with pytest.raises(OutputFailed, match=rf"picture\.png: cannot be written: .*{remedy}"):
        write_half(path, OSError(number, os.strerror(number)))
    assert names(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_said_so(tmp_path, monkeypatch):
    real_open = open
    monkeypatch.setattr("builtins.open", lambda path, mode: real_open("/dev/full", "wb"))
    with pytest.raises(OutputFailed, match="disk is full"):
        save(draw_painting(count=1), tmp_path)
    assert names(tmp_path) == []


def test_a_file_where_a_folder_should_be_is_said_so(tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OutputFailed, match="a file stands where a folder is needed"):
        save(draw_painting(count=1), tmp_path / "taken" / "page")
    with pytest.raises(OutputFailed, match="a file stands where a folder is needed"):
        save(draw_painting(count=1), tmp_path / "taken")


def test_a_folder_where_the_file_should_be_is_said_so(tmp_path):
    (tmp_path / "1.png").mkdir()
    with pytest.raises(OutputFailed, match="a folder stands"):
        save(draw_painting(count=1), tmp_path, ("png",), force=True)
    assert names(tmp_path) == ["1.png"]


def test_a_name_that_is_too_long_is_said_so(tmp_path):
    with pytest.raises(OutputFailed, match="name is too long"):
        save(draw_painting(count=1, name="n" * 300), tmp_path, ("psd",))
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_files_are_readable_as_the_user_set_it(tmp_path):
    (path,) = save(draw_painting(count=1), tmp_path, ("png",))
    (tmp_path / "usual").touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (300, 1), (1, 300)])
def test_the_smallest_pictures_are_written_in_every_format(tmp_path, width, height):
    painting = draw_painting(width, height, count=2)
    paths = save(painting, tmp_path, ALL)
    assert np.array_equal(read_pixels(paths[0]), painting.render(0))
