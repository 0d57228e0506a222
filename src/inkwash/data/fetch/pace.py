"""How often each host is asked."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class Pace:
    """Spaces requests to one host evenly; a host that asks for a pause gets it from everyone."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next: defaultdict[str, float] = defaultdict(float)  # by the event loop's clock
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def wait(self, host: str) -> None:
        """Return when this host may be asked."""
        clock = asyncio.get_running_loop().time
        async with self._turn[host]:
            while (delay := self._next[host] - clock()) > 0:  # a pause may come while we sleep
                await asyncio.sleep(delay)
            self._next[host] = clock() + self._gap

    def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        until = asyncio.get_running_loop().time() + seconds
        self._next[host] = max(self._next[host], until)


def seconds_to_wait(retry_after: str | None) -> float | None:
    """The seconds that a Retry-After header means, a number or a date; None without sense."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdigit():
            return float(retry_after)
        moment = parsedate_to_datetime(retry_after)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
