"""Fetch pictures that a booru's metadata or a list of URLs names: polite, resumable, checked."""

from inkwash.data.fetch.config import DROPPED_TAGS, FetchConfig
from inkwash.data.fetch.metadata import BadRow, read_posts
from inkwash.data.fetch.post import Post
from inkwash.data.fetch.run import Failure, FetchReport, Progress, Tally, fetch

__all__ = [
    "DROPPED_TAGS",
    "BadRow",
    "Failure",
    "FetchConfig",
    "FetchReport",
    "Post",
    "Progress",
    "Tally",
    "fetch",
    "read_posts",
]
