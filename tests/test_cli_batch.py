"""Which files a call means, and what their results are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkwash.cli.batch import inputs_of, names_of
from inkwash.cli.report import Report


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["a/page.png", "b/page.png", "c/page.jpg"], ["page", "page-2", "page-3"]),
        (["a/page.png", "b/page.png", "page-2.png"], ["page", "page-3", "page-2"]),
        (["page-2.png", "page.png", "b/page-2.png"], ["page-2", "page", "page-2-2"]),
        (["a/Page.png", "b/page.png"], ["Page", "page-2"]),  # one folder on many disks
        (["-", "sketch.png"], ["sketch", "sketch-2"]),
        (["a/what?.png", "b/ .png"], ["what_", "untitled"]),
    ],
)
def test_results_have_the_names_of_their_files_apart(inputs, names):
    assert names_of(inputs) == names


def test_a_file_that_is_named_twice_is_meant_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pages").mkdir()
    for name in ("a.png", "b.png"):
        Path("pages", name).touch()
    report = Report()
    paths = ["pages/b.png", "pages", "./pages/a.png", "-", "missing.png", "-"]
    found = inputs_of(paths, recursive=False, report=report)
    assert found == ["pages/b.png", str(Path("pages/a.png")), "-", "missing.png"]
    assert inputs_of(["none"], recursive=False, report=report) == ["none"]
    assert not report.failed  # what is not there fails when it is read
