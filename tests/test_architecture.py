"""The rules that the layout promises: rows import upwards only, and starting up is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import inkwash

PACKAGE = Path(inkwash.__file__).parent

ROWS = [
    {"errors", "geometry", "config", "extras", "writing", "json_files"},
    {"sketch", "decode", "modes", "polarity", "paper", "colour", "palettes", "hints"},
    {"nets", "losses", "perceptual", "metrics", "runtime"},
    {
        "weights",
        "regions",
        "roles",
        "propose",
        "proposer",
        "cells",
        "tone",
        "ranking",
        "settle",
        "recolour",
    },
    {
        "painter",
        "paintings",
        "choices",
        "characters",
        "commands",
        "compact",
        "session",
        "timeline",
        "project",
        "document",
        "layers",
        "flats",
        "spans",
    },
    {"export", "data", "train", "evaluate", "inspect", "adapt", "about"},
    {"serve"},
    {"cli", "__init__", "__main__"},
]
ROW_OF = {module: row for row, modules in enumerate(ROWS) for module in modules}


def top_level(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """The top-level modules of inkwash that a file imports, at its top or inside functions;
    imports for type checking alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = path.parent.parts[len(PACKAGE.parts) :]
            base = package[: len(package) - node.level + 1]
            found.add((base + tuple((node.module or "").split(".")))[0])
        elif isinstance(node, ast.ImportFrom) and node.module == "inkwash":
            found |= {name.name for name in node.names} & ROW_OF.keys()
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("inkwash."):
            found.add(str(node.module).split(".")[1])
    return found - {""}


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_own_row_or_rows_above(path):
    row = ROW_OF[top_level(path)]
    below = {name for name in imports_of(path) if ROW_OF[name] > row}
    assert not below


def test_training_never_imports_the_server_and_painting_never_imports_torch():
    code = (
        "import sys, inkwash.painter, inkwash.export, inkwash.cli.paint; "
        "heavy = ('torch', 'fastapi', 'lightning_fabric', 'psd_tools'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", ["", "; from inkwash.cli import main; main(['--help'])"])
def test_import_and_help_load_nothing_heavy(arguments):
    code = (
        f"import sys, inkwash{arguments}; "
        "print([m for m in ('torch', 'onnxruntime', 'cv2') if m in sys.modules], file=sys.stderr)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stderr.strip().splitlines()[-1] == "[]"
