"""`inkwash adapt`: learn from pages that the artist finished."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from inkwash.cli.options import Force, Json, Threads
from inkwash.cli.report import answer, following
from inkwash.errors import BadConfig

if TYPE_CHECKING:
    from inkwash.adapt import Standing


def adapt(
    *pages: Annotated[Path, Parameter(help="Folders, finished pages, or projects.")],
    out: Annotated[Path, Parameter(help="The adapter's file, such as mine.adapter.")],
    pair: Annotated[
        list[tuple[Path, Path]] | None,
        Parameter(negative="", help="A sketch and its finished page; may be repeated."),
    ] = None,
    weights: Annotated[str, Parameter(help="What to start from: a name or a file.")] = "default",
    steps: Annotated[int, Parameter(help="Steps at most.")] = 100,
    rank: Annotated[int, Parameter(help="Of the changes: more learns more, in a larger file.")] = 8,
    method: Annotated[
        Literal["low-rank", "norms", "head"], Parameter(help="What of the network may change.")
    ] = "low-rank",
    keep: Annotated[float, Parameter(help="How firmly other sketches stay as they were.")] = 6.0,
    colours: Annotated[int, Parameter(help="Of the pages' palettes, 2 to 16.")] = 12,
    seed: int = 0,
    threads: Threads = 0,
    preview: Annotated[float, Parameter(help="Seconds between previews; 0: none.")] = 30.0,
    force: Force = False,
    json: Json = False,
) -> int:
    """Learn an artist's colours and where they go from 1 to 100 finished pages.

    Paint with `--weights default+OUT`. A page is a colour picture, NAME_color beside NAME_line,
    or a project. Ctrl+C keeps the best so far.
    """
    from inkwash.extras import need

    need("train", "torch", "onnx", "safetensors")
    import torch

    from inkwash.adapt import AdaptConfig, read_pages
    from inkwash.adapt import adapt as run

    if not pages and not pair:
        raise BadConfig("no page given; name finished pages, folders or projects, or --pair")
    if threads:
        torch.set_num_threads(threads)
    config = AdaptConfig(
        method=method, rank=rank, steps=steps, keep=keep, colours=colours, seed=seed
    )
    found = read_pages(pages, pair or ())
    with following("adapting", steps) as follow:
        standing = run(
            found, out, config, weights=weights, preview_seconds=preview, force=force,
            follow=lambda now: follow(now.step, _words(now)),
        )  # fmt: skip
    _tell(out, weights, len(found), standing, json)
    return 0


def _words(now: Standing) -> str:
    return f"loss {now.loss:.3f}, held out {now.held_out:.3f}, best {now.best:.3f}"


def _tell(out: Path, weights: str, pages: int, standing: Standing, json: bool) -> None:
    megabytes = out.stat().st_size / 1e6
    facts = {
        "file": str(out), "megabytes": round(megabytes, 2), "pages": pages,
        "steps": standing.step, "best_step": standing.best_step, "held_out": standing.best,
    }  # fmt: skip
    said = (
        f"{out}: {megabytes:.1f} MB, {pages} pages, best at step {standing.best_step} of "
        f"{standing.step}; paint with --weights {weights}+{out}"
    )
    answer(json, facts, [said])
