"""The loop: small steps on pieces of the pages, with a look now and then at what is held out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from inkwash import losses
from inkwash.adapt.changes import Changes
from inkwash.adapt.config import AdaptConfig
from inkwash.adapt.others import Others
from inkwash.adapt.samples import Batch, Lessons
from inkwash.nets import SGRU, shaded

WARMUP = 10  # steps
SHADE = 2.0  # weight of the error of shade, beside the cross-entropy of placement
SMALL = 0.6  # a thing of share s counts as s ** (1 - SMALL): a face is small beside a coat
LOOKED_AT = 6  # pages at most, when what is held out is measured
BETAS = 0.9, 0.99


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where learning stands; errors are those of the loss, lower is better."""

    step: int
    steps: int
    loss: float  # of the last batch
    held_out: float  # at the last look
    best: float
    best_step: int


def learn(
    net: SGRU,
    changes: Changes,
    lessons: Lessons,
    others: Others | None,
    config: AdaptConfig,
    follow: Callable[[Standing], bool],
) -> Standing:
    """Learn, and leave the network as it was when what is held out was best.

    `follow` is called after every step; what it answers says whether to go on.
    """
    optimiser = torch.optim.Adam(changes.parameters, lr=config.learning_rate, betas=BETAS)
    kept = lessons.whole(LOOKED_AT)
    error = held_out_error(net, kept, config)
    best, best_step, state = error, 0, changes.state()
    loss, step = error, 0
    for step in range(1, config.steps + 1):
        optimiser.param_groups[0]["lr"] = config.learning_rate * _rate(step, config.steps)
        loss = _step(net, lessons, others, config, optimiser, step)
        if step % config.check_every == 0 or step == config.steps:
            error = held_out_error(net, kept, config)
            if error < best:
                best, best_step, state = error, step, changes.state()
        now = Standing(
            step=step, steps=config.steps, loss=loss,
            held_out=error, best=best, best_step=best_step,
        )  # fmt: skip
        tired = step - best_step >= config.patience * config.check_every
        if not follow(now) or tired:
            break
    changes.restore(state)
    return Standing(
        step=step, steps=config.steps, loss=loss, held_out=error, best=best, best_step=best_step
    )


def page_error(net: SGRU, batch: Batch, counts: Tensor, min_weight: float) -> Tensor:
    """Cross-entropy of placement and error of shade, where `counts` (N, 1, s, s) says."""
    counts = counts * importance(batch)
    output = net.place(net.trunk(batch.x), batch.colours, batch.present)
    errors = losses.placement_errors(output.scores, batch.targets, counts)  # (N, K)
    flat = torch.einsum("nphw,npc->nchw", batch.targets, batch.colours[:, 0, :, :3])
    pictures = shaded(flat[:, None], output.shade)  # (N, K, 3, s, s)
    wrong = (pictures - batch.truth[:, None]).abs().mean(2) * counts
    errors = errors + SHADE * wrong.mean((-1, -2))
    return losses.collect(errors, min_weight) / counts.mean().clamp(min=1e-3)


def importance(batch: Batch) -> Tensor:
    """How much each pixel counts by its colour, (N, 1, s, s); 1 in the mean over the palette.

    Colours of one role count alike: light and shadow of a coat are one thing.
    """
    colours, present = batch.colours[:, 0], batch.present[:, 0]  # (N, P, C), (N, P)
    shares, roles = colours[..., 3] * present, colours[..., 5:]
    alike = (roles @ roles.mT).clamp(min=torch.eye(roles.shape[1]))  # (N, P, P)
    things = (alike @ shares[..., None])[..., 0]  # the share of what a colour is of
    each = things.clamp(min=1e-3) ** -SMALL
    each = each / (each * shares).sum(1, keepdim=True)
    return torch.einsum("nphw,np->nhw", batch.targets, each)[:, None]


@torch.no_grad()
def held_out_error(net: SGRU, batches: Sequence[Batch], config: AdaptConfig) -> float:
    """The mean error on what is held out."""
    errors = [page_error(net, batch, batch.held_out, config.min_weight) for batch in batches]
    return float(torch.stack(errors).mean())


def _step(
    net: SGRU,
    lessons: Lessons,
    others: Others | None,
    config: AdaptConfig,
    optimiser: torch.optim.Optimizer,
    step: int,
) -> float:
    batch = lessons.draw(step, config.batch)
    loss = page_error(net, batch, batch.learned, config.min_weight)
    total = loss
    if others is not None and config.keep and config.others:
        total = total + config.keep * others.drift(step, config.others)
    optimiser.zero_grad()
    total.backward()
    optimiser.step()
    return float(loss.detach())


def _rate(step: int, steps: int) -> float:
    """Share of the learning rate: a short rise, then half a cosine down."""
    return min(1.0, step / WARMUP) * (0.5 + 0.5 * math.cos(math.pi * step / (steps + 1)))
