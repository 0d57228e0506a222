"""Sketches over HTTP: opening them, and everything the artist does with one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from comic import PANEL, draw_comic
from inkwash import project
from inkwash.export import encode_png
from inkwash.palettes import library
from inkwash.session import Session
from load import colour_hint
from serving import AIKO, DISC, LEFT, PNG, REN, RIGHT, Served, expect_problem, serving
from sketches import draw_rooms, rooms_sketch

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture
def sketch(served: Served) -> Iterator[str]:
    path = served.open()
    yield path
    served.client.delete(path)


def test_opening_a_picture_gives_nine_proposals(served: Served, sketch: str):
    state = served.get(sketch).json()
    assert (state["name"], state["width"], state["height"]) == ("rooms", 240, 160)
    assert state["proposals"] == len(state["titles"]) == len(state["palettes"]) == 9
    assert state["regions"] == 4
    assert state["hints"] == []
    assert state["saved"]
    assert not state["can_undo"]
    assert not state["can_redo"]
    assert all(swatch["hex"] for swatch in state["palettes"][0]["swatches"])


def test_a_request_goes_with_the_upload(served: Served):
    request = {
        "style": "shaded",
        "paper": "paint",
        "seed": 7,
        "palettes": ["#102030,#c0d0e0"],
        "name": "ein/Bild.v2.png",
    }
    state = served.get(served.open(**request)).json()
    assert (state["style"], state["paper"], state["seed"]) == ("shaded", "paint", 7)
    assert [swatch["hex"] for swatch in state["palettes"][8]["swatches"]] == ["#102030", "#c0d0e0"]
    assert state["name"] == "Bild.v2"


def test_the_list_has_the_newest_change_first(served: Served):
    first, second = served.open(name="a.png"), served.open(name="b.png")
    assert [entry["name"] for entry in served.get("/v1/sketches").json()[:2]] == ["b", "a"]
    served.post(f"{first}/pick", json={"proposal": 2})
    assert served.client.delete(second).status_code == 204
    entries = served.get("/v1/sketches").json()
    assert second.rpartition("/")[2] not in [entry["id"] for entry in entries]
    expect_problem(served.get(second), 404, "not-found")
    expect_problem(served.client.delete(second), 404, "not-found")


def test_a_sketch_that_is_still_read_says_which_job_reads_it(served: Served):
    served.painter.gate.clear()
    opened = served.upload()
    path = f"/v1/sketches/{opened['id']}"
    said = expect_problem(served.get(path), 409, "not-ready")
    assert said["job"] == opened["job"]
    assert served.client.delete(path).status_code == 204
    served.painter.gate.set()
    assert served.wait(opened["job"])["state"] == "cancelled"
    expect_problem(served.get(path), 404, "not-found")


def test_a_hint_colours_its_region_and_nothing_else(served: Served, sketch: str):
    before = served.get(sketch).json()
    state = served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34")).json()
    assert state["revision"] > before["revision"]
    assert state["changed"]["width"] < 140
    assert state["undo"] == "hint"
    assert state["hints"][0]["rgb"] == "#12ab34"
    at = served.get(f"{sketch}/at?x=35&y=30").json()
    assert at["colour"] == at["pixel"] == "#12ab34"
    assert set(at["colours"]) == {"#12ab34"}
    assert at["hinted"]
    assert not served.get(f"{sketch}/at?x=170&y=80").json()["hinted"]


def test_strokes_areas_and_several_hints_at_once(served: Served, sketch: str):
    hints = [
        {"kind": "colour", "rgb": "#abc", "shape": "stroke", "points": [[150, 60], [180, 90]]},
        {"kind": "clear", "shape": "area", "runs": [[80, 60, 80], [81, 60, 80]]},
        {"kind": "lock", "shape": "dot", "x": 5, "y": 5},
    ]
    state = served.post(f"{sketch}/hints", json={"hints": hints}).json()
    assert len(state["hints"]) == 3
    assert state["locked"] == 1
    assert served.get(f"{sketch}/at?x=170&y=80").json()["colour"] == "#aabbcc"
    assert served.get(f"{sketch}/at?x=72&y=80").json()["colour"] is None
    assert served.get(f"{sketch}/at?x=5&y=5").json()["locked"]


def test_a_hints_file_may_be_sent_as_it_is(served: Served, sketch: str):
    body = {"format": "inkwash-hints", "version": 1, "size": [240, 160]}
    body |= colour_hint(DISC, "#ff0000")
    assert served.post(f"{sketch}/hints", json=body).status_code == 200
    answer = served.post(f"{sketch}/hints", json=body | {"size": [99, 99]})
    expect_problem(answer, 422, "bad-hints")


def test_removing_and_erasing(served: Served, sketch: str):
    for place in (LEFT, RIGHT):
        served.post(f"{sketch}/hints", json=colour_hint(place, "#00ff00"))
    state = served.client.delete(f"{sketch}/hints/0").json()
    assert [hint["x"] for hint in state["hints"]] == [170]
    served.post(f"{sketch}/choices", json={"x": 72, "y": 80, "proposal": 4})
    assert served.post(f"{sketch}/erase", json={"x": 170, "y": 80}).json()["hints"] == []
    assert served.post(f"{sketch}/erase", json={"x": 72, "y": 80}).json()["chosen"] == 0
    said = expect_problem(served.client.delete(f"{sketch}/hints/0"), 422, "bad-config")
    assert said["detail"] == "hint 0: is not there; the sketch has no hints"


def test_choosing_a_region_from_another_proposal(served: Served, sketch: str):
    wanted = served.get(f"{sketch}/at?x=72&y=80").json()["colours"][6]
    state = served.post(f"{sketch}/choices", json={"x": 72, "y": 80, "proposal": 7}).json()
    assert state["chosen"] == 1
    at = served.get(f"{sketch}/at?x=72&y=80").json()
    assert at["colour"] == wanted
    assert at["chosen"]
    region = served.get(f"{sketch}/at?x=170&y=80").json()["region"]
    by_number = {"region": region, "proposal": 2, "spread": True}
    assert served.post(f"{sketch}/choices", json=by_number).json()["chosen"] >= 2


def test_pick_style_undo_and_redo(served: Served, sketch: str):
    first = served.get(sketch).json()["pick"]
    other = first % 9 + 1
    assert served.post(f"{sketch}/pick", json={"proposal": other}).json()["pick"] == other
    state = served.post(f"{sketch}/style", json={"style": "shaded"}).json()
    assert state["style"] == "shaded"
    assert state["changed"] == {"left": 0, "top": 0, "width": 240, "height": 160}
    assert served.post(f"{sketch}/style", json={"paper": "paint"}).json()["style"] == "shaded"
    for _ in range(3):
        state = served.post(f"{sketch}/undo").json()
    assert (state["pick"], state["style"], state["paper"]) == (first, "flat", "white")
    assert not state["can_undo"]
    expect_problem(served.post(f"{sketch}/undo"), 409, "nothing-to-undo")
    assert served.post(f"{sketch}/redo").json()["pick"] == other
    served.post(f"{sketch}/pick", json={"proposal": first})
    expect_problem(served.post(f"{sketch}/redo"), 409, "nothing-to-redo")


def test_picking_what_is_shown_changes_nothing_to_be_drawn(served: Served, sketch: str):
    shown = served.get(sketch).json()["pick"]
    assert served.post(f"{sketch}/pick", json={"proposal": shown}).json()["changed"] is None


def test_asking_again_keeps_what_was_said(served: Served, sketch: str):
    served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
    for call, body in (("propose", None), ("reroll", None), ("reroll", {"seed": 41})):
        answer = served.post(f"{sketch}/{call}", **({"json": body} if body else {}))
        assert answer.status_code == 202
        assert served.wait(answer.json()["job"])["state"] == "done"
    state = served.get(sketch).json()
    assert (state["round"], state["rounds"], state["seed"], state["job"]) == (3, 4, 41, None)
    assert served.get(f"{sketch}/at?x=35&y=30").json()["colour"] == "#12ab34"
    assert served.post(f"{sketch}/undo").json()["seed"] == 1


def test_seeds_begin_again_after_the_largest_but_none_comes_twice(served: Served):
    sketch, most = served.open(), 2**31 - 1
    for body, seed in (({"seed": most}, most), (None, 1), (None, 2)):
        assert served.wait(served.post(f"{sketch}/reroll", json=body).json()["job"])
        assert served.get(sketch).json()["seed"] == seed


def test_other_colours_are_others(served: Served, sketch: str):
    """Never those that were seen, also after undo, and not those of a given palette again."""

    def shown(call: str, body: dict | None = None) -> list[tuple]:
        answer = served.post(f"{sketch}/{call}", **({"json": body} if body else {}))
        assert served.wait(answer.json()["job"])["state"] == "done"
        palettes = served.get(sketch).json()["palettes"]
        return [tuple(swatch["hex"] for swatch in palette["swatches"]) for palette in palettes]

    seen = set(shown("propose"))
    for undone in (False, True, False):
        found = shown("reroll")
        assert len(found) == 9
        assert not seen & set(found)
        seen |= set(found)
        if undone:
            served.post(f"{sketch}/undo")
    assert len(set(shown("palettes", {"palettes": ["#102030,#d0c0b0"]}))) == 1
    assert len(set(shown("reroll"))) == 9
    served.post(f"{sketch}/undo")
    assert len(set(shown("propose"))) == 1  # which keeps what was given


def test_the_artist_goes_on_while_the_network_runs(served: Served, sketch: str):
    served.painter.gate.clear()
    job = served.post(f"{sketch}/reroll").json()["job"]
    state = served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34")).json()
    assert state["job"] == job
    served.painter.gate.set()
    assert served.wait(job)["state"] == "done"
    state = served.get(sketch).json()
    assert (state["round"], len(state["hints"]), state["undo"]) == (1, 1, "propose")
    assert served.get(f"{sketch}/at?x=35&y=30").json()["colour"] == "#12ab34"


def test_palettes_for_all_for_each_and_back(served: Served, sketch: str):
    def ask(body: dict) -> dict:
        answer = served.post(f"{sketch}/palettes", json=body)
        assert answer.status_code == 202, answer.text
        assert served.wait(answer.json()["job"])["state"] == "done"
        return served.get(sketch).json()

    name = next(iter(library()))
    assert ask({"palettes": [name]})["palettes"][3]["name"] == name
    mine = {"name": "mine", "swatches": [{"hex": "#102030"}, {"rgb": "#d0c0b0", "role": "skin"}]}
    state = ask({"palettes": [mine] * 9})
    colours = served.get(f"{sketch}/at?x=72&y=80").json()["colours"]
    assert set(colours) <= {"#102030", "#d0c0b0"}
    assert state["palettes"][0]["swatches"][1]["role"] == "skin"
    assert ask({"palettes": None})["palettes"][0]["name"] != "mine"
    assert ask({"palettes": ["#ff0000"], "snap": 1})["snap"] == 1
    assert set(served.get(f"{sketch}/at?x=72&y=80").json()["colours"]) == {"#ff0000"}


def hexes(palettes: list[dict]) -> list[set[str]]:
    return [{swatch["hex"] for swatch in palette["swatches"]} for palette in palettes]


def test_characters_for_a_page_until_palettes_come(served: Served, sketch: str):
    def ask(call: str, body: dict) -> dict:
        answer = served.post(f"{sketch}/{call}", json=body)
        assert served.wait(answer.json()["job"])["state"] == "done"
        return served.get(sketch).json()

    assert served.get(sketch).json()["characters"] == []
    for call, body in (("palettes", {"characters": [AIKO, REN]}), ("reroll", {})):
        state = ask(call, body)
        assert [character["name"] for character in state["characters"]] == ["Aiko", "Ren"]
        assert hexes(state["characters"]) == [{"#f9dcc8", "#6b4030"}, {"#2a1c1a"}]
        for colours in hexes(state["palettes"]):
            assert colours >= {"#f9dcc8", "#6b4030", "#2a1c1a"}
    assert ask("palettes", {"characters": state["characters"][:1]})["characters"][0]["name"]
    assert ask("palettes", {"palettes": ["#102030,#d0c0b0"]})["characters"] == []
    assert len(served.post(f"{sketch}/undo").json()["characters"]) == 1
    served.client.delete(sketch)
    assert served.post(f"{sketch}/reopen").status_code == 204
    assert len(served.get(sketch).json()["characters"]) == 1
    assert len(served.post(f"{sketch}/undo").json()["characters"]) == 2


def test_characters_go_with_the_upload(served: Served):
    sketch = served.open(characters=[REN])
    assert hexes(served.get(sketch).json()["characters"]) == [{"#2a1c1a"}]
    served.client.delete(sketch)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"palettes": ["no such palette"]}, "bad-palette"),
        ({"palettes": ["../../etc/passwd"]}, "bad-palette"),
        ({"palettes": ["/etc/passwd.json"]}, "bad-palette"),
        ({"palettes": ["#12"]}, "bad-palette"),
        ({"palettes": ["#fff", "#000"]}, "bad-config"),
        ({"palettes": ["#fff", "#000"], "snap": 0.5}, "bad-config"),
        ({"palettes": [{"swatches": []}]}, "invalid"),
        ({"palettes": [{"swatches": [{"name": "nothing"}]}]}, "bad-palette"),
        ({"palettes": ["#fff,#000"], "characters": [AIKO]}, "bad-config"),
        ({"characters": [AIKO], "snap": 0.5}, "bad-config"),
        ({"characters": [AIKO] * 65}, "invalid"),
        ({"characters": [AIKO, AIKO]}, "bad-palette"),
        ({"characters": []}, "bad-palette"),
        ({"characters": ["school-winter"]}, "invalid"),
        ({"palette": []}, "invalid"),
        ({"snap": 2}, "invalid"),
    ],
)
def test_palettes_that_cannot_be_are_refused_at_once(served: Served, sketch: str, body, word):
    expect_problem(served.post(f"{sketch}/palettes", json=body), 422, word)


@pytest.mark.parametrize(
    ("call", "body", "word"),
    [
        ("hints", {"hints": []}, "invalid"),
        ("hints", {}, "invalid"),
        ("hints", colour_hint((9999, 5), "#fff"), "bad-hints"),
        ("hints", colour_hint((5, 5), "red"), "invalid"),
        ("hints", {"hints": [{"kind": "lock", "rgb": "#fff", "shape": "dot", "x": 1, "y": 1}]},
         "bad-hints"),
        ("hints", {"hints": [{"kind": "colour", "shape": "dot", "x": 1, "y": 1}]}, "bad-hints"),
        ("hints", {"hints": [{"kind": "clear", "shape": "area", "runs": [[3, 9, 2]]}]},
         "bad-hints"),
        ("hints", {"hints": [{"kind": "clear", "shape": "cube"}]}, "invalid"),
        ("choices", {"x": 1, "y": 1}, "invalid"),
        ("choices", {"x": 1, "proposal": 1}, "invalid"),
        ("choices", {"x": 1, "y": 1, "region": 0, "proposal": 1}, "invalid"),
        ("choices", {"x": 1, "y": 1, "proposal": 10}, "bad-config"),
        ("choices", {"x": 1, "y": 1, "proposal": 0}, "invalid"),
        ("choices", {"x": -1, "y": 1, "proposal": 1}, "bad-config"),
        ("choices", {"region": 4, "proposal": 1}, "bad-config"),
        ("choices", {"region": 4, "proposal": 1, "spread": True}, "bad-config"),
        ("erase", {}, "invalid"),
        ("erase", {"region": 77}, "bad-config"),
        ("pick", {"proposal": 10}, "bad-config"),
        ("pick", {"proposal": "two"}, "invalid"),
        ("style", {"style": "oils"}, "invalid"),
        ("style", {"stile": "flat"}, "invalid"),
        ("reroll", {"seed": -1}, "invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(served: Served, sketch: str, call, body, word):
    before = served.get(sketch).json()
    said = expect_problem(served.post(f"{sketch}/{call}", json=body), 422, word)
    if word == "invalid":
        assert said["errors"][0]["message"]
    assert served.get(sketch).json() == before


@pytest.mark.parametrize(
    ("call", "body", "said"),
    [
        ("hints", {"hints": [{"kind": "clear", "shape": "dot", "x": "a", "y": 1}]},
         "hints[0].x: is 'a'; give a number"),
        ("hints", {"hints": [{"kind": "clear", "shape": "cube"}]},
         "hints[0]: give 'shape' as one of 'dot', 'stroke', 'area'"),
        ("hints", {"hints": []}, "hints: give at least 1 items, not 0"),
        ("hints", {"hints": [{"kind": "colour", "rgb": "red", "shape": "dot", "x": 1, "y": 1}]},
         "hints[0].rgb: is 'red'; give a colour as '#rrggbb'"),
        ("hints", {"hints": [{"kind": "clear", "shape": "dot", "x": 1, "y": 999}]},
         "hints[0] (dot at 1, 999) lies outside the picture"),
        ("pick", {"proposal": "two"}, 'proposal: is \'two\'; give a whole number'),
        ("pick", {"proposal": 0}, "proposal: is 0; give 1 or more"),
        ("style", {"stile": "flat"}, "stile: is no field that is known"),
        ("style", {"\ud800": 1}, "the body: "),
        ("palettes", {"palettes": ["nothing"]}, "'nothing' is no palette of the library"),
        ("palettes", {"palettes": [7]}, "palettes[0]: is 7; give an object or a text"),
        ("palettes", {"characters": []}, "a character sheet needs one character or more, each"),
        ("palettes", {"characters": [REN, REN]}, "character 'Ren' comes twice; names must differ"),
        ("palettes", {"characters": [{"name": "Ren", "swatches": [{"hex": "#2a1c1a"}]}]},
         "character 'Ren': #2a1c1a has no role, e.g. hair"),
        ("palettes", {"characters": [REN, {"name": "Mei", "swatches": [{"role": "hair"}]}]},
         "character 2: swatch 1: give rgb or hex"),
        ("palettes", {"characters": [{"name": "Mei"}]}, "characters[0].swatches: is missing"),
        ("palettes", {"palettes": ["#fff,#000"], "characters": [REN]},
         "palettes and characters were both given; choose one"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_its_value_and_what_would_do(
    served: Served, sketch: str, call, body, said
):
    problem = served.post(f"{sketch}/{call}", content=json.dumps(body), headers=JSON).json()
    assert problem["detail"].startswith(said)


def test_a_body_that_is_not_sent_as_json(served: Served, sketch: str):
    said = expect_problem(served.post(f"{sketch}/pick", content='{"proposal": 2}'), 422, "invalid")
    assert said["detail"].endswith("send it with Content-Type: application/json")
    broken = served.post(f"{sketch}/pick", content='{"proposal": ', headers=JSON)
    said = expect_problem(broken, 422, "invalid")
    assert said["detail"] == "the body: is no JSON, or broken in the middle"


def test_fields_of_an_upload_that_are_not_known(served: Served):
    for address in ("/v1/sketches", "/v1/palettes"):
        answer = served.post(address, files={"file": ("x.png", PNG)}, data={"style": "flat"})
        assert "'style' is not known" in expect_problem(answer, 422, "invalid")["detail"]


def test_a_change_that_does_not_come_off_leaves_the_state(served: Served, sketch: str, monkeypatch):
    served.post(f"{sketch}/hints", json=colour_hint(LEFT, "#12ab34"))
    before = served.get(sketch).json()

    def too_large(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("inkwash.paintings.settle", too_large)
        expect_problem(served.post(f"{sketch}/style", json={"style": "shaded"}), 507, "memory")
    after = served.get(sketch).json()
    assert {**after, "saved": None} == {**before, "saved": None}
    assert served.post(f"{sketch}/pick", json={"proposal": 2}).json()["style"] == "flat"


def test_two_tabs_do_not_undo_each_other(served: Served, sketch: str):
    revision = served.get(sketch).json()["revision"]
    mine = {"If-Match": f'"{revision}"'}
    body = colour_hint(LEFT, "#12ab34")
    assert served.post(f"{sketch}/hints", json=body, headers=mine).status_code == 200
    said = expect_problem(
        served.post(f"{sketch}/pick", json={"proposal": 3}, headers=mine), 412, "stale"
    )
    assert said["state"]["hints"][0]["rgb"] == "#12ab34"
    assert said["state"]["revision"] > revision
    expect_problem(served.post(f"{sketch}/reroll", headers=mine), 412, "stale")
    for other in ('"rubbish"', f'"{revision + 10**6}"', "-1"):
        headers = {"If-Match": other}
        expect_problem(served.post(f"{sketch}/undo", headers=headers), 412, "stale")
    assert served.post(f"{sketch}/undo", headers={"If-Match": "*"}).status_code == 200


def test_a_project_is_opened_as_it_was_saved(served: Served, tmp_path):
    session = Session.start(served.painter, rooms_sketch())
    session.pick(4)
    data = project.write(session, tmp_path / "mine.inkwash").read_bytes()
    path = served.open(data, "mine.inkwash")
    state = served.get(path).json()
    assert (state["pick"], state["can_undo"]) == (5, True)
    assert served.post(f"{path}/undo").json()["can_redo"]


def zipped(packing: int = zipfile.ZIP_DEFLATED, /, **members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "bad-sketch"),
        (b"hello", "bad-sketch"),
        (b"%PDF-1.7", "bad-sketch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bad-sketch"),
        (b"PK\x03\x04 cut short", "bad-project"),
        (zipped(readme_txt=b"hello"), "bad-project"),
        (zipped(manifest_json=b" " * 2**26), "bad-project"),
        (zipped(zipfile.ZIP_LZMA, manifest_json=b"{}"), "bad-project"),
        (zipped(manifest_json=b"{}", **{f"x{n}_json": b"" for n in range(50_000)}), "bad-project"),
    ],
)
def test_files_that_are_nothing_are_refused_at_once(served: Served, data, word):
    answer = served.post("/v1/sketches", files={"file": ("x.png", data)})
    expect_problem(answer, 422, word)
    assert not list((served.data / "incoming").iterdir())


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (PNG[: len(PNG) // 2], "bad-sketch"),
        (zipped(manifest_json=b"{}"), "bad-project"),
        (zipped(manifest_json=b'{"format": "inkwash-project", "version": 99}'), "bad-project"),
    ],
)
def test_files_that_break_in_the_middle_fail_their_job(served: Served, data, word):
    opened = served.upload(data, "broken.png")
    job = served.wait(opened["job"])
    assert (job["state"], job["problem"]["type"]) == ("failed", f"urn:inkwash:{word}")
    assert "broken" in job["problem"]["detail"]
    assert str(served.data) not in job["problem"]["detail"]
    expect_problem(served.get(f"/v1/sketches/{opened['id']}"), 404, "not-found")
    assert not list((served.data / "incoming").iterdir())


def test_a_project_of_too_many_commands_is_not_begun(served: Served):
    history = json.dumps({"done": 0, "commands": [{}] * 20_001}).encode()
    data = zipped(manifest_json=b"{}", history_json=history)
    said = served.wait(served.upload(data, "long.inkwash")["job"])["problem"]
    assert said["type"] == "urn:inkwash:bad-project"
    assert said["detail"] == "long: has 20001 commands; the limit is 20000"


@pytest.mark.parametrize(
    "request_field", ["{", "[]", '{"style": "oils"}', '{"size": 3}', '{"gap": -1}', "\x00"]
)
def test_a_bad_request_field_is_refused(served: Served, request_field):
    answer = served.post(
        "/v1/sketches", files={"file": ("x.png", PNG)}, data={"request": request_field}
    )
    said = expect_problem(answer, 422, "invalid")
    assert said["errors"][0]["at"].startswith("request")


def test_notes_are_in_terms_of_the_api(served: Served):
    """They name its fields; that a region was coloured twice is no news to who did it."""
    sketch = served.open(encode_png(draw_comic()), "comic.png")
    notes = served.get(sketch).json()["notes"]
    assert [note for note in notes if "paper=paint" in note]
    assert "--" not in "".join(notes)
    for colour in ("#12ab34", "#ab3412"):
        after = served.post(f"{sketch}/hints", json=colour_hint(PANEL, colour)).json()
        assert after["notes"] == notes
    assert after["hints"][1:]


def test_an_upload_without_a_file_or_form(served: Served):
    expect_problem(served.post("/v1/sketches"), 422, "invalid")
    expect_problem(served.post("/v1/sketches", json={"file": "x"}), 422, "invalid")
    expect_problem(served.post("/v1/sketches", data={"file": "x"}), 422, "invalid")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = served.post("/v1/sketches", content=b"--y\r\nrubbish", headers=broken)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["../../evil.png", "C:\\x\\evil.png", "/etc/evil", "evil\0\n.png"])
def test_a_file_name_is_a_name_and_never_a_path(served: Served, name):
    before = {path.name for path in served.data.rglob("*")}
    state = served.get(served.open(name=name)).json()
    assert state["name"].startswith("evil")
    after = {path.name for path in served.data.rglob("*")}
    assert not any("evil" in name for name in after - before)


def test_other_modes_of_pictures_open_too(served: Served):
    rgba = np.dstack([draw_rooms() * 0] * 3 + [255 - draw_rooms()])
    stream = io.BytesIO()
    Image.fromarray(rgba).save(stream, "WEBP", lossless=True)
    for data in (encode_png(rgba), stream.getvalue()):
        assert served.get(served.open(data)).json()["regions"] == 4


@pytest.mark.parametrize(
    "sketch_id",
    ["0" * 32, "x", "..", "..%2f..%2fetc%2fpasswd", "%00", "a" * 64, "closed", "%2e%2e"],
)
def test_ids_that_are_none(served: Served, sketch_id):
    for path in ("", "/at?x=1&y=1", "/tiles/picture/0/0/0.webp", "/export"):
        expect_problem(served.get(f"/v1/sketches/{sketch_id}{path}"), 404, "not-found")


def test_pages_of_one_region_and_of_one_pixel(served: Served):
    for pixels in (np.full((1, 1), 255, np.uint8), np.zeros((40, 40), np.uint8)):
        path = served.open(encode_png(pixels))
        assert served.get(path).json()["regions"] == 1
        assert served.get(f"{path}/tiles/picture/0/0/0.webp").status_code == 200
        assert served.post(f"{path}/hints", json=colour_hint((0, 0), "#ff0000")).is_success


def test_json_that_is_none(served: Served, sketch: str):
    for content in (b"{", b"", b"\xff\xfe", b"null", b"[" * 100_000):
        answer = served.post(
            f"{sketch}/pick", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(served.get(sketch).text)["undo"] is None
