"""The default network in the ways it can be run: `python benchmarks/speed.py` writes
benchmarks/results/speed.csv.

Repeats are interleaved, so that what else the machine does falls on all ways alike. `cpu_seconds`
is the time of the processor, which other programs disturb less. FLOP are counted by torch, two for
a multiplication and addition; the matrix rate is that of a product of single precision here and
now. Colours are compared with torch in single precision on drawn sketches, under the palettes that
this proposes. `--quick` is a trial: one thread, each way twice, two sketches; its figures say
nothing: give it another `--out`.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from tables import write_rows
from torch.utils.flop_counter import FlopCounterMode

from inkwash.colour import delta_e2000, lab_from_srgb
from inkwash.config import NetConfig
from inkwash.data.synth import draw
from inkwash.nets import SGRU
from inkwash.painter import Painter, PaintRequest, finish
from inkwash.palettes import Palette
from inkwash.propose import choose_size, network_input
from inkwash.regions import Regions, segment
from inkwash.runtime import Encoded, OnnxRuntime
from inkwash.sketch import Sketch
from inkwash.weights import embedded, read_net
from inkwash.weights.onnx_file import write_onnx

Shape = tuple[int, int, int]
RESULT = Path(__file__).parent / "results" / "speed.csv"
REPEATS = 7
SHAPE: Shape = (5, 384, 256)  # C, H, W of a portrait page at the working size
FAITHFUL_SHAPE: Shape = (1, 256, 256)
DRAWN, CALIBRATION = range(9000, 9020), range(9100, 9112)  # seeds of sketches
UNKNOWN: dict[str, str] = dict.fromkeys(("mean_delta_e", "worst_delta_e", "flats_changed"), "")
Encode = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Levels = ort.GraphOptimizationLevel


@dataclass
class Way:
    """A way to run a network: `load(threads)` gives what encodes (C, H, W)."""

    name: str
    load: Callable[[int], Encode]
    faithful: bool = False
    compare: bool = False
    encode: Encode | None = None
    load_cpu: float = 0.0
    megabytes: float = 0.0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def shape(self) -> Shape:
        return FAITHFUL_SHAPE if self.faithful else SHAPE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--quick", action="store_true", help="only see whether all of it runs")
    wanted = parser.parse_args()
    repeats, drawn, threads_tried = (
        (1, DRAWN[:2], (1,)) if wanted.quick else (REPEATS, DRAWN, (1, 2))
    )
    with tempfile.TemporaryDirectory() as name:
        net, faithful = read_net(embedded()), SGRU(NetConfig()).eval()
        files = make_files(net, faithful, Path(name))
        quality = {}
        rows: list[dict[str, object]] = []
        for threads in threads_tried:
            torch.set_num_threads(threads)
            ways = list(all_ways(net, faithful, files))
            measure(ways, threads, repeats)
            if threads == 1:
                reference = next(way for way in ways if way.name == "torch, fp32")
                quality = compare([way for way in ways if way.compare], reference, drawn)
            flop = {False: count(net, SHAPE), True: count(faithful, FAITHFUL_SHAPE)}
            rows += table(ways, threads, matrix_rate(), flop, quality)
    write_rows(wanted.out, rows)
    print(wanted.out.read_text(encoding="utf-8"), file=sys.stderr)


def make_files(net: SGRU, faithful: SGRU, folder: Path) -> dict[str, Path]:
    """The files that the ways run."""
    files = {
        name: folder / f"{name}.onnx" for name in ("anew", "fp32", "offline", "int8", "faithful")
    }
    write_onnx(net, files["anew"])
    write_onnx(faithful, files["faithful"])
    save_optimised(files["anew"], files["fp32"], Levels.ORT_ENABLE_BASIC)
    save_optimised(files["anew"], files["offline"], Levels.ORT_ENABLE_ALL)
    quantise(files["fp32"], files["int8"])
    return files | {"embedded": embedded()}


def save_optimised(path: Path, out: Path, level: Any) -> None:
    """What ONNX Runtime makes of a file; the basic level does little more than widen weights."""
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(out)
    ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def quantise(path: Path, out: Path) -> None:
    """All convolutions in int8: activations by drawn sketches, weights per channel."""
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

    class Drawn(CalibrationDataReader):
        sketches = iter(CALIBRATION)

        def get_next(self) -> Any:
            seed = next(self.sketches, None)
            return None if seed is None else {"sketch": drawn_input(seed)[None]}

    quantize_static(
        path, out, Drawn(), per_channel=True, op_types_to_quantize=["Conv"],
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )  # fmt: skip


def drawn_input(seed: int) -> np.ndarray:
    config = OnnxRuntime(embedded(), 1).config
    sketch = Sketch(ink=draw(seed, 384).line)
    return network_input(sketch, None, choose_size(sketch.size, config, "auto"), config)


def all_ways(net: SGRU, faithful: SGRU, files: dict[str, Path]) -> Iterator[Way]:
    onnx = partial(partial, load_onnx)
    yield Way("ONNX Runtime, as embedded", onnx(files["embedded"]), compare=True)
    yield Way("ONNX Runtime, exported anew", onnx(files["anew"]), compare=True)
    for name, level in (
        ("no", Levels.ORT_DISABLE_ALL),
        ("basic", Levels.ORT_ENABLE_BASIC),
        ("extended", Levels.ORT_ENABLE_EXTENDED),
    ):
        yield Way(f"  {name} graph optimisation", onnx(files["anew"], level=level))
    optimised = onnx(files["offline"], level=Levels.ORT_DISABLE_ALL)
    yield Way("  optimised offline", optimised)
    yield Way("  stored as fp32", onnx(files["fp32"]))
    yield Way("  int8 convolutions", onnx(files["int8"]), compare=True)
    if importlib.util.find_spec("openvino"):
        for kind in ("f32", "bf16"):
            load = partial(load_openvino, files["anew"], kind)
            yield Way(f"OpenVINO, {kind}", load, compare=True)
    else:
        print("OpenVINO is not installed and is left out", file=sys.stderr)
    yield Way("torch, fp32", partial(load_torch, net, torch.float32), compare=True)
    yield Way("torch, bf16", partial(load_torch, net, torch.bfloat16), compare=True)
    yield Way("faithful, ONNX Runtime", onnx(files["faithful"]), faithful=True)
    yield Way("faithful, torch", partial(load_torch, faithful, torch.float32), faithful=True)


def load_onnx(path: Path, threads: int, level: Any = Levels.ORT_ENABLE_ALL) -> Encode:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.graph_optimization_level = level
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda x: tuple(y[0] for y in session.run(["pictures", "features"], {"sketch": x[None]}))  # type: ignore[return-value]


def load_openvino(path: Path, kind: str, threads: int) -> Encode:
    import openvino

    settings = {"INFERENCE_PRECISION_HINT": kind, "INFERENCE_NUM_THREADS": threads}
    model = openvino.Core().compile_model(str(path), "CPU", settings | {"NUM_STREAMS": 1})
    request = model.create_infer_request()

    def encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        request.infer({"sketch": x[None]})
        pictures, features = (request.get_tensor(output).data for output in model.outputs)
        return pictures[0].copy(), features[0].copy()

    return encode


def load_torch(net: SGRU, kind: torch.dtype, threads: int) -> Encode:
    def encode(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.inference_mode(), torch.autocast("cpu", kind, enabled=kind != torch.float32):
            features = net.trunk(torch.from_numpy(x[None]))
            pictures = net.rgb(features)
        return pictures[0].float().numpy(), features[0].float().numpy()

    return encode


def measure(ways: list[Way], threads: int, repeats: int) -> None:
    """Load all, run each once, then all by turns."""
    inputs = {shape: page(shape) for shape in (SHAPE, FAITHFUL_SHAPE)}
    for way in ways:
        before, begin = resident(), time.process_time()
        way.encode = way.load(threads)
        way.load_cpu = time.process_time() - begin
        way.encode(inputs[way.shape])
        way.megabytes = resident() - before
    for turn in range(repeats):
        for way in ways:
            if way.faithful and turn >= 3:
                continue
            assert way.encode is not None
            wall, cpu = time.perf_counter(), time.process_time()
            way.encode(inputs[way.shape])
            way.cpu.append(time.process_time() - cpu)
            way.seconds.append(time.perf_counter() - wall)


def page(shape: Shape) -> np.ndarray:
    x = np.zeros(shape, np.float32)
    x[0] = 1
    x[0, ::37] = x[0, :, ::29] = 0
    return x


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def count(net: SGRU, shape: Shape) -> float:
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        net(torch.zeros(1, *shape))
    return counter.get_total_flops()


def matrix_rate(side: int = 2048) -> tuple[float, float]:
    """FLOP a second of a product in single precision, by the clock and by the processor's time."""
    a = torch.rand(side, side)
    walls, cpus = [], []
    for _ in range(7):
        wall, cpu = time.perf_counter(), time.process_time()
        torch.mm(a, a)
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return 2 * side**3 / min(walls), 2 * side**3 / min(cpus)


