"""The ranking beside a weights file stays with its weights and never with others."""

from __future__ import annotations

from pathlib import Path

from inkwash.runtime import ranking_beside, ranking_path
from inkwash.writing import refuse_existing, write_whole


def refuse_ranking(weights: Path, ranking: str = "", *, force: bool = False) -> None:
    """Raise OutputExists, without `force`, where another ranking is beside weights to come: it
    would rank by what other weights propose."""
    if ranking_beside(weights) != ranking:
        refuse_existing(ranking_path(weights), force=force)


def put_ranking(weights: Path, ranking: str = "") -> None:
    """The ranking beside the weights is this text; "" for none. Raises OutputFailed."""
    if ranking:
        write_whole(ranking_path(weights), ranking.encode(), force=True)
    else:
        ranking_path(weights).unlink(missing_ok=True)
