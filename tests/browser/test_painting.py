"""What an artist does with one sketch, seen in the pixels of the screen."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from server import Server
from studio_page import StudioPage

HAIR = (568, 220)
SKIN = (432, 804)
BOW = (120, 380)
RED = "#c81e3a"


@pytest.fixture(scope="module")
def sketch(server: Server) -> str:
    """A sketch that all tests here use one after the other, each as it was at first."""
    return server.open_example("schoolgirl")


@pytest.fixture
def girl(studio: StudioPage, server: Server, sketch: str) -> StudioPage:
    server.undo_all(sketch)
    studio.show(sketch)
    return studio


def test_an_opened_sketch_shows_nine_proposals(girl):
    thumbs = girl.page.locator("#thumbs img")
    expect(thumbs).to_have_count(9)
    for thumb in thumbs.all():
        expect(thumb).to_have_js_property("complete", True)
        assert thumb.evaluate("image => image.naturalWidth") > 100
    assert girl.state["pick"] in range(1, 10)
    assert girl.pixel(*HAIR) == girl.at(*HAIR)["colour"]


def test_another_proposal_is_shown_when_it_is_picked(girl):
    other = 1 if girl.state["pick"] != 1 else 2
    expected = girl.at(*HAIR)["colours"][other - 1]
    with girl.changing():
        girl.page.get_by_role("radio", name=f"Proposal {other}", exact=True).first.click()
    assert girl.pixel(*HAIR) == expected


def test_all_nine_are_shown_large_and_one_is_picked_there(girl):
    girl.use("g")
    large = girl.page.locator("#nine img")
    expect(large).to_have_count(9)
    expect(large.last).to_have_js_property("complete", True)
    assert large.last.bounding_box()["height"] > 150
    other = 4 if girl.state["pick"] != 4 else 5
    with girl.changing():
        girl.page.locator("#nine").get_by_role("radio", name=f"Proposal {other}").click()
    expect(girl.page.locator("#nine")).to_be_hidden()
    assert girl.state["pick"] == other


def test_a_region_is_taken_from_another_proposal(girl):
    colours = girl.at(*HAIR)["colours"]
    other = next(at for at, colour in enumerate(colours, 1) if colour != girl.at(*HAIR)["colour"])
    before = girl.pixel(*SKIN)
    girl.click(*HAIR)
    with girl.changing():
        girl.page.locator("#card").get_by_role("radio", name=f"proposal {other}:").click()
    girl.use("Escape")
    assert girl.pixel(*HAIR) == colours[other - 1]
    assert girl.pixel(*SKIN) == before


def test_a_digit_takes_the_region_whose_card_is_open(girl):
    pick, colours = girl.state["pick"], girl.at(*HAIR)["colours"]
    other = next(at for at, colour in enumerate(colours, 1) if colour != colours[pick - 1])
    girl.click(*HAIR)
    expect(girl.page.locator("#card")).to_be_visible()
    with girl.changing():
        girl.use(str(other))
    assert (girl.state["pick"], girl.state["chosen"]) == (pick, 1)
    assert girl.at(*HAIR)["colour"] == colours[other - 1]
    with girl.changing():
        girl.use("Control+z")
    assert girl.at(*HAIR)["colour"] == colours[pick - 1]
    expect(girl.page.locator("#card")).to_be_visible()
    girl.use("Escape")
    with girl.changing():
        girl.use(str(other))
    assert girl.state["pick"] == other


@pytest.mark.parametrize("place", [HAIR, SKIN, BOW, (960, 60), (8, 8), (1000, 1200)])
@pytest.mark.parametrize("size", [(1280, 800), (800, 600), (600, 900)])
def test_a_card_lies_inside_the_stage_and_not_over_the_click(girl, place, size):
    girl.page.set_viewport_size({"width": size[0], "height": size[1]})
    girl.wait_until_drawn()
    x, y = girl.on_screen(*place)
    girl.page.mouse.click(x, y)
    expect(girl.page.locator("#card")).to_be_visible()
    girl.wait_until_drawn()
    card = girl.page.locator("#card").bounding_box()
    stage = girl.page.locator("#stage").bounding_box()
    right, bottom = card["x"] + card["width"], card["y"] + card["height"]
    assert not (card["x"] <= x <= right and card["y"] <= y <= bottom)
    assert card["x"] >= stage["x"]
    assert card["y"] >= stage["y"]
    assert right <= stage["x"] + stage["width"]
    assert bottom <= stage["y"] + stage["height"]


@pytest.mark.parametrize("open_before", [True, False])
def test_a_late_answer_opens_no_card_that_was_closed(girl, open_before):
    """An answer that the card waits for, be it open or not, comes after Escape."""
    card, held = girl.page.locator("#card"), []
    if open_before:
        girl.click(*HAIR)
        expect(card).to_be_visible()
    girl.page.route("**/at?*", lambda route: held.append(route))
    if open_before:
        with girl.changing():
            girl.use("1" if girl.state["pick"] != 1 else "2")
    else:
        girl.click(*HAIR)
    for _ in range(50):
        if held:
            break
        girl.page.wait_for_timeout(50)
    girl.use("Escape")
    expect(card).to_be_hidden()
    assert held
    for route in list(held):
        with girl.page.expect_response(route.request.url):
            route.continue_()
    girl.page.wait_for_timeout(200)
    expect(card).to_be_hidden()


def test_similar_regions_come_along(girl):
    girl.click(*HAIR)
    girl.page.locator("#card").get_by_label("Similar regions too").check()
    with girl.changing():
        girl.page.locator("#card").get_by_role("radio").nth(1).click()
    assert girl.state["chosen"] > 1


@pytest.mark.parametrize("tool", ["d", "b", "f"])
def test_a_hint_gives_exactly_its_colour(girl, tool):
    girl.choose_colour(RED)
    girl.use(tool)
    with girl.changing():
        girl.click(*HAIR)
    girl.use("v")
    assert girl.pixel(*HAIR) == girl.pixel(HAIR[0] + 40, HAIR[1] + 30) == RED
    assert len(girl.state["hints"]) == 1


def test_a_stroke_is_seen_at_once_and_settles(girl):
    girl.choose_colour(RED)
    girl.use("b")
    (x, y), (to_x, to_y) = girl.on_screen(*HAIR), girl.on_screen(HAIR[0] + 60, HAIR[1] + 60)
    girl.page.mouse.move(x, y)
    girl.page.mouse.down()
    girl.page.mouse.move(to_x, to_y, steps=6)
    assert girl.pixel(HAIR[0] + 20, HAIR[1] + 20) == RED
    assert not girl.state["hints"]
    girl.page.mouse.move(to_x, to_y)
    with girl.changing():
        girl.page.mouse.up()
    assert girl.state["hints"][0]["shape"] == "stroke"


def test_a_stroke_colours_each_region_that_a_good_part_of_it_lies_on(girl):
    wait_for_outline(girl)
    girl.choose_colour(RED)
    girl.use("b")
    girl.page.mouse.move(*girl.on_screen(*HAIR))
    girl.page.mouse.down()
    girl.page.mouse.move(*girl.on_screen(*SKIN), steps=20)
    with girl.changing():
        girl.page.mouse.up()
    girl.use("v")
    assert girl.pixel(*HAIR) == girl.pixel(*SKIN) == RED
    hinted = [girl.at(*hint["points"][0])["region"] for hint in girl.state["hints"]]
    assert len(hinted) == len(set(hinted)) >= 2


def test_the_region_under_the_pointer_is_outlined(girl):
    plain = white_pixels(girl)
    wait_for_outline(girl)
    assert white_pixels(girl) > plain + 500
    girl.page.mouse.move(5, 5)
    girl.wait_until_drawn()
    assert white_pixels(girl) == plain


def wait_for_outline(girl):
    """Until the page knows the regions; then what the pointer is on is outlined."""
    plain = white_pixels(girl)
    for step in range(100):
        girl.page.mouse.move(*girl.on_screen(HAIR[0], HAIR[1] + step % 2 * 4))
        girl.wait_until_drawn()
        if white_pixels(girl) > plain + 500:
            return
    raise AssertionError("no region is outlined")


def white_pixels(girl):
    """How many pixels of the stage are white."""
    picture = Image.open(io.BytesIO(girl.page.locator("#canvas").screenshot())).convert("RGB")
    return int((np.asarray(picture) == 255).all(axis=-1).sum())


def test_filling_goes_on_while_dragging(girl):
    girl.choose_colour(RED)
    girl.use("f")
    girl.page.mouse.move(*girl.on_screen(*HAIR))
    with girl.changing():
        girl.page.mouse.down()
    with girl.changing():
        girl.page.mouse.move(*girl.on_screen(*SKIN), steps=12)
    girl.page.mouse.up()
    girl.use("v")
    assert girl.pixel(*HAIR) == girl.pixel(*SKIN) == RED


def test_a_locked_region_stays_whatever_is_shown(girl):
    before = girl.pixel(*HAIR)
    girl.use("l")
    with girl.changing():
        girl.click(*HAIR)
    girl.use("v")
    for other in (number for number in (1, 2, 3) if number != girl.state["pick"]):
        with girl.changing():
            girl.use(str(other))
        assert girl.pixel(*HAIR) == before
    assert girl.state["locked"] == 1


def test_the_eraser_takes_back_what_was_said(girl):
    before = girl.pixel(*HAIR)
    girl.choose_colour(RED)
    for tool in ("f", "e"):
        girl.use(tool)
        with girl.changing():
            girl.click(*HAIR)
    girl.use("v")
    assert girl.pixel(*HAIR) == before
    assert not girl.state["hints"]


def test_a_cleared_region_is_paper(girl):
    girl.use("x")
    with girl.changing():
        girl.click(*HAIR)
    girl.use("v")
    assert girl.pixel(*HAIR) == "#ffffff"


def test_the_eyedropper_takes_up_a_colour(girl):
    girl.use("i")
    girl.click(*HAIR)
    expect(girl.page.get_by_label("Colour as hex")).to_have_value(girl.at(*HAIR)["colour"])


def test_undo_and_redo(girl):
    before = girl.pixel(*HAIR)
    girl.choose_colour(RED)
    girl.use("f")
    with girl.changing():
        girl.click(*HAIR)
    girl.use("v")
    with girl.changing():
        girl.page.get_by_role("button", name="Undo").click()
    assert girl.pixel(*HAIR) == before
    with girl.changing():
        girl.use("Control+Shift+Z")
    assert girl.pixel(*HAIR) == RED
    expect(girl.page.get_by_role("button", name="Redo")).to_be_disabled()


def test_layers_are_hidden_and_shown(girl):
    colour = girl.pixel(*HAIR)
    layers = girl.page.get_by_role("group", name="Layers")
    layers.get_by_role("button", name="Flats").click()
    assert girl.pixel(*HAIR) == "#ffffff"
    layers.get_by_role("button", name="Flats").click()
    layers.get_by_role("button", name="Lines").click()
    assert girl.pixel(*HAIR) == colour


def test_the_slider_compares_with_the_sketch(girl):
    colour = girl.pixel(*HAIR)
    girl.use("c")
    slider = girl.page.get_by_role("slider", name="Border between sketch and colours")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    assert girl.pixel(*HAIR) == "#ffffff"
    girl.use("Escape")
    assert girl.pixel(*HAIR) == colour


def test_flat_becomes_shaded(girl):
    with girl.changing():
        girl.page.get_by_role("radio", name="Shaded").click()
    assert girl.state["style"] == "shaded"


def test_new_proposals_follow_hints_and_keep_them(girl):
    girl.choose_colour(RED)
    girl.use("f")
    with girl.changing():
        girl.click(*HAIR)
    girl.use("v")
    with girl.changing():
        girl.page.get_by_role("button", name="Follow hints").click()
    assert girl.state["round"] == 1
    assert girl.pixel(*HAIR) == RED