class Swapped(OnnxRuntime):
    """The embedded network with another way to encode."""

    way: Way

    def encode(self, x: np.ndarray) -> Encoded:
        assert self.way.encode is not None
        return Encoded(*self.way.encode(x))


@dataclass(frozen=True)
class Page:
    """A drawn sketch, and what the reference makes of it."""

    sketch: Sketch
    regions: Regions
    palettes: tuple[Palette, ...]  # as proposed to the reference; a rounding error may change them
    lab: np.ndarray  # (9, h, w, 3)
    flats: np.ndarray  # (9, R, 3)


def look(
    runtime: Swapped, sketch: Sketch, regions: Regions, palettes: tuple[Palette, ...] = ()
) -> Page:
    painter, request = Painter(runtime), PaintRequest(palettes=palettes)
    proposals = painter.propose(painter.study(sketch, request), request)
    painting = finish(proposals, regions, sketch, request)
    flats = np.stack([colouring.colours for colouring in painting.colourings])
    return Page(sketch, regions, proposals.palettes, lab_from_srgb(proposals.pictures), flats)


def compare(ways: list[Way], reference: Way, drawn: range) -> dict[str, dict[str, str]]:
    """For each way: ΔE2000 of the nine pictures, mean and worst, and the share of flats changed."""
    runtime = Swapped(embedded(), 1)
    runtime.way = reference
    pages = []
    for seed in drawn:
        sketch = Sketch(ink=draw(seed, 384).line)
        pages.append(look(runtime, sketch, segment(sketch.lines)))
    found = {}
    for runtime.way in ways:
        found[runtime.way.name] = difference(runtime, pages)
    return found


