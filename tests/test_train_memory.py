"""Freed memory stays with the process where it is told to keep it."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from inkwash.train import memory

SCRIPT = """
import numpy as np
from inkwash.train.memory import keep_freed_memory
{call}
pages = lambda: int(open("/proc/self/statm").read().split()[1])
before = pages()
block = np.ones(200_000_000, np.uint8)
del block
print((pages() - before) * 4096 / 1e6)
"""
GLIBC = platform.libc_ver()[0] == "glibc" and Path("/proc/self/statm").exists()


@pytest.mark.skipif(not GLIBC, reason="of glibc on Linux")
@pytest.mark.parametrize(("call", "kept"), [("", False), ("assert keep_freed_memory()", True)])
def test_a_freed_block_is_kept_for_the_next_step(call: str, kept: bool):
    script = SCRIPT.format(call=call)
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert (float(done.stdout) > 150) == kept


def test_where_there_is_no_glibc_nothing_changes(monkeypatch: pytest.MonkeyPatch):
    def without(_: None):
        raise OSError

    monkeypatch.setattr(memory.ctypes, "CDLL", without)
    assert not memory.keep_freed_memory()
