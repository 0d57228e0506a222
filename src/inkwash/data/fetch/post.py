"""One post of a booru, and whether it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from inkwash.data.fetch.config import FetchConfig

_NOT_PICTURES = (".mp4", ".webm", ".zip", ".swf", ".ugoira", ".mkv", ".html", ".php")


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """What the metadata says of one picture; None or "" where it says nothing."""

    name: str  # file name without suffix, one for each post
    url: str
    rating: str = "unknown"
    score: int | None = None
    width: int | None = None  # pixels
    height: int | None = None
    tags: frozenset[str] = frozenset()
    author: str = ""
    group: str = ""  # what must not be torn apart between training and validation
    origin: str = ""  # where the booru has it from


def why_unwanted(post: Post, config: FetchConfig) -> str | None:
    """The first reason against a post, in a word or two to count by; None for a wanted one."""
    if post.rating not in config.ratings:
        return f"rating {post.rating}"
    if urlsplit(post.url).path.lower().endswith(_NOT_PICTURES):
        return "not a picture"
    if not post.tags.issuperset(config.require):
        return "required tags missing"
    if not post.tags.isdisjoint(config.drop):
        return "dropped tags"
    if config.lowest_score is not None and (post.score or 0) < config.lowest_score:
        return "score"
    if post.width and post.height:
        return why_misshapen(post.width, post.height, config)
    return None


def why_misshapen(width: int, height: int, config: FetchConfig) -> str | None:
    """The reason against a size in pixels; None for a wanted one."""
    if min(width, height) < config.smallest_side:
        return "too small"
    if max(width, height) > config.largest_aspect * min(width, height):
        return "too long or too wide"
    return None
