"""Where training pictures come from: folders, tar shards by path and URL, drawings, and shares."""

from __future__ import annotations

import functools
import http.server
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkwash.data import remote, shards
from inkwash.data.pictures import find_entries
from inkwash.data.sample import SampleConfig, Samples, by_score
from inkwash.data.shards import expand, find_shard_entries, is_shard
from inkwash.data.store import DataConfig, PictureStore, open_data
from inkwash.errors import BadConfig, BadData
from training import draw, write_pictures

SAMPLE = SampleConfig(size=32)


def write_shard(path: Path, numbers: range, *, pairs: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for number in numbers:
            rgb, line = draw(number)
            members = {"rgb.png": cv2.imencode(".png", rgb[..., ::-1])[1].tobytes()}
            if pairs:
                members["bw.png"] = cv2.imencode(".png", line)[1].tobytes()
                facts = {"group": f"book {number // 2}", "style_score": "5"}
                members["json"] = json.dumps(facts).encode()
            for kind, data in members.items():
                member = tarfile.TarInfo(f"{number:04d}.{kind}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return path


def test_shards_give_the_pictures_that_were_put_in(tmp_path: Path):
    entries = find_shard_entries(write_shard(tmp_path / "a.tar", range(3)))
    assert [entry.name for entry in entries] == ["a.tar/0000", "a.tar/0001", "a.tar/0002"]
    assert [entry.group for entry in entries] == ["book 0", "book 0", "book 1"]
    for number, entry in enumerate(entries):
        rgb, line = draw(number)
        example = entry.read(1000)
        assert np.array_equal(example.rgb, rgb)
        assert example.line is not None
        assert np.array_equal(example.line, line)
        assert entry.score == 5.0


def test_shards_of_colour_pictures_have_no_lines_and_middling_scores(tmp_path: Path):
    entry = find_shard_entries(write_shard(tmp_path / "a.tar", range(1), pairs=False))[0]
    assert entry.read(1000).line is None
    assert (entry.score, entry.group) == (3.0, "0000")


def test_a_folder_and_a_pattern_of_shards_give_all_of_them(tmp_path: Path):
    for i in range(3):
        write_shard(tmp_path / f"p-{i:02d}.tar", range(2 * i, 2 * i + 2))
    assert len(find_shard_entries(tmp_path)) == 6
    assert len(find_shard_entries(f"{tmp_path}/p-{{01..02}}.tar")) == 4
    assert expand("x-{8..10}.tar") == ["x-8.tar", "x-9.tar", "x-10.tar"]
    assert is_shard(tmp_path)
    assert not is_shard(tmp_path / "elsewhere")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    write_shard(tmp_path / "site" / "p-00.tar", range(4))
    handler = functools.partial(_Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        self.asked.append(self.path)


def test_shards_by_url_are_fetched_once(server: str, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shards, "cache_folder", lambda: tmp_path / "cache")
    _Quiet.asked.clear()
    for _ in range(2):
        assert len(find_shard_entries(f"{server}/p-{{00..00}}.tar")) == 4
    assert _Quiet.asked == ["/p-00.tar"]


def test_a_url_that_is_not_there_is_told_and_leaves_nothing(server: str, tmp_path: Path):
    with pytest.raises(BadData, match=r"none.tar: cannot be fetched .*404"):
        remote.download(f"{server}/none.tar", tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_a_file_that_is_no_tar_is_told(tmp_path: Path):
    (tmp_path / "a.tar").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(BadData, match=r"a.tar: is not a plain tar"):
        find_shard_entries(tmp_path / "a.tar")
    with pytest.raises(BadData, match=r"b.tar: there is no such shard"):
        find_shard_entries(tmp_path / "b.tar")


def test_a_shard_without_pictures_is_told(tmp_path: Path):
    with pytest.raises(BadData, match="holds no pictures"):
        find_shard_entries(write_shard(tmp_path / "a.tar", range(0)))


def test_one_position_is_one_sample_and_others_differ(tmp_path: Path):
    found = open_data([write_pictures(tmp_path)], DataConfig(), SAMPLE, 48)
    first, second = (Samples(found.training, SAMPLE, 7, found.shares) for _ in range(2))
    assert all(
        np.array_equal(a, b) for a, b in zip(first[5].values(), second[5].values(), strict=True)
    )
    assert not np.array_equal(first[5]["truth"], first[6]["truth"])
    assert found.training.name(first.picture_of(5)).endswith("_color.png")


def test_places_are_drawn_from_by_their_shares(tmp_path: Path):
    first = write_pictures(tmp_path / "first", 8)
    second = write_shard(tmp_path / "second.tar", range(40))
    found = open_data([first, second], DataConfig(shares=(3.0, 1.0)), SAMPLE, 48)
    from_first = [not entry.name.startswith("second") for entry in found.training.entries]
    assert found.shares[from_first].sum() == pytest.approx(0.75)
    samples = Samples(found.training, SAMPLE, 0, found.shares)
    drawn = np.mean([from_first[samples.picture_of(i)] for i in range(2000)])
    assert drawn == pytest.approx(0.75, abs=0.04)


def test_drawn_pictures_are_mixed_in_by_their_share(tmp_path: Path):
    pytest.importorskip("skia")
    data = DataConfig(synth=0.35, synth_pictures=5, synth_side=64)
    found = open_data([write_pictures(tmp_path)], data, SAMPLE, 48)
    drawn = [entry.name.startswith("drawn") for entry in found.training.entries]
    assert sum(drawn) == 5
    assert found.shares[drawn].sum() == pytest.approx(0.35)


def test_drawn_pictures_alone_need_no_folder():
    pytest.importorskip("skia")
    data = DataConfig(synth=1.0, synth_pictures=3, synth_side=64)
    found = open_data([], data, SAMPLE, 48)
    sample = Samples(found.training, SAMPLE, 0, found.shares)[0]
    assert sample["ink"].shape == (1, 32, 32)
    training, held_out = found.training.read(0).rgb, found.held_out.read(0).rgb
    assert not np.array_equal(training, held_out)


def test_no_places_at_all_are_told():
    with pytest.raises(BadData, match=r"give --data, or set data.synth = 1"):
        open_data([], DataConfig(), SAMPLE, 48)


def test_shares_that_do_not_fit_are_told(tmp_path: Path):
    with pytest.raises(BadConfig, match=r"data.shares has 2 numbers for 1 --data"):
        open_data([write_pictures(tmp_path)], DataConfig(shares=(1.0, 2.0)), SAMPLE, 48)


def test_scores_weigh_and_a_score_of_weight_zero_is_never_drawn():
    config = SampleConfig(weights=(0.0, 0.0, 1.0, 0.0, 3.0))
    shares = by_score(np.array([5.0, 3.0, 1.0]), config)
    assert shares.tolist() == pytest.approx([0.75, 0.25, 0.0])
    with pytest.raises(BadConfig, match="leaves no picture to draw"):
        by_score(np.array([1.0]), config)


def test_only_so_much_is_kept_in_memory(tmp_path: Path):
    entries = find_entries(write_pictures(tmp_path, 2, side=600))
    store = PictureStore(entries, 600, keep_megabytes=2)  # one picture and its lines: 1.44 MB
    before = [store.read(index) for index in range(2)]
    assert store.read(0) is before[0]
    assert store.read(1) is not before[1]
    assert np.array_equal(store.read(1).rgb, before[1].rgb)
