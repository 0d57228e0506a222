"""Fetch against a booru of our own that misbehaves."""

import csv
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from booru import Booru, picture_bytes, running_booru
from inkwash.data.fetch import FetchConfig, fetch
from inkwash.data.fetch.pace import seconds_to_wait
from inkwash.errors import BadConfig, BadData, OutputFailed

QUICK = {"rate": 0.0, "smallest_side": 16, "backoff": 0.01, "retries": 2, "timeout": 5.0}


@pytest.fixture
def booru():
    with running_booru() as server:
        yield server


def url_list(folder: Path, booru: Booru, names: list[str]) -> Path:
    path = folder / "urls.txt"
    path.write_text("".join(f"{booru.url}/{name}\n" for name in names))
    return path


def contents(out: Path) -> dict[str, str]:
    """Digest by name of everything a user sees in the folder."""
    files = [p for p in out.rglob("*") if p.is_file() and ".fetch" not in p.parts]
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def one_reason(folder: Path, booru: Booru, name: str, **changes: object) -> str:
    """Fetch one path that fails; the reason."""
    config = FetchConfig(**{**QUICK, **changes})
    report = fetch(url_list(folder, booru, [name]), folder / "out", config)
    [failure] = report.failures
    assert not report.complete
    assert failure.url.endswith(name)
    assert list(contents(folder / "out")) == ["SOURCES.csv"]
    return failure.reason


