"""PackBits (Apple Technical Note TN1023) as PSD uses it, for coverage given as runs."""

from __future__ import annotations

import numpy as np

from inkwash.geometry import Size
from inkwash.spans import Ints, Spans

_LONGEST = 128  # bytes one repeat stands for


def pack_spans(spans: Spans, size: Size, version: int) -> bytes:
    """The plane that is 255 in the spans and 0 elsewhere, row by row, as PSD (1) or PSB (2).

    First the packed length of every row, then the rows. Each repeat is a pair of bytes: 257 less
    its length, and the value; a single byte is the pair 0 (one literal) and the value.
    """
    lengths, starts = _alternating(spans, size)
    pairs = -(-lengths // _LONGEST)
    values = np.repeat(np.tile(np.array([0, 255, 0], np.uint8), len(pairs)), pairs.reshape(-1))
    heads = np.full(len(values), 257 - _LONGEST, np.uint8)
    last = np.cumsum(pairs.reshape(-1)) - 1
    rest = (lengths - _LONGEST * (pairs - 1)).reshape(-1)
    there = lengths.reshape(-1) > 0
    heads[last[there]] = (257 - rest[there]) & 255
    row_bytes = 2 * np.add.reduceat(pairs.sum(axis=1), starts)
    counts = row_bytes.astype(">u2" if version == 1 else ">u4")
    return counts.tobytes() + np.stack([heads, values], axis=1).tobytes()


def _alternating(spans: Spans, size: Size) -> tuple[Ints, Ints]:
    """Lengths (M, 3) of 0, 255 and 0 after each other, and the first of each row in them (h,).

    Every row begins with an empty run, so that rows without any are there too; the third length
    is what is left of the row after its last run.
    """
    blank = np.zeros(size.height, np.int64)
    rows = np.concatenate([np.arange(size.height), spans.rows])
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    lefts = np.concatenate([blank, spans.lefts])[order]
    rights = np.concatenate([blank, spans.rights])[order]
    starts = np.searchsorted(rows, np.arange(size.height))
    before = np.concatenate([[0], rights[:-1]])
    before[starts] = 0
    after = np.zeros_like(rights)
    ends = np.append(starts[1:], len(rows)) - 1
    after[ends] = size.width - rights[ends]
    return np.stack([lefts - before, rights - lefts, after], axis=1), starts
