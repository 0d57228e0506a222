from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image

from inkwash.data.pictures import Entry
from inkwash.errors import BadData, OutputExists
from inkwash.evaluate import WAYS, evaluate, held_out
from inkwash.painter import Painter
from sketches import draw_rooms
from tiny_net import tiny_runtime


def draw_colours(seed: int) -> np.ndarray:
    """Rooms in two colours, with their lines."""
    page = draw_rooms(120, 100)
    random = np.random.default_rng(seed)
    colours = random.integers(60, 255, (2, 3))
    picture = np.where(np.arange(120)[None, :, None] < 60, colours[0], colours[1])
    return (picture * (page[..., None] / 255.0)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    """Six pictures; groups are named so that two are held out."""
    groups = [f"g{i}" for i in range(400)]
    held = [name for name in groups if is_held_out(name)][:2]
    trained = [name for name in groups if not is_held_out(name)][:4]
    rows = ["file,style_score,group"]
    for index, group in enumerate(held + trained):
        Image.fromarray(draw_colours(index)).save(tmp_path / f"{index}.png")
        rows.append(f"{index}.png,5,{group}")
    (tmp_path / "SOURCES.csv").write_text("\n".join(rows))
    return tmp_path


def is_held_out(group: str) -> bool:
    nothing = {"colour": None, "line": None, "roles": None, "name": "", "score": 5.0}
    return Entry(**nothing, group=group).held_out


def test_only_held_out_groups_are_measured(folder):
    assert [entry.name for entry in held_out([folder], 4, 0)] == ["0.png", "1.png"]
    assert len(held_out([folder], 4, 1)) == 1
    with pytest.raises(BadData, match="style_score 6"):
        held_out([folder], 6, 0)


def test_about_one_group_in_twelve_is_held_out():
    share = np.mean([is_held_out(f"book-{i}") for i in range(3000)])
    assert 0.06 < share < 0.11


def test_the_report_has_a_row_for_each_picture_and_way(folder, tmp_path):
    out = tmp_path / "report"
    table = evaluate(Painter(tiny_runtime()), [folder], out)
    assert set(table) == set(WAYS)
    with (out / "rows.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(WAYS)
    for row in rows:
        assert float(row["mean"]) <= float(row["best"])
        assert float(row["first"]) <= float(row["best"])
        assert 0 <= float(row["flats_mean"]) <= float(row["flats"]) <= 1
    assert json.loads((out / "table.json").read_text()) == table
    assert (out / "table.md").read_text().count("\n") == 2 + len(WAYS)
    with Image.open(out / "sheet-01.png") as sheet:
        assert sheet.height == 2 * 160
    with pytest.raises(OutputExists):
        evaluate(Painter(tiny_runtime()), [folder], out)
