"""The documents: every page is linked, and every command that they show is one that there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from inkwash.cli import _app

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#:\s]+)")


def linked(page: Path, seen: set[Path]) -> set[Path]:
    """The page and all that can be reached from it."""
    if page in seen or not page.exists():
        return seen
    seen.add(page)
    if page.suffix == ".md":
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            linked((page.parent / target).resolve(), seen)
    return seen


def code(page: Path) -> Iterator[str]:
    """The lines in blocks of code, fenced or indented; continued ones are joined."""
    fenced = False
    for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        fenced ^= line.startswith("```")
        if fenced or line.startswith("    "):
            yield line.strip()


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each call of inkwash in a block of code."""
    for line in code(page):
        if found := re.match(r"(?:.*\| )?inkwash (?=[a-z])(.*)", line):
            words = shlex.split(found[1], comments=True)
            yield words[: words.index(">")] if ">" in words else words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path):
    targets = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_readme():
    assert {page for page in PAGES if page.parent != ROOT} <= linked(ROOT / "README.md", set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_taken_as_they_are_written(page: Path):
    for words in commands(page):
        _app().parse_args(words, exit_on_error=False, print_error=False)


def test_commands_are_found():
    assert ["paint", "page.png", "--style", "shaded"] in list(commands(ROOT / "README.md"))
