"""`inkwash studio`: the web studio and the HTTP API."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from inkwash.cli.options import Json, Threads, Weights
from inkwash.cli.report import answer


def studio(
    *,
    port: Annotated[int, Parameter(help="0: any free one.")] = 8765,
    host: Annotated[str, Parameter(help="Other than this machine itself needs a token.")] = (
        "127.0.0.1"
    ),
    open: Annotated[bool, Parameter(negative="", help="Open a browser.")] = False,
    token: Annotated[str | None, Parameter(help="Who has it may come in; 16 characters.")] = None,
    data_dir: Annotated[
        Path | None, Parameter(help="Where projects are kept; default: the user's data folder.")
    ] = None,
    weights: Weights = "default",
    threads: Threads = 0,
    json: Json = False,
) -> int:
    """Serve the studio until Ctrl+C: a page to colour sketches in, and the HTTP API under it."""
    from inkwash.extras import need

    need("studio", "fastapi", "uvicorn", "python_multipart", "prometheus_client")
    from platformdirs import user_data_path

    from inkwash.painter import Painter
    from inkwash.serve.server import Address, serve

    address = Address(host=host, port=port, token=token)
    painter = Painter.load(weights, threads=threads)
    folder = data_dir or user_data_path("inkwash", appauthor=False) / "studio"

    def ready(url: str) -> None:
        lines = f"inkwash studio: {url}", f"projects: {folder}; Ctrl+C stops"
        answer(json, {"url": url, "data": str(folder)}, lines)
        sys.stdout.flush()  # the address is wanted now, also through a pipe
        if open:
            import webbrowser

            webbrowser.open(url)

    serve(painter, address, folder, ready)
    return 0
