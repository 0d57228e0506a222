"""Write pairs: the folder layout of the 2019 reimplementation, or WebDataset shards."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any, Protocol

from inkwash.data.placing import place, refused
from inkwash.data.prepare.config import PrepareConfig
from inkwash.data.prepare.pair import Pair

SPLITS = ("train", "validation")


def parts_of(out: Path) -> Path:
    """Where files of a folder of pairs are written before they appear."""
    return out / ".prepare" / "parts"


class Writer(Protocol):
    """Where pairs go. One source picture's pairs stay together."""

    def write(self, pairs: tuple[Pair, ...], split: str, facts: dict[str, Any]) -> str:
        """Write pairs of one picture; the shard they are in, "" for none. Raises OutputFailed."""
        ...

    def finished(self) -> list[str]:
        """Shards that are whole since the last call."""
        ...

    def close(self) -> None:
        """Finish what is open."""
        ...

    def abandon(self) -> None:
        """Leave nothing half done."""
        ...


class FolderWriter:
    """`images_rgb/KEY.png` and `images_bw/KEY.png`, training and validation in one folder."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def write(self, pairs: tuple[Pair, ...], split: str, facts: dict[str, Any]) -> str:
        for pair in pairs:
            file = f"{pair.key}.png"
            place(pair.rgb, self._out / "images_rgb" / file, parts_of(self._out))
            place(pair.line, self._out / "images_bw" / file, parts_of(self._out))
        return ""

    def finished(self) -> list[str]:
        return []

    def close(self) -> None:
        return

    def abandon(self) -> None:
        return


class ShardWriter:
    """`train-000000.tar` …: members KEY.rgb.png, KEY.bw.png, KEY.json, the same bytes each time."""

    def __init__(self, out: Path, shard_pairs: int, finished: set[str]) -> None:
        self._out, self._shard_pairs = out, shard_pairs
        self._shards = {split: _OpenShard(out, split, finished) for split in SPLITS}
        self._finished: list[str] = []

    def write(self, pairs: tuple[Pair, ...], split: str, facts: dict[str, Any]) -> str:
        shard = self._shards[split]
        name = shard.name
        try:
            for pair in pairs:
                shard.add(pair, {**facts, **pair.facts(), "split": split})
            if shard.pairs >= self._shard_pairs:
                self._finished += shard.finish()
        except OSError as error:
            raise refused(self._out / name, error) from error
        return name

    def finished(self) -> list[str]:
        names, self._finished = self._finished, []
        return names

    def close(self) -> None:
        try:
            for shard in self._shards.values():
                self._finished += shard.finish()
        except OSError as error:
            raise refused(self._out, error) from error

    def abandon(self) -> None:
        for shard in self._shards.values():
            shard.abandon()


class _OpenShard:
    """The shard that is being filled, under a temporary name."""

    def __init__(self, out: Path, split: str, finished: set[str]) -> None:
        self._out, self._split = out, split
        self._number = sum(name.startswith(f"{split}-") for name in finished)
        self._tar: tarfile.TarFile | None = None
        self.pairs = 0

    @property
    def name(self) -> str:
        return f"{self._split}-{self._number:06d}.tar"

    @property
    def _part(self) -> Path:
        return parts_of(self._out) / self.name

    def add(self, pair: Pair, facts: dict[str, Any]) -> None:
        if self._tar is None:
            self._tar = tarfile.open(self._part, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
        for suffix, data in (("rgb.png", pair.rgb), ("bw.png", pair.line), ("json", text)):
            member = tarfile.TarInfo(f"{pair.key}.{suffix}")  # time 0, no owner
            member.size = len(data)
            self._tar.addfile(member, io.BytesIO(data))
        self.pairs += 1

    def finish(self) -> list[str]:
        if self._tar is None:
            return []
        self._tar.close()
        os.replace(self._part, self._out / self.name)
        name, self._tar, self.pairs = self.name, None, 0
        self._number += 1
        return [name]

    def abandon(self) -> None:
        if self._tar is not None and self._tar.fileobj is not None:
            self._tar.fileobj.close()  # without the end mark: nobody takes it for whole
            self._part.unlink(missing_ok=True)
            self._tar = None


def open_writer(out: Path, config: PrepareConfig, finished: set[str]) -> Writer:
    """The writer of the layout that the settings ask for."""
    if config.layout == "shards":
        return ShardWriter(out, config.shard_pairs, finished)
    return FolderWriter(out)
