"""The one call for programs, palettes, examples, and what the server says about itself."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from inkwash.palettes import FORMATS, library
from inkwash.serve.routes import paint as route
from load import colour_hint
from serving import AIKO, LEFT, PNG, REN, Served, expect_problem, serving, wait_until

SHEET = {"format": "inkwash-characters", "version": 1, "characters": [AIKO, REN]}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio")) as found:
        yield found


def paint(served: Served, data: bytes = PNG, **fields: str) -> httpx.Response:
    return served.post("/v1/paint", files={"file": ("my page.png", data)}, data=fields)


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_a_picture_goes_in_and_a_picture_comes_out(served: Served):
    answer = paint(served)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].endswith("my%20page.png")
    assert pixels(answer.content).shape == (160, 240, 3)
    wait_until(lambda: not list((served.data / "incoming").iterdir()))


def test_all_that_can_be_asked_of_it(served: Served):
    hints = json.dumps(colour_hint(LEFT, "#12ab34"))
    for palette in (
        "#102030,#d0c0b0",
        json.dumps({"swatches": [{"hex": "#012"}, {"hex": "#fff"}]}),
    ):
        answer = paint(
            served, hints=hints, palette=palette, style="flat", paper="paint", pick="3", seed="5",
            gap="4.5", layers="single",
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert pixels(answer.content)[30, 35].tolist() == [0x12, 0xAB, 0x34]
    assert paint(served, palette=next(iter(library())), snap="0.5", style="shaded").is_success


def test_it_takes_characters(served: Served):
    sheet = json.dumps(SHEET | {"note": "of the first book"})
    hints = json.dumps(colour_hint(LEFT, "#2a1c1a"))
    answer = paint(served, characters=sheet, hints=hints, paper="paint")
    assert pixels(answer.content)[30, 35].tolist() == [0x2A, 0x1C, 0x1A]
    problem = expect_problem(
        paint(served, characters=sheet, palette="#fff,#000"), 422, "bad-config"
    )
    assert problem["detail"] == "palettes and characters were both given; choose one"


def test_its_formats(served: Served):
    psd = PSDImage.open(io.BytesIO(paint(served, format="psd").content))
    assert len([layer for layer in psd if layer.is_group()]) == 9
    nine = zipfile.ZipFile(io.BytesIO(paint(served, format="zip").content))
    assert nine.namelist() == [f"my page-{number}.png" for number in range(1, 10)]
    assert zipfile.ZipFile(io.BytesIO(paint(served, format="ora").content)).testzip() is None
    assert pixels(paint(served, format="sheet").content).size


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"hints": "{"}, "invalid"),
        ({"hints": json.dumps(colour_hint((999, 1), "#fff"))}, "bad-hints"),
        ({"palette": "none such"}, "bad-palette"),
        ({"palette": "{}"}, "invalid"),
        ({"palette": "/etc/passwd"}, "bad-palette"),
        ({"palette": "file.gpl"}, "bad-palette"),
        ({"characters": "["}, "bad-palette"),
        ({"characters": json.dumps({"characters": [AIKO]})}, "bad-palette"),
        ({"characters": json.dumps(SHEET | {"version": 2})}, "bad-palette"),
        ({"characters": json.dumps(SHEET | {"characters": [AIKO, AIKO]})}, "bad-palette"),
        ({"snap": "0.5"}, "bad-config"),
        ({"snap": "2"}, "invalid"),
        ({"pick": "10"}, "invalid"),
        ({"gap": "999"}, "bad-config"),
        ({"format": "exe"}, "invalid"),
        ({"seed": "-1"}, "invalid"),
    ],
)
def test_what_cannot_be_painted(served: Served, fields, word):
    expect_problem(paint(served, **fields), 422, word)
    assert not list((served.data / "incoming").iterdir())


def test_a_field_that_is_not_known_is_refused(served: Served):
    problem = expect_problem(paint(served, stlye="shaded"), 422, "invalid")
    assert "stlye" in problem["detail"]
    assert "style" in problem["detail"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pick": "10"}, "pick: is '10'; give 'best' or a number from 1 to 9"),
        ({"gap": "wide"}, "gap: is 'wide'; give 'auto' or a number of pixels from 0 to 200"),
        ({"format": "exe"}, "format: is 'exe'; give 'png', 'sheet', 'psd', 'ora' or 'zip'"),
        ({"seed": "-1"}, "seed: is '-1'; give 0 or more"),
        ({"snap": "much"}, "snap: is 'much'; give a number"),
        ({"hints": "{"}, "hints: is no JSON, or broken in the middle"),
        ({"palette": "{}"}, "palette.swatches: is missing"),
        ({"palette": "autum"}, "'autum' is no palette of the library, which GET /v1/palettes"),
    ],
)
def test_a_refusal_names_the_field_its_value_and_what_would_do(served: Served, fields, said):
    problem = expect_problem(
        paint(served, **fields), 422, "invalid" if ":" in said else "bad-palette"
    )
    assert problem["detail"].startswith(said)
    assert "--" not in problem["detail"]


def hint_file(served: Served, name: str, data: bytes) -> httpx.Response:
    return served.post("/v1/paint", files={"file": ("x.png", PNG), "hints": (name, data)})


def layer(mode: str = "RGBA", size: tuple[int, int] = (240, 160)) -> bytes:
    """A layer of a paint program: a dab in the left room."""
    picture = Image.new("RGBA", size)
    picture.paste((0x12, 0xAB, 0x34, 255), (LEFT[0] - 4, LEFT[1] - 4, LEFT[0] + 4, LEFT[1] + 4))
    stream = io.BytesIO()
    picture.convert(mode).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("data", [json.dumps(colour_hint(LEFT, "#12ab34")).encode(), layer()])
def test_hints_come_as_a_file_too(served: Served, data):
    answer = hint_file(served, "hints", data)
    assert answer.status_code == 200, answer.text
    assert pixels(answer.content)[30, 35].tolist() == [0x12, 0xAB, 0x34]


@pytest.mark.parametrize(
    ("data", "word", "said"),
    [
        (b"hello", "bad-hints", "PNG, WEBP, TIFF"),
        (layer()[:-60], "bad-hints", "save the layer again"),
        (layer("RGB"), "bad-hints", "no transparent layer"),
        (layer(size=(60, 60)), "bad-hints", "60×60, the sketch is 240×160"),
        (b'{"hints": [', "invalid", "hints: is no JSON"),
        (
            json.dumps(colour_hint((999, 1), "#fff")).encode(),
            "bad-hints",
            "hints[0] (dot at 999, 1)",
        ),
    ],
)
def test_hint_files_that_are_none(served: Served, data, word, said):
    assert said in expect_problem(hint_file(served, "hints.png", data), 422, word)["detail"]


def test_hints_are_read_beside_the_event_loop(served: Served, monkeypatch):
    threads = {}

    def noting(name: str):
        function = getattr(route, name)

        def noted(*given):
            threads[name] = threading.current_thread().name.rsplit("_")[0]
            return function(*given)

        return noted

    for name in ("hints_said", "hints_of"):
        monkeypatch.setattr(route, name, noting(name))
    assert hint_file(served, "hints.png", layer()).is_success
    assert threads == {"hints_said": "inkwash-quick", "hints_of": "inkwash-network"}


def test_a_file_that_is_none_is_asked_for(served: Served):
    for sent in ({"data": {"file": "x.png"}}, {"json": {}}):
        said = expect_problem(served.post("/v1/paint", **sent), 422, "invalid")
        assert "multipart/form-data" in said["detail"]


def test_what_is_no_picture_is_not_painted(served: Served):
    expect_problem(paint(served, b"hello"), 422, "bad-sketch")
    expect_problem(paint(served, PNG[:-200]), 422, "bad-sketch")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("manifest.json", "{}")
    expect_problem(paint(served, stream.getvalue()), 422, "bad-sketch")


def test_a_client_that_goes_away_takes_its_job_with_it(served: Served):
    served.painter.gate.clear()
    runs = served.painter.runs
    holding = threading.Thread(target=paint, args=(served,))
    holding.start()
    wait_until(lambda: served.painter.runs > runs)
    with served.another() as other, pytest.raises(httpx.ReadTimeout):
        other.post("/v1/paint", files={"file": ("x.png", PNG)}, timeout=0.3)
    wait_until(lambda: len(served.studio.queue) == 0)
    served.painter.gate.set()
    holding.join(20)
    assert served.painter.runs == runs + 1


def test_a_client_that_goes_away_stops_its_job_between_two_steps(served: Served, monkeypatch):
    placed = []
    propose = served.painter.propose
    monkeypatch.setattr(
        served.painter, "propose", lambda *given: placed.append(given) or propose(*given)
    )
    served.painter.gate.clear()
    runs = served.painter.runs
    with served.another() as other, pytest.raises(httpx.ReadTimeout):
        other.post("/v1/paint", files={"file": ("x.png", PNG)}, timeout=0.5)
    job = served.studio.queue.running
    assert job is not None
    wait_until(job.stop.is_set)
    served.painter.gate.set()
    wait_until(lambda: job.over)
    assert (job.state, served.painter.runs, placed) == ("cancelled", runs + 1, [])


def test_the_library(served: Served):
    palettes = served.get("/v1/palettes").json()
    assert [palette["name"] for palette in palettes] == list(library())
    assert palettes[0]["swatches"][0].keys() == {"hex", "rgb", "name", "role", "share"}


@pytest.mark.parametrize("form", ["gpl", "ase", "aco", "json"])
def test_palettes_go_out_as_files_and_come_back(served: Served, form):
    mine = {"name": "mine", "swatches": [{"hex": "#102030", "name": "night"}, {"rgb": "#fe0"}]}
    answer = served.post(f"/v1/palettes/export?format={form}", json=mine)
    assert answer.headers["content-disposition"] == f'attachment; filename="mine.{form}"'
    back = served.post("/v1/palettes", files={"file": (f"x.{form.upper()}", answer.content)}).json()
    assert [swatch["hex"] for swatch in back["swatches"]] == ["#102030", "#ffee00"]
    assert len(FORMATS) == 4


def test_a_name_of_a_palette_is_no_header(served: Served):
    mine = {"name": 'x"\r\nSet-Cookie: a=b; ../é', "swatches": [{"hex": "#102030"}]}
    answer = served.post("/v1/palettes/export", json=mine)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"] == 'attachment; filename="xSet-Cookie ab.gpl"'


def test_a_palette_of_a_picture(served: Served):
    picture = np.zeros((60, 90, 4), np.uint8)
    picture[:, :30] = (250, 10, 10, 255)
    picture[:, 30:60] = (10, 10, 250, 255)
    picture[:, 60:] = (10, 250, 10, 0)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    answer = served.post(
        "/v1/palettes?count=4", files={"file": ("flag.png", stream.getvalue())}
    ).json()
    assert {swatch["hex"] for swatch in answer["swatches"]} == {"#fa0a0a", "#0a0afa"}
    assert answer["name"] == "flag"


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.gpl", b""), ("x.gpl", b"no"), ("x.ase", b"ASEF\0"), ("x.aco", b"\0\1\xff\xff"),
     ("x.json", b"[]"), ("x.json", b"["), ("x.png", b"no"), ("x.png", PNG), ("x", b"")],
)  # fmt: skip
def test_palettes_that_are_none(served: Served, name, data):
    expect_problem(served.post("/v1/palettes", files={"file": (name, data)}), 422, "bad-palette")


def test_a_character_sheet_is_read_as_one(served: Served):
    sheet = SHEET

    def read(**changes) -> httpx.Response:
        data = json.dumps({**sheet, **changes}).encode()
        return served.post("/v1/palettes", files={"file": ("cast.json", data)})

    found = read().json()["characters"]
    assert [character["name"] for character in found] == ["Aiko", "Ren"]
    assert found[1]["swatches"][0] | {"hex": "#2a1c1a", "role": "hair"} == found[1]["swatches"][0]
    for changes, said in (
        ({"characters": [AIKO, AIKO]}, "cast: character 'Aiko' comes twice; names must differ"),
        ({"characters": [AIKO, {"name": "Mei"}]}, "cast: character 2: a palette needs a list"),
        ({"version": 2}, "cast: version 2 was made by a newer inkwash"),
        ({"format": "inkwash-hints"}, 'cast: another kind of JSON: its "format" is'),
    ):
        problem = expect_problem(read(**changes), 422, "bad-palette")
        assert problem["detail"].startswith(said)


def test_examples_can_be_opened_at_once(served: Served):
    examples = served.get("/v1/examples").json()
    assert len(examples) >= 3
    for example in examples:
        data = served.get(example["url"]).content
        assert pixels(data).shape[:2] == (example["height"], example["width"])
    state = served.get(served.open(data, "example.png")).json()
    assert state["regions"] > 10
    for name in ("x", "../x", "..%2f..%2fapp.py", "schoolgirl.png"):
        answer = served.get(f"/v1/examples/{name}")
        assert answer.status_code == 404


def test_the_page_and_its_files(served: Served):
    page = served.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "set-cookie" not in served.get("/").headers
    same = served.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    for path in ("app.py", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", ""):
        expect_problem(served.get(f"/page/{path}"), 404, "not-found")


def test_the_description_is_for_people_and_machines(served: Served):
    described = served.get("/openapi.json").json()
    manual = served.get("/docs")
    assert manual.headers["content-type"].startswith("text/html")
    for path in described["paths"]:
        assert path.replace("{", "{") in manual.text
    for foreign in ("<script", "style=", "http://", "https://"):
        assert foreign not in manual.text
    assert served.get("/docs.css").headers["content-type"].startswith("text/css")
    for calls in described["paths"].values():
        for call in calls.values():
            for status, answer in call["responses"].items():
                if status >= "400":
                    assert "application/problem+json" in answer["content"]


def test_health(served: Served):
    assert served.get("/healthz").json()["status"] == "ok"
