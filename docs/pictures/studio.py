"""The pictures of docs/studio.md: the studio in Chromium, used on example sketches.

`make pictures` calls this. It needs Chromium and what the browser tests need.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent.parent / "tests" / "browser"))

from chromium import PROGRAM, running  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from server import Server  # noqa: E402
from studio_page import StudioPage  # noqa: E402

DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US"}
TABLET = {"viewport": {"width": 820, "height": 1180}, "locale": "ja-JP", "has_touch": True}
HAIR = ((568, 220), (221, 633), (48, 1067), (698, 937), (779, 633), (249, 698), (265, 803))
BOW = ((268, 300), (373, 221), (134, 330))
SKIN = ((432, 804), (540, 1000))
HINTS = {"#3a2b4f": HAIR, "#fbe0d0": SKIN, "#d8475a": BOW, "#cfe3ea": ((930, 300),)}
COLLAR = (420, 1250)


def main() -> None:
    if PROGRAM is None:
        raise SystemExit("the pictures of the studio need chromium; apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        server = Server(Path(folder) / "kept")
        try:
            draw_card(browser, server)
            draw_compared(browser, server)
            draw_tablet(browser, server)
        finally:
            server.stop()


def draw_card(browser: Browser, server: Server) -> None:
    """A girl with some colours given, and the card of her collar."""
    studio = opened(browser, server, DESK, "schoolgirl")
    with studio.changing():
        studio.use("6")
    studio.use("f")
    for colour, places in HINTS.items():
        studio.choose_colour(colour)
        for place in places:
            with studio.changing():
                studio.click(*place)
    studio.use("v")
    studio.click(*COLLAR)
    studio.page.locator("#card").wait_for()
    studio.page.wait_for_timeout(1500)  # thumbnails follow
    save(studio, "studio-card")


def draw_compared(browser: Browser, server: Server) -> None:
    """A shaded painting beside its sketch."""
    studio = opened(browser, server, DESK, "gift")
    with studio.changing():
        studio.use("s")
    studio.use("c")
    studio.wait_until_drawn()
    studio.page.wait_for_timeout(1500)
    save(studio, "studio-compare")


def draw_tablet(browser: Browser, server: Server) -> None:
    """A tablet held upright, in Japanese, with the brush in hand."""
    studio = opened(browser, server, TABLET, "twin-tails")
    studio.page.locator("[data-tool=brush]").tap()
    studio.page.wait_for_timeout(1500)
    save(studio, "studio-tablet")


def opened(browser: Browser, server: Server, context: dict, example: str) -> StudioPage:
    studio = StudioPage(browser.new_context(**context).new_page(), server.address)
    studio.show(server.open_example(example))
    return studio


def save(studio: StudioPage, name: str) -> None:
    picture = Image.open(io.BytesIO(studio.page.screenshot()))
    picture.save(HERE / f"{name}.webp", quality=88)


if __name__ == "__main__":
    main()
