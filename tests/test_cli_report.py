"""What verbs say: for people in lines, for programs as one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inkwash.cli.report import answer

FACTS = {"seed": 3, "colours": ["#fff", "#000"], "titles": ["red, grey", "teal"], "at": {"x": 1}}


def test_programs_get_one_object_whatever_the_lines_are(capsys):
    answer(True, {**FACTS, "file": Path("a.png")}, ["a line"])
    said = capsys.readouterr().out
    assert json.loads(said) == {**FACTS, "file": "a.png"}
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a line", Path("a.png")], ["a line", "a.png"]),
        ([], []),
        (None, ["seed: 3", "colours: #fff, #000", "titles: red, grey; teal", "at.x: 1"]),
    ],
)
def test_people_get_lines_or_a_line_for_each_fact(lines, expected, capsys):
    answer(False, FACTS, lines)
    assert capsys.readouterr().out.splitlines() == expected
