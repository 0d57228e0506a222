"""Check: counts, broken pairs, pictures of the result."""

import json
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from coloured import coloured, folder_of, save
from inkwash.data.check import CheckConfig, agreement, check
from inkwash.data.check.charts import histogram
from inkwash.data.lines import divide
from inkwash.data.prepare import PrepareConfig, prepare
from inkwash.errors import BadData, OutputExists

HERE = CheckConfig(workers=1)


@pytest.fixture
def pairs(tmp_path) -> Path:
    """Eight pairs in the folder layout, licensed CC0 but for two."""
    source = folder_of(tmp_path / "source", 8)
    rows = [f"{i:03d}.png,CC0" for i in range(6)]
    (source / "SOURCES.csv").write_text("file,licence\n" + "\n".join(rows))
    prepare(source, tmp_path / "pairs", PrepareConfig(size=48, workers=1))
    return tmp_path / "pairs"


def reasons(folder: Path, out: Path) -> dict[str, str]:
    report = check(folder, out, HERE)
    assert report.complete == (not report.broken)
    return {Path(problem.name).name: problem.reason for problem in report.broken}


def test_counts_and_files(tmp_path, pairs):
    seen = []
    report = check(pairs, tmp_path / "report", HERE, lambda done, of: seen.append((done, of)))
    assert report.complete
    assert (report.pairs, report.colour_only) == (8, 0)
    assert report.sizes == {"48×48": 8}
    assert report.licences == {"CC0": 6, "not stated": 2}
    assert 0.005 < report.percentiles["ink"][50] < 0.35
    assert seen[-1] == (8, 8)
    names = {path.name for path in report.files}
    assert names == {"report.json", "ink.png", "colourfulness.png", "worst.png"}
    written = json.loads((tmp_path / "report" / "report.json").read_text())
    assert written["licences"] == report.licences
    with pytest.raises(OutputExists):
        check(pairs, tmp_path / "report", HERE)


def test_shards_give_the_same_measures(tmp_path, pairs):
    config = PrepareConfig(size=48, workers=1, layout="shards", shard_pairs=3)
    prepare(tmp_path / "source", tmp_path / "shards", config)
    folders = check(pairs, tmp_path / "a", HERE)
    shards = check(tmp_path / "shards", tmp_path / "b", HERE)
    assert shards.pairs == 8
    assert shards.percentiles == folders.percentiles
    sheets = [np.asarray(Image.open(tmp_path / name / "worst.png")) for name in ("a", "b")]
    assert sheets[0].shape == sheets[1].shape


def test_broken_pairs_are_named(tmp_path, pairs):
    keys = sorted(path.stem for path in (pairs / "images_rgb").iterdir())
    colour = [pairs / "images_rgb" / f"{key}.png" for key in keys]
    line = [pairs / "images_bw" / f"{key}.png" for key in keys]
    line[0].unlink()
    colour[1].unlink()
    line[2].write_bytes(line[2].read_bytes()[:60])
    save(line[3], np.full((30, 30), 255, np.uint8))
    save(line[4], np.full((48, 48), 255, np.uint8))
    save(line[5], 255 - np.asarray(Image.open(line[5])))
    found = check(pairs, tmp_path / "report", HERE)
    by_name = {}
    for problem in found.broken:
        by_name.setdefault(Path(problem.name).stem, []).append(problem.reason)
    says = {
        0: "has no line art beside it",
        1: "has no colour picture beside it",
        2: "damaged or cut off",
        3: "the line art is 30×30, the colour picture 48×48",
        4: "the line art is blank (0.00% ink)",
        5: "white on black?",
    }
    assert sorted(by_name) == [keys[i] for i in says]
    for i, text in says.items():
        assert any(text in reason for reason in by_name[keys[i]])
    assert found.pairs == 2


def test_a_row_without_a_file(tmp_path):
    source = folder_of(tmp_path / "source", 2)
    (source / "SOURCES.csv").write_text("file\n000.png\nlost.png\n")
    assert reasons(source, tmp_path / "out") == {
        "lost.png": "is listed in SOURCES.csv and not there"
    }


def test_colour_pictures_without_lines(tmp_path):
    report = check(folder_of(tmp_path / "source", 3), tmp_path / "out", HERE)
    assert (report.pairs, report.colour_only, report.complete) == (0, 3, True)
    assert report.percentiles["ink"] == {}
    assert not (tmp_path / "out" / "worst.png").exists()


def test_a_shard_that_is_cut_off(tmp_path):
    source = folder_of(tmp_path / "source", 6)
    config = PrepareConfig(size=48, workers=1, layout="shards")
    prepare(source, tmp_path / "shards", config)
    shard = tmp_path / "shards" / "train-000000.tar"
    with tarfile.open(shard) as tar:
        half = tar.getmembers()[4].offset_data + 100
    shard.write_bytes(shard.read_bytes()[:half])
    report = check(tmp_path / "shards", tmp_path / "out", HERE)
    assert not report.complete
    assert report.pairs < 6


def test_agreement_tells_lines_of_another_picture():
    own, other = [], []
    for seed in range(12):
        rgb = coloured(seed, 128, 128)
        own.append(agreement(rgb, divide(rgb, 0.5)))
        other.append(agreement(rgb, divide(coloured(seed + 50, 128, 128), 0.5)))
    assert min(own) > 0.5 > 0.4 > max(other)
    assert agreement(rgb, np.full((128, 128), 255, np.uint8)) == 0.0


def test_the_worst_pair_comes_first(tmp_path, pairs):
    keys = sorted(path.stem for path in (pairs / "images_bw").iterdir())
    shutil.copy(pairs / "images_bw" / f"{keys[0]}.png", pairs / "images_bw" / f"{keys[7]}.png")
    check(pairs, tmp_path / "out", CheckConfig(workers=1, worst=1))
    sheet = Image.open(tmp_path / "out" / "worst.png").convert("RGB")
    rgb = Image.open(pairs / "images_rgb" / f"{keys[7]}.png").convert("RGB")
    assert sheet.crop((12, 46, 60, 94)).tobytes() == rgb.tobytes()


def test_a_histogram_shows_where_the_values_are():
    bars = np.asarray(histogram([5, 5, 5, 95], "things", 100))
    blue = (bars == (70, 110, 160)).all(axis=2).sum(axis=0)
    assert blue[:100].max() > 2 * blue[540:].max() > 0
    assert blue[100:500].max() <= 1


def test_no_folder(tmp_path):
    with pytest.raises(BadData, match="is not a folder of pictures"):
        check(tmp_path / "none", tmp_path / "out", HERE)
