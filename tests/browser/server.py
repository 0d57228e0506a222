"""`inkwash studio` as a process of its own, on a folder of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*")


class Server:
    """Started at once; `kill` and `start` again keep folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self._process: subprocess.Popen[str] | None = None
        self.address = self.start()

    def start(self) -> str:
        """Start, and wait for the address that is printed."""
        command = [sys.executable, "-m", "inkwash", "studio", "--port", str(self.port)]
        command += ["--data-dir", str(self.folder)]
        with open(self._log, "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout
        for line in self._process.stdout:
            if found := _ADDRESS.search(line):
                self.port = int(found[1])
                return f"http://127.0.0.1:{self.port}/"
        raise AssertionError(f"the studio did not start: {self._log.read_text('utf-8')}")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def open_example(self, name: str) -> str:
        """Open an example without the page; the sketch's id."""
        return self.open(f"{name}.png", httpx.get(f"{self.address}v1/examples/{name}").content)

    def open(self, name: str, picture: bytes) -> str:
        answer = httpx.post(
            f"{self.address}v1/sketches", files={"file": (name, picture)}, timeout=60
        )
        sketch = answer.json()["id"]
        while httpx.get(f"{self.address}v1/sketches/{sketch}").status_code == 409:
            time.sleep(0.1)
        return sketch

    def undo_all(self, sketch: str) -> None:
        while httpx.post(f"{self.address}v1/sketches/{sketch}/undo").is_success:
            pass

    @property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def _end(self, signal_number: signal.Signals) -> None:
        assert self._process
        assert self._process.stdout
        self._process.send_signal(signal_number)
        self._process.wait(timeout=30)
        self._process.stdout.close()
