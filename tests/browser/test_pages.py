"""One palette, or cast, for several pages: told page by page, and undone page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from barriers import violations
from playwright.sync_api import Locator, Route, expect
from server import Server
from studio_page import StudioPage

from inkwash.palettes import CharacterSheet, Palette, Swatch, write_sheet

HAIR = (568, 220)
HINT = {"kind": "colour", "rgb": "#c81e3a", "shape": "dot", "x": HAIR[0], "y": HAIR[1], "radius": 3}


@pytest.fixture(scope="module")
def shelf(browser, tmp_path_factory) -> Iterator[Server]:
    """A studio with two pages; tests leave them as they were."""
    server = Server(tmp_path_factory.mktemp("pages") / "kept")
    for name in ("gift", "walker"):
        server.open_example(name)
    yield server
    server.stop()


@pytest.fixture
def third(opening, shelf) -> Iterator[StudioPage]:
    """A third page, whose palette the others may have."""
    studio = opening(shelf)
    studio.open_example("schoolgirl")
    third = studio.state["id"]
    yield studio
    studio.page.request.delete(f"{studio.address}v1/sketches/{third}")


def others(studio: StudioPage) -> dict[str, dict]:
    """The states of the pages that are not shown, by name."""
    here, address = studio.state["id"], f"{studio.address}v1/sketches"
    ids = [entry["id"] for entry in studio.page.request.get(address).json()]
    states = [studio.page.request.get(f"{address}/{one}").json() for one in ids if one != here]
    return {state["name"]: state for state in states}


def colours(state: dict) -> list[list[str]]:
    return [[one["hex"] for one in palette["swatches"]] for palette in state["palettes"]]


def ask(studio: StudioPage, title: str = "This palette for other pages") -> Locator:
    """The dialog of pages."""
    studio.page.get_by_role("button", name="Other pages…").click()
    dialog = studio.page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    return dialog


def line(dialog: Locator, name: str) -> Locator:
    return dialog.locator(".page", has_text=name)


def test_one_palette_for_several_pages_in_one_act(third):
    gift = others(third)["gift"]["id"]
    third.page.request.post(
        f"{third.address}v1/sketches/{gift}/hints", data={"hints": [HINT]}, timeout=30_000
    )
    before, shown = others(third), colours(third.state)[third.state["pick"] - 1]
    dialog = ask(third)
    assert violations(third) == []
    dialog.get_by_role("button", name="Colour 2 pages").click()
    expect(dialog.get_by_role("status")).to_have_text("2 of 2 coloured", timeout=60_000)
    after = others(third)
    assert set(after) == {"gift", "walker"}
    for name, state in after.items():
        for palette in colours(state):  # a hint's colour joins them
            assert set(palette) - {HINT["rgb"]} == set(shown)
        assert state["hints"] == before[name]["hints"]
        expect(line(dialog, name)).to_contain_text("Coloured")
    assert violations(third) == []
    dialog.get_by_role("button", name="Undo: gift").click()
    expect(line(dialog, "gift")).to_contain_text("As it was before")
    expect(dialog.get_by_role("status")).to_have_text("1 of 2 coloured")
    assert colours(others(third)["gift"]) == colours(before["gift"])
    assert others(third)["gift"]["hints"] == before["gift"]["hints"]
    assert colours(others(third)["walker"]) == colours(after["walker"])
    dialog.get_by_role("button", name="Undo all").click()
    expect(line(dialog, "walker")).to_contain_text("As it was before")
    assert colours(others(third)["walker"]) == colours(before["walker"])


def test_the_characters_of_a_page_for_several_pages(third, tmp_path):
    cast = CharacterSheet((Palette((Swatch((58, 36, 110), role="hair"),), "Aiko"),))
    with third.changing():
        third.load_palette(write_sheet(cast, tmp_path / "cast.json"))
    dialog = ask(third, "These characters for other pages")
    expect(dialog.locator(".strip")).to_have_text("Aiko")
    assert violations(third) == []
    dialog.get_by_role("button", name="Colour 2 pages").click()
    expect(dialog.get_by_role("status")).to_have_text("2 of 2 coloured", timeout=60_000)
    for state in others(third).values():
        assert [character["name"] for character in state["characters"]] == ["Aiko"]
        assert all("#3a246e" in palette for palette in colours(state))
    dialog.get_by_role("button", name="Undo all").click()
    for name in ("gift", "walker"):
        expect(line(dialog, name)).to_contain_text("As it was before")
    assert [state["characters"] for state in others(third).values()] == [[], []]


def test_only_the_chosen_pages_are_coloured(third):
    before = others(third)
    dialog = ask(third)
    every = dialog.get_by_role("checkbox", name="All pages")
    every.uncheck()
    expect(dialog.get_by_role("button", name="Colour 0 pages")).to_be_disabled()
    dialog.get_by_role("checkbox", name="walker").check()
    assert every.evaluate("box => box.indeterminate")
    dialog.get_by_role("button", name="Colour 1 page", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("1 of 1 coloured", timeout=60_000)
    after = others(third)
    assert after["gift"]["revision"] == before["gift"]["revision"]
    assert colours(after["walker"]) != colours(before["walker"])
    dialog.get_by_role("button", name="Undo: walker").click()
    expect(line(dialog, "walker")).to_contain_text("As it was before")


def test_a_page_that_cannot_be_coloured_says_why_and_stops_no_other(third):
    before = others(third)
    problem = {"title": "Full", "detail": "this sketch has 40 rounds, which is the limit"}
    refuse = lambda route: route.fulfill(status=422, body=json.dumps(problem))  # noqa: E731
    third.page.route(f"**/{before['gift']['id']}/palettes", refuse)
    dialog = ask(third)
    dialog.get_by_role("button", name="Colour 2 pages").click()
    expect(line(dialog, "gift")).to_contain_text(problem["detail"])
    expect(dialog.get_by_role("status")).to_have_text("1 of 2 coloured", timeout=60_000)
    assert others(third)["gift"]["revision"] == before["gift"]["revision"]
    dialog.get_by_role("button", name="Undo: walker").click()
    expect(line(dialog, "walker")).to_contain_text("As it was before")
    third.forgive("422")


def test_it_goes_on_when_the_dialog_is_closed(third):
    before = others(third)
    ask(third).get_by_role("button", name="Colour 2 pages").click()
    third.use("Escape")
    told = third.page.locator(".message.note", has_text="2 of 2 coloured")
    expect(told).to_be_visible(timeout=60_000)
    for name, state in others(third).items():
        assert colours(state) != colours(before[name])
    told.get_by_role("button", name="Undo all").click()
    third.page.wait_for_timeout(200)
    third.wait_until_drawn()
    for _ in range(50):
        if all(colours(state) == colours(before[name]) for name, state in others(third).items()):
            return
        third.page.wait_for_timeout(200)
    raise AssertionError("it was not taken back")


def test_what_is_cancelled_leaves_the_rest_as_it_is(third):
    before = others(third)
    held: list[Route] = []
    third.page.route("**/palettes", lambda route: held.append(route))
    dialog = ask(third)
    names = dialog.locator(".page strong").all_inner_texts()
    dialog.get_by_role("button", name="Colour 2 pages").click()
    dialog.get_by_role("button", name="Cancel").click()
    assert len(held) == 1
    held[0].continue_()
    for name in names:
        expect(line(dialog, name)).to_contain_text("Not coloured")
    assert len(held) == 1
    expect(dialog.get_by_role("button", name="Close").last).to_have_text("Close")
    assert {name: colours(state) for name, state in others(third).items()} == {
        name: colours(state) for name, state in before.items()
    }


def test_what_was_done_to_a_page_since_is_not_undone(third):
    dialog = ask(third)
    dialog.get_by_role("checkbox", name="gift").uncheck()
    dialog.get_by_role("button", name="Colour 1 page", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("1 of 1 coloured", timeout=60_000)
    walker = f"{third.address}v1/sketches/{others(third)['walker']['id']}"
    third.page.request.post(f"{walker}/hints", data={"hints": [HINT]})
    dialog.get_by_role("button", name="Undo: walker").click()
    expect(line(dialog, "walker")).to_contain_text("has changed since")
    assert len(others(third)["walker"]["hints"]) == 1
    for _ in range(2):
        assert third.page.request.post(f"{walker}/undo").ok
    third.forgive("412")


def test_a_single_page_has_no_others(third):
    third.page.route("**/v1/sketches", lambda route: route.fulfill(json=[]))
    third.page.get_by_role("button", name="Other pages…").click()
    expect(third.page.get_by_text("There is no other page yet")).to_be_visible()
