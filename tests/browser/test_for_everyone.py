"""Keyboard only, screen readers, two languages, a tablet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from barriers import violations
from chromium import PROGRAM, QUIET
from playwright.sync_api import expect
from studio_page import StudioPage

import inkwash
from inkwash.colour import name_of
from inkwash.palettes import library
from inkwash.serve.notes import KINDS

PAGE = Path(inkwash.__file__).parent / "serve/page"
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True}
PLACES = {
    "painting": lambda page: None,
    "card": lambda page: page.mouse.click(480, 300),
    "nine": lambda page: page.keyboard.press("g"),
    "comparing": lambda page: page.keyboard.press("c"),
    "help": lambda page: page.keyboard.press("?"),
    "export": lambda page: page.keyboard.press("Control+e"),
    "library": lambda page: page.get_by_role("button", name="Library").click(),
}


def test_axe_finds_nothing_serious(studio):
    studio.go()
    expect(studio.page.locator(".cards img").first).to_be_visible()
    assert violations(studio) == []
    studio.open_example("schoolgirl")
    for name, show in PLACES.items():
        show(studio.page)
        studio.page.wait_for_timeout(200)
        assert (name, violations(studio)) == (name, [])
        studio.use("Escape")


def test_a_sketch_is_coloured_with_the_keyboard_alone(studio):
    studio.go()
    press = studio.page.keyboard.press
    expect(studio.page.get_by_role("button", name="walker", exact=True).first).to_be_visible()
    tab_to(studio, "walker")
    press("Enter")
    studio.wait_until_drawn()
    tab_to(studio, "Flat")
    tab_to(studio, "Sketch. Arrow keys move a cursor, Enter uses the tool there.")
    for key in ("Shift+ArrowUp", "ArrowLeft", "Alt+ArrowLeft"):
        press(key)
    expect(studio.page.locator("#announce")).to_contain_text("#")
    press("f")
    with studio.changing():
        press("Enter")
    (hint,) = studio.state["hints"]
    assert hint["y"] < studio.state["height"] / 2
    assert hint["x"] < studio.state["width"] / 2
    press("e")
    with studio.changing():
        press("Enter")
    press("v")
    press("Enter")
    card = studio.page.locator("#card")
    expect(card).to_be_visible()
    expect(card.locator(":focus")).to_have_count(1)
    with studio.changing():
        press("ArrowRight" if studio.state["pick"] < 9 else "ArrowLeft")
        press("Enter")
    press("Escape")
    expect(card).to_be_hidden()
    expect(studio.page.locator("#canvas")).to_be_focused()
    assert studio.state["chosen"] == 1


def tab_to(studio: StudioPage, name: str) -> None:
    """Press Tab until an element of this name has the focus, which must be seen there."""
    for _ in range(80):
        studio.page.keyboard.press("Tab")
        here = studio.page.locator(":focus")
        if not here.count():  # between the last element of the page and the first
            continue
        label = here.get_attribute("aria-label") or here.inner_text()
        assert here.evaluate("element => element.matches(':focus-visible')")
        if label.strip() == name:
            return
    raise AssertionError(f"the Tab key does not lead to {name}")


def test_letters_are_no_keys_when_they_are_not_wanted(studio):
    studio.open_example("gift")
    studio.use("?")
    studio.page.get_by_label("Single letters and digits are shortcuts").uncheck()
    studio.use("Escape")
    studio.use("b")
    expect(studio.page.get_by_role("button", name="Brush")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_every_language_has_every_word():
    words = {path.stem: json.loads(path.read_text("utf-8")) for path in PAGE.glob("strings/*.json")}
    assert set(words) == {"en", "ja"}
    assert list(words["en"]) == list(words["ja"])
    for key, text in words["en"].items():
        places = {part.split("}")[0] for part in text.split("{")[1:]}
        assert places == {part.split("}")[0] for part in words["ja"][key].split("{")[1:]}


def test_palettes_and_colours_have_a_name_in_every_language():
    steps = (0, 36, 73, 109, 146, 182, 219, 255)
    colours = {name_of(rgb) for rgb in product(steps, steps, steps)}
    for path in PAGE.glob("strings/*.json"):
        words = json.loads(path.read_text("utf-8"))
        assert {f"library.{name}" for name in library()} <= set(words)
        for *shades, hue in map(str.split, colours):
            assert f"colour.is.{hue}" in words
            assert all(f"colour.shade.{shade}" in words for shade in shades)


def test_what_is_noted_has_words_in_every_language():
    for path in PAGE.glob("strings/*.json"):
        words = json.loads(path.read_text("utf-8"))
        assert words["paper"] in words["note.paper"]
        for kind, note in KINDS.items():
            assert ("{count}" in words[f"note.{kind}"]) == ("{count}" in note)


def test_names_of_palettes_are_japanese(opening):
    studio = opening(locale="ja-JP")
    studio.open_example("gift")
    names = [palette["name"] for palette in studio.state["palettes"]]
    shown = studio.page.locator("#palette-name")
    assert names[studio.state["pick"] - 1].isascii()
    assert not any(letter.isascii() for letter in shown.inner_text().replace("、", ""))
    studio.page.get_by_role("button", name="ライブラリ").click()
    studio.page.get_by_label("検索").fill("冬")
    with studio.changing():
        studio.page.get_by_role("button", name="冬の学校").click()
    expect(shown).to_have_text("冬の学校")


def test_the_page_speaks_japanese_and_remembers_it(studio):
    studio.open_example("kimono")
    studio.page.get_by_role("button", name="日本語").click()
    expect(studio.page.get_by_role("button", name="書き出し")).to_be_visible()
    expect(studio.page.locator("html")).to_have_attribute("lang", "ja")
    studio.page.reload()
    studio.wait_until_drawn()
    expect(studio.page.get_by_role("heading", name="案")).to_be_visible()
    assert violations(studio) == []
    assert english_left(studio) == []


def english_left(studio: StudioPage) -> list[str]:
    """Texts of the English strings that are still seen."""
    english = json.loads((PAGE / "strings/en.json").read_text("utf-8"))
    japanese = json.loads((PAGE / "strings/ja.json").read_text("utf-8"))
    seen = studio.page.locator("body").inner_text().splitlines()
    return [text for key, text in english.items() if text in seen and japanese[key] != text]


def test_a_japanese_browser_gets_japanese_at_once(opening):
    studio = opening(locale="ja-JP")
    studio.go()
    expect(studio.page.get_by_text("ここに線画をドロップ")).to_be_visible()


@pytest.fixture
def tablet(opening) -> StudioPage:
    studio = opening(**TABLET)
    studio.open_example("twin-tails")
    return studio


def test_on_a_tablet_nothing_is_cut_off(tablet):
    assert tablet.page.evaluate("document.documentElement.scrollWidth") == 820
    for button in tablet.page.locator("button:visible").all():
        box = button.bounding_box()
        assert box, button
        name = button.get_attribute("aria-label") or button.inner_text()
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 820, name
        assert box["y"] + box["height"] <= 1180, name
        assert min(box["width"], box["height"]) >= 24, name
    assert violations(tablet) == []
    assert clipped_words(tablet) == []
    tablet.page.locator("#language").tap()
    expect(tablet.page.locator("html")).to_have_attribute("lang", "ja")
    assert clipped_words(tablet) == []


@pytest.mark.parametrize("language", ["en-US", "ja-JP"])
@pytest.mark.parametrize("size", [(800, 600), (600, 900), (390, 844)])
def test_in_a_small_window_nothing_is_cut_off(opening, size, language):
    studio = opening(viewport={"width": size[0], "height": size[1]}, locale=language)
    studio.open_example("gift")
    for tool in "vbi":
        studio.use(tool)
        expect_all_reachable(studio, size)
    studio.use("?")
    expect(studio.page.locator("dialog")).to_be_visible()
    dialog = studio.page.locator("dialog").bounding_box()
    assert dialog["x"] >= 0
    assert dialog["x"] + dialog["width"] <= size[0]


@pytest.fixture
def with_large_letters(browser, server) -> Iterator[StudioPage]:
    """The page for a user who reads at 125 %."""
    arguments = [*QUIET, "--blink-settings=defaultFontSize=20"]
    with browser.browser_type.launch(executable_path=PROGRAM, args=arguments) as other:
        page = other.new_page(viewport={"width": 1024, "height": 768})
        yield StudioPage(page, server.address)


def test_large_letters_are_large_and_fit(with_large_letters):
    with_large_letters.open_example("gift")
    body = with_large_letters.page.locator("body")
    assert body.evaluate("element => getComputedStyle(element).fontSize") == "16.25px"
    expect_all_reachable(with_large_letters, (1024, 768))


def expect_all_reachable(studio: StudioPage, size: tuple[int, int]) -> None:
    """The page does not scroll, and no button is cut off but by what scrolls."""
    shown = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert studio.page.evaluate(shown) == list(size)
    assert clipped_words(studio) == []
    for button in studio.page.locator("button:visible").all():
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        name = button.get_attribute("aria-label") or button.inner_text()
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= size[0] + 1, name
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= size[1] + 1, name


def clipped_words(studio: StudioPage) -> list[str]:
    """Buttons that are too small for their words."""
    return studio.page.evaluate(
        """() => [...document.querySelectorAll("button")]
          .filter((button) => button.scrollWidth > button.clientWidth + 1)
          .map((button) => button.textContent)"""
    )


def test_fingers_paint_and_pinch(tablet):
    page = tablet.page
    page.get_by_role("button", name="Fill", exact=True).tap()
    x, y = tablet.on_screen(568, 220)
    with tablet.changing():
        page.touchscreen.tap(x, y)
    assert len(tablet.state["hints"]) == 1
    before = scale_of(tablet)
    pinch(tablet, 200)
    assert scale_of(tablet) == pytest.approx(before * 2, rel=0.1)
    assert len(tablet.state["hints"]) == 1


def scale_of(studio: StudioPage) -> float:
    return float((studio.page.locator("#canvas").get_attribute("data-view") or "").split()[0])


def pinch(studio: StudioPage, apart: int) -> None:
    """Two fingers go from 100 to 100 + `apart` / 2 on each side … of the stage's middle."""
    session = studio.page.context.new_cdp_session(studio.page)
    x, y = studio.on_screen(512, 724)
    for kind, distance in (
        ("touchStart", apart / 2),
        *(("touchMove", apart / 2 + apart / 20 * step) for step in range(1, 11)),
    ):
        points = [{"x": x - distance, "y": y, "id": 0}, {"x": x + distance, "y": y, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    studio.page.wait_for_timeout(100)
    studio.wait_until_drawn()


def test_a_pen_that_presses_harder_paints_wider(studio):
    studio.open_example("schoolgirl")
    studio.use("b")
    widths = []
    for pressure in (0.1, 0.9):
        with studio.changing():
            draw_with_pen(studio, pressure)
        widths.append(studio.state["hints"][-1]["width"])
    assert widths[1] > 2 * widths[0]


def draw_with_pen(studio: StudioPage, pressure: float) -> None:
    session = studio.page.context.new_cdp_session(studio.page)
    x, y = studio.on_screen(568, 220)
    for kind, step in (("mousePressed", 0), ("mouseMoved", 10), ("mouseReleased", 10)):
        event = {"type": kind, "x": x + step, "y": y + step, "button": "left", "clickCount": 1}
        event |= {"buttons": 1, "pointerType": "pen", "force": pressure}
        session.send("Input.dispatchMouseEvent", event)
