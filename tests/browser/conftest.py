"""The studio in a real Chromium. Without Chromium these tests are skipped, and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")

from chromium import PROGRAM, running
from playwright.sync_api import Browser
from server import Server
from studio_page import StudioPage

DESK = {"width": 1280, "height": 800}

Opening = Callable[..., StudioPage]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("chromium is not installed; apt-get install chromium brings it")
    with running() as browser:
        yield browser


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One studio for all tests that do not break it."""
    server = Server(tmp_path_factory.mktemp("studio") / "kept")
    yield server
    server.stop()


@pytest.fixture
def opening(browser: Browser, server: Server) -> Iterator[Opening]:
    """Opens pages; at the end none of them may have complained or asked another machine."""
    opened: list[StudioPage] = []

    def open_page(at: Server = server, **context: object) -> StudioPage:
        settings = {"viewport": DESK, "locale": "en-US", **context}
        studio = StudioPage(browser.new_context(**settings).new_page(), at.address)  # type: ignore[arg-type]
        opened.append(studio)
        return studio

    yield open_page
    for studio in opened:
        studio.page.context.close()
        assert not studio.errors
        assert not studio.foreign


@pytest.fixture
def studio(opening: Opening) -> StudioPage:
    """A fresh page on the studio."""
    return opening()
