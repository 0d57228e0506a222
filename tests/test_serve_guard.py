"""Who may come in, from where, and with how much."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest

from inkwash.errors import BadConfig
from inkwash.serve.guard import HEADERS, Access
from inkwash.serve.limits import Limits
from inkwash.serve.server import Address
from load import colour_hint
from serving import PNG, Served, expect_problem, serving

TOKEN = "a-token-of-some-length"
LIMITS = Limits(upload=200_000, body=20_000, seconds=0.6, pixels=100_000)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio"), LIMITS) as found:
        yield found


@pytest.fixture(scope="module")
def locked(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, access=Access(token=TOKEN)) as found:
        yield found


@pytest.fixture(scope="module")
def sketch(served: Served) -> str:
    return served.open()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:1", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST", "127.1.2.3"]
)
def test_names_of_this_machine_are_served(served: Served, host):
    assert served.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.7",
        "0.0.0.0",
        "",
        "localhost@evil.example",
        "[::1",
        "[fe80::1]",
    ],
)
def test_a_rebound_name_leads_nowhere(served: Served, host):
    for path in ("/", "/healthz", "/v1/sketches", "/nothing"):
        expect_problem(served.get(path, headers={"Host": host}), 421, "host")


def raw(served: Served, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(request)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


def test_two_hosts_or_none(served: Served):
    for hosts in (b"", b"Host: localhost\r\nHost: evil.example\r\n"):
        answer = raw(served, b"GET /healthz HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
        assert answer.split()[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "rubbish"},
    ],
)
def test_other_sites_change_nothing(served: Served, sketch: str, headers):
    before = served.get(sketch).json()
    calls = [
        ("POST", f"{sketch}/hints", {"json": colour_hint((35, 30), "#ff0000")}),
        ("POST", f"{sketch}/undo", {}),
        ("POST", f"{sketch}/reroll", {}),
        ("DELETE", sketch, {}),
        ("DELETE", "/v1/jobs/x", {}),
        ("POST", "/v1/sketches", {"files": {"file": ("x.png", PNG)}}),
        ("POST", "/v1/paint", {"files": {"file": ("x.png", PNG)}}),
        ("POST", "/v1/palettes", {"files": {"file": ("x.png", PNG)}}),
    ]
    for method, path, body in calls:
        answer = served.client.request(method, path, headers=headers, **body)
        expect_problem(answer, 403, "cross-site")
    assert served.get(sketch).json() == before


def test_a_form_of_another_site_changes_nothing(served: Served, sketch: str):
    """What a form can send without asking first: no JSON, and always with an Origin."""
    headers = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
    answer = served.post(f"{sketch}/pick", content=b'{"proposal": 2}', headers=headers)
    expect_problem(answer, 403, "cross-site")


def test_other_sites_read_nothing(served: Served, sketch: str):
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    expect_problem(served.get(sketch, headers=headers), 403, "cross-site")
    preflight = headers | {"Access-Control-Request-Method": "POST"}
    for answer in (
        served.client.options(sketch, headers=preflight),
        served.get("/", headers={"Origin": "http://evil.example"}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_our_page_and_programs_may(served: Served, sketch: str):
    ours = {"Origin": served.url, "Sec-Fetch-Site": "same-origin"}
    assert served.post(f"{sketch}/style", json={"style": "flat"}, headers=ours).is_success
    assert served.post(f"{sketch}/style", json={"style": "flat"}).is_success


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/sketches/x", "/docs", "/nothing"])
def test_every_answer_has_the_headers_that_protect_it(served: Served, path):
    headers = served.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in headers["content-security-policy"]


def test_bodies_beyond_the_limit(served: Served, sketch: str):
    answer = served.post("/v1/sketches", files={"file": ("x.png", b"x" * 300_000)})
    expect_problem(answer, 413, "too-large")
    expect_problem(served.post(f"{sketch}/hints", content=b"x" * 30_000), 413, "too-large")

    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"x" * 1000

    answer = served.post(f"{sketch}/hints", content=endless())
    expect_problem(answer, 413, "too-large")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'

    def endless_form() -> Iterator[bytes]:
        yield head
        yield from endless()

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = served.post("/v1/sketches", content=endless_form(), headers=form)
    expect_problem(answer, 413, "too-large")


@pytest.mark.parametrize("length", ["99999999999999999999", "-1", "x", "1e3"])
def test_lengths_that_are_none(served: Served, length):
    request = f"POST /v1/sketches HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    assert raw(served, request.encode()).split()[1] in (b"400", b"413")


def test_a_client_that_falls_silent_is_let_go(served: Served, sketch: str):
    request = (
        f"POST {sketch}/pick HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 15\r\nConnection: close\r\n\r\n{"
    )
    began = time.monotonic()
    answer = raw(served, request.encode())
    assert answer.split()[1] == b"408"
    assert time.monotonic() - began < 8


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(400, 300), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_pictures_of_too_many_pixels(served: Served, size):
    answer = served.post("/v1/sketches", files={"file": ("x.png", huge_png(*size))})
    said = expect_problem(answer, 413, "too-large")
    assert "100000" in said["detail"]
    answer = served.post("/v1/paint", files={"file": ("x.png", huge_png(*size))})
    expect_problem(answer, 413, "too-large")


def test_nothing_opens_without_the_token(locked: Served):
    paths = ("/", "/docs", "/metrics", "/openapi.json", "/v1/sketches", "/page/x.js", "/no")
    for path in (*paths, "/?other-token=x", "/docs?token=x"):
        answer = locked.get(path)
        expect_problem(answer, 401, "token")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert locked.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"],
)
def test_other_tokens(locked: Served, given):
    answer = locked.get("/v1/sketches", headers={"Authorization": given})
    expect_problem(answer, 401, "token")


def test_a_program_comes_in_with_the_token(locked: Served):
    for word in ("Bearer", "bearer"):
        answer = locked.get("/v1/sketches", headers={"Authorization": f"{word} {TOKEN}"})
        assert answer.status_code == 200


def test_a_browser_comes_in_by_the_address_that_was_printed(locked: Served):
    with locked.another() as browser:
        expect_problem(browser.get("/?token=wrong"), 401, "token")
        expect_problem(browser.get("/?token=%C3%A9"), 401, "token")
        answer = browser.get(f"/?token={TOKEN}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get("/v1/sketches").status_code == 200
    with locked.another(cookies={"inkwash-token": "wrong"}) as browser:
        expect_problem(browser.get("/v1/sketches"), 401, "token")


def test_an_address_of_the_network_gets_a_token():
    assert Address().token is None
    assert Address(host="::1").token is None
    first, second = Address(host="0.0.0.0").token, Address(host="192.168.1.7").token
    assert first
    assert second
    assert first != second
    assert len(first) >= 32
    assert f"?token={first}" in Address(host="0.0.0.0", token=first).url(80)
    for wrong in ({"token": "short"}, {"port": 70_000}, {"port": -1}):
        with pytest.raises(BadConfig, match="--"):
            Address(**wrong)


def test_hosts_of_a_server_in_the_network(monkeypatch):
    access = Access(host="192.168.1.7", token=TOKEN)
    for host in ("192.168.1.7:8765", "localhost", "10.0.0.1", socket.gethostname()):
        assert access.allows_host(host)
    assert not access.allows_host("evil.example")
    monkeypatch.setattr(socket, "gethostname", lambda: "Annas-Mac.local")
    assert access.allows_host("annas-mac.local:8765")
    assert Access(host="studio.lan", token=TOKEN).allows_host("studio.lan:8765")


def test_methods_that_are_not_there(served: Served):
    for method, path in (("PUT", "/healthz"), ("PATCH", "/v1/sketches"), ("POST", "/docs")):
        expect_problem(served.client.request(method, path), 405, "not-allowed")
    assert json.loads(served.get("/nothing").text)["type"] == "urn:inkwash:not-found"
