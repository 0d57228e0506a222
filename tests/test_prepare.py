"""Prepare: filters, duplicates, layouts, resuming, bad input."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from booru import running_booru
from coloured import coloured, folder_of, save
from inkwash.data.fetch import FetchConfig, fetch
from inkwash.data.pictures import find_entries, read_entry
from inkwash.data.prepare import PrepareConfig, prepare
from inkwash.data.prepare.pair import make_pairs
from inkwash.data.prepare.source import Job
from inkwash.data.store import open_folders
from inkwash.errors import BadConfig, BadData, MissingExtra, OutputExists, OutputFailed

HERE = {"size": 48, "workers": 1}


def rows_of(out: Path, name: str = "SOURCES.csv") -> list[dict[str, str]]:
    with (out / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def contents(out: Path) -> dict[str, str]:
    """Digest by name of everything a user sees in the folder."""
    files = [p for p in out.rglob("*") if p.is_file() and ".prepare" not in p.parts]
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def reason_for(folder: Path, picture: np.ndarray, **settings: object) -> str:
    """Why a picture is left out; "" if it is not."""
    save(folder / "source" / "one.png", picture)
    prepare(folder / "source", folder / "out", PrepareConfig(**{**HERE, **settings}))
    rows = rows_of(folder / "out", "LEFT_OUT.csv")
    return rows[0]["reason"] if rows else ""


def test_pairs_that_training_reads(tmp_path):
    source = folder_of(tmp_path / "source", 12)
    report = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert (report.tally.pairs, report.complete) == (12, True)
    entries = find_entries(tmp_path / "out")
    assert len(entries) == 12
    for entry in entries:
        rgb, line = read_entry(entry, 48)[:2]
        assert rgb.shape == (48, 48, 3)
        assert line is not None
        assert line.shape == (48, 48)
    training, _ = open_folders([tmp_path / "out"], 48)
    held_out = {entry.colour.name for entry in entries if entry.held_out}
    rows = rows_of(tmp_path / "out")
    assert held_out == {Path(r["file"]).name for r in rows if r["split"] == "validation"}
    assert len(training) == 12 - len(held_out)


def test_the_colour_is_the_sources(tmp_path):
    source = folder_of(tmp_path / "source", 1, width=48, height=48)
    prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    [entry] = find_entries(tmp_path / "out")
    rgb, line = read_entry(entry, 48)[:2]
    assert np.array_equal(rgb, coloured(0, 48, 48))
    darkest = rgb.max(axis=2) < 60  # the outlines
    assert line[darkest].mean() < 110 < 200 < line[~darkest].mean()


def test_the_manifest_names_source_licence_and_author(tmp_path):
    source = folder_of(tmp_path / "source", 3)
    (source / "SOURCES.csv").write_text(
        "file,style_score,group,licence,author,origin\n"
        "000.png,5,anna,CC0,Ann,https://a.example/0\n001.png,4,anna,CC BY 4.0,Bo,\n"
    )
    prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    first, second, third = rows_of(tmp_path / "out")
    assert (first["licence"], first["author"], first["style_score"]) == ("CC0", "Ann", "5")
    assert (first["group"], second["group"], third["group"]) == ("anna", "anna", "002.png")
    assert first["split"] == second["split"]
    digest = hashlib.sha256((source / "000.png").read_bytes()).hexdigest()
    assert (first["sha256"], first["source"], first["source_width"]) == (digest, "000.png", "96")
    assert 0.005 < float(first["ink"]) < 0.35
    assert float(first["colourfulness"]) > 8
    entries = {entry.name: entry for entry in find_entries(tmp_path / "out")}
    assert entries[first["file"]].score == 5
    assert entries[second["file"]].group == "anna"


def test_near_grey(tmp_path):
    grey = coloured(1).mean(axis=2).astype(np.uint8)
    assert reason_for(tmp_path, grey) == "near-grey"


def test_faintly_tinted_is_near_grey(tmp_path):
    grey = coloured(1).mean(axis=2)[..., None]
    tinted = np.clip(grey + np.array([3, 0, -3]), 0, 255).astype(np.uint8)
    assert reason_for(tmp_path, tinted) == "near-grey"


def test_near_blank(tmp_path):
    ramp = np.linspace((255, 120, 40), (40, 120, 255), 96)[None].repeat(96, axis=0)
    assert reason_for(tmp_path, ramp.astype(np.uint8)) == "near-blank"


def test_too_much_ink(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    assert reason_for(tmp_path, noise) == "too much ink"


def test_too_small(tmp_path):
    assert reason_for(tmp_path, coloured(1, 47, 90)) == "too small"


def test_smaller_pictures_if_asked_for(tmp_path):
    assert reason_for(tmp_path, coloured(1, 47, 90), smallest_side=40) == ""


def test_transparent_pictures_on_white(tmp_path):
    alpha = np.full((96, 96), 255, np.uint8)
    alpha[:40] = 0
    save(tmp_path / "source" / "a.png", np.dstack([coloured(2), alpha]))
    prepare(tmp_path / "source", tmp_path / "out", PrepareConfig(**{**HERE, "size": 96}))
    [entry] = find_entries(tmp_path / "out")
    rgb = read_entry(entry, 96)[0]
    assert (rgb[:40] == 255).all()
    assert np.array_equal(rgb[40:], coloured(2)[40:])


def test_colours_of_a_profile_become_srgb(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    source = tmp_path / "source"
    save(source / "a.png", coloured(2), icc_profile=profile)
    save(source / "b.png", coloured(2), icc_profile=swapped)
    prepare(source, tmp_path / "out", PrepareConfig(**{**HERE, "size": 96}, alike=-1))
    plain, turned = (read_entry(entry, 96)[0] for entry in find_entries(tmp_path / "out"))
    assert np.array_equal(plain, coloured(2))
    expected = coloured(2)[..., [1, 0, 2]].astype(int)  # its red is our green
    assert np.abs(turned - expected).max() <= 3


def test_duplicates_and_near_duplicates(tmp_path):
    source = folder_of(tmp_path / "source", 4)
    save(source / "copy.png", coloured(1))
    save(source / "saved_again.jpg", coloured(2), quality=85)
    big = Image.fromarray(coloured(3)).resize((144, 144), Image.Resampling.BICUBIC)
    save(source / "scaled.png", np.asarray(big))
    save(source / "other_colours.png", coloured(0)[..., ::-1])
    report = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    reasons = {r["source"]: r["reason"] for r in rows_of(tmp_path / "out", "LEFT_OUT.csv")}
    assert reasons == {
        "copy.png": "duplicate: of 001.png",
        "saved_again.jpg": "duplicate: of 002.png",
        "scaled.png": "duplicate: of 003.png",
    }
    assert report.tally.dropped == {"duplicate": 3}
    kept = prepare(source, tmp_path / "all", PrepareConfig(**HERE, alike=-1))
    assert kept.tally.pairs == 8


def test_workers_do_not_change_the_result(tmp_path):
    source = folder_of(tmp_path / "source", 12)
    save(source / "z.png", coloured(3))
    (source / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    settings = {"size": 48, "strength": (0.0, 1.0), "crop": "squares"}
    prepare(source, tmp_path / "one", PrepareConfig(**settings, workers=1))
    prepare(source, tmp_path / "two", PrepareConfig(**settings, workers=2))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    prepare(source, tmp_path / "other", PrepareConfig(**settings, workers=1, seed=1))
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_whole_pictures_are_padded_with_white(tmp_path):
    source = folder_of(tmp_path / "source", 1, width=48, height=96)
    prepare(
        source,
        tmp_path / "out",
        PrepareConfig(**{**HERE, "size": 96}, crop="whole", smallest_side=40),
    )
    [entry] = find_entries(tmp_path / "out")
    rgb = read_entry(entry, 96)[0]
    assert (rgb[:, :24] == 255).all()
    assert (rgb[:, 72:] == 255).all()
    assert np.array_equal(rgb[:, 24:72], coloured(0, 48, 96))


def test_several_squares_share_their_group(tmp_path):
    source = folder_of(tmp_path / "source", 3, width=96, height=200)
    prepare(source, tmp_path / "out", PrepareConfig(**HERE, crop="squares"))
    rows = rows_of(tmp_path / "out")
    assert len(rows) == 9
    for name in ("000.png", "001.png", "002.png"):
        mine = [row for row in rows if row["source"] == name]
        assert len({(row["group"], row["split"]) for row in mine}) == 1
        tops = sorted(int(row["box"].split()[1]) for row in mine)
        assert 0 <= tops[0] < tops[1] < tops[2] <= 104


def test_true_pairs_keep_their_lines(tmp_path):
    line = np.full((96, 96), 255, np.uint8)
    line[20:23] = line[:, 50:53] = 0
    save(tmp_path / "source" / "a_color.png", coloured(1))
    save(tmp_path / "source" / "a_line.png", line)
    save(tmp_path / "source" / "images_rgb" / "b.png", coloured(2))
    save(tmp_path / "source" / "images_bw" / "b.png", line)
    report = prepare(tmp_path / "source", tmp_path / "out", PrepareConfig(**{**HERE, "size": 96}))
    assert report.tally.pairs == 2
    for entry in find_entries(tmp_path / "out"):
        assert np.array_equal(read_entry(entry, 96)[1], line)


def test_roles_are_no_pictures(tmp_path):
    save(tmp_path / "source" / "a_color.png", coloured(1))
    save(tmp_path / "source" / "a_line.png", 255 - coloured(1)[..., 0] // 4)
    save(tmp_path / "source" / "a_roles.png", np.zeros((96, 96), np.uint8))
    prepare(tmp_path / "source", tmp_path / "out", PrepareConfig(**HERE))
    rows = [*rows_of(tmp_path / "out"), *rows_of(tmp_path / "out", "LEFT_OUT.csv")]
    assert [row["source"] for row in rows] == ["a_color.png"]


def test_panels_of_a_page_share_their_group(tmp_path):
    page = np.full((220, 160, 3), 255, np.uint8)
    for i, top in enumerate((10, 115)):
        page[top : top + 95, 10:150] = coloured(i, 140, 95)
    save(tmp_path / "source" / "page.png", page)
    prepare(tmp_path / "source", tmp_path / "out", PrepareConfig(**HERE, panels=True))
    rows = rows_of(tmp_path / "out")
    assert [row["source"] for row in rows] == ["page.png", "page.png"]
    assert len({(row["group"], row["split"]) for row in rows}) == 1
    tops = [int(row["box"].split()[1]) for row in rows]
    assert np.abs(np.subtract(tops, (10, 115))).max() <= 3


def test_what_fetch_leaves_is_carried_on(tmp_path):
    with running_booru() as booru:
        (tmp_path / "urls.txt").write_text(f"{booru.url}/1.png\n{booru.url}/2.png\n")
        fetch(tmp_path / "urls.txt", tmp_path / "source", FetchConfig(rate=0.0, smallest_side=16))
    config = PrepareConfig(**HERE, most_ink=0.9)  # the booru's blocks are small
    report = prepare(tmp_path / "source", tmp_path / "out", config)
    rows = rows_of(tmp_path / "out")
    assert report.tally.pairs == 2
    assert {row["origin"] for row in rows} == {f"{booru.url}/1.png", f"{booru.url}/2.png"}
    assert {row["licence"] for row in rows} == {"unknown"}


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"]),
)
def test_no_bytes_stop_the_rest(tmp_path_factory, data, start):
    path = tmp_path_factory.getbasetemp() / "any.png"
    path.write_bytes(start + data)
    made = make_pairs(Job(str(path.parent), path.name, ""), PrepareConfig(**HERE, panels=True))
    assert made.failed or made.dropped


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (48, 9000), (1, 1)])
def test_extreme_shapes(tmp_path, shape):
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    reason = reason_for(tmp_path, picture, panels=True, crop="squares")
    assert reason == ("too much ink" if min(shape) == 48 else "too small")


def test_a_name_that_is_not_utf8(tmp_path):
    source = folder_of(tmp_path / "source", 2)
    os.rename(source / "000.png", os.fsencode(source) + b"/caf\xe9.png")
    report = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert report.tally.pairs == 1
    assert [reason for _, reason in report.failures] == ["its name is not UTF-8; rename it"]
    assert rows_of(tmp_path / "out", "LEFT_OUT.csv")[0]["source"] == "caf\\udce9.png"


def test_a_pair_of_two_sizes_is_reported(tmp_path):
    save(tmp_path / "source" / "a_color.png", coloured(1))
    save(tmp_path / "source" / "a_line.png", np.full((50, 50), 255, np.uint8))
    report = prepare(tmp_path / "source", tmp_path / "out", PrepareConfig(**HERE))
    [(name, reason)] = report.failures
    assert name == "a_color.png"
    assert "a_line.png is 50×50" in reason


def test_a_tenth_of_the_files_corrupt(tmp_path):
    source = folder_of(tmp_path / "source", 20)
    whole = (source / "001.png").read_bytes()
    (source / "001.png").write_bytes(whole[: len(whole) // 2])
    (source / "002.png").write_bytes(b"")
    report = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert report.tally.pairs == 18
    assert [name for name, _ in report.failures] == ["001.png", "002.png"]
    assert not report.complete
    listed = rows_of(tmp_path / "out", "LEFT_OUT.csv")
    assert [(row["source"], row["outcome"]) for row in listed] == [
        ("001.png", "failed"),
        ("002.png", "failed"),
    ]
    assert "damaged or cut off" in listed[0]["reason"]
    assert "is empty (0 bytes)" in listed[1]["reason"]
    (source / "001.png").write_bytes(whole)
    again = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert (again.tally.before, again.tally.pairs) == (18, 1)
    assert [row["source"] for row in rows_of(tmp_path / "out", "LEFT_OUT.csv")] == ["002.png"]


def test_shards(tmp_path):
    source = folder_of(tmp_path / "source", 30)
    config = PrepareConfig(**HERE, layout="shards", shard_pairs=8)
    prepare(source, tmp_path / "out", config)
    rows = rows_of(tmp_path / "out")
    assert {row["split"] for row in rows} == {"train", "validation"}
    seen = []
    for path in sorted((tmp_path / "out").glob("*.tar")):
        with tarfile.open(path) as tar:
            names = tar.getnames()
            facts = json.load(tar.extractfile(next(n for n in names if n.endswith(".json"))))
            picture = Image.open(tar.extractfile(next(n for n in names if "rgb" in n)))
            picture.load()
        keys = [name.split(".")[0] for name in names[::3]]
        assert names == [f"{k}.{s}" for k in keys for s in ("rgb.png", "bw.png", "json")]
        assert len(keys) <= 8
        assert facts["split"] == path.name.split("-")[0]
        assert (facts["key"], picture.size) == (keys[0], (48, 48))
        seen += keys
    assert len(set(seen)) == len(rows) == 30
    assert {row["file"] for row in rows} == {p.name for p in (tmp_path / "out").glob("*.tar")}


_PREPARE = """
import sys, time
from pathlib import Path
from inkwash.data.prepare import PrepareConfig, prepare
def slow(tally):
    print(tally.done, flush=True)
    time.sleep(0.02)
