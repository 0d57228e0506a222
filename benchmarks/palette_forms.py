"""Forms of the palette head at equal pictures, on one frozen trunk.

    python benchmarks/palette_forms.py --data PICTURES --data DRAWN [--weights NAME]

Every form starts from random weights and sees the same samples in the same order. The trunk is that
of the weights, which was trained together with the first form; it favours that one a little.
Measured on samples of held-out pictures, made as for training: PSNR in dB of the best and of the
mean proposal, and the share of pixels given the colour they should have, as mean of the proposals;
of drawn pictures none is held out, so no palette tells roles there. Writes
results/palette_forms.csv.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import torch
from tables import write_rows
from torch import Tensor, nn
from torch.nn import functional

from inkwash import losses
from inkwash.data.roles import ROLES
from inkwash.data.sample import SampleConfig, Samples
from inkwash.data.store import DataConfig, open_data
from inkwash.nets import SGRU, PaletteHead, PaletteOutput, render
from inkwash.train.feed import to_tensors
from inkwash.train.objective import network_input, placement_targets
from inkwash.train.validate import psnr
from inkwash.weights import find, read_net

RESULTS = Path(__file__).parent / "results" / "palette_forms.csv"
BATCH = 16
EVERY = 2  # pixels kept, each way: a head sees every pixel alone, a quarter says as much
SOFTNESS, PICTURE, MIN_WEIGHT = 5.0, 2.0, 0.8  # as LossConfig has them
Batch = dict[str, Tensor]


class Keyed(PaletteHead):
    """A palette head that is given keys (N, G, P, keys)."""

    def place(self, features: Tensor, keys: Tensor, present: Tensor) -> PaletteOutput:
        _, _, height, width = features.shape
        scores = self.scores(features, keys, present).unflatten(-1, (height, width))
        return PaletteOutput(scores.log_softmax(2), torch.tanh(self.shade(features)))

    def scores(self, features: Tensor, keys: Tensor, present: Tensor) -> Tensor:
        """(N, K, P, h·w), not normalised."""
        queries = self.queries(features).flatten(2).unflatten(1, (self.proposals, self.keys))
        scores = keys.expand(-1, self.proposals, -1, -1) @ queries * self.sharpness.exp()
        return scores / self.keys**0.5 + (present - 1)[..., None] * 1e4


class Alone(Keyed):
    """Keys of colours that do not know the other colours of their palette."""

    def forward(self, features: Tensor, colours: Tensor, present: Tensor) -> PaletteOutput:
        n, groups, count = colours.shape[:3]
        alone = colours.reshape(n * groups * count, 1, -1)
        keys = self.encoder(alone, torch.ones_like(alone[..., 0]))
        return self.place(features, keys.reshape(n, groups, count, self.keys), present)


class Looking(Keyed):
    """Colours that look at the drawing, as the queries of Cheng et al. 2022, "Masked-attention Mask
    Transformer", do: each is told how much it would get of a coarse grid and what lies there, asks
    the other colours, and changes its key; a number of times, for each proposal by itself."""

    looks, width, coarse = 1, 96, 4

    def __init__(self, features: int, proposals: int, colour_features: int, keys: int) -> None:
        super().__init__(features, proposals, colour_features, keys)
        width = self.width
        self.told = nn.ModuleList(nn.Linear(features + 1 + keys, width) for _ in range(self.looks))
        self.ask = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 4, width, 0.0, "gelu", batch_first=True)
            for _ in range(self.looks)
        )
        self.change = nn.ModuleList(nn.Linear(width, keys) for _ in range(self.looks))

    def forward(self, features: Tensor, colours: Tensor, present: Tensor) -> PaletteOutput:
        n, _, count = colours.shape[:3]
        keys = self.encoder(colours.flatten(0, 1), present.flatten(0, 1))
        keys = keys.reshape(n, 1, count, self.keys).repeat(1, self.proposals, 1, 1)
        seen = functional.avg_pool2d(features, self.coarse)
        cells = seen.flatten(2).transpose(1, 2)[:, None]  # (N, 1, cells, F)
        absent = (present.expand(-1, self.proposals, -1) == 0).flatten(0, 1)
        for told, ask, change in zip(self.told, self.ask, self.change, strict=True):
            chosen = self.scores(seen, keys, present).softmax(2)
            area = chosen.sum(-1, keepdim=True)
            got = torch.cat([chosen @ cells / (area + 0.1), area / chosen.shape[-1], keys], -1)
            x = ask(told(got).flatten(0, 1), src_key_padding_mask=absent)
            keys = keys + change(x).unflatten(0, (n, self.proposals))
        return self.place(features, keys, present)


class LookingTwice(Looking):
    looks = 2


class Film(nn.Module):
    """The palette as a scale and a shift of the features, then K pictures (N, K, 3, h, w)."""

    def __init__(self, features: int, proposals: int, colour_features: int, width: int = 96):
        super().__init__()
        self.embed = nn.Sequential(
            nn.Linear(colour_features, width), nn.GELU(), nn.Linear(width, width), nn.GELU()
        )
        self.change = nn.Linear(width, 2 * features)
        self.mix = nn.Conv2d(features, features, 1)
        self.out = nn.Conv2d(features, 3 * proposals, 1)
        self.proposals = proposals

    def forward(self, features: Tensor, colours: Tensor, present: Tensor) -> Tensor:
        told = (self.embed(colours) * present[..., None]).sum(2) / present.sum(2)[..., None]
        scale, shift = self.change(told[:, 0])[..., None, None].chunk(2, dim=1)
        x = functional.gelu(self.mix(features) * (1 + scale) + shift)
        return torch.tanh(self.out(x)).unflatten(1, (self.proposals, 3))


def without(columns: slice) -> Callable[[Tensor], Tensor]:
    """A palette (…, C) with some of what is known of its colours left out."""

    def shown(palette: Tensor) -> Tensor:
        palette = palette.clone()
        palette[..., columns] = 0
        return palette

    return shown


def everything(palette: Tensor) -> Tensor:
    return palette


SHARES, TOLD_ROLES = slice(3, 5), slice(5, None)
FORMS: dict[str, tuple[type[nn.Module], int, Callable[[Tensor], Tensor]]] = {
    "keys and queries, attention between colours": (PaletteHead, 9, everything),
    "colours look at the drawing": (Looking, 9, everything),
    "colours look twice": (LookingTwice, 9, everything),
    "without attention": (Alone, 9, everything),
    "without shares": (PaletteHead, 9, without(SHARES)),
    "without roles": (PaletteHead, 9, without(TOLD_ROLES)),
    "3 proposals": (PaletteHead, 3, everything),
    "1 proposal": (PaletteHead, 1, everything),
    "scaled and shifted features": (Film, 9, everything),
}


def samples_of(net: SGRU, data: list[str], held_out: bool, side: int) -> Samples:
    """Samples as the embedded weights were trained on, of training or of held-out pictures."""
    config = SampleConfig(
        size=side, stem=net.config.stem, roles=ROLES, weights=(0.2, 0.4, 2.5, 1.0, 3.0)
    )
    settings = DataConfig(shares=(1.0,) * len(data))
    pictures = open_data(data, settings, config, 2 * side)
    if held_out:
        return Samples(pictures.held_out, config, seed=1)
    return Samples(pictures.training, config, seed=0, shares=pictures.shares)


@torch.no_grad()
def prepare(net: SGRU, samples: Samples, count: int) -> list[Batch]:
    """Batches with the trunk's features, and what their colours should be."""
    batches = []
    for start in range(0, count, BATCH):
        batch = to_tensors([samples[place] for place in range(start, min(start + BATCH, count))])
        features = net.trunk(network_input(batch, net.config.hints))
        pixels = {
            "features": features,
            "targets": placement_targets(batch, SOFTNESS),
            "mask": functional.avg_pool2d(batch["ink"].float() / 255, net.config.stem),
            "truth": functional.avg_pool2d(batch["truth"].float(), net.config.stem) / 127.5 - 1,
        }
        palettes = {name: batch[name][:, None] for name in ("palette", "present")}
        kept = {name: part[..., ::EVERY, ::EVERY].half() for name, part in pixels.items()}
        batches.append(kept | palettes)
    return batches


