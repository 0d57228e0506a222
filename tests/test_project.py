"""Project files: they reopen exactly, and nothing in them is believed unchecked."""

from __future__ import annotations

import io
import json
import os
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkwash import project
from inkwash.cli import main
from inkwash.commands import Add, Choose, Command, Pick, Propose, Release, Remove, Restyle, Snap
from inkwash.document import compose, render
from inkwash.errors import BadProject, InkwashError, OutputExists
from inkwash.hints import Dot, Hint, Hints
from inkwash.painter import Painter, PaintRequest
from inkwash.palettes import CharacterSheet, Palette, Swatch, parse
from inkwash.project import archive
from inkwash.project.history import commands_from, value_of_commands
from inkwash.session import Session
from inkwash.sketch import Sketch, read
from sketches import draw_rooms, rooms_sketch
from test_hints import HINTS
from test_hints import SIZE as HINTS_SIZE
from tiny_net import tiny_runtime

SKETCH = rooms_sketch()
LEFT, RIGHT, DISC = (35.0, 30.0), (170.0, 80.0), (72.0, 80.0)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny_runtime())


def dot(kind: str, place, rgb=None) -> Hint:
    return Hint(kind, Dot(*place), rgb)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def session(painter) -> Session:
    """With every kind of thing in it, and a command that was undone."""
    session = Session.start(painter, SKETCH, PaintRequest(style="shaded"))
    session.hint(dot("colour", RIGHT, (12, 200, 90)), dot("lock", LEFT))
    session.choose(session.region_at(*DISC), 4)
    session.reroll(painter, 3)
    session.do(Snap(parse("#ff0000,#0000ff,#ffeedd"), 0.5))
    session.pick(2)
    session.undo()
    return session


@pytest.fixture(scope="module")
def saved(session, tmp_path_factory) -> Path:
    return project.write(session, tmp_path_factory.mktemp("saved") / "rooms.inkwash")