config = PrepareConfig(size=48, workers=1, layout=sys.argv[3], shard_pairs=5)
prepare(Path(sys.argv[1]), Path(sys.argv[2]), config, slow)
"""


@pytest.mark.parametrize("layout", ["folders", "shards"])
def test_killed_and_started_again(tmp_path, layout):
    source = folder_of(tmp_path / "source", 30)
    save(source / "0010.png", coloured(1))
    out = tmp_path / "out"
    command = [sys.executable, "-c", _PREPARE, str(source), str(out), layout]
    killed = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    for line in killed.stdout:
        if int(line) >= 17:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    config = PrepareConfig(**HERE, layout=layout, shard_pairs=5)
    report = prepare(source, out, config)
    assert report.tally.before > 5
    prepare(source, tmp_path / "whole", config)
    assert contents(out) == contents(tmp_path / "whole")


def test_a_second_run_does_nothing(tmp_path):
    source = folder_of(tmp_path / "source", 5)
    prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").glob("images_*/*")}
    report = prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert (report.tally.before, report.tally.done) == (5, 0)
    assert times == {p: p.stat().st_mtime_ns for p in (tmp_path / "out").glob("images_*/*")}


def test_other_settings_are_refused_or_forced(tmp_path):
    source = folder_of(tmp_path / "source", 3)
    prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    other = {**HERE, "size": 32}
    with pytest.raises(OutputExists, match="with other settings; give another --out, or --force"):
        prepare(source, tmp_path / "out", PrepareConfig(**other))
    prepare(source, tmp_path / "out", PrepareConfig(**other, force=True))
    [first, *_] = find_entries(tmp_path / "out")
    assert read_entry(first, 32)[0].shape == (32, 32, 3)


def test_a_folder_of_somebodys_own_pairs_is_left_alone(tmp_path):
    source = folder_of(tmp_path / "source", 2)
    save(tmp_path / "out" / "images_rgb" / "mine.png", coloured(7))
    with pytest.raises(OutputExists, match="images_rgb exists"):
        prepare(source, tmp_path / "out", PrepareConfig(**HERE))


def test_bad_places(tmp_path):
    source = folder_of(tmp_path / "source", 2)
    with pytest.raises(BadConfig, match="lies inside the source"):
        prepare(source, source / "out", PrepareConfig(**HERE))
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputFailed, match="is a file; give a folder"):
        prepare(source, tmp_path / "file", PrepareConfig(**HERE))
    with pytest.raises(BadData, match="is not a folder of pictures"):
        prepare(tmp_path / "none", tmp_path / "out", PrepareConfig(**HERE))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadData, match="holds no pictures"):
        prepare(tmp_path / "empty", tmp_path / "out", PrepareConfig(**HERE))


def test_a_broken_table_is_refused(tmp_path):
    source = folder_of(tmp_path / "source", 2)
    (source / "SOURCES.csv").write_text("name,group\n000.png,a\n")
    with pytest.raises(BadData, match=r"SOURCES.csv: cannot be read .* a column file is needed"):
        prepare(source, tmp_path / "out", PrepareConfig(**HERE))


def test_a_full_disk_stops_with_one_clear_error(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, os.strerror(28))

    source = folder_of(tmp_path / "source", 3)
    with monkeypatch.context() as patch:
        patch.setattr("inkwash.data.placing.os.replace", full)
        with pytest.raises(OutputFailed, match="disk is full; free some space and run again"):
            prepare(source, tmp_path / "out", PrepareConfig(**HERE))
    assert prepare(source, tmp_path / "out", PrepareConfig(**HERE)).tally.pairs == 3


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"size": 8}, "size = 8 is not between"),
        ({"strength": (0.9, 0.1)}, "strength ="),
        ({"alike": 9}, "alike = 9"),
        ({"least_ink": 0.5}, "least_ink = 0.5"),
    ],
)
def test_bad_settings(settings, says):
    with pytest.raises(BadConfig, match=says):
        PrepareConfig(**settings)


def test_a_wrong_extractor_is_told_at_once(tmp_path):
    source = folder_of(tmp_path / "source", 1)
    with pytest.raises(BadConfig, match="'charcoal' is not a line extractor; choose divide"):
        prepare(source, tmp_path / "out", PrepareConfig(**HERE, lines="charcoal"))
    assert not (tmp_path / "out").exists()


def test_without_ray_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    source = folder_of(tmp_path / "source", 1)
    with pytest.raises(MissingExtra, match=r'pip install "inkwash\[ray\]"'):
        prepare(source, tmp_path / "out", PrepareConfig(**HERE, engine="ray"))
