"""Files into the page: dropped, pasted, chosen, broken; palettes in and out."""

from __future__ import annotations

import base64

import pytest
from PIL import Image
from playwright.sync_api import expect
from studio_page import StudioPage

from comic import draw_comic
from inkwash.palettes import CharacterSheet, Palette, Swatch, library, read, write_sheet
from sketches import draw_rooms

DROP = """([text, name, kind]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: kind }));
  for (const type of ["dragover", "drop"]) {
    const more = { dataTransfer: data, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent(type, more));
  }
}"""
PASTE = """([text, name, kind]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: kind }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
}"""


@pytest.fixture
def picture(tmp_path) -> bytes:
    """A small sketch, PNG."""
    path = tmp_path / "rooms.png"
    Image.fromarray(draw_rooms(480, 320)).save(path)
    return path.read_bytes()


def send(studio: StudioPage, how: str, data: bytes, name: str, kind: str = "image/png") -> None:
    studio.page.evaluate(how, [base64.b64encode(data).decode(), name, kind])


@pytest.mark.parametrize("how", [DROP, PASTE], ids=["dropped", "pasted"])
def test_a_picture_is_opened(studio, picture, how):
    studio.go()
    expect(studio.page.get_by_role("heading", name="Drop a sketch here")).to_be_visible()
    send(studio, how, picture, "rooms.png")
    studio.wait_until_drawn()
    assert (studio.state["width"], studio.state["height"]) == (480, 320)
    expect(studio.page.get_by_role("heading", name="rooms")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "data"),
    [("notes.txt", b"no picture at all"), ("empty.png", b""), ("page.inkwash", b"PK\x03\x04cut")],
)
def test_what_is_no_sketch_is_refused_in_the_servers_words(studio, name, data):
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    send(studio, DROP, data, name, "")
    fault = studio.page.locator(".message.fault p")
    expect(fault).to_contain_text(name)
    assert len(fault.inner_text()) > len(name) + 20
    expect(studio.page.locator(".start")).to_be_visible()
    studio.page.locator(".message").get_by_role("button", name="Close").click()
    expect(fault).to_be_hidden()
    studio.forgive("422", "400")


def test_what_went_wrong_is_forgotten_when_it_has_come_off(studio, picture):
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    send(studio, DROP, b"no picture at all", "notes.png")
    expect(studio.page.locator(".message.fault")).to_be_visible()
    send(studio, DROP, picture, "rooms.png")
    studio.wait_until_drawn()
    expect(studio.page.locator(".message.fault")).to_be_hidden()
    studio.forgive("422")


def test_a_palette_of_the_library_colours_the_sketch(studio):
    studio.open_example("schoolgirl")
    studio.page.get_by_role("button", name="Library").click()
    studio.page.get_by_label("Search").fill("school win")
    with studio.changing():
        studio.page.get_by_role("button", name="School winter").click()
    expected = {swatch.hex for swatch in library()["school-winter"].swatches}
    assert {swatch["hex"] for swatch in studio.state["palettes"][0]["swatches"]} == expected
    assert studio.pixel(568, 220) in expected


def test_a_palette_file_and_a_picture_give_their_colours(studio, tmp_path):
    studio.open_example("gift")
    path = tmp_path / "three.gpl"
    path.write_text("GIMP Palette\nName: three\n255 0 0 red\n0 0 255 blue\n255 255 0 sun\n")
    with studio.changing():
        studio.load_palette(path)
    swatches = studio.page.locator("#palette .swatch")
    expect(swatches).to_have_count(3)
    swatches.first.click()
    expect(studio.page.get_by_label("Colour as hex")).to_have_value("#ff0000")


def test_a_character_sheet_gives_the_colours_of_its_characters(studio, tmp_path):
    studio.open_example("schoolgirl")
    named = studio.page.locator("#palette-name")
    before = named.inner_text()
    hair, skin = Swatch((58, 36, 110), role="hair"), Swatch((249, 220, 200), role="skin")
    cast = (Palette((hair, skin), "Aiko"), Palette((Swatch((42, 28, 26), role="hair"),), "Ren"))
    with studio.changing():
        studio.load_palette(write_sheet(CharacterSheet(cast), tmp_path / "cast.json"))
    expect(studio.page.get_by_text("The page gets the colours of Aiko, Ren")).to_be_visible()
    expect(named).to_have_text("Aiko, Ren")
    for palette in studio.state["palettes"]:
        colours = {swatch["hex"] for swatch in palette["swatches"]}
        assert colours >= {swatch.hex for character in cast for swatch in character.swatches}
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "inkwash-characters", "version": 1, "characters": []}')
    studio.load_palette(broken)
    fault = studio.page.locator(".message.fault")
    expect(fault).to_contain_text("broken.json: a character sheet needs one character or more")
    studio.forgive("422")
    with studio.changing():
        studio.use("Control+z")
    expect(named).to_have_text(before)


