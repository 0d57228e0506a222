"""Programs that are not ours, opening what we wrote. Each test names the one it misses."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from inkwash.layers import Group, Layer, Pixels

SECONDS = 120  # that a program may take

# In the words of GIMP 2.10: modes 28, 30, 31 are normal, multiply, screen; 61 is pass through.
GIMP_MODES = {28: "normal", 30: "multiply", 31: "screen", 61: "pass through"}

_GIMP_SCRIPT = """
(define (report item depth)
  (gimp-message (string-append "layer|" (number->string depth)
    "|" (number->string (car (gimp-layer-get-mode item)))
    "|" (number->string (car (gimp-item-get-visible item)))
    "|" (car (gimp-item-get-name item))))
  (if (= 1 (car (gimp-item-is-group item)))
    (for-each (lambda (child) (report child (+ depth 1)))
      (vector->list (cadr (gimp-item-get-children item))))))
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}"))))
  (for-each (lambda (item) (report item 0))
    (vector->list (cadr (gimp-image-get-layers image))))
  (gimp-message (string-append "dpi|" (number->string (car (gimp-image-get-resolution image)))))
  (file-png-save RUN-NONINTERACTIVE image (car (gimp-image-flatten image))
    "{target}" "{target}" 0 1 0 0 0 0 0))
"""


def find(*names: str) -> str:
    """The path of the first program that is here, else the test is skipped."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    pytest.skip(f"{names[0]} is not installed")


def run(*arguments: str | Path) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments], capture_output=True, text=True, timeout=SECONDS
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    return output


def gimp(source: Path, target: Path) -> list[list[str]]:
    """Open and flatten to `target`; a row for each layer: depth, mode, visible, name; then dpi."""
    program = find("gimp-console-2.10", "gimp-console")
    if "version 2." not in run(program, "--version"):
        pytest.skip("the script is for GIMP 2.10")
    script = f"(begin {_GIMP_SCRIPT.format(source=source, target=target)})"
    output = run(program, "-n", "-i", "-d", "-f", "-s", "-b", script, "-b", "(gimp-quit 0)")
    lines = [line.split("Warning: ", 1)[-1] for line in output.splitlines()]
    return [line.split("|") for line in lines if line.startswith(("layer|", "dpi|"))]


def imagemagick(source: str, options: Sequence[str], shape: tuple[int, ...]) -> Pixels:
    """Open with ImageMagick, apply options, and read the pixels in `shape` (H, W, 3)."""
    program = find("magick", "convert-im6.q16", "convert")
    if "ImageMagick" not in run(program, "-version"):
        pytest.skip(f"{program} is not ImageMagick")
    arguments = [program, source, *options, "-depth", "8", "rgb:-"]
    done = subprocess.run(arguments, capture_output=True, timeout=SECONDS, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(shape)


def krita(source: Path, target: Path) -> None:
    """Open and export with Krita, which needs a screen, if only a pretended one."""
    program, screen = find("krita"), find("xvfb-run")
    run(screen, "-a", program, "--nosplash", "--export", "--export-filename", target, source)


def rows_of(layers: tuple[Layer | Group, ...], depth: int = 0) -> list[tuple[int, str, bool, str]]:
    """Depth, mode, visibility and name, top to bottom."""
    rows = []
    for item in reversed(layers):
        mode = "pass through" if isinstance(item, Group) else item.blend
        rows.append((depth, mode, item.visible, item.name))
        if isinstance(item, Group):
            rows += rows_of(item.layers, depth + 1)
    return rows
