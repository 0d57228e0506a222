"""Prepare on a local Ray of two workers gives what the process pool gives."""

import os
import subprocess
import sys

import pytest

from coloured import coloured, folder_of, save
from inkwash.data.prepare import PrepareConfig, prepare

_ON_RAY = """
import sys
from pathlib import Path
from inkwash.data.prepare import PrepareConfig, prepare
config = PrepareConfig(size=48, workers=2, engine="ray", layout=sys.argv[3], shard_pairs=7)
report = prepare(Path(sys.argv[1]), Path(sys.argv[2]), config)
print(report.tally.pairs, len(report.failures))
"""


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["folders", "shards"])
def test_ray_gives_what_the_pool_gives(tmp_path, layout):
    pytest.importorskip("ray")
    source = folder_of(tmp_path / "source", 40)
    save(source / "copy.png", coloured(5))
    (source / "broken.png").write_bytes(b"GIF89a and nothing else")
    home = {"HOME": str(tmp_path), "RAY_USAGE_STATS_ENABLED": "0"}  # Ray keeps a token there
    done = subprocess.run(
        [sys.executable, "-c", _ON_RAY, str(source), str(tmp_path / "ray"), layout],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["40", "1"]
    config = PrepareConfig(size=48, workers=1, layout=layout, shard_pairs=7)
    prepare(source, tmp_path / "pool", config)
    assert files(tmp_path / "ray") == files(tmp_path / "pool")


def files(folder):
    """Bytes by name of everything but the journal."""
    paths = [p for p in folder.rglob("*") if p.is_file() and ".prepare" not in p.parts]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
