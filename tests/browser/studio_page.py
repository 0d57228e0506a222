"""The studio's page as the tests use it: verbs of an artist over a Playwright page."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, Request, expect

_TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)
_ANY = re.compile(".+")
WAIT = 30_000  # milliseconds; a busy machine must not fail a test


class StudioPage:
    """A page on a running studio, and what went wrong in it meanwhile."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self._errors: list[str] = []
        self._forgiven: tuple[str, ...] = ()
        self.foreign: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("request", self._check_request)
        page.on(
            "filechooser", lambda chooser: None
        )  # from the start: one that nobody expects is lost

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._errors.append(f"{message.text} {message.location.get('url', '')}")

    def _check_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "blob:", "data:")):
            self.foreign.append(request.url)

    def forgive(self, *parts: str) -> None:
        """What the browser says about answers that a test provokes is no fault of the page."""
        self._forgiven = parts

    @property
    def errors(self) -> list[str]:
        forgiven = self._forgiven
        return [error for error in self._errors if not any(part in error for part in forgiven)]

    # Opening

    def go(self) -> None:
        self.page.goto(self.address)

    def open_example(self, name: str) -> None:
        self.go()
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.wait_until_drawn()

    def show(self, sketch: str) -> None:
        self.page.goto(f"{self.address}#{sketch}")
        self.wait_until_drawn()

    def open_file(self, path: Path | str) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Control+o")
        canvas = self.page.locator("#canvas")
        before = canvas.get_attribute("data-sketch") or ""
        chooser.value.set_files(path)
        expect(canvas).not_to_have_attribute("data-sketch", before, timeout=WAIT)
        self.wait_until_drawn()

    def wait_until_drawn(self) -> None:
        """All tiles that are wanted are here and fresh, and nothing is on its way."""
        expect(self.page.locator("#canvas[aria-busy=false]")).to_be_attached(timeout=WAIT)
        expect(self.page.locator("#canvas")).to_have_attribute("data-sketch", _ANY, timeout=WAIT)
        self.page.evaluate(_TWO_FRAMES)  # so that the last one is on the screen

    # What there is

    @property
    def state(self) -> dict:
        """What the server says of the sketch that is shown."""
        sketch = self.page.locator("#canvas").get_attribute("data-sketch")
        answer = self.page.request.get(f"{self.address}v1/sketches/{sketch}")
        return answer.json()

    def at(self, x: float, y: float) -> dict:
        sketch = self.page.locator("#canvas").get_attribute("data-sketch")
        return self.page.request.get(f"{self.address}v1/sketches/{sketch}/at?x={x}&y={y}").json()

    def on_screen(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the sketch is on the screen, CSS pixels."""
        canvas = self.page.locator("#canvas")
        scale, left, top = map(float, (canvas.get_attribute("data-view") or "").split())
        box = canvas.bounding_box()
        assert box
        return box["x"] + left + x * scale, box["y"] + top + y * scale

    def pixel(self, x: float, y: float) -> str:
        """The colour that is seen at a point of the sketch, "#rrggbb"."""
        self.page.mouse.move(5, 5)
        self.wait_until_drawn()
        across, down = map(int, self.on_screen(x, y))
        clip = {"x": across, "y": down, "width": 1, "height": 1}
        picture = Image.open(io.BytesIO(self.page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]
        red, green, blue = picture.getpixel((0, 0))  # type: ignore[misc]
        return f"#{red:02x}{green:02x}{blue:02x}"

    # What an artist does

    def use(self, key: str) -> None:
        self.page.keyboard.press(key)

    def click(self, x: float, y: float) -> None:
        """Click on a point of the sketch."""
        self.page.mouse.click(*self.on_screen(x, y))

    def load_palette(self, path: Path) -> None:
        """Give the page the colours of a file: a palette, or a character sheet."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Load").click()
        chooser.value.set_files(path)

    def choose_colour(self, colour: str) -> None:
        field = self.page.get_by_label("Colour as hex")
        field.fill(colour)
        field.press("Enter")
        field.blur()

    @contextmanager
    def changing(self):
        """Wait until what is done inside has a new revision, and is drawn."""
        before = self.page.locator("#canvas").get_attribute("data-revision") or ""
        yield
        canvas = self.page.locator("#canvas")
        expect(canvas).not_to_have_attribute("data-revision", before, timeout=WAIT)
        self.wait_until_drawn()

    def look(self, path: Path) -> None:
        self.page.screenshot(path=path)
