"""The colours of a training picture: its clusters, its regions, and the palette that is shown.

Clusters are of k-means in Lab; a palette is what the palette head is given, with mistakes and gaps
as people's palettes have them.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.data.roles import ROLES
from inkwash.palettes import k_means

MOST_COLOURS = 16  # padded length of a training palette
UNASSIGNED = 255  # a pixel whose colour no role decides
MOST_HINTED = 4  # colours of hints that join it
SAME_HINT, NEAR_HINT = 5.0, 12.0  # ΔE76: hints of one colour; a hint and a palette's colour
MISTAKEN = 0.8  # of the palette's colours that hints have too
LEAST_ROLE_PIXELS = 4
MOST_PATCHES = 48  # regions of a sample when they are connected patches
LIGHTNESS_WEIGHT = 0.6  # in the clustering: hue tells materials apart, lightness light and shadow
Colours = NDArray[np.floating]
"""Lab (…, 3)."""

Labels = NDArray[np.integer]

_WEIGHTS = np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)


def cluster(lab: Colours, count: int, rng: np.random.Generator) -> Colours:
    """Cluster centres (≤ count, 3) in Lab of a random subset of the pixels (N, 3)."""
    points = lab[rng.integers(0, len(lab), 1000)] * _WEIGHTS
    centres, _ = k_means(points, np.ones(len(points)), count, rng, starts=1, rounds=6)
    return (centres / _WEIGHTS).astype(np.float32)


def nearest(lab: Colours, centres: Colours) -> Labels:
    """Index of the nearest centre (P, 3) for each Lab colour (…, 3)."""
    lab, centres = lab * _WEIGHTS, centres * _WEIGHTS
    return ((centres**2).sum(1) - 2 * lab @ centres.T).argmin(-1)


def patches(clusters: Labels) -> NDArray[np.uint8]:
    """Connected patches of one colour, the largest first; what is left over is the last one."""
    labels, sizes = np.zeros(clusters.shape, np.int32), [0]
    for colour in range(int(clusters.max()) + 1):
        count, found, stats, _ = cv2.connectedComponentsWithStats(
            (clusters == colour).astype(np.uint8), connectivity=4
        )
        labels += np.where(found > 0, found + len(sizes) - 1, 0)
        sizes.extend(stats[1:count, cv2.CC_STAT_AREA])
    rank = np.empty(len(sizes), np.int64)
    rank[np.argsort(sizes)[::-1]] = np.arange(len(sizes))
    return np.minimum(rank[labels], MOST_PATCHES - 1).astype(np.uint8)


class Entries(NamedTuple):
    """A palette before it is shown: Lab (P, 3), shares (P,), role of each colour (P,) or 0, and
    for palettes by role the place of each role, (1 + roles,), UNASSIGNED where it has none."""

    lab: NDArray[np.floating]
    shares: NDArray[np.floating]
    roles: NDArray[np.integer]
    places: NDArray[np.integer]


def entries_by_role(lab: Colours, roles: Labels) -> Entries:
    """One colour for each role that the picture shows: the median of its pixels."""
    counts = np.bincount(roles.ravel(), minlength=1 + len(ROLES))
    found = [role for role in range(1, 1 + len(ROLES)) if counts[role] >= LEAST_ROLE_PIXELS]
    places = np.full(1 + len(ROLES), UNASSIGNED)
    places[found] = np.arange(len(found))
    medians = [np.median(lab[roles == role], axis=0) for role in found]
    shares = counts[found] / counts.sum()
    return Entries(np.array(medians).reshape(-1, 3), shares, np.array(found, int), places)


def entries_by_colour(
    centres: Colours, clusters: Labels, roles: Labels, rng: np.random.Generator, *, wrong: bool
) -> Entries:
    """The picture's main colours, one dropped now and then; a role where most of it has one."""
    count = len(centres)
    shares = np.bincount(clusters.ravel(), minlength=count) / clusters.size
    pairs = clusters.ravel().astype(int) * (1 + len(ROLES)) + roles.ravel()
    votes = np.bincount(pairs, minlength=count * (1 + len(ROLES))).reshape(count, -1)
    role = np.where(votes.max(1) > 0.7 * votes.sum(1), votes.argmax(1), 0)
    keep = np.ones(count, bool)
    if wrong and rng.random() < 0.25 and count > 3:
        keep[rng.integers(count)] = False
    return Entries(centres[keep], shares[keep], role[keep], np.empty(0, int))


