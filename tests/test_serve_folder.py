"""What is on the disk: after every change, after a kill, and when it is broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inkwash.document import render
from inkwash.errors import BadConfig, BadProject, OutputFailed
from inkwash.hints import Dot, Hint
from inkwash.painter import Painter
from inkwash.serve.folder import Folder
from inkwash.serve.limits import Limits
from inkwash.serve.opened import Opened
from inkwash.session import Session
from load import colour_hint
from serving import DISC, LEFT, PNG, RIGHT, expect_problem, serving, wait_until
from sketches import rooms_sketch
from tiny_net import tiny_runtime

ID, MOST = "0123456789abcdef" * 2, 10**6


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny_runtime())


@pytest.fixture
def folder(tmp_path):
    found = Folder(tmp_path)
    yield found
    found.release()


def seen(session: Session) -> np.ndarray:
    return render(session.painting, session.painting.chosen)


def expect_same(session: Session, other: Session) -> None:
    assert np.array_equal(seen(session), seen(other))
    assert session.done == other.done
    assert len(session.commands) == len(other.commands)
    assert len(session.rounds) == len(other.rounds)


def hint(place: tuple[int, int], rgb: tuple[int, int, int]) -> Hint:
    return Hint("colour", Dot(*place), rgb)


def files_of(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_a_history_after_the_project_is_read_with_it(painter, folder: Folder):
    session = Session.start(painter, rooms_sketch())
    number = folder.save(ID, session)
    session.hint(hint(LEFT, (1, 2, 3)), hint(RIGHT, (4, 5, 6)))
    session.choose(session.region_at(*DISC), 4)
    session.undo()
    folder.note(ID, number, session)
    again, read_number = folder.read(ID, MOST)
    assert read_number == number
    expect_same(again, session)
    again.redo()
    session.redo()
    expect_same(again, session)


def test_a_whole_project_takes_the_place_of_the_one_before(painter, folder: Folder, tmp_path):
    session = Session.start(painter, rooms_sketch())
    first = folder.save(ID, session)
    session.hint(hint(LEFT, (1, 2, 3)))
    folder.note(ID, first, session)
    session.reroll(painter, 3)
    second = folder.save(ID, session)
    assert second > first
    names = sorted(path.name for path in (tmp_path / "sketches" / ID).iterdir())
    assert names == [f"{second}.inkwash", "about.json"]
    expect_same(folder.read(ID, MOST)[0], session)


def test_a_history_that_took_a_round_back(painter, folder: Folder):
    session = Session.start(painter, rooms_sketch())
    session.reroll(painter, 3)
    number = folder.save(ID, session)
    session.undo()
    session.hint(hint(LEFT, (1, 2, 3)))
    assert len(session.rounds) == 1
    folder.note(ID, number, session)
    expect_same(folder.read(ID, MOST)[0], session)


def test_a_write_that_fails_leaves_the_last_state(painter, folder: Folder, monkeypatch, tmp_path):
    session = Session.start(painter, rooms_sketch())
    number = folder.save(ID, session)
    before = files_of(tmp_path / "sketches")
    session.hint(hint(LEFT, (1, 2, 3)))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        for write in (lambda: folder.save(ID, session), lambda: folder.note(ID, number, session)):
            with pytest.raises(OutputFailed, match="disk is full"):
                write()
    assert files_of(tmp_path / "sketches") == before


def damaged(data: bytes) -> list[bytes]:
    middle = len(data) // 2
    return [b"", data[:middle], data[:middle] + b"\0" * 64 + data[middle + 64 :], b"x" * 999]


def test_broken_projects_are_refused_and_left_as_they_are(painter, folder: Folder, tmp_path):
    folder.save(ID, Session.start(painter, rooms_sketch()))
    path = tmp_path / "sketches" / ID / "1.inkwash"
    for data in damaged(path.read_bytes()):
        path.write_bytes(data)
        with pytest.raises(BadProject) as error:
            folder.read(ID, MOST)
        assert str(tmp_path) not in str(error.value)
        assert path.read_bytes() == data


@pytest.mark.parametrize(
    "history",
    [b"", b"{", b"[]", b'{"commands": 3}', b'{"commands": [3], "done": 1}',
     b'{"commands": [{"do": "explode"}], "done": 1}', b'{"commands": [], "done": 4}',
     b'{"commands": [{"do": "propose", "seed": 1}], "done": 1}',
     b'{"commands": [{"do": "pick", "proposal": 77}], "done": 1}'],
)  # fmt: skip
def test_broken_histories_are_refused(painter, folder: Folder, tmp_path, history):
    folder.save(ID, Session.start(painter, rooms_sketch()))
    (tmp_path / "sketches" / ID / "1.json").write_bytes(history)
    with pytest.raises(BadProject, match="history"):
        folder.read(ID, MOST)


def test_a_folder_with_strange_things_in_it(painter, folder: Folder, tmp_path):
    folder.save(ID, Session.start(painter, rooms_sketch()))
    folder.release()
    sketches = tmp_path / "sketches"
    (sketches / "notes.txt").write_text("mine")
    (sketches / ("f" * 32)).mkdir()
    (sketches / ID / "about.json").write_text("{")
    (tmp_path / "incoming" / "left over").write_bytes(b"x")
    (sketches / ID / ".inkwash-0123.part").write_bytes(b"x")
    again = Folder(tmp_path)
    assert [(entry.id, entry.name) for entry in again.entries()] == [(ID, "sketch")]
    assert (sketches / "notes.txt").exists()
    assert not list(again.incoming.iterdir())
    assert not list(sketches.rglob("*.part"))
    again.release()


def test_closed_sketches_are_kept_for_a_while(painter, folder: Folder, tmp_path):
    session = Session.start(painter, rooms_sketch())
    for number in range(4):
        sketch_id = f"{number:032x}"
        folder.save(sketch_id, session)
        os.utime(tmp_path / "sketches" / sketch_id, (number, number))
        folder.close(sketch_id, keep=2)
    closed = sorted(path.name for path in (tmp_path / "closed").iterdir())
    assert closed == [f"{number:032x}" for number in (2, 3)]
    assert zipfile.is_zipfile(tmp_path / "closed" / closed[0] / "1.inkwash")
    assert len(folder) == 0


def test_a_closed_sketch_comes_back_as_it_was(painter, folder: Folder, tmp_path):
    session = Session.start(painter, rooms_sketch())
    for other in ("1" * 32, ID, "2" * 32):
        folder.save(other, session)
    before, files = folder.entries(), files_of(tmp_path / "sketches" / ID)
    os.utime(tmp_path / "sketches" / ID, (1, 1))  # not touched for long, yet closed last
    folder.close("1" * 32, keep=1)
    folder.close(ID, keep=1)
    assert [entry.id for entry in folder.entries()] == ["2" * 32]
    for sketch_id in (ID, ID, "1" * 32, "3" * 32, "../sketches"):  # kept, there, gone, never there
        folder.reopen(sketch_id)
    assert folder.entries() == [entry for entry in before if entry.id != "1" * 32]
    assert files_of(tmp_path / "sketches" / ID) == files
    expect_same(folder.read(ID, MOST)[0], session)


def test_taking_a_sketch_off_the_list_can_be_taken_back(tmp_path):
    with serving(tmp_path) as served:
        sketch = served.open()
        served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
        served.post(f"{sketch}/hints", json=colour_hint(DISC, "#ab3412"))
        served.post(f"{sketch}/undo")
        before, entries = served.get(sketch).json(), served.get("/v1/sketches").json()
        assert served.client.delete(sketch).status_code == 204
        expect_problem(served.get(sketch), 404, "not-found")
        assert served.post(f"{sketch}/reopen").status_code == 204
        assert served.post(f"{sketch}/reopen").status_code == 204
        after = served.get(sketch).json()
        anew = ("revision", "saved")
        assert {k: v for k, v in after.items() if k not in anew} == {
            k: v for k, v in before.items() if k not in anew
        }
        (entry,) = served.get("/v1/sketches").json()
        assert entry["opened"] == entries[0]["opened"]
        expect_problem(served.post(f"/v1/sketches/{'0' * 32}/reopen"), 404, "not-found")


def test_two_that_come_back_at_once_do_not_share_the_last_place(tmp_path, monkeypatch):
    back = Folder.reopen
    with serving(tmp_path, Limits(kept=3)) as served, ThreadPoolExecutor(2) as both:
        sketches = [served.open(), served.open()]
        for sketch in sketches:
            served.client.delete(sketch)
        served.open()
        served.open()
        monkeypatch.setattr(Folder, "reopen", lambda *a: (time.sleep(0.2), back(*a)))
        answers = list(both.map(lambda one: served.post(f"{one}/reopen"), sketches))
        assert sorted(answer.status_code for answer in answers) == [204, 409]
        assert len(served.get("/v1/sketches").json()) == 3


def test_a_sketch_takes_one_place_while_it_is_opened(tmp_path, monkeypatch):
    here, go_on = threading.Event(), threading.Event()

    def slowly(*given):
        here.set()
        assert go_on.wait(10)
        return Opened(*given)

    monkeypatch.setattr("inkwash.serve.work.Opened", slowly)
    with serving(tmp_path, Limits(kept=2)) as served:
        served.upload()
        assert here.wait(10)
        job = served.upload()["job"]
        go_on.set()
        assert served.wait(job)["state"] == "done"
        expect_problem(served.post("/v1/sketches", files={"file": ("x.png", PNG)}), 409, "full")


def test_two_studios_do_not_share_a_folder(folder: Folder, tmp_path):
    code = (
        "import pathlib, sys; from inkwash.serve.folder import Folder; "
        "Folder(pathlib.Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    other = subprocess.run(command, capture_output=True, text=True)
    assert "another studio works in" in other.stderr
    with pytest.raises(BadConfig, match="another studio"):
        Folder(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadConfig, match="--data-dir"):
        Folder(tmp_path / "file")


def test_changes_are_saved_by_themselves_and_found_again(tmp_path):
    with serving(tmp_path) as served:
        sketch = served.open()
        served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
        served.wait(served.post(f"{sketch}/reroll").json()["job"])
        served.post(f"{sketch}/hints", json=colour_hint(RIGHT, "#ab1234"))
        wait_until(lambda: served.get(sketch).json()["saved"])
        before = served.get(sketch).json()
        picture = served.get(f"{sketch}/export").content
    with serving(tmp_path) as served:
        after = served.get(sketch).json()
        assert after["revision"] > before["revision"]
        assert {**after, "revision": 0} == {**before, "revision": 0}
        assert served.get(f"{sketch}/export").content == picture
        stale = {"If-Match": f'"{before["revision"]}"'}
        expect_problem(served.post(f"{sketch}/undo", headers=stale), 412, "stale")
        for _ in range(3):
            assert served.post(f"{sketch}/undo").is_success


def test_what_is_not_saved_yet_is_saved_at_the_end(tmp_path):
    with serving(tmp_path) as served:
        sketch = served.open()
        served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
    with serving(tmp_path) as served:
        assert len(served.get(sketch).json()["hints"]) == 1


def test_a_broken_sketch_does_not_keep_the_others_from_opening(tmp_path):
    with serving(tmp_path) as served:
        good, bad = served.open(), served.open()
    path = tmp_path / "sketches" / bad.rpartition("/")[2] / "1.inkwash"
    path.write_bytes(b"broken")
    with serving(tmp_path) as served:
        expect_problem(served.get(bad), 422, "bad-project")
        assert served.get(good).status_code == 200
        assert len(served.get("/v1/sketches").json()) == 2
        assert path.read_bytes() == b"broken"
        assert served.client.delete(bad).status_code == 204
    assert (tmp_path / "closed" / bad.rpartition("/")[2] / "1.inkwash").read_bytes() == b"broken"


def test_sketches_that_are_not_used_leave_the_memory_saved(tmp_path):
    with serving(tmp_path, Limits(memory=1)) as served:
        sketches = [served.open() for _ in range(3)]
        for number, sketch in enumerate(sketches):
            served.post(f"{sketch}/hints", json=colour_hint(LEFT, f"#12ab3{number}"))
        assert len(served.studio.opened) == 1
        for number, sketch in enumerate(sketches):
            assert served.get(sketch).json()["hints"][0]["rgb"] == f"#12ab3{number}"
        assert len(served.studio.opened) == 1


def test_a_sketch_at_work_stays_in_memory_though_a_later_job_was_cancelled(tmp_path):
    with serving(tmp_path, Limits(memory=1)) as served:
        other, sketch = served.open(), served.open()
        served.painter.gate.clear()
        running = served.post(f"{sketch}/reroll").json()["job"]
        wait_until(lambda: served.get(f"/v1/jobs/{running}").json()["state"] == "running")
        waiting = served.post(f"{sketch}/reroll").json()["job"]
        served.client.delete(f"/v1/jobs/{waiting}")
        assert served.get(other).is_success
        served.painter.gate.set()
        assert served.wait(running)["state"] == "done"
        assert served.get(sketch).json()["round"] == 1


def test_a_change_while_it_is_closed_does_not_bring_it_back(tmp_path, monkeypatch):
    saving, go_on, note = threading.Event(), threading.Event(), Folder.note

    def slowly(*given):
        saving.set()
        assert go_on.wait(10)
        note(*given)

    monkeypatch.setattr(Folder, "note", slowly)
    with serving(tmp_path) as served, ThreadPoolExecutor() as clients:
        sketch = served.open()
        served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
        closed = clients.submit(served.client.delete, sketch)
        assert saving.wait(10)
        wait_until(lambda: next(iter(served.studio.opened.values())).closed)
        answer = served.post(f"{sketch}/hints", json=colour_hint(RIGHT, "#12ab34"))
        expect_problem(answer, 404, "not-found")
        go_on.set()
        assert closed.result().status_code == 204
        assert served.get("/v1/sketches").json() == []
        assert not list((tmp_path / "sketches").iterdir())


def test_a_sketch_closed_while_it_is_read_does_not_come_back(tmp_path, monkeypatch):
    reading, go_on, read = threading.Event(), threading.Event(), Folder.read

    def slowly(*given):
        reading.set()
        assert go_on.wait(10)
        return read(*given)

    with serving(tmp_path) as served:
        sketch = served.open()
    monkeypatch.setattr(Folder, "read", slowly)
    with serving(tmp_path) as served, ThreadPoolExecutor() as clients:
        looked = clients.submit(served.get, sketch)
        assert reading.wait(10)
        closed = clients.submit(served.client.delete, sketch)
        time.sleep(0.1)
        go_on.set()
        assert looked.result().status_code == 200
        assert closed.result().status_code == 204
        assert not served.studio.opened
        expect_problem(served.get(sketch), 404, "not-found")


@pytest.mark.parametrize(
    "error", [OutputFailed("x: the disk is full"), PermissionError(13, "in use"), MemoryError()]
)
def test_what_cannot_be_saved_is_said_and_saved_later(tmp_path, monkeypatch, error):
    tried = []

    def fail(*_):
        tried.append(error)
        raise error

    with serving(tmp_path) as served:
        sketch = served.open()
        with monkeypatch.context() as patch:
            patch.setattr(Folder, "note", fail)
            patch.setattr("inkwash.serve.studio.RETRY_AFTER", 0.2)
            served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
            assert not served.get(sketch).json()["saved"]
            assert served.post(f"{sketch}/pick", json={"proposal": 2}).is_success
            wait_until(lambda: len(tried) > 1)
        wait_until(lambda: served.get(sketch).json()["saved"])


def test_what_the_list_says_is_in_a_file(painter, folder: Folder, tmp_path):
    folder.save(ID, Session.start(painter, rooms_sketch()))
    said = json.loads((tmp_path / "sketches" / ID / "about.json").read_text())
    assert (said["name"], said["width"], said["height"]) == ("rooms", 240, 160)
