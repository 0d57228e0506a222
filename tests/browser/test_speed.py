"""Quick enough to paint with: panning a page of 24 megapixels, and the time a hint takes."""

from __future__ import annotations

import io
import statistics

import pytest
from PIL import Image
from studio_page import StudioPage

from inkwash.data.synth import draw

LARGE = (4096, 5860)  # 24 megapixels
DRAGS = 240  # four seconds
TRIES = 4  # something else may be at work
COLOURS = ("#c81e3a", "#1e5ac8", "#3ac81e", "#c8b41e", "#5a1ec8")
PATIENCE = 1.0  # seconds

# Waits for each frame in turn, moves the pointer once, and keeps how long drawing took.
PAN = """async (count) => {
  const canvas = document.querySelector("#canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, button: 0, buttons: 1, bubbles: true,
    clientX: left + width / 2 + x, clientY: top + height / 2 + y,
  }));
  canvas.setPointerCapture = () => {}; // there is no such pointer
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

# Clicks, and waits until the canvas shows the new revision with all its tiles.
CLICK = """async ([x, y]) => {
  const canvas = document.querySelector("#canvas");
  const before = canvas.dataset.revision;
  canvas.setPointerCapture = () => {}; // there is no such pointer
  const began = performance.now();
  for (const [type, buttons] of [["pointerdown", 1], ["pointerup", 0]])
    canvas.dispatchEvent(new PointerEvent(type, {
      pointerId: 7, button: 0, buttons, clientX: x, clientY: y, bubbles: true,
    }));
  while (canvas.dataset.revision === before || canvas.ariaBusy !== "false")
    await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000;
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
        assert any(frames_a_second(studio) > 57 for _ in range(TRIES)), zoom


def frames_a_second(studio: StudioPage) -> float:
    frames = studio.page.evaluate(PAN, DRAGS)
    return 1000 / statistics.mean(frames)


def test_a_hint_settles_soon(studio):
    """150 ms on a quiet machine; how long it takes here decides only how patient the test is."""
    studio.open_example("schoolgirl")
    studio.use("f")
    taken = [seconds_to_settle(studio, colour) for colour in COLOURS]
    assert min(taken) < PATIENCE, taken


def seconds_to_settle(studio: StudioPage, colour: str) -> float:
    """From the click to the frame that shows the settled colour."""
    studio.choose_colour(colour)
    x, y = studio.on_screen(568, 220)
    with studio.changing():
        seconds = studio.page.evaluate(CLICK, [x, y])
    assert studio.pixel(568, 220) == colour
    return seconds
