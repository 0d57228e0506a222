"""What is noted about a sketch, with a word for its kind: a page can say it in its own language."""

from __future__ import annotations

import re

from inkwash.project.files import OTHERWISE
from inkwash.regions import ALL_INK_NOTE, NO_LINE_NOTE, TEXTURE_NOTE
from inkwash.regions.ink import DITHER_NOTE, TONE_NOTE
from inkwash.serve.schemas import NoteView
from inkwash.serve.words import without_options
from inkwash.settle import PAPER_NOTE

KINDS = {
    "paper": PAPER_NOTE,
    "specks": TONE_NOTE,
    "dithered": DITHER_NOTE,
    "texture": TEXTURE_NOTE,
    "no-line": NO_LINE_NOTE,
    "all-ink": ALL_INK_NOTE,
    "otherwise": OTHERWISE,
}
"""A note of each kind; those that count something hold `{count}`. Projects keep notes as texts,
so a kind is told by the very sentence that a note of it is made from."""

_COUNT = re.escape("{count}")
_PATTERNS = {
    kind: re.compile(re.escape(note).replace(_COUNT, "([0-9]+)")) for kind, note in KINDS.items()
}


def note_view(note: str) -> NoteView:
    """A note, its kind and its count."""
    text = without_options(note)
    for kind, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(note):
            count = int(found[1]) if found.groups() else None
            return NoteView(kind=kind, count=count, text=text)
    return NoteView(kind="", count=None, text=text)
