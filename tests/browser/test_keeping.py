"""What is done is kept: across a reload, across tabs, across a server that dies."""

from __future__ import annotations

import io
import time
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from psd_tools import PSDImage
from server import Server

HAIR = (568, 220)
RED = "#c81e3a"


def paint_hair(studio, colour=RED):
    studio.choose_colour(colour)
    studio.use("f")
    with studio.changing():
        studio.click(*HAIR)
    studio.use("v")


def export(studio, name):
    studio.use("Control+e")
    studio.page.get_by_role("radio", name=name).check()
    with studio.page.expect_download() as download:
        studio.page.locator("dialog").get_by_role("button", name="Export").click()
    return download.value


def colour_at(place: tuple[int, int], picture: Image.Image) -> str:
    x, y = place
    red, green, blue = np.asarray(picture.convert("RGB"))[y, x].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_all_is_there_again_after_a_reload(studio):
    studio.open_example("kimono")
    paint_hair(studio)
    with studio.changing():
        studio.use("3")
    before = studio.state
    studio.page.reload()
    studio.wait_until_drawn()
    assert studio.state | {"saved": True} == before | {"saved": True}
    assert studio.pixel(*HAIR) == RED
    with studio.changing():
        studio.use("Control+z")
    assert studio.state["hints"] == before["hints"]
    assert studio.state["can_redo"]


def test_the_sketch_is_found_on_the_first_page(studio):
    studio.open_example("gift")
    studio.page.get_by_role("button", name="Open", exact=True).click()
    studio.page.locator(".entry").get_by_role("button", name="gift", exact=True).first.click()
    studio.wait_until_drawn()
    assert studio.state["name"] == "gift"


def test_a_sketch_taken_off_the_list_is_brought_back(studio):
    studio.open_example("gift")
    paint_hair(studio)
    before = studio.state
    studio.page.get_by_role("button", name="Open", exact=True).click()
    entries = studio.page.locator(".entry")
    expect(entries.first).to_be_visible()
    names = entries.all_inner_texts()
    for take_back in (
        lambda: studio.page.locator("#messages").get_by_role("button", name="Undo").click(),
        lambda: studio.use("Control+z"),
    ):
        studio.page.get_by_role("button", name="Take gift off the list").first.click()
        expect(studio.page.get_by_text("gift is off the list")).to_be_visible()
        expect(entries).to_have_count(len(names) - 1)
        take_back()
        expect(entries).to_have_count(len(names))
        assert entries.all_inner_texts() == names
        expect(studio.page.get_by_text("gift is off the list")).to_be_hidden()
    entries.first.get_by_role("button", name="gift", exact=True).click()
    studio.wait_until_drawn()
    same = ("id", "hints", "pick", "round", "can_undo", "undo")
    assert [studio.state[key] for key in same] == [before[key] for key in same]
    assert studio.pixel(*HAIR) == RED


def test_a_sketch_that_cannot_be_taken_off_the_list_says_why(studio):
    studio.open_example("gift")
    sketch = studio.state["id"]
    studio.page.get_by_role("button", name="Open", exact=True).click()
    entries = studio.page.locator(".entry")
    expect(entries.first).to_be_visible()
    count = entries.count()
    problem = {"title": "No room", "detail": "it could not be saved: no space left on device"}
    full = lambda route: route.fulfill(status=507, json=problem)  # noqa: E731
    studio.page.route(f"**/v1/sketches/{sketch}", full)
    studio.page.get_by_role("button", name="Take gift off the list").first.click()
    fault = studio.page.locator(".message.fault")
    expect(fault).to_contain_text("gift: it could not be saved: no space left on device")
    expect(studio.page.get_by_text("gift is off the list")).to_have_count(0)
    expect(entries).to_have_count(count)
    studio.page.unroute(f"**/v1/sketches/{sketch}")
    studio.page.get_by_role("button", name="Take gift off the list").first.click()
    expect(studio.page.get_by_text("gift is off the list")).to_be_visible()
    expect(fault).to_be_hidden()
    studio.forgive("507")


def test_fifty_steps_back_and_a_reload_show_the_same_picture(opening, server):
    sketch = server.open_example("boy")
    address = f"{server.address}v1/sketches/{sketch}"
    studio = opening()

    def paint(steps):
        for step in steps:
            dot = {"kind": "colour", "shape": "dot", "rgb": f"#{step:02x}80{255 - step:02x}"}
            where = {"x": 100 + 16.0 * step, "y": 200 + 20.0 * step}
            body = {"hints": [{**dot, **where}]}
            assert studio.page.request.post(f"{address}/hints", data=body).ok

    def picture():
        studio.page.mouse.move(5, 5)
        studio.wait_until_drawn()
        return np.array(Image.open(io.BytesIO(studio.page.locator("#canvas").screenshot())))

    paint(range(5))
    assert studio.page.request.post(f"{address}/pick", data={"proposal": 3}).ok
    studio.show(sketch)
    before = picture()
    paint(range(5, 55))
    studio.page.reload()
    assert (picture() != before).any()
    for _ in range(50):
        studio.use("Control+z")
    until(lambda: len(studio.state["hints"]) == 5)
    assert studio.state["pick"] == 3
    assert (picture() == before).all()
    studio.page.reload()
    assert (picture() == before).all()
    assert studio.state["can_redo"]


