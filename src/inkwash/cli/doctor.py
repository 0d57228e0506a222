"""`inkwash doctor`: what is installed and whether it works."""

from __future__ import annotations

import platform
import time
from importlib import metadata
from typing import Any

from inkwash.cli.options import Json
from inkwash.cli.report import answer

PACKAGES = ("numpy", "pillow", "opencv-python-headless", "onnxruntime", "psd-tools", "torch")


def doctor(*, json: Json = False) -> int:
    """Show versions, check the embedded weights and paint a small sketch."""
    facts: dict[str, Any] = {"python": platform.python_version(), "system": platform.platform()}
    facts |= {name: _version(name) for name in PACKAGES}
    facts |= _self_test()
    answer(json, facts, [f"{key:24} {value}" for key, value in facts.items()])
    return 0 if facts["self_test"] == "passed" else 1


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _self_test() -> dict[str, Any]:
    import numpy as np

    from inkwash.errors import InkwashError
    from inkwash.painter import Painter
    from inkwash.weights import find

    page = np.full((96, 128), 255, np.uint8)
    page[20:76, 30:33] = page[20:76, 90:93] = page[20:23, 30:93] = page[73:76, 30:93] = 0
    try:
        begin = time.perf_counter()
        painting = Painter.load().paint(page)
        seconds = time.perf_counter() - begin
        passed = painting.regions.count == 2 and len(painting.colourings) == 9
    except InkwashError as error:
        return {"weights": "-", "self_test": f"failed: {error}"}
    return {
        "weights": f"{find('default').path} ({find('default').sha256[:12]})",
        "self_test_seconds": round(seconds, 3),
        "self_test": "passed" if passed else "failed: a square was not found as a region",
    }
