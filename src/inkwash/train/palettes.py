"""What weights remember of their training pictures, so that they can propose palettes.

    inkwash weights learn-palettes WEIGHTS --data DIR --out FILE

Needs no torch: the network runs as it does for painting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.colour import as_uint8, delta_e76, lab_from_srgb, srgb_from_lab
from inkwash.data.lines import EXTRACTORS
from inkwash.data.pictures import Example
from inkwash.data.roles import REMEMBERED
from inkwash.data.sample import SampleConfig, Source
from inkwash.data.store import DataConfig, open_data
from inkwash.errors import BadConfig, BadData, BadWeights
from inkwash.propose import study
from inkwash.proposer.look import Look, look_at
from inkwash.proposer.memory import Memory, encode
from inkwash.proposer.recall import GROUND
from inkwash.roles import knows_roles
from inkwash.runtime import Runtime, ranking_beside
from inkwash.sketch import Sketch
from inkwash.train.annotate import RoleColours, completed, of_drawing, of_picture
from inkwash.weights import find, load
from inkwash.weights.beside import put_ranking, refuse_ranking
from inkwash.weights.memory import write_memory
from inkwash.writing import refuse_existing

log = logging.getLogger(__name__)

MOST = 1000  # pictures looked at: at a quarter of a second each, some four minutes
SHORT_SIDE = 512  # that pictures of folders are read at
FEWEST = 9  # palettes worth remembering
FINE = 2  # cells of the features, each way, that are one where colours are taken
PAPER = 200  # grey over which a cell has no ink
AXES = 16  # of the looks that are kept
CLEAN = 0.25  # share of the palettes that is left out as muddy: their colours lie too near
LEAST_CHROMA = 18.0  # mean of a palette that is not grey
LEAST_FACE = 25.0  # ΔE76 between skin and hair: less, and a face is one patch
LEAST_FIGURE = 28.0  # ΔE76 between hair and top: less, and the figure is one tint
LEAST_GROUND = 18.0  # ΔE76 of the background from skin, hair and top: less, and the figure is lost
VIVID = 0.35  # how much contrast and chroma of the figure weigh
LIGHT, LOUD = 80.0, 30.0  # L* from which a background is light, chroma from which it is loud
ON_PAPER = 2.0  # how much more a palette weighs whose background is light and not loud
ALIKE = 8.0  # ΔE76 under which two palettes count as one

Floats = NDArray[np.floating]


def can_learn(runtime: Runtime) -> bool:
    """Whether the network knows the roles that training pictures are annotated with."""
    return set(REMEMBERED) <= set(runtime.config.roles) and knows_roles(runtime.config)


def learn_into(
    weights: str,
    data: Sequence[Path],
    out: Path,
    *,
    most: int = MOST,
    threads: int = 0,
    force: bool = False,
    progress: Callable[[], None] | None = None,
) -> int:
    """Weights (a name or a file) with a memory of the training pictures of folders, as `out`;
    returns how many palettes they remember. Pictures that are held out are left alone. The ranking
    beside the weights goes along.

    Raises BadConfig, BadData, BadWeights, MissingExtra, OutputFailed.
    """
    source = find(weights).path
    if out.suffix != source.suffix:
        raise BadConfig(f"{out}: {weights} is a {source.suffix} file; give out the same ending")
    refuse_existing(out, force=force)  # before the minutes that looking takes
    ranking = ranking_beside(source)
    refuse_ranking(out, ranking, force=force)
    pictures = open_data(data, DataConfig(keep_megabytes=0), SampleConfig(), SHORT_SIDE).training
    runtime = load(weights, threads=threads)
    memory = learn(runtime, pictures, most=most, progress=progress)
    write_memory(source, out, encode(memory), force=force)
    put_ranking(out, ranking)
    return len(memory)


def learn(
    runtime: Runtime,
    source: Source,
    *,
    most: int = MOST,
    progress: Callable[[], None] | None = None,
) -> Memory:
    """Look at the `most` pictures of the highest style_score, and keep what is clean.

    Raises BadWeights for a network without roles, BadData where too few pictures have colour.
    """
    if not can_learn(runtime):
        raise BadWeights("these weights know no roles; only weights that do propose palettes")
    looks, palettes = [], []
    for index in _chosen(np.asarray(source.scores), most):
        found = annotate(source.read(index), runtime)
        if found is not None:
            looks.append(found[0])
            palettes.append(found[1])
        if progress:
            progress()
    if len(palettes) < FEWEST:
        raise BadData(f"{len(palettes)} pictures have colour; give {FEWEST} or more")
    return _memory(looks, palettes)


def annotate(example: Example, runtime: Runtime) -> tuple[Look, RoleColours] | None:
    """The look of a picture's line art, and its role colours; None where it has no colour."""
    ink = EXTRACTORS["xdog"](example.rgb, 0.5) if example.line is None else example.line
    studied = study(Sketch(ink=ink), runtime)
    assert studied.chances is not None
    chances = shrunk(studied.chances, FINE)
    size = (chances.shape[2], chances.shape[1])
    rgb = np.asarray(cv2.resize(example.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    paper = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) > PAPER
    lab = lab_from_srgb(rgb)[paper]
    if not len(lab) or np.ptp(lab, axis=0).max() < 1:
        return None
    if example.roles is not None:
        shown = cv2.resize(example.roles, size, interpolation=cv2.INTER_NEAREST)
        return look_at(studied), of_drawing(lab, np.asarray(shown, np.uint8)[paper])
    return look_at(studied), of_picture(lab, chances[:, paper].T)


def shrunk(values: Floats, step: int) -> Floats:
    """Means over step × step cells of (C, h, w), h and w at least `step`; cells that the right and
    lower edge cut are left out."""
    count, rows, columns = values.shape[0], values.shape[1] // step, values.shape[2] // step
    whole = values[:, : rows * step, : columns * step]
    return whole.reshape(count, rows, step, columns, step).mean((2, 4))


def _chosen(scores: Floats, most: int) -> NDArray[np.integer]:
    """Pictures of the highest scores; of the last score, some spread evenly."""
    order = np.argsort(-scores, kind="stable")
    if len(order) <= most:
        return order
    last = scores[order[most - 1]]
    surely, maybe = np.flatnonzero(scores > last), np.flatnonzero(scores == last)
    some = maybe[np.linspace(0, len(maybe) - 1, most - len(surely)).astype(int)]
    return np.concatenate([surely, some])


def _memory(looks: list[Look], palettes: list[RoleColours]) -> Memory:
    summaries = np.stack([look.summary for look in looks])
    shares = np.mean([look.shares[: len(REMEMBERED)] for look in looks], axis=0)
    found = np.stack([palette.found for palette in palettes])
    lab = completed(np.stack([palette.lab for palette in palettes]), found)
    kept = clean(lab)
    centre, spread = summaries.mean(0), summaries.std(0) + 1e-6
    _, _, axes = np.linalg.svd((summaries - centre) / spread, full_matrices=False)
    axes = axes[:AXES].T
    log.info("%d of %d palettes remembered", kept.sum(), len(kept))
    return Memory(
        roles=REMEMBERED,
        centre=centre,
        spread=spread,
        axes=axes,
        places=((summaries - centre) / spread @ axes)[kept],
        weights=_rarity(lab[kept], shares) * _vividness(lab[kept]) * _paleness(lab[kept]),
        colours=as_uint8(srgb_from_lab(lab[kept])),
    )


def clean(lab: Floats) -> NDArray[np.bool_]:
    """Palettes (M, R, 3) that are not grey and whose roles differ, hair from skin and top, and all
    three from what is behind them, above all; all where few would be left."""
    apart, chroma = _contrast(lab)
    skin, hair, top, ground = (_role(lab, role) for role in ("skin", "hair", "top", "background"))
    face, figure = delta_e76(skin, hair), delta_e76(hair, top)
    kept = (apart > np.quantile(apart, CLEAN)) & (chroma > LEAST_CHROMA) & (face > LEAST_FACE)
    kept &= figure > LEAST_FIGURE
    for part in (skin, hair, top):
        kept &= delta_e76(ground, part) > LEAST_GROUND
    return kept if kept.sum() >= FEWEST else np.ones(len(lab), bool)


def _vividness(lab: Floats) -> Floats:
    """Over 1 for palettes whose figure has more contrast and chroma than others': as coverage alone
    goes, the middle of all colours, greyish brown, would come first."""
    apart, chroma = _contrast(lab[:, ~np.isin(REMEMBERED, GROUND)])
    vivid = apart * chroma
    return (vivid / max(np.median(vivid), 1e-6)) ** VIVID


def _paleness(lab: Floats) -> Floats:
    """Over 1 for palettes with a pale background: most drawings are coloured on one."""
    lightness, *ab = _role(lab, "background").T
    return np.where((lightness >= LIGHT) & (np.hypot(*ab) < LOUD), ON_PAPER, 1.0)


def _role(lab: Floats, role: str) -> Floats:
    """The colours (M, 3) of one role."""
    return lab[:, REMEMBERED.index(role)]


def _contrast(lab: Floats) -> tuple[Floats, Floats]:
    """Of each palette (M, R, 3): mean ΔE76 between its roles, and mean chroma."""
    apart = delta_e76(lab[:, :, None], lab[:, None]).mean((1, 2))
    return apart, np.hypot(lab[..., 1], lab[..., 2]).mean(1)


def _rarity(lab: Floats, shares: Floats) -> Floats:
    """1 over the number of palettes alike: forty pictures of one character count as one."""
    return np.array([1 / ((delta_e76(lab, one) @ shares) < ALIKE).sum() for one in lab])
