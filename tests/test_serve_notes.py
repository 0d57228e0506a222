"""Notes with a word for their kind, and reasons with one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from inkwash.serve.limits import Limits
from inkwash.serve.notes import KINDS, note_view
from inkwash.serve.problems import Problem
from inkwash.serve.sources import receive


@pytest.mark.parametrize("kind", KINDS)
def test_a_note_has_its_kind_and_count(kind: str):
    counts = "{count}" in KINDS[kind]
    view = note_view(KINDS[kind].replace("{count}", "1204"))
    assert (view.kind, view.count) == (kind, 1204 if counts else None)
    assert "{" not in view.text
    assert "--" not in view.text


def test_a_note_of_no_kind_is_only_a_text():
    view = note_view("two hints speak for region 7; the later one wins")
    assert (view.kind, view.count) == ("", None)
    assert view.text.startswith("two hints")


def refused(data: bytes, folder: Path) -> dict:
    with pytest.raises(Problem) as caught:
        receive(io.BytesIO(data), "page.png", folder, Limits(pixels=1000))
    assert not list(folder.iterdir())
    return caught.value.as_dict()


def test_what_is_no_sketch_is_refused_with_a_reason(tmp_path: Path):
    large = io.BytesIO()
    Image.new("L", (40, 50)).save(large, "PNG")
    empty, text = refused(b"", tmp_path), refused(b"no picture at all", tmp_path)
    pixels = refused(large.getvalue(), tmp_path)
    assert [problem["reason"] for problem in (empty, text, pixels)] == [
        "empty",
        "no-picture",
        "pixels",
    ]
    assert text["known"] in text["detail"]
    assert (pixels["size"], pixels["limit"]) == ("40×50", 1000)
    assert {empty["type"], text["type"]} == {"urn:inkwash:bad-sketch"}
