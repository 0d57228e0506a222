"""Several files at once: the first is shown, the others come behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from barriers import violations
from PIL import Image
from playwright.sync_api import Route, expect
from server import Server
from studio_page import WAIT, StudioPage

from sketches import draw_rooms

BUSY = {"type": "urn:inkwash:busy", "title": "Busy", "status": 429, "detail": "8 jobs are waiting"}


@pytest.fixture(scope="module")
def shelf(browser, tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chapters") / "kept")
    yield server
    server.stop()


@pytest.fixture
def studio(opening, shelf) -> Iterator[StudioPage]:
    """A studio without a page; those that a test opens are closed again."""
    studio = opening(shelf)
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    yield studio
    studio.page.close()  # else it may ask for tiles of what is gone
    address, request = f"{shelf.address}v1/sketches", studio.page.context.request
    for entry in request.get(address).json():
        request.delete(f"{address}/{entry['id']}")


def draw_pages(folder: Path, *names: str) -> list[Path]:
    """Small sketches of these names, each of another width."""
    folder.mkdir(exist_ok=True)
    for place, name in enumerate(names):
        Image.fromarray(draw_rooms(300 + 20 * place, 240)).save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in names]


def choose(studio: StudioPage, paths: list[Path]) -> None:
    with studio.page.expect_file_chooser() as chooser:
        studio.use("Control+o")
    assert chooser.value.is_multiple()
    chooser.value.set_files(paths)


def drop(studio: StudioPage, *paths: Path) -> None:
    """As the desktop does it: the browser itself opens folders."""
    cdp = studio.page.context.new_cdp_session(studio.page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        cdp.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 400, "data": data})


def wait_for(studio: StudioPage, name: str) -> None:
    """This page is shown."""
    heading = studio.page.get_by_role("heading", name=name, exact=True)
    expect(heading).to_be_visible(timeout=WAIT)
    studio.wait_until_drawn()


def kept(studio: StudioPage) -> set[str]:
    entries = studio.page.request.get(f"{studio.address}v1/sketches").json()
    return {entry["name"] for entry in entries}


def open_list(studio: StudioPage) -> None:
    studio.page.get_by_role("button", name="Open", exact=True).click()


def test_the_first_is_shown_and_the_others_come_behind_it(studio, tmp_path):
    choose(studio, draw_pages(tmp_path, "page 10", "page 2", "page 1"))
    wait_for(studio, "page 1")
    shown = studio.state["id"]
    note = studio.page.locator(".message.note", has_text="2 more pages are open")
    expect(note).to_be_visible(timeout=WAIT)
    assert studio.state["id"] == shown
    assert kept(studio) == {"page 1", "page 2", "page 10"}
    note.get_by_role("button", name="Show them").click()
    for name in ("page 1", "page 2", "page 10"):
        card = studio.page.get_by_role("button", name=name, exact=True)
        expect(card).to_be_visible()
    expect(studio.page.locator(".arriving")).to_have_count(0)


def test_a_folder_stands_for_what_is_in_it(studio, tmp_path):
    chapter = tmp_path / "chapter"
    draw_pages(chapter, "one", "two")
    draw_pages(chapter / "inner", "three")
    (chapter / ".hidden").write_text("no picture")
    drop(studio, chapter)
    expect(studio.page.get_by_text("2 more pages are open")).to_be_visible(timeout=WAIT)
    assert kept(studio) == {"one", "two", "three"}
    expect(studio.page.locator(".message.fault")).to_have_count(0)


def test_what_is_no_picture_is_named_once_and_the_rest_goes_on(studio, tmp_path):
    first, notes = tmp_path / "a.txt", tmp_path / "c.txt"
    for path in (first, notes):
        path.write_text("no picture at all")
    pages = draw_pages(tmp_path, "b", "d")
    choose(studio, [first, notes, *pages])
    wait_for(studio, "b")
    expect(studio.page.get_by_text("One more page is open")).to_be_visible(timeout=WAIT)
    assert kept(studio) == {"b", "d"}
    fault = studio.page.locator(".message.fault p")
    expect(fault).to_have_count(1)
    expect(fault).to_have_text("2 files were not opened: a.txt, c.txt. The list says why.")
    open_list(studio)
    card = studio.page.locator(".entry", has_text="c.txt")
    expect(card).to_contain_text("is no picture")
    assert violations(studio) == []
    studio.page.get_by_role("button", name="Take c.txt off the list").click()
    expect(card).to_have_count(0)
    studio.forgive("422")


def test_a_full_queue_is_waited_out(studio, tmp_path):
    asked: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        asked.append(route)
        if len(asked) == 2:
            return route.fulfill(status=429, headers={"Retry-After": "1"}, json=BUSY)
        if len(asked) == 3:
            return route.fulfill(status=503, body="a proxy says so")
        return route.continue_()

    studio.page.route("**/v1/sketches", answer)
    choose(studio, draw_pages(tmp_path, "one", "two"))
    expect(studio.page.get_by_text("One more page is open")).to_be_visible(timeout=WAIT)
    assert len(asked) == 4
    assert kept(studio) == {"one", "two"}
    expect(studio.page.locator(".message.fault")).to_have_count(0)
    studio.forgive("429", "503")


def test_they_can_be_cancelled_one_by_one_and_together(studio, tmp_path):
    uploads: list[Route] = []

    def hold(route: Route) -> None:
        """All uploads but the first."""
        if route.request.method == "POST":
            uploads.append(route)
        if len(uploads) < 2 or route.request.method != "POST":
            route.continue_()

    studio.page.route("**/v1/sketches", hold)
    choose(studio, draw_pages(tmp_path, "1", "2", "3", "4", "5"))
    wait_for(studio, "1")
    expect(studio.page.locator("#progress")).to_contain_text("Other pages: 0 of 4")
    open_list(studio)
    cards = studio.page.locator(".arriving")
    expect(cards).to_have_count(4)
    studio.page.get_by_role("button", name="Do not open 4.png").click()
    expect(cards).to_have_count(3)
    expect(studio.page.locator("#progress")).to_contain_text("Other pages: 0 of 3")
    assert violations(studio) == []
    studio.page.locator("#progress").get_by_role("button", name="Cancel").click()
    expect(cards).to_have_count(0)
    expect(studio.page.locator("#progress")).to_be_hidden()
    assert kept(studio) == {"1"}


def test_a_file_that_is_gone_meanwhile_is_named(studio, tmp_path):
    """The browser cannot send it, which must not look like a server that is away."""
    pages = draw_pages(tmp_path, "1", "2", "3")

    def remove(route: Route) -> None:
        if route.request.method == "POST":
            pages[1].unlink(missing_ok=True)
        route.continue_()

    studio.page.route("**/v1/sketches", remove)
    choose(studio, pages)
    expect(studio.page.get_by_text("One more page is open")).to_be_visible(timeout=WAIT)
    expect(studio.page.locator(".message.fault p")).to_contain_text("2.png: it cannot be read")
    assert kept(studio) == {"1", "3"}


def test_the_artist_goes_on_meanwhile(studio, tmp_path):
    choose(studio, draw_pages(tmp_path, *"abcdef"))
    wait_for(studio, "a")
    studio.use("f")
    with studio.changing():
        studio.click(75, 60)
    assert len(studio.state["hints"]) == 1
    expect(studio.page.get_by_text("5 more pages are open")).to_be_visible(timeout=WAIT)
    assert studio.state["name"] == "a"


def test_a_palette_goes_to_the_pages_opened_together_first(studio, shelf, tmp_path):
    shelf.open("another.png", draw_pages(tmp_path, "another")[0].read_bytes())
    choose(studio, draw_pages(tmp_path, "one", "two", "three"))
    expect(studio.page.get_by_text("2 more pages are open")).to_be_visible(timeout=WAIT)
    studio.page.get_by_role("button", name="Other pages…").click()
    dialog = studio.page.get_by_role("dialog", name="This palette for other pages")
    expect(dialog).to_contain_text("Ticked are the pages that were opened together")
    names = dialog.locator(".page strong").all_inner_texts()
    assert names == ["three", "two", "another"]
    assert [box.is_checked() for box in dialog.locator(".page input").all()] == [True, True, False]
    expect(dialog.get_by_role("button", name="Colour 2 pages")).to_be_enabled()
    assert violations(studio) == []
    studio.use("Escape")
    shown = studio.state["name"]
    open_list(studio)
    studio.page.get_by_role("button", name="another", exact=True).click()
    wait_for(studio, "another")
    assert shown == "one"
    studio.page.get_by_role("button", name="Other pages…").click()
    assert all(box.is_checked() for box in dialog.locator(".page input").all())
    expect(dialog.get_by_text("Ticked are the pages")).to_be_hidden()


def test_it_is_all_said_in_japanese(opening, shelf, tmp_path):
    """By the server's words for its kinds; its English sentences are not shown."""
    studio = opening(shelf, locale="ja-JP")
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    notes, empty = tmp_path / "notes.txt", tmp_path / "empty.png"
    notes.write_text("no picture at all")
    empty.touch()
    choose(studio, [notes, empty])
    expect(studio.page.locator(".message.fault p")).to_contain_text(
        "2個のファイルを開けませんでした"
    )
    card = studio.page.locator(".entry", has_text="notes.txt")
    expect(card).to_contain_text("画像ではありません。PNG, JPEG")
    expect(studio.page.locator(".entry", has_text="empty.png")).to_contain_text("空のファイル")
    choose(studio, draw_pages(tmp_path, "page"))
    wait_for(studio, "page")
    note = {"kind": "specks", "count": 12, "text": "12 specks smaller than a line's width"}
    studio.page.route(
        "**/v1/sketches/*",
        lambda route: route.fulfill(json={**route.fetch().json(), "noted": [note]}),
    )
    studio.page.reload()
    told = studio.page.locator(".message.note", has_text="線の太さより小さい点が12個あり")
    expect(told).to_be_visible(timeout=WAIT)
    studio.page.unroute_all(behavior="wait")
    studio.forgive("422")
