"""Settings of `fetch`."""

from __future__ import annotations

from dataclasses import dataclass

import inkwash
from inkwash.errors import BadConfig

RATINGS = ("safe", "sensitive", "questionable", "explicit", "unknown")

DROPPED_TAGS = (
    # no colour to learn from
    "monochrome",
    "greyscale",
    "grayscale",
    "spot_color",
    "sepia",
    "lineart",
    "line_art",
    "sketch",
    "rough_sketch",
    "unfinished",
    "partially_colored",
    # pages and text rather than one picture
    "comic",
    "4koma",
    "manga",
    "doujinshi",
    "text_focus",
    "text-only_page",
    "wall_of_text",
    "speech_bubble",
    "cover_page",
    "magazine_scan",
    # not drawn with lines
    "photo",
    "photo_(medium)",
    "cosplay_photo",
    "3d",
    "pixel_art",
    "animated",
    "animated_gif",
    "video",
    "ai-generated",
    # damaged
    "jpeg_artifacts",
    "scan_artifacts",
    "lowres",
    "duplicate",
)


@dataclass(frozen=True, kw_only=True)
class FetchConfig:
    """Which posts are wanted, and how politely they are asked for."""

    limit: int = 0  # first so many wanted posts; 0: all
    dry_run: bool = False  # count what is wanted, ask no host
    ratings: tuple[str, ...] = ("safe",)  # of safe, sensitive, questionable, explicit, unknown
    require: tuple[str, ...] = ()  # tags a post must have, all of them
    drop: tuple[str, ...] = DROPPED_TAGS  # tags a post must not have, none of them
    smallest_side: int = 256  # pixels
    largest_aspect: float = 3.0  # long side over short side
    lowest_score: int | None = None  # votes, as the booru counts them
    original: bool = False  # the full picture where the metadata names a smaller sample too
    url_template: str = ""  # for metadata without URLs: {id} {bucket} {md5} {ext} are filled in
    concurrency: int = 8  # downloads at once
    rate: float = 4.0  # requests per second and host; 0: no limit
    retries: int = 5  # after the first attempt
    backoff: float = 1.0  # seconds before the first retry, doubled for each next one
    longest_wait: float = 300.0  # seconds; a longer Retry-After is left for another day
    timeout: float = 30.0  # seconds without an answer
    longest_download: float = 300.0  # seconds for one picture
    largest_bytes: int = 64_000_000
    largest_pixels: int = 60_000_000
    retry_failed: bool = False  # ask again for what was refused for good in an earlier run
    user_agent: str = f"inkwash/{inkwash.__version__}"

    def __post_init__(self) -> None:
        unknown = sorted(set(self.ratings) - set(RATINGS))
        if unknown:
            raise BadConfig(f"rating {unknown[0]!r} is not one of {', '.join(RATINGS)}")
        for name in ("concurrency", "largest_bytes", "largest_pixels"):
            if getattr(self, name) < 1:
                raise BadConfig(f"{name} = {getattr(self, name)} must be at least 1")
        for name in ("limit", "rate", "retries", "backoff", "smallest_side"):
            if getattr(self, name) < 0:
                raise BadConfig(f"{name} = {getattr(self, name)} must not be negative")
