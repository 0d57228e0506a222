"""32 clients at once: none is refused for good, none is starved, and memory stays bounded.

The long form, with the embedded network, is `python benchmarks/serve.py`.
"""

from __future__ import annotations

import asyncio

import pytest

from load import paint_at_once
from serving import PNG, serving

CLIENTS, SECONDS = 32, 8.0
MOST_GROWTH = 400e6  # bytes, while they paint


@pytest.mark.slow
def test_32_clients_paint_at_once(tmp_path):
    with serving(tmp_path) as served:
        seen = asyncio.run(paint_at_once(served.url, PNG, CLIENTS, SECONDS))
        assert served.get("/v1/sketches").json() == []
    assert set(seen.statuses) <= {200, 202, 204, 429}
    assert min(seen.painted) >= 1
    assert max(seen.painted) <= 2 * min(seen.painted) + 2
    assert max(seen.memory) - seen.memory[0] < MOST_GROWTH