def test_pictures_and_sources(tmp_path, booru):
    names = [f"{i}.png" for i in range(20)]
    report = fetch(url_list(tmp_path, booru, names), tmp_path / "out", FetchConfig(**QUICK))
    assert (report.tally.kept, report.failures) == (20, [])
    with (tmp_path / "out" / "SOURCES.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 20
    for row in rows:
        data = (tmp_path / "out" / row["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert data == picture_bytes(int(row["url"].split("/")[-1].removesuffix(".png")))
        assert row["licence"] == "unknown"
    assert booru.agents == {FetchConfig().user_agent}


def test_second_run_asks_for_nothing(tmp_path, booru):
    urls = url_list(tmp_path, booru, ["1.png", "2.png", "gone", "html"])
    fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    first, asked = contents(tmp_path / "out"), booru.asked.total()
    report = fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    assert contents(tmp_path / "out") == first
    assert booru.asked.total() == asked
    assert report.tally.before == 4
    fetch(urls, tmp_path / "out", FetchConfig(**QUICK, retry_failed=True))
    assert (booru.asked["/gone"], booru.asked["/1.png"]) == (2, 1)


def test_retry_after_is_honoured(tmp_path, booru):
    urls = url_list(tmp_path, booru, ["slow-down"])
    report = fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    first, second = booru.times["/slow-down"]
    assert report.tally.kept == 1
    assert second - first >= 1.0


def test_retry_after_holds_the_whole_host_back(tmp_path, booru):
    urls = url_list(tmp_path, booru, ["slow-down", *(f"{i}.png" for i in range(40))])
    fetch(urls, tmp_path / "out", FetchConfig(**QUICK, concurrency=2))
    told = booru.times["/slow-down"][0]
    rest = [t - told for times in booru.times.values() for t in times]
    assert sum(0.5 < t < 0.95 for t in rest) == 0  # those under way may still arrive
    assert sum(t >= 0.95 for t in rest) > 20


def test_a_long_wait_is_left_for_another_day(tmp_path, booru):
    reason = one_reason(tmp_path, booru, "wait-a-day")
    assert "86400 s" in reason
    assert booru.asked["/wait-a-day"] == 1


def test_500_twice_then_good(tmp_path, booru):
    report = fetch(url_list(tmp_path, booru, ["twice-500"]), tmp_path / "out", FetchConfig(**QUICK))
    assert report.tally.kept == 1
    assert booru.asked["/twice-500"] == 3


def test_cut_once_then_good(tmp_path, booru):
    report = fetch(url_list(tmp_path, booru, ["cut-once"]), tmp_path / "out", FetchConfig(**QUICK))
    assert report.tally.kept == 1


@pytest.mark.parametrize(
    ("name", "says", "attempts"),
    [
        ("always-503", "503 (3 attempts)", 3),
        ("truncated", "damaged or cut off", 3),
        ("cut", "without sending complete message body", 3),
        ("html", "is text/html, not a picture", 1),
        ("html-as-png", "is not a picture: it starts with '<!doctype", 1),
        ("circle", "redirected in a circle", 6),
        ("huge", "has 2,147,483,648 bytes", 1),
        ("endless", "more than 64,000,000", 1),
        ("bomb", "60000×60000", 1),
        ("gone", "404", 1),
    ],
)
def test_faults_are_named(tmp_path, booru, name, says, attempts):
    assert says in one_reason(tmp_path, booru, name)
    assert booru.asked[f"/{name}"] == attempts


def test_faults_do_not_stop_the_rest(tmp_path, booru):
    faults = ["truncated", "html", "circle", "huge", "cut", "bomb", "gone", "always-503"]
    names = [*faults, *(f"{i}.png" for i in range(10)), "moved"]
    report = fetch(url_list(tmp_path, booru, names), tmp_path / "out", FetchConfig(**QUICK))
    assert report.tally.kept == 11
    assert {f.url.rsplit("/", 1)[1] for f in report.failures} == set(faults)


def test_a_closed_port_is_a_failure_to_try_again(tmp_path):
    urls = tmp_path / "urls.txt"
    urls.write_text("http://127.0.0.1:9/1.png\n")
    report = fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    assert "ConnectError" in report.failures[0].reason
    again = fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    assert again.tally.before == 0


def test_rate_per_host(tmp_path, booru):
    urls = url_list(tmp_path, booru, [f"{i}.png" for i in range(9)])
    fetch(urls, tmp_path / "out", FetchConfig(**{**QUICK, "rate": 20.0}))
    moments = sorted(t for times in booru.times.values() for t in times)
    assert moments[-1] - moments[0] >= 8 / 20 * 0.9


def test_killed_and_started_again(tmp_path):
    names = [f"{i}.png" for i in range(60)]
    with running_booru(delay=0.03) as booru:
        urls, out = url_list(tmp_path, booru, names), tmp_path / "out"
        killed = subprocess.Popen([sys.executable, "-c", _FETCH, str(urls), str(out)])
        while booru.served.total() < 20:
            assert killed.poll() is None
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before = {p.stem.split("-")[0] for p in out.rglob("*.png") if ".fetch" not in p.parts}
        assert 0 < len(before) < 60
        asked = dict(booru.asked)
        fetch(urls, out, FetchConfig(**QUICK))
        for name in before:
            assert booru.asked[f"/{name}.png"] == asked[f"/{name}.png"] == 1
        fetch(urls, tmp_path / "whole", FetchConfig(**QUICK))
    assert contents(out) == contents(tmp_path / "whole")


_FETCH = f"""
import sys
from pathlib import Path
from inkwash.data.fetch import FetchConfig, fetch
fetch(Path(sys.argv[1]), Path(sys.argv[2]), FetchConfig(concurrency=4, **{QUICK}))
"""


def test_killed_between_picture_and_journal(tmp_path, booru):
    urls, out = url_list(tmp_path, booru, ["1.png", "2.png"]), tmp_path / "out"
    fetch(urls, out, FetchConfig(**QUICK))
    first = contents(out)
    journal = out / ".fetch" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-30])  # the last line is cut
    (out / ".fetch" / "parts" / "3.png").write_bytes(b"half a pict")
    fetch(urls, out, FetchConfig(**QUICK))
    assert contents(out) == first
    assert set(booru.asked.values()) == {1}
    assert list((out / ".fetch" / "parts").iterdir()) == []


def test_limit_and_dry_run(tmp_path, booru):
    urls = url_list(tmp_path, booru, [f"{i}.png" for i in range(10)])
    report = fetch(urls, tmp_path / "out", FetchConfig(**QUICK, limit=4, dry_run=True))
    assert report.tally.wanted == 4
    assert not (tmp_path / "out").exists()
    assert not booru.asked
    report = fetch(urls, tmp_path / "out", FetchConfig(**QUICK, limit=4))
    assert set(booru.asked) == {f"/{i}.png" for i in range(4)}


def test_progress_counts_every_picture(tmp_path, booru):
    seen = []
    urls = url_list(tmp_path, booru, ["1.png", "gone", "2.png"])
    fetch(urls, tmp_path / "out", FetchConfig(**QUICK), lambda t: seen.append(t.kept + t.failed))
    assert seen == [1, 2, 3]


def test_a_destination_that_is_a_file(tmp_path, booru):
    (tmp_path / "out").write_text("something")
    with pytest.raises(OutputFailed, match="is a file; give a folder"):
        fetch(url_list(tmp_path, booru, ["1.png"]), tmp_path / "out", FetchConfig(**QUICK))


def test_a_full_disk_stops_with_one_clear_error(tmp_path, booru, monkeypatch):
    def full(self, data):
        raise OSError(28, os.strerror(28))

    urls = url_list(tmp_path, booru, ["1.png", "2.png"])
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OutputFailed, match="disk is full; free some space and run again"):
            fetch(urls, tmp_path / "out", FetchConfig(**QUICK))
    assert fetch(urls, tmp_path / "out", FetchConfig(**QUICK)).tally.kept == 2


def test_missing_metadata(tmp_path):
    with pytest.raises(BadData, match="cannot be read: No such file"):
        fetch(tmp_path / "none.csv", tmp_path / "out")


def test_bad_settings():
    with pytest.raises(BadConfig, match="rating 'nice' is not one of safe"):
        FetchConfig(ratings=("nice",))
    with pytest.raises(BadConfig, match="concurrency = 0"):
        FetchConfig(concurrency=0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("-3", None),
    ],
)
def test_retry_after_header(header, seconds):
    assert seconds_to_wait(header) == seconds
