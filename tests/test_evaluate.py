from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest
from PIL import Image

from held_out import write_pictures
from inkwash.cli import main
from inkwash.data.pictures import is_held_out
from inkwash.errors import BadConfig, BadData, BadHints, OutputExists
from inkwash.evaluate import FORMS, WAYS, Plan, as_markdown, choose_entries, evaluate, read_marks
from inkwash.evaluate.baselines import BASELINES, mean_colour
from inkwash.painter import Painter
from tiny_net import tiny_runtime

FEW = (0, 1, 4)  # hints


@pytest.fixture
def folder(tmp_path):
    return write_pictures(tmp_path)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Two networks on two pictures: the folder of files, and the table."""
    data = write_pictures(tmp_path_factory.mktemp("data"))
    out = tmp_path_factory.mktemp("report")
    painters = {"one": Painter(tiny_runtime()), "other": Painter(tiny_runtime(seed=1))}
    table = evaluate(painters, [data], out, Plan(counts=FEW))
    return out, table


def test_only_held_out_groups_are_measured(folder):
    assert [entry.name for entry in choose_entries([folder])] == ["0.png", "1.png"]
    assert len(choose_entries([folder], most=1)) == 1
    assert len(choose_entries([folder], held_out=False)) == 4
    with pytest.raises(BadData, match="style_score 6"):
        choose_entries([folder], least_score=6)


def test_about_one_group_in_twelve_is_held_out():
    share = np.mean([is_held_out(f"book-{i}") for i in range(3000)])
    assert 0.06 < share < 0.11


def test_the_mean_colour_is_of_the_pictures_trained_on(folder, tmp_path_factory):
    trained = [np.asarray(Image.open(folder / f"{i}.png")).mean((0, 1)) for i in range(2, 6)]
    assert mean_colour([folder], 4) == pytest.approx(np.mean(trained, axis=0), abs=1.5)
    alone = write_pictures(tmp_path_factory.mktemp("alone"), trained=0)
    assert mean_colour([alone], 4) is None


def test_the_report_has_a_row_for_each_picture_way_and_form(report):
    out, _ = report
    with (out / "rows.csv").open() as file:
        rows = list(csv.DictReader(file))
    plain = [row for row in rows if row["hints"] == "0"]
    outcomes = 2 * len(WAYS) * len(FORMS)  # of each picture
    assert len(plain) == 2 * (outcomes + len(BASELINES))
    assert len(rows) - len(plain) == 2 * outcomes * (len(FEW) - 1)
    for row in plain:
        assert float(row["psnr_mean"]) <= float(row["psnr_best"])
        assert float(row["psnr_picked"]) <= float(row["psnr_best"])
        assert float(row["ssim_picked"]) <= float(row["ssim_best"]) <= 1
        if row["form"] == "settled":
            assert float(row["delta_e2000_best"]) <= float(row["delta_e2000_mean"])
            assert 0 <= float(row["flats_mean"]) <= float(row["flats_best"]) <= 1
        assert 0 <= float(row["lines"]) <= 1


def test_the_table_holds_means_with_intervals(report):
    out, table = report
    assert json.loads((out / "table.json").read_text())["settings"] == table["settings"]
    keys = {(entry["weights"], entry["way"], entry["form"]) for entry in table["ways"]}
    assert {key[0] for key in keys} == {"", "one", "other"}
    assert {("one", way, form) for way in WAYS for form in FORMS} <= keys
    for entry in table["ways"]:
        assert entry["pictures"] == 2
        for found in entry["figures"].values():
            assert found["low"] <= found["mean"] + 1e-9
            assert found["mean"] <= found["high"] + 1e-9
        if entry["weights"]:
            assert 0 <= entry["entropy"] <= 1
            assert sum(entry["wins"]) == 2


def test_weights_are_compared_in_pairs_with_the_first(report):
    _, table = report
    assert {entry["weights"] for entry in table["differences"]} == {"other"}
    assert {entry["against"] for entry in table["differences"]} == {"one"}
    means = {(e["weights"], e["way"], e["form"]): e["figures"] for e in table["ways"]}
    for entry in table["differences"]:
        ours, theirs = (means[name, entry["way"], entry["form"]] for name in ("one", "other"))
        apart = theirs["psnr_best"]["mean"] - ours["psnr_best"]["mean"]
        assert entry["figures"]["psnr_best"]["mean"] == pytest.approx(apart)


def test_more_hints_bring_flats_nearer(report):
    _, table = report
    curve = [e for e in table["hints"] if (e["weights"], e["way"]) == ("one", "rgb")]
    flats = [e["figures"]["flats_mean"]["mean"] for e in curve if e["form"] == "settled"]
    assert len(flats) == len(FEW)
    assert flats[-1] > flats[0]
    assert flats == sorted(flats)


def test_what_was_not_measured_is_said(report):
    out, table = report
    text = (out / "table.md").read_text()
    assert as_markdown(table) == text
    for option in ("--vgg", "--lpips", "--inception"):
        assert option in text


def test_the_page_has_all_inside_and_points_nowhere(report):
    out, _ = report
    page = (out / "report.html").read_text()
    assert page.count("<svg") == 6
    assert page.count("data:image/webp;base64,") >= 2 * (2 + 2 * len(WAYS) * len(FORMS))
    assert set(re.findall(r"https?://[^/]*", page)) == {"http://www.w3.org"}  # names of SVG
    assert not re.search(r"(src|href)=.(?!data:|#)", page)
    assert "$" not in page


def test_fixed_hints_give_the_same_curve(report, folder, tmp_path):
    out, table = report
    marks = read_marks(out / "hints.json")
    assert set(marks) == {"0.png", "1.png"}
    plan = Plan(hints=marks, counts=FEW)
    again = evaluate({"one": Painter(tiny_runtime())}, [folder], tmp_path / "again", plan)
    assert again["hints"] == [entry for entry in table["hints"] if entry["weights"] == "one"]
    with pytest.raises(BadHints, match=r"0\.png"):
        evaluate({"one": Painter(tiny_runtime())}, [folder], tmp_path / "x", Plan(hints={"a": []}))


@pytest.mark.parametrize("text", ["", "[]", '{"a": [[1, 2]]}', '{"a": [[1, 2, 3, "red-ish"]]}'])
def test_hints_that_are_none_are_refused(text, tmp_path):
    path = tmp_path / "hints.json"
    path.write_text(text)
    with pytest.raises(BadHints, match=r"hints\.json"):
        read_marks(path)


def test_nothing_is_overwritten_or_measured_in_vain(report, folder):
    out, _ = report
    with pytest.raises(OutputExists):
        evaluate({}, [folder], out)


def test_one_name_stands_for_one_network():
    from inkwash.cli.evaluate import painters_of

    with pytest.raises(BadConfig, match="default"):
        painters_of(["default", "default"])


def test_the_command_ends_with_where_the_page_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("inkwash.cli.evaluate.painters_of", lambda names: {})
    monkeypatch.setattr("inkwash.evaluate.evaluate", lambda *_, **__: {})
    monkeypatch.setattr("inkwash.evaluate.as_markdown", lambda table: "the table")
    assert main(["evaluate", "--data", str(tmp_path), "--out", str(tmp_path / "report")]) == 0
    said = capsys.readouterr()
    assert said.out == "the table\n"
    assert str(tmp_path / "report" / "report.html") in said.err