def difference(runtime: Swapped, pages: list[Page]) -> dict[str, str]:
    means, worst, changed, flats = [], 0.0, 0, 0
    for page in pages:
        seen = look(runtime, page.sketch, page.regions, page.palettes)
        apart = delta_e2000(seen.lab, page.lab)
        means.append(float(apart.mean()))
        worst = max(worst, float(apart.max()))
        differs = (seen.flats != page.flats).any(-1)
        changed, flats = changed + int(differs.sum()), flats + differs.size
    return {
        "mean_delta_e": f"{np.mean(means):.4f}",
        "worst_delta_e": f"{worst:.2f}",
        "flats_changed": f"{changed / flats:.5f}",
    }


def table(
    ways: list[Way],
    threads: int,
    rates: tuple[float, float],
    flop: dict[bool, float],
    quality: dict[str, dict[str, str]],
) -> Iterator[dict[str, object]]:
    base = ways[0]
    for way in ways:
        seconds, cpu = statistics.median(way.seconds), statistics.median(way.cpu)
        yield {
            "threads": threads,
            "what": way.name.strip(),
            "gflop": f"{flop[way.faithful] / 1e9:.2f}",
            "seconds": f"{seconds:.3f}",
            "ratio": f"{seconds / statistics.median(base.seconds):.2f}",
            "cpu_seconds": f"{cpu:.4f}",
            "cpu_ratio": f"{cpu / statistics.median(base.cpu):.2f}",
            "share_of_matrix_rate": f"{flop[way.faithful] / cpu / rates[1]:.2f}",
            "load_cpu_seconds": f"{way.load_cpu:.3f}",
            "megabytes": round(way.megabytes),
            **quality.get(way.name, UNKNOWN),
        }


if __name__ == "__main__":
    main()