def run(form: nn.Module, batch: Batch, shown: Callable[[Tensor], Tensor]):
    """Pictures (N, K, 3, h, w) in [-1, 1] and scores, None of a form that places nothing."""
    palette = shown(batch["palette"])
    output = form(batch["features"].float(), palette, batch["present"])
    if isinstance(output, PaletteOutput):
        return render(output, palette), output.scores
    return output, None


def loss_of(form: nn.Module, batch: Batch, shown: Callable[[Tensor], Tensor]) -> Tensor:
    """The loss of `train.Objective` on its palette head."""
    pictures, scores = run(form, batch, shown)
    difference = (pictures - batch["truth"].float()[:, None]).abs().mean(2) * batch["mask"].float()
    errors = PICTURE * difference.mean((-1, -2))
    if scores is not None:
        errors = errors + losses.placement_errors(
            scores, batch["targets"].float(), batch["mask"].float()
        )
    return losses.collect(errors, MIN_WEIGHT)


def train(form: nn.Module, batches: list[Batch], passes: int, shown) -> None:
    optimiser = torch.optim.AdamW(form.parameters(), 2e-3, weight_decay=0.01)
    steps = passes * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for step in range(steps):
        optimiser.zero_grad()
        loss_of(form, batches[step % len(batches)], shown).backward()
        nn.utils.clip_grad_norm_(form.parameters(), 1.0)
        optimiser.step()
        schedule.step()


