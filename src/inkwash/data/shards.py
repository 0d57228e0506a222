"""Pictures in WebDataset tar shards: on disk, or by URL, which are fetched once to a cache.

A sample is a run of members with one key: `KEY.rgb.png` and `KEY.bw.png` are a pair, any other
picture is a colour picture, `KEY.json` may give `group` and `style_score`. Members are read at
their places in the tar, so any picture can be had at any time: ranks share the positions of a run
out, and a run resumes, as with folders.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkwash.data.pictures import SUFFIXES, Example, decode, is_held_out
from inkwash.data.remote import cache_folder, download
from inkwash.errors import BadData

_BRACES = re.compile(r"\{(\d+)\.\.(\d+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes of a member within its shard."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """One picture of a shard, not yet read."""

    shard: Path
    colour: Place
    line: Place | None
    name: str
    score: float
    group: str

    @property
    def held_out(self) -> bool:
        """Whether its group belongs to validation."""
        return is_held_out(self.group)

    def read(self, short_side: int) -> Example:
        """The picture and, for pairs, its line art. Raises BadData when it is corrupt."""
        line = None if self.line is None else _read(self.shard, self.line)
        colour = _read(self.shard, self.colour)
        return decode(colour, line, name=self.name, short_side=short_side)


def is_shard(place: str | Path) -> bool:
    """Whether a --data names shards: a `.tar`, a URL, a pattern `{000..012}`, a folder of tars."""
    text = str(place)
    if "://" in text or text.endswith(".tar"):
        return True
    return Path(text).is_dir() and any(Path(text).glob("*.tar"))


def find_shard_entries(place: str | Path) -> list[ShardEntry]:
    """All pictures of the shards, in the order of the shards. Raises BadData when there are none.

    `place` is a tar, a URL of one, a pattern as `pairs-{000000..000011}.tar`, or a folder of tars.
    """
    entries = [entry for shard in _shards(str(place)) for entry in _index(shard)]
    if not entries:
        raise BadData(f"{place}: holds no pictures; KEY.rgb.png and KEY.bw.png are looked for")
    return entries


def expand(pattern: str) -> list[str]:
    """`a-{08..10}.tar` → a-08.tar, a-09.tar, a-10.tar."""
    match = _BRACES.search(pattern)
    if match is None:
        return [pattern]
    first, last = match.groups()
    numbers = [str(n).zfill(len(first)) for n in range(int(first), int(last) + 1)]
    return [pattern[: match.start()] + number + pattern[match.end() :] for number in numbers]


def _shards(place: str) -> list[Path]:
    if Path(place).is_dir():
        return sorted(Path(place).glob("*.tar"))
    return [_local(name) for name in expand(place)]


def _local(name: str) -> Path:
    if "://" in name:
        return download(name, cache_folder() / "shards")
    if not Path(name).is_file():
        raise BadData(f"{name}: there is no such shard")
    return Path(name)


def _index(shard: Path) -> Iterator[ShardEntry]:
    """Entries of a shard, from the headers of its members."""
    members: dict[str, dict[str, Place]] = {}
    try:
        with tarfile.open(shard, "r:") as tar:
            for member in tar:
                key, _, kind = member.name.rpartition("/")[2].partition(".")
                folder = member.name.rpartition("/")[0]
                if member.isfile():
                    place = Place(member.offset_data, member.size)
                    members.setdefault(f"{folder}/{key}".lstrip("/"), {})[kind.lower()] = place
    except (OSError, tarfile.TarError) as error:
        raise BadData(
            f"{shard}: is not a plain tar ({error}); unpack it or fetch it again"
        ) from error
    for key, kinds in members.items():
        entry = _entry(shard, key, kinds)
        if entry is not None:
            yield entry


def _entry(shard: Path, key: str, kinds: dict[str, Place]) -> ShardEntry | None:
    pictures = {kind: place for kind, place in kinds.items() if f".{kind}" in SUFFIXES}
    found = {
        kind.partition(".")[0]: place
        for kind, place in kinds.items()
        if f".{kind.rpartition('.')[2]}" in SUFFIXES and "." in kind
    }
    colour = found.get("rgb") or next(iter(pictures.values()), None)
    if colour is None:
        return None
    facts = _facts(shard, kinds["json"]) if "json" in kinds else {}
    return ShardEntry(
        shard=shard,
        colour=colour,
        line=found.get("bw"),
        name=f"{shard.name}/{key}",
        score=_score(facts.get("style_score")),
        group=str(facts.get("group") or key),
    )


def _facts(shard: Path, place: Place) -> dict[str, Any]:
    try:
        facts = json.loads(_read(shard, place))
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _score(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 3.0


def _read(shard: Path, place: Place) -> bytes:
    try:
        with shard.open("rb") as file:
            file.seek(place.offset)
            return file.read(place.size)
    except OSError as error:
        raise BadData(f"{shard}: cannot be read ({error.strerror})") from error