def test_a_palette_is_saved(studio, tmp_path):
    studio.open_example("gift")
    studio.page.locator("#palette").get_by_role("button", name="Save").click()
    studio.page.get_by_role("radio", name="Adobe swatches").check()
    with studio.page.expect_download() as download:
        studio.page.locator("dialog").get_by_role("button", name="Save").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".ase"
    shown = studio.state["palettes"][studio.state["pick"] - 1]["swatches"]
    assert [swatch.hex for swatch in read(path).swatches] == [swatch["hex"] for swatch in shown]


def test_a_palette_is_kept_for_another_page(studio):
    studio.open_example("gift")
    shown = [one["hex"] for one in studio.state["palettes"][studio.state["pick"] - 1]["swatches"]]
    studio.page.locator("#palette").get_by_role("button", name="Save").click()
    studio.page.get_by_role("textbox", name="Name").fill("Mio at school")
    studio.page.locator("dialog").get_by_role("button", name="Save").click()
    expect(studio.page.get_by_text("is in the library now")).to_be_visible()
    studio.page.get_by_role("button", name="Open", exact=True).click()
    studio.page.get_by_role("button", name="walker", exact=True).first.click()
    expect(studio.page.get_by_role("heading", name="walker")).to_be_visible(timeout=30_000)
    studio.wait_until_drawn()
    studio.page.get_by_role("button", name="Library").click()
    with studio.changing():
        studio.page.get_by_role("button", name="Mio at school", exact=True).click()
    palette = studio.state["palettes"][0]
    assert palette["name"] == "Mio at school"
    assert [one["hex"] for one in palette["swatches"]] == shown
    expect(studio.page.locator("#palette-name")).to_have_text("Mio at school")
    studio.page.get_by_role("button", name="Library").click()
    studio.page.get_by_role("button", name="Take Mio at school out of the library").click()
    expect(studio.page.get_by_role("button", name="Mio at school", exact=True)).to_have_count(0)


FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
}"""
FORBIDDEN = """Object.defineProperty(window, "localStorage", { get() {
  throw new DOMException("Access is denied.", "SecurityError");
} })"""


@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_a_palette_that_the_browser_does_not_keep_is_said(studio, storage):
    """All else goes on without what the browser would keep."""
    studio.page.add_init_script(storage)
    studio.open_example("gift")
    studio.use("f")
    with studio.changing():
        studio.click(568, 220)
    studio.page.locator("#palette").get_by_role("button", name="Save").click()
    studio.page.get_by_role("textbox", name="Name").fill("Mio at school")
    studio.page.locator("dialog").get_by_role("button", name="Save").click()
    fault = studio.page.locator(".message.fault")
    expect(fault).to_contain_text("“Mio at school” was not kept")
    expect(studio.page.get_by_text("is in the library now")).to_have_count(0)
    studio.page.get_by_role("button", name="日本語").click()
    expect(studio.page.locator("html")).to_have_attribute("lang", "ja")


def test_a_note_names_the_control_of_the_page(studio, tmp_path):
    path = tmp_path / "comic.png"
    Image.fromarray(draw_comic()).save(path)
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    send(studio, DROP, path.read_bytes(), "comic.png")
    studio.wait_until_drawn()
    note = studio.page.locator(".message.note", has_text="stay white")
    label = studio.page.locator("#palette label").inner_text()
    expect(note).to_contain_text(f"“{label}”")
    expect(note).not_to_contain_text("paint")
    assert not any("--" in text for text in studio.state["notes"])


def test_a_job_can_be_cancelled(studio, tmp_path):
    """A page of many pixels takes a while; it is cancelled, and nothing is opened."""
    path = tmp_path / "large.png"
    Image.fromarray(draw_rooms(4000, 5000, line=9)).save(path)
    studio.go()
    expect(studio.page.locator(".start")).to_be_visible()
    with studio.page.expect_file_chooser() as chooser:
        studio.page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(path)
    studio.page.get_by_role("button", name="Cancel").click()
    expect(studio.page.locator(".start")).to_be_visible()
    assert studio.page.locator("#canvas").get_attribute("data-sketch") == ""