def test_an_exported_psd_has_the_layers_and_the_colour(studio, tmp_path):
    studio.open_example("boy")
    paint_hair(studio)
    expected = studio.at(*HAIR)["colour"]
    path = tmp_path / "boy.psd"
    export(studio, "PSD").save_as(path)
    document = PSDImage.open(path)
    assert document.size == (1024, 1448)
    assert "ink" in [layer.name for layer in document]
    assert colour_at(HAIR, document.composite()) == expected == RED


def test_a_project_is_saved_and_opened_again(studio, tmp_path):
    studio.open_example("walker")
    paint_hair(studio)
    path = tmp_path / "walker.inkwash"
    export(studio, "inkwash project").save_as(path)
    assert zipfile.is_zipfile(path)
    before = studio.state
    studio.open_file(path)
    assert studio.state["id"] != before["id"]
    assert studio.state["hints"] == before["hints"]
    assert studio.pixel(*HAIR) == RED


def test_two_tabs_do_not_overwrite_each_other(opening):
    first = opening()
    first.open_example("schoolgirl")
    second = opening()
    second.page.goto(first.page.url)
    second.wait_until_drawn()
    paint_hair(first)
    paint_hair(second, "#1e5ac8")
    expect(second.page.get_by_text("changed elsewhere")).to_be_visible()
    assert second.pixel(*HAIR) == RED
    assert len(second.state["hints"]) == 1
    with second.changing():
        second.use("1" if second.state["pick"] != 1 else "2")
    second.forgive("412")


@pytest.fixture
def mortal(browser, tmp_path):
    """A server that the test may kill."""
    server = Server(tmp_path / "kept")
    yield server
    server.stop()


def test_a_killed_server_loses_nothing_and_the_page_goes_on(opening, mortal):
    studio = opening(mortal)
    studio.open_example("schoolgirl")
    paint_hair(studio)
    until(lambda: studio.state["saved"])
    mortal.kill()
    studio.choose_colour("#1e5ac8")
    studio.use("f")
    studio.click(640, 1100)
    expect(studio.page.get_by_role("alert")).to_have_text("No connection to inkwash. Trying again…")
    with studio.changing():
        mortal.start()
    expect(studio.page.get_by_role("alert")).to_be_hidden()
    studio.use("v")
    assert studio.pixel(*HAIR) == RED
    assert len(studio.state["hints"]) == 2
    studio.forgive("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")


def test_an_exported_png_is_what_was_seen(studio):
    studio.open_example("schoolgirl")
    paint_hair(studio)
    path = export(studio, "PNG").path()
    picture = Image.open(io.BytesIO(path.read_bytes()))
    assert colour_at(HAIR, picture) == studio.pixel(*HAIR)


def test_a_long_export_shows_that_it_is_at_work_and_can_be_cancelled(studio):
    studio.open_example("schoolgirl")
    studio.page.route("**/export?*", lambda route: None)  # an answer that does not come
    studio.use("Control+e")
    studio.page.locator("dialog").get_by_role("button", name="Export").click()
    progress = studio.page.locator("#progress")
    expect(progress).to_contain_text("Preparing the file")
    progress.get_by_role("button", name="Cancel").click()
    expect(progress).to_be_hidden()


def test_a_hint_that_meets_the_end_of_a_job_is_not_lost(studio):
    """The job of this page changes the sketch; a hint sent on the state before is sent again."""
    studio.open_example("gift")
    sketch = studio.state["id"]
    studio.use("f")
    held = []  # the page learns only late that its job has ended
    studio.page.route(f"**/v1/sketches/{sketch}", lambda route: held.append(route))
    with studio.page.expect_response("**/events"):
        studio.page.get_by_role("button", name="New colours").click()
    until(lambda: studio.state["round"] == 1)
    studio.click(*HAIR)
    until(lambda: len(studio.state["hints"]) == 1)
    for route in held:
        route.continue_()
    expect(studio.page.get_by_text("changed elsewhere")).to_be_hidden()
    studio.forgive("412")


def until(holds):
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come about within half a minute")
