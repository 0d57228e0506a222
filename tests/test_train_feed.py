"""Which samples belong to which step and rank."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch

from inkwash.data.sample import Samples
from inkwash.data.store import open_data
from inkwash.train.feed import Feed
from training import recipe, write_pictures


@dataclass
class Rank:
    """What a feed asks of Fabric."""

    global_rank: int = 0
    world_size: int = 1
    device: torch.device = torch.device("cpu")  # noqa: RUF009


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pictures(tmp_path_factory.mktemp("pictures"))


def feed_of(folder: Path, rank: Any, **changes: Any) -> Feed:
    config = recipe(**changes)
    found = open_data([folder], config.data, config.sample, config.picture_side)
    samples = Samples(found.training, config.sample, config.seed, found.shares)
    return Feed(config, rank, samples)


@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_share_the_positions_of_a_larger_batch_without_overlap(folder: Path, ranks: int):
    alone = feed_of(folder, Rank(), batch=6)
    together = [feed_of(folder, Rank(i, ranks), batch=6 // ranks) for i in range(ranks)]
    for part in range(5):
        mine = [set(feed.positions(part)) for feed in together]
        assert sum(len(positions) for positions in mine) == 6
        assert set.union(*mine) == set(alone.positions(part))


def test_a_feed_begins_at_any_step(folder: Path):
    feed = feed_of(folder, Rank(), batch=2, accumulate=2)
    from_start = list(islice(feed.batches(0), 4))
    later = next(feed.batches(3))
    assert len(later) == 2
    for ours, theirs in zip(later, from_start[3], strict=True):
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)


def test_a_step_can_be_made_again_with_its_names(folder: Path):
    feed = feed_of(folder, Rank(), batch=3)
    wanted = list(islice(feed.batches(0), 3))[2]
    names, made = feed.again(2)
    assert len(names) == 3
    assert all(name.endswith("_color.png") for name in names)
    assert torch.equal(made[0]["truth"], wanted[0]["truth"])
