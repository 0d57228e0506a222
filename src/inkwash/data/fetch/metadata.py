"""Read posts from Safebooru's CSV, from Danbooru's JSON lines or from a plain list of URLs.

A row that cannot be used is named and skipped; a file that cannot be used is refused.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from inkwash.data.fetch.config import FetchConfig
from inkwash.data.fetch.post import Post
from inkwash.errors import BadData

CSV_COLUMNS = (
    *("id", "created_at", "rating", "score"),
    *("sample_url", "sample_width", "sample_height", "preview_url", "tags"),
)
_NEEDED_COLUMNS = ("id", "rating", "sample_url", "tags")
_RATINGS = {"q": "questionable", "e": "explicit", "g": "safe", "general": "safe"}
_ARTIST = "1"  # Danbooru's category of artists' tags
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, csv.Error)
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class BadRow:
    """A row of the metadata that was skipped."""

    line: int  # from 1
    reason: str


def read_posts(
    path: Path, config: FetchConfig, on_bad_row: Callable[[BadRow], None]
) -> Iterator[Post]:
    """All posts of a metadata file, whatever their rating; the layout is seen from its first line.

    Rows that are broken go to `on_bad_row`. Raises BadData for a file that is no metadata.
    """
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        raise BadData(f"{path}: is empty; give a booru's metadata or a list of URLs")
    parse, rows = _layout(path, first, lines, config)
    for number, line in rows:
        if not line.strip():
            continue
        try:
            post = parse(line)
        except _BROKEN as error:
            on_bad_row(BadRow(number, _explained(error)))
            continue
        yield post


def _layout(
    path: Path, first: tuple[int, str], lines: Iterator[tuple[int, str]], config: FetchConfig
) -> tuple[Callable[[str], Post], Iterator[tuple[int, str]]]:
    text = first[1].strip()
    if text.startswith("{"):
        return lambda line: _danbooru_post(json.loads(line), config), _with(first, lines)
    if text.startswith(("http://", "https://", "//", "#")):
        rows = ((n, line) for n, line in _with(first, lines) if not line.startswith("#"))
        return _url_post, rows
    header = [name.strip().strip('"').lower() for name in text.split(",")]
    missing = [name for name in _NEEDED_COLUMNS if name not in header]
    if missing:
        raise BadData(
            f"{path}: starts with {text[:60]!r}; accepted are a CSV with the columns"
            f" {', '.join(CSV_COLUMNS)}, JSON lines of Danbooru, or one URL a line"
        )
    return lambda line: _csv_post(header, line), lines


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines by number; one that is not UTF-8 comes with surrogates, for `_text` to find."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            yield from enumerate((line.rstrip("\r\n") for line in file), start=1)
    except OSError as error:
        raise BadData(f"{path}: cannot be read: {error.strerror}") from error


def _with(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _csv_post(header: list[str], line: str) -> Post:
    # Line by line: a stray quote must not swallow the rows after it.
    [fields] = csv.reader([_text(line)], strict=True)
    if len(fields) != len(header):
        raise ValueError(f"has {len(fields)} fields, the header {len(header)}")
    row = dict(zip(header, fields, strict=True))
    name = _name(row["id"])
    return Post(
        name=name,
        url=_url(row["sample_url"]),
        rating=_rating(row["rating"], "safe"),
        score=_number(row.get("score")),
        width=_number(row.get("sample_width")),
        height=_number(row.get("sample_height")),
        tags=frozenset(row["tags"].lower().split()),
        group=name,
    )


def _danbooru_post(row: dict[str, Any], config: FetchConfig) -> Post:
    """A row of Danbooru20xx (`tags` with categories) or of Danbooru's own API (`tag_string`)."""
    name = _name(str(row["id"]))
    by_category = isinstance(row.get("tags"), list)
    tags = {tag["name"] for tag in row["tags"]} if by_category else row["tag_string"].split()
    artists = (
        [tag["name"] for tag in row["tags"] if str(tag.get("category")) == _ARTIST]
        if by_category
        else row.get("tag_string_artist", "").split()
    )
    parent = row.get("parent_id")
    return Post(
        name=name,
        url=_danbooru_url(row, config),
        # Until 2021 "s" meant safe; since then the API has "g" for that and "s" for sensitive.
        rating=_rating(row["rating"], "safe" if by_category else "sensitive"),
        score=_number(row.get("score")),
        width=_number(row.get("image_width")),
        height=_number(row.get("image_height")),
        tags=frozenset(tag.lower() for tag in tags),
        author=_text(" ".join(artists)),
        group=artists[0] if artists else str(parent) if _number(parent) else name,
        origin=_text(row.get("source") or ""),
    )


def _danbooru_url(row: dict[str, Any], config: FetchConfig) -> str:
    keys = ("file_url", "large_file_url") if config.original else ("large_file_url", "file_url")
    for key in keys:
        if row.get(key):
            return _url(row[key])
    if not config.url_template:
        raise ValueError("has no file_url; say where the files are with --url-template")
    number = int(row["id"])
    return _url(
        config.url_template.format(
            id=number,
            bucket=f"{number % 1000:04d}",
            md5=row.get("md5", ""),
            ext=row.get("file_ext", "jpg"),
        )
    )


def _url_post(line: str) -> Post:
    url = _url(line.strip())
    stem = _UNSAFE_IN_NAMES.sub("-", PurePosixPath(urlsplit(url).path).stem)[:40].strip("-")
    mark = hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()[:12]
    name = f"{stem}-{mark}" if stem else mark
    # Whoever writes a list of URLs has chosen; nothing is known to refuse them by.
    return Post(name=name, url=url, rating="safe", group=name, origin=url)


def _url(text: str) -> str:
    url = _text(text).strip()
    url = f"https:{url}" if url.startswith("//") else url  # as Safebooru writes them
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url[:80]!r} is not a URL of http or https")
    return url


def _name(text: str) -> str:
    if not text.strip().isdigit():
        raise ValueError(f"id {text[:40]!r} is not a number")
    return str(int(text))


def _rating(text: str, meaning_of_s: str) -> str:
    word = text.strip().lower()
    return meaning_of_s if word == "s" else _RATINGS.get(word, word)


def _number(value: Any) -> int | None:
    return None if value in (None, "") else int(float(value))


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not UTF-8") from error
    return text


def _explained(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"has no {error.args[0]}"
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg}"
    return str(error)