@torch.no_grad()
def measure(form: nn.Module, batches: list[Batch], shown) -> dict[str, float]:
    quality, right = [], []
    for batch in batches:
        pictures, scores = run(form, batch, shown)
        quality.append(psnr((pictures.clamp(-1, 1) + 1) / 2, (batch["truth"].float() + 1) / 2))
        if scores is not None:
            same = scores.argmax(2) == batch["targets"].argmax(1)[:, None]
            mask = batch["mask"].float()
            right.append((same * mask).sum((2, 3)).mean(1) / mask.sum((1, 2, 3)))
    every = torch.cat(quality)
    figures = {"best": every.max(1).values.mean().item(), "mean": every.mean().item()}
    if right:
        figures["placed"] = torch.cat(right).mean().item()
    return figures


def write(rows: list[dict]) -> None:
    write_rows(RESULTS, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--weights", default="default")
    parser.add_argument("--samples", type=int, default=1600)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--held-out", type=int, default=192, help="samples measured on")
    parser.add_argument("--side", type=int, default=128)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    net = read_net(find(arguments.weights).path)
    made = [samples_of(net, arguments.data, held, arguments.side) for held in (False, True)]
    training = prepare(net, made[0], arguments.samples)
    held_out = prepare(net, made[1], arguments.held_out)
    rows = []
    for name, (kind, proposals, shown) in FORMS.items():
        torch.manual_seed(0)
        extra = {} if kind is Film else {"keys": net.config.keys}
        form = kind(net.config.head, proposals, 5 + len(ROLES), **extra)
        start = time.process_time()
        train(form, training, arguments.passes, shown)
        figures = {key: f"{value:.3f}" for key, value in measure(form, held_out, shown).items()}
        seconds = round(time.process_time() - start)
        weights = sum(part.numel() for part in form.parameters())
        pictures = arguments.samples * arguments.passes
        row = {"form": name, "parameters": weights, "pictures": pictures, **figures}
        rows.append(row | {"cpu_s": seconds})
        print(rows[-1], flush=True)
        write(rows)


if __name__ == "__main__":
    main()
