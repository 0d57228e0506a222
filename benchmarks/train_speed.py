"""What a training step of `recipes/default.toml` costs on the CPU, and what makes it cheaper.

    python benchmarks/train_speed.py [--side PIXELS] [--threads N]

Batches of drawn figures, the embedded network. Each way runs in a process of its own, twice by
turns, and the faster time counts. Writes results/train_speed.csv.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tables import write_rows

HERE = Path(__file__).parent
WAYS = {
    "every pixel": {"every": 1},
    "one in four": {"every": 2},
    "one in four, freed memory kept": {"every": 2, "keep": True},
    "and in huge pages": {"every": 2, "keep": True, "huge": True},
}
HUGE = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}  # read before the process begins
STEPS, WARM, ROUNDS = 5, 2, 2


def seconds(way: dict, side: int, batch: int, threads: int) -> float:
    """Of one step, forward and backward; in a process of its own."""
    import torch

    from inkwash.data.sample import Samples
    from inkwash.data.store import DataConfig, open_data
    from inkwash.nets import SGRU, initialise
    from inkwash.train.config import load_recipe
    from inkwash.train.feed import to_tensors
    from inkwash.train.memory import keep_freed_memory
    from inkwash.train.objective import Objective

    if way.get("keep"):
        keep_freed_memory()
    torch.set_num_threads(threads)
    changes = [f"loss.every={way['every']}", "vgg=none", f"sample.size={side}"]
    config = load_recipe(HERE.parent / "recipes" / "default.toml", changes)
    drawn = DataConfig(synth=1.0, synth_pictures=8, synth_side=side)
    samples = Samples(open_data([], drawn, config.sample, side).training, config.sample, 0)
    made = to_tensors([samples[place] for place in range(batch)])
    net = SGRU(config.net)
    initialise(net)
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    objective = Objective(net, None, config.loss)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16):
            loss, _ = objective(made)
        loss.backward()
        net.zero_grad()

    for _ in range(WARM):
        step()
    begin = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - begin) / STEPS


def measured(name: str, arguments: argparse.Namespace) -> float:
    command = [sys.executable, __file__, "--way", name, "--side", str(arguments.side)]
    command += ["--batch", str(arguments.batch), "--threads", str(arguments.threads)]
    told = HUGE if WAYS[name].get("huge") else {}
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | told
    )
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=192, help="of a sample, pixels")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        way = WAYS[arguments.way]
        found = seconds(way, arguments.side, arguments.batch, arguments.threads)
        sys.stdout.write(json.dumps(found))
        return
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(ROUNDS):
        for name in WAYS:
            best[name] = min(best[name], measured(name, arguments))
    first = best[next(iter(WAYS))]
    rows = [
        {
            "way": name,
            "side": arguments.side,
            "batch": arguments.batch,
            "threads": arguments.threads,
            "s": round(found, 3),
            "pictures_per_s": round(arguments.batch / found, 1),
            "ratio": round(found / first, 2),
        }
        for name, found in best.items()
    ]
    write_rows(HERE / "results" / "train_speed.csv", rows)
    for row in rows:
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
