"""`inkwash weights`: list, show, import and export weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from inkwash.cli.report import say_json, say_text
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.nets import SGRU

app = App(name="weights", help="List, show, import and export weights.")

Json = Annotated[bool, Parameter(negative="", help="One JSON object on stdout.")]
Force = Annotated[bool, Parameter(negative="", help="Overwrite what is there.")]


@app.command(name="list")
def list_weights(*, json: Json = False) -> int:
    """List the weights that can be named."""
    from inkwash.weights import installed

    found = installed()
    if json:
        say_json({weights.name: str(weights.path) for weights in found})
        return 0
    for weights in found:
        say_text(f"{weights.name:20} {weights.path}")
    return 0


@app.command
def show(weights: str = "default", *, json: Json = False) -> int:
    """Show the network and the history of a weights file."""
    from inkwash.config import to_dict
    from inkwash.weights import find, load

    found = find(weights)
    facts = {
        "name": found.name,
        "path": str(found.path),
        "sha256": found.sha256,
        "megabytes": round(found.path.stat().st_size / 1e6, 2),
        "net": to_dict(load(weights).config),
    }
    if json:
        say_json(facts)
    else:
        for key, value in facts.items():
            say_text(f"{key}: {value}")
    return 0


@app.command
def path(weights: str = "default", *, json: Json = False) -> int:
    """Print where a weights file lies."""
    from inkwash.weights import find

    found = str(find(weights).path)
    if json:
        say_json({"path": found})
    else:
        say_text(found)
    return 0


@app.command(name="import")
def import_weights(
    checkpoint: Path,
    *,
    out: Annotated[Path, Parameter(help="A .safetensors or .onnx file.")],
    force: Force = False,
    json: Json = False,
) -> int:
    """Read a TensorFlow checkpoint of the 2019 reimplementation: prefix, folder or zip."""
    from inkwash.weights.tensorflow_checkpoint import import_checkpoint

    return _write(import_checkpoint(checkpoint), out, force, json)


@app.command
def export(
    weights: str,
    *,
    out: Annotated[Path, Parameter(help="A .safetensors or .onnx file.")],
    force: Force = False,
    json: Json = False,
) -> int:
    """Write weights as the other kind of file."""
    from inkwash.weights import find, read_net

    return _write(read_net(find(weights).path), out, force, json)


def _write(net: SGRU, out: Path, force: bool, json: bool) -> int:
    half = not net.config.foreign_scale  # 0…255 needs single precision
    if out.suffix == ".onnx":
        from inkwash.weights.onnx_file import write_onnx

        write_onnx(net, out, force=force, half=half)
    elif out.suffix == ".safetensors":
        from inkwash.weights.safetensors_file import write_safetensors

        write_safetensors(net, out, force=force, half=half)
    else:
        raise BadConfig(f"{out}: give a name that ends in .onnx or .safetensors")
    parameters = sum(parameter.numel() for parameter in net.parameters())
    if json:
        say_json({"path": str(out), "parameters": parameters})
    else:
        say_text(f"{out}: {parameters} parameters")
    return 0