def hinted_colours(hints: NDArray[np.floating]) -> Colours:
    """The different colours (H, 3), in Lab, of hints (4, S, S); at most MOST_HINTED."""
    given = np.unique(hints[:3, hints[3] > 0].astype(np.float32), axis=1).T  # (H, 3)
    lab = to_lab(np.round((given[None] + 1) * 127.5).astype(np.uint8))[0] if len(given) else given
    kept: list[NDArray] = []
    for colour in lab:
        if all(np.linalg.norm(colour - other) > SAME_HINT for other in kept):
            kept.append(colour)
    return np.array(kept[:MOST_HINTED], np.float32).reshape(-1, 3)


def mistaken(entries: Entries, hinted: Colours, rng: np.random.Generator) -> Entries:
    """Most of the palette's colours that hints have become others: the hint is the only way."""
    wrong = (_apart(entries.lab, hinted).min(1) < NEAR_HINT) & (
        rng.random(len(entries.lab)) < MISTAKEN
    )
    lab = np.array(entries.lab, np.float32)
    lab[wrong] = foreign_colours(int(wrong.sum()), rng)
    return entries._replace(lab=lab)


def released(entries: Entries, roles: Labels, lab: Colours, hinted: Colours) -> NDArray[np.uint8]:
    """The palette's place that roles decide for each pixel, (h, w); UNASSIGNED where they do not,
    or where a hint's colour is nearer to the truth than the role's."""
    if not len(entries.places):
        return np.full(roles.shape, UNASSIGNED, np.uint8)
    assigned = entries.places[roles]
    if len(hinted):
        theirs = entries.lab[np.minimum(assigned, len(entries.lab) - 1)]  # (h, w, 3)
        to_hint = np.min([np.linalg.norm(lab - colour, axis=-1) for colour in hinted], axis=0)
        assigned = np.where(to_hint < np.linalg.norm(lab - theirs, axis=-1), UNASSIGNED, assigned)
    return assigned.astype(np.uint8)


def foreign_colours(count: int, rng: np.random.Generator) -> Colours:
    """Colours (count, 3) in Lab that a picture need not have."""
    return np.stack(
        [rng.uniform(15, 95, count), rng.normal(0, 30, count), rng.normal(0, 30, count)], 1
    )


def shown_palette(
    entries: Entries, hinted: Colours, roles_known: bool, rng: np.random.Generator, *, wrong: bool
) -> dict[str, NDArray]:
    """What the network is shown: colours jittered, foreign ones added, shares and roles withheld
    now and then; the colours of hints join them, as exactly as the hints say."""
    lab, shares, roles, _ = entries
    shown, known, tell = lab, True, True
    if wrong:
        known, tell = rng.random() < 0.5, rng.random() < 0.8
        roles = roles * (rng.random(len(roles)) < 0.9)
        shown = lab + rng.normal(0, 2.5, lab.shape) * (rng.random() < 0.7)
        extra = int(rng.integers(0, 3)) if rng.random() < 0.4 else 0
        extra = max(extra, 2 - len(lab) - len(hinted))
        foreign = foreign_colours(extra, rng)
        shown, lab = np.concatenate([shown, foreign]), np.concatenate([lab, foreign])
        shares = np.concatenate([shares, np.zeros(extra)])
        roles = np.concatenate([roles, np.zeros(extra, int)])
    shown = np.concatenate([shown, hinted])[:MOST_COLOURS]
    lab = np.concatenate([lab, hinted])[:MOST_COLOURS]
    count, own = len(shown), len(shares)  # the hints' have no share and no role
    palette = np.zeros((MOST_COLOURS, 5 + len(ROLES) * roles_known), np.float32)
    palette[:count, :3] = to_rgb(shown[None].astype(np.float32))[0] / 127.5 - 1.0
    palette[:own, 3] = shares * known
    palette[:own, 4] = known
    for place, role in enumerate(roles * tell):
        if role and roles_known:
            palette[place, 4 + role] = 1
    palette_lab = np.zeros((MOST_COLOURS, 3), np.float32)
    palette_lab[:count] = lab
    present = (np.arange(MOST_COLOURS) < count).astype(np.float32)
    return {"palette": palette, "palette_lab": palette_lab, "present": present}


def _apart(lab: Colours, other: Colours) -> NDArray[np.floating]:
    return np.linalg.norm(lab[:, None] - other[None], axis=-1)


def to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB), np.float32)


def to_rgb(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    unit = cv2.cvtColor(np.ascontiguousarray(lab, np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(unit * 255 + 0.5, 0, 255).astype(np.uint8)