def expect_same(ours: Session, theirs: Session) -> None:
    """All that was stored, and what is seen."""
    for name in ("ink", "alpha"):
        one, other = getattr(ours.origin.sketch, name), getattr(theirs.origin.sketch, name)
        assert np.array_equal(one, other)
    for name in ("name", "dpi", "icc_profile", "inverted", "notes"):
        assert getattr(ours.origin.sketch, name) == getattr(theirs.origin.sketch, name)
    for field in (field for field in fields(ours.origin.regions) if field.compare):
        one, other = (getattr(s.origin.regions, field.name) for s in (ours, theirs))
        assert np.array_equal(one, other)
        assert getattr(one, "dtype", None) == getattr(other, "dtype", None)
    assert ours.origin.request == theirs.origin.request
    assert ours.commands == theirs.commands
    assert ours.done == theirs.done
    for one, other in zip(ours.rounds, theirs.rounds, strict=True):
        assert one.palettes == other.palettes
        for name in ("pictures", "scores", "shade"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
    assert ours.painting.chosen == theirs.painting.chosen
    for index in range(len(ours.painting.colourings)):
        assert np.array_equal(render(ours.painting, index), render(theirs.painting, index))


# Saved and opened again


def test_a_command_for_each_hint_is_still_read(session):
    value = value_of_commands(session.commands, session.done)
    together = value["commands"][0]
    alone = [{"do": "add", "hint": hint} for hint in together["hints"]]
    value["commands"][:1] = alone
    value["done"] += len(alone) - 1
    commands, _ = commands_from(value, len(session.rounds))
    assert commands[:2] == [Add((hint,)) for hint in session.commands[0].hints]


def test_a_project_reopens_exactly(session, saved):
    opened = project.read(saved)
    expect_same(session, opened)
    assert opened.notes == ()
    assert opened.redo()
    assert opened.painting.chosen == 2


def test_saving_what_was_opened_gives_the_same_bytes(saved, tmp_path):
    again = project.write(project.read(saved), tmp_path / "again.inkwash")
    assert again.read_bytes() == saved.read_bytes()


@pytest.mark.parametrize("head", ["palette", "rgb"])
@pytest.mark.parametrize("kind", ["transparent", "coloured", "one pixel"])
def test_every_kind_of_sketch_reopens_exactly(painter, tmp_path, head, kind):
    page = draw_rooms(90, 70)
    if kind == "transparent":
        sketch = read(np.dstack([page * 0, 255 - page]))
        assert sketch.alpha is not None
    elif kind == "coloured":
        ink = np.stack([page, np.maximum(page, 60), page], axis=-1)
        sketch = Sketch(
            ink=ink, name="名前 / ..", dpi=(300.123, 72), notes=("a", "b"), inverted=True
        )
    else:
        sketch = Sketch(ink=np.full((1, 1), 255, np.uint8), icc_profile=b"any bytes \0\1")
    session = Session.start(painter, sketch, PaintRequest(head=head))
    expect_same(session, project.read(project.write(session, tmp_path / "p.inkwash")))


SWATCHES = st.builds(Swatch, st.tuples(*[st.integers(0, 255)] * 3), TEXT, TEXT)
PALETTES = st.builds(
    lambda swatches, name: Palette(tuple(swatches), name), st.lists(SWATCHES, min_size=1), TEXT
)
ROLES = TEXT.filter(len)
CHARACTERS = st.builds(
    lambda rgb_of, name: Palette(tuple(Swatch(rgb, role=r) for r, rgb in rgb_of.items()), name),
    st.dictionaries(ROLES, st.tuples(*[st.integers(0, 255)] * 3), min_size=1),
    ROLES,
)
SHEETS = st.lists(CHARACTERS, min_size=1, max_size=3, unique_by=lambda c: c.name).map(
    lambda characters: CharacterSheet(tuple(characters))
)
REGIONS = st.lists(st.integers(0, 3), max_size=4).map(tuple)
COMMANDS = st.one_of(
    HINTS.filter(len).map(lambda hints: Add(hints.items)),
    st.builds(Remove, st.integers(0, 5)),
    st.builds(Choose, REGIONS, st.integers(0, 8)),
    st.builds(Release, REGIONS),
    st.builds(Pick, st.integers(1, 9)),
    st.builds(Restyle, st.sampled_from(["flat", "shaded"])),
    st.builds(Snap, PALETTES, st.floats(0, 1)),
    st.builds(Propose, st.integers(0)),
    st.builds(Propose, st.integers(0), characters=SHEETS),
)


@given(st.lists(COMMANDS, max_size=8), st.data())
def test_commands_survive_json(commands: list[Command], data: st.DataObject):
    done = data.draw(st.integers(0, len(commands)))
    rounds = 1 + sum(isinstance(command, Propose) for command in commands)
    value = json.loads(json.dumps(value_of_commands(commands, done)))
    assert commands_from(value, rounds) == (commands, done)


@pytest.fixture(scope="module")
def origin(painter) -> Session:
    return Session.start(painter, rooms_sketch(HINTS_SIZE.width, HINTS_SIZE.height))


@given(commands=st.lists(COMMANDS, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_session_reopens_exactly(origin, commands, tmp_path_factory):
    session = Session(origin.origin, origin.rounds)
    for command in commands:
        if isinstance(command, Propose):
            session.rounds.append(origin.rounds[0])
        try:
            session.do(command)
        except InkwashError:  # e.g. a hint that is not there is removed
            continue
    for _ in range(len(commands) // 3):
        session.undo()
    path = tmp_path_factory.mktemp("any") / "any.inkwash"
    expect_same(session, project.read(project.write(session, path)))


@given(
    request=st.builds(
        PaintRequest,
        style=st.sampled_from(["flat", "shaded"]),
        pick=st.integers(1, 9) | st.just("best"),
        seed=st.integers(0),
        gap=st.floats(0, 200) | st.just("auto"),
        work_size=st.integers(32, 999) | st.sampled_from(["auto", "native"]),
        palettes=st.lists(PALETTES, max_size=3).map(tuple),
    )
)
@settings(max_examples=25, deadline=None)
def test_any_request_survives(origin, request, tmp_path_factory):
    from dataclasses import replace

    session = Session(replace(origin.origin, request=request), origin.rounds)
    path = project.write(session, tmp_path_factory.mktemp("any") / "any.inkwash")
    assert project.read(path).origin.request == request


REN = Palette((Swatch((30, 30, 200), role="hair"), Swatch((90, 60, 30), role="skin")), "Ren")


def test_a_cast_survives(painter, tmp_path):
    cast = CharacterSheet((Palette((Swatch((200, 30, 30), role="hair"),), "Aiko"),))
    session = Session.start(painter, SKETCH, PaintRequest(characters=cast))
    command = Propose(1, characters=CharacterSheet((*cast.characters, REN)))
    session.accept(command, session.ask(painter, command))
    expect_same(session, project.read(project.write(session, tmp_path / "p.inkwash")))


def test_a_version_that_settles_otherwise_says_so(saved, tmp_path):
    def change(members):
        data = bytearray(members["colourings/colours.npy"])
        data[-1] ^= 1
        members["colourings/colours.npy"] = bytes(data)

    opened = project.read(changed(saved, tmp_path, change))
    assert opened.notes == (
        "this version of inkwash settles 1 regions otherwise than the one that saved it",
    )


# What is written stays whole


def test_nothing_is_overwritten_without_force(session, saved):
    before = saved.read_bytes()
    with pytest.raises(OutputExists):
        project.write(session, saved)
    assert saved.read_bytes() == before


def test_a_failed_save_leaves_the_file_that_was_there(session, saved, monkeypatch):
    before = saved.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InkwashError, match="disk is full"):
        project.write(session, saved, force=True)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


# Files that are not to be trusted


def changed(path: Path, folder: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A copy of a project with other members."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    target = folder / "changed.inkwash"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)
    return target


def edited(name: str, edit: Callable[[dict], object]) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        value = json.loads(members[name])
        edit(value)
        members[name] = json.dumps(value).encode()

    return change


def array_bytes(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def labels_of(array: np.ndarray) -> Callable[[dict[str, bytes]], object]:
    return lambda members: members.update({"regions/labels.npy": array_bytes(array)})


HISTORY, MANIFEST = "history.json", "manifest.json"
WRONG = {
    "newer": (edited(MANIFEST, lambda m: m.update(version=2)), "newer inkwash.*update"),
    "no version": (edited(MANIFEST, lambda m: m.pop("version")), "version is None"),
    "another zip": (edited(MANIFEST, lambda m: m.pop("format")), "no project of inkwash"),
    "no manifest": (lambda m: m.pop(MANIFEST), "manifest.json is missing"),
    "no json": (lambda m: m.update({HISTORY: b'{"commands": ['}), "broken in the middle"),
    "path up": (lambda m: m.update({"../../evil.json": b""}), "evil.json', which no project has"),
    "path root": (lambda m: m.update({"/etc/passwd": b""}), "which no project has"),
    "path drive": (lambda m: m.update({"c:\\evil.json": b""}), "which no project has"),
    "no sketch": (lambda m: m.pop("sketch.png"), "sketch.png is missing"),
    "sketch no png": (lambda m: m.update({"sketch.png": b"GIF89a"}), "sketch.png is damaged"),
    "huge": (edited(MANIFEST, lambda m: m["sketch"].update(size=[10**6] * 2)), "the limit is"),
    "size": (edited(MANIFEST, lambda m: m["sketch"].update(size=[9, 9])), "does not fit"),
    "no size": (edited(MANIFEST, lambda m: m["sketch"].update(size="big")), "2 numbers"),
    "dpi": (edited(MANIFEST, lambda m: m["sketch"].update(dpi=["a", 1])), "must be a number"),
    "labels": (labels_of(np.zeros((5, 5), np.uint16)), "labels.npy is an array.*not fit"),
    "few labels": (labels_of(np.zeros((160, 240), np.uint16)), "falling area"),
    "other labels": (labels_of(np.zeros((160, 240))), "does not fit"),
    "pickle": (labels_of(np.array([{}])), "another layout"),
    "no array": (lambda m: m.update({"regions/ink.npy": b"x" * 50}), "is no array"),
    "request": (edited(MANIFEST, lambda m: m["request"].update(stile="x")), "did you mean style"),
    "rounds": (edited(MANIFEST, lambda m: m["rounds"].pop()), "needs 2 rounds"),
    "palettes": (edited(MANIFEST, lambda m: m["rounds"][0]["palettes"].pop()), "8 palettes for 9"),
    "done": (edited(HISTORY, lambda h: h.update(done=99)), "99 of 5 commands"),
    "command": (edited(HISTORY, lambda h: h["commands"][0].update(do="rm")), "command 1 is 'rm'"),
    "region": (edited(HISTORY, lambda h: h["commands"][1].update(regions=[77])), "region 77"),
    "pick": (edited(HISTORY, lambda h: h["commands"][4].update(proposal=0)), "choose from 1"),
    "scores": (lambda m: m.pop("rounds/1/scores.npy"), "scores.npy is missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_projects_are_refused_and_named(saved, tmp_path, name):
    change, message = WRONG[name]
    path = changed(saved, tmp_path, change)
    with pytest.raises(BadProject, match=message) as caught:
        project.read(path)
    assert str(path) in str(caught.value)


def test_two_members_of_one_name_are_refused(saved, tmp_path):
    path = tmp_path / "two.inkwash"
    path.write_bytes(saved.read_bytes())
    with zipfile.ZipFile(path, "a") as members, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        members.writestr("manifest.json", "{}")
    with pytest.raises(BadProject, match="two members"):
        project.read(path)


def test_bombs_are_refused_before_they_are_unpacked(saved, tmp_path, monkeypatch):
    bomb = {"rounds/0/pictures.npy": bytes(3 * 10**6)}
    path = changed(saved, tmp_path, lambda members: members.update(bomb))
    monkeypatch.setattr(archive, "MOST_BYTES", 2 * 10**6)
    with pytest.raises(BadProject, match="the limit is 2000000"):
        project.read(path)


def test_an_array_that_claims_to_be_larger_than_it_is_takes_no_room(saved, tmp_path):
    def lie(members):
        data = members["rounds/0/pictures.npy"]
        members["rounds/0/pictures.npy"] = data[: len(data) // 2]

    with pytest.raises(BadProject, match="cut short"):
        project.read(changed(saved, tmp_path, lie))


def test_sketches_over_the_limit_of_pixels_are_refused(saved):
    with pytest.raises(BadProject, match="limit is 100 pixels"):
        project.read(saved, max_pixels=100)


def test_what_is_no_project_is_refused(tmp_path):
    (tmp_path / "picture.inkwash").write_bytes(b"\x89PNG")
    for name, message in (
        ("missing.inkwash", "No such file"),
        (".", "cannot be read"),
        ("picture.inkwash", "no project, cut short"),
    ):
        with pytest.raises(BadProject, match=message):
            project.read(tmp_path / name)


@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damage_is_told_or_harmless_and_never_a_crash(saved, tmp_path, data):
    bytes_ = bytearray(saved.read_bytes())
    if data.draw(st.booleans()):
        del bytes_[data.draw(st.integers(0, len(bytes_) - 1)) :]
    else:
        for _ in range(data.draw(st.integers(1, 5))):
            tail = data.draw(st.booleans())  # the directory, which is at the end
            place = data.draw(st.integers(len(bytes_) - 1500 if tail else 0, len(bytes_) - 1))
            bytes_[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.inkwash"
    path.write_bytes(bytes_)
    told = ""
    try:
        project.read(path)
    except BadProject as error:
        told = str(error)
    assert not told or str(path) in told


# The command line


@pytest.fixture
def folder(monkeypatch, tmp_path, painter) -> Path:
    from PIL import Image

    monkeypatch.setattr("inkwash.painter.load", lambda *_, **__: painter.runtime)
    monkeypatch.chdir(tmp_path)
    Image.fromarray(draw_rooms()).save("rooms.png", dpi=(300, 300))
    return tmp_path


def test_a_project_from_the_command_line(folder, capsys):
    from inkwash.hints import write as write_hints

    write_hints(Hints(SKETCH.size, (dot("colour", RIGHT, (1, 2, 3)),)), "hints.json")
    steps = (
        ["new", "rooms.png", "--style", "shaded", "--pick", "2"],
        ["hint", "rooms.inkwash", "hints.json"],
        ["choose", "rooms.inkwash", "--at", "72,80", "--proposal", "5", "--spread"],
        ["propose", "rooms.inkwash"],
        ["reroll", "rooms.inkwash", "--seed", "8"],
        ["pick", "rooms.inkwash", "3"],
        ["undo", "rooms.inkwash"],
        ["undo", "rooms.inkwash"],
        ["redo", "rooms.inkwash"],
    )
    for step in steps:
        assert main(["project", *step, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert facts["commands"] == ["add", "choose", "propose", "propose", "pick"]
    assert (facts["done"], facts["rounds"], facts["hints"]) == (4, 3, 1)
    assert main(["project", "info", "rooms.inkwash"]) == 0
    assert "rounds: 3" in capsys.readouterr().out


def test_what_is_exported_is_what_is_seen(folder, session):
    from PIL import Image
    from psd_tools import PSDImage

    project.write(session, "rooms.inkwash")
    assert main(["project", "export", "rooms.inkwash", "--format", "png,psd,ora,sheet"]) == 0
    painting = session.painting
    preview = render(painting, painting.chosen)
    target = Path("painted/rooms")
    with Image.open(target / f"{painting.chosen + 1}.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), preview)
    with zipfile.ZipFile(target / "rooms.ora") as ora:
        merged = Image.open(io.BytesIO(ora.read("mergedimage.png")))
        assert np.array_equal(np.asarray(merged.convert("RGB")), preview)
    psd = PSDImage.open(target / "rooms.psd").topil()
    assert psd is not None
    assert np.array_equal(np.asarray(psd.convert("RGB")), preview)
    assert (target / "sheet.png").exists()
    layers = compose(painting, picks=(painting.chosen,)).flatten()
    assert np.array_equal(layers, preview)


def test_exported_files_are_called_after_the_project(folder, session):
    project.write(session, "night.inkwash")
    assert main(["project", "export", "night.inkwash", "--format", "png,psd,sheet"]) == 0
    shown = f"{session.painting.chosen + 1}.png"
    assert {p.name for p in Path("painted/night").iterdir()} == {shown, "night.psd", "sheet.png"}


def test_a_name_inside_a_project_cannot_lead_elsewhere(folder, session):
    project.write(session, "rooms.inkwash")
    away = edited(MANIFEST, lambda manifest: manifest["sketch"].update(name="../../away"))
    path = changed(Path("rooms.inkwash"), folder, away)
    assert main(["project", "export", str(path), "--out", "inside/out", "--format", "psd"]) == 0
    assert [p.name for p in (folder / "inside/out").iterdir()] == ["changed"]
    assert not list(folder.parent.glob("away*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["info", "missing.inkwash"], "No such file"),
        (["export", "p.inkwash", "--format", "gif"], "choose from"),
        (["export", "p.inkwash", "--pick", "12"], "choose from 1 to 9"),
        (["choose", "p.inkwash", "--at", "5", "--proposal", "1"], "write X,Y"),
        (["choose", "p.inkwash", "--at", "999,5", "--proposal", "1"], "outside the sketch"),
        (["choose", "p.inkwash", "--at", "5,5", "--proposal", "0"], "choose from 1 to 9"),
        (["hint", "p.inkwash", "hints.gif"], "no kind of hints file"),
        (["redo", "p.inkwash"], "nothing to redo"),
        (["new", "rooms.png", "--out", "p.inkwash"], "--force"),
        (["new", "rooms.png", "--character", "Aiko"], "--characters"),
    ],
)
def test_wrong_usage_says_so_and_leaves_the_project(folder, origin, capsys, arguments, message):
    path = project.write(origin, "p.inkwash")
    before = path.read_bytes()
    assert main(["project", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert path.read_bytes() == before
