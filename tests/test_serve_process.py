"""`inkwash studio` as a process of its own: its address, its death, and its return."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from inkwash.cli import main
from inkwash.document import render
from inkwash.serve.folder import Folder
from load import colour_hint, events
from serving import LEFT, PNG, wait_until


@contextmanager
def studio(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen, httpx.Client]]:
    """A studio, and a client that has opened its page."""
    command = [sys.executable, "-m", "inkwash", "studio", "--port", "0", "--data-dir", str(data)]
    process = subprocess.Popen(
        [*command, "--threads", "1", "--json", *options],
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        text=True,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.Client(timeout=60, follow_redirects=True) as client:
            assert client.get(url).status_code == 200
            client.base_url = url.partition("?")[0]
            yield process, client
    finally:
        process.kill()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def stop(process: subprocess.Popen) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(30)


@pytest.mark.slow
def test_a_killed_studio_loses_nothing_of_the_last_saved_state(tmp_path):
    with studio(tmp_path) as (process, client):
        opened = client.post("/v1/sketches", files={"file": ("rooms.png", PNG)}).json()
        path = f"/v1/sketches/{opened['id']}"
        said = events(client.get(f"/v1/jobs/{opened['job']}/events").text)
        assert said[-1]["state"] == "done", said[-1]
        client.post(f"{path}/hints", json=colour_hint(LEFT, "#12ab34"))
        wait_until(lambda: client.get(path).json()["saved"])
        for number in range(40):  # killed while it saves
            client.post(f"{path}/pick", json={"proposal": number % 9 + 1})
            if number == 25:
                client.post(f"{path}/reroll")
        process.kill()
        process.wait(20)
    with studio(tmp_path) as (process, client):
        assert client.get("/v1/sketches").json()[0]["id"] == opened["id"]
        state = client.get(path).json()
        assert state["hints"][0]["rgb"] == "#12ab34"
        picture = client.get(f"{path}/export").content
        assert stop(process) == 0
    folder = Folder(tmp_path)
    session, _ = folder.read(opened["id"], 10**6)
    folder.release()
    from PIL import Image

    (tmp_path / "x.png").write_bytes(picture)
    shown = np.asarray(Image.open(tmp_path / "x.png"))
    assert np.array_equal(shown, render(session.painting, session.painting.chosen))


@pytest.mark.slow
def test_a_studio_for_the_network_prints_its_token(tmp_path):
    with studio(tmp_path, "--host", "0.0.0.0", "--token", "x" * 20) as (process, client):
        assert client.get("/v1/sketches").status_code == 200
        client.cookies.clear()
        assert client.get("/v1/sketches").status_code == 401
        assert stop(process) == 0


def test_what_cannot_be_served_is_said(tmp_path, capsys):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["studio", "--port", port, "--data-dir", str(tmp_path)]) == 2
    assert "--port" in capsys.readouterr().err
    for wrong in (["--port", "99999"], ["--token", "short"], ["--weights", "none-such"]):
        assert main(["studio", *wrong, "--data-dir", str(tmp_path)]) == 2
    assert main(["studio", "--host", "nowhere.invalid", "--data-dir", str(tmp_path)]) == 2


def test_a_missing_extra_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("inkwash.extras.find_spec", lambda name: None)
    assert main(["studio", "--data-dir", str(tmp_path)]) == 2
    assert "pip install 'inkwash[studio]'" in capsys.readouterr().err


def test_help_and_import_do_not_load_the_server():
    code = (
        "import sys, inkwash; from inkwash.cli import main; main(['--help']); "
        "main(['studio', '--help']); "
        "print([m for m in ('fastapi', 'uvicorn', 'pydantic') if m in sys.modules], "
        "file=sys.stderr)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stderr.strip().splitlines()[-1] == "[]"
    assert "--data-dir" in out.stdout
