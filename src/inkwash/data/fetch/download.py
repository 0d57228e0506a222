"""Download one picture: attempts, pauses, checks."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import TYPE_CHECKING

from inkwash.data.fetch.config import FetchConfig
from inkwash.data.fetch.keep import Kept, Unusable, examine, find_file
from inkwash.data.fetch.pace import Pace, seconds_to_wait
from inkwash.data.fetch.post import Post
from inkwash.data.placing import place
from inkwash.errors import BadData, MissingExtra

if TYPE_CHECKING:
    import httpx

_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_MOST_REDIRECTS = 5
_LONGEST_BACKOFF = 60.0  # seconds


class Failed(BadData):
    """A picture that did not come; `final` where asking again would not help."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.final = final


class _Again(Exception):
    """One attempt failed, another may not; `wait` is what the host asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Downloader:
    """Downloads into one folder; `async with` holds its connections."""

    def __init__(self, out: Path, parts: Path, config: FetchConfig) -> None:
        self._out, self._parts, self._config = out, parts, config
        self._pace = Pace(config.rate)
        self._httpx = _import_httpx()

    async def __aenter__(self) -> Downloader:
        self._client = self._httpx.AsyncClient(
            headers={"user-agent": self._config.user_agent, "accept-encoding": "identity"},
            timeout=self._config.timeout,
            limits=self._httpx.Limits(max_connections=self._config.concurrency),
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            event_hooks={"request": [self._in_turn]},
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def download(self, post: Post) -> Kept:
        """Fetch, check and save one picture. Raises Failed, and OutputFailed for the disk."""
        left = find_file(self._out, post.name)
        if left is not None:  # an earlier run was killed before it wrote this down
            return await asyncio.to_thread(self._examine_left, left, post)
        reason = ""
        for attempt in range(self._config.retries + 1):
            try:
                return await self._attempt(post)
            except _Again as again:
                reason = str(again)
                if again.wait is not None and again.wait > self._config.longest_wait:
                    raise Failed(
                        f"{reason}; the host asks to wait {again.wait:.0f} s", final=False
                    ) from again
                if attempt < self._config.retries:
                    await self._rest(post, attempt, again.wait)
        raise Failed(f"{reason} ({self._config.retries + 1} attempts)", final=False)

    async def _attempt(self, post: Post) -> Kept:
        httpx = self._httpx
        try:
            async with asyncio.timeout(self._config.longest_download):
                data = await self._read(post.url)
            return await asyncio.to_thread(self._keep, data, post)
        except Unusable as error:
            if error.damaged:
                raise _Again(str(error)) from error
            raise Failed(str(error), final=True) from error
        except httpx.TooManyRedirects as error:
            raise Failed("is redirected in a circle", final=True) from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise Failed(f"leads to no URL: {error}", final=True) from error
        except TimeoutError as error:
            raise _Again(f"took over {self._config.longest_download:.0f} s") from error
        except httpx.TransportError as error:
            raise _Again(f"{type(error).__name__}: {error}") from error

    async def _read(self, url: str) -> bytes:
        async with self._client.stream("GET", url) as response:
            self._check(response)
            data = bytearray()
            async for chunk in response.aiter_raw():  # raw: nothing is unpacked unmeasured
                data += chunk
                self._check_length(len(data))
            return bytes(data)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _TRY_AGAIN:
            wait = seconds_to_wait(response.headers.get("retry-after"))
            if wait is not None and wait <= self._config.longest_wait:
                self._pace.pause(response.url.host, wait)
            raise _Again(f"the host answers {status}", wait)
        if status != 200:
            raise Failed(f"the host answers {status}", final=True)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind.startswith(("text/", "application/json", "application/xhtml", "video/")):
            raise Failed(f"is {kind}, not a picture", final=True)
        length = response.headers.get("content-length", "")
        self._check_length(int(length) if length.isdigit() else 0)

    def _check_length(self, length: int) -> None:
        if length > self._config.largest_bytes:
            raise Failed(
                f"has {length:,} bytes, more than {self._config.largest_bytes:,} (--largest-bytes)",
                final=True,
            )

    def _keep(self, data: bytes, post: Post) -> Kept:
        kept = examine(data, post, self._config)
        place(data, self._out / kept.file, self._parts)
        return kept

    def _examine_left(self, path: Path, post: Post) -> Kept:
        try:
            return examine(path.read_bytes(), post, self._config)
        except Unusable as error:
            raise Failed(f"{path}: {error}; remove it to fetch it again", final=True) from error

    async def _in_turn(self, request: httpx.Request) -> None:
        await self._pace.wait(request.url.host)

    async def _rest(self, post: Post, attempt: int, wait: float | None) -> None:
        if wait is None:  # otherwise the pace holds the whole host back
            longest = min(self._config.backoff * 2**attempt, _LONGEST_BACKOFF)
            await asyncio.sleep(longest * random.uniform(0.5, 1.0))


def _import_httpx():
    try:
        import httpx
    except ImportError as error:
        raise MissingExtra('fetch needs httpx; pip install "inkwash[data]"') from error
    return httpx
