"""Few-shot adaptation: a network learns from pages that the artist finished. See docs/adapt.md."""

from inkwash.errors import MissingExtra

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise MissingExtra("learning needs torch; pip install 'inkwash[train]'") from error

from inkwash.adapt.config import AdaptConfig
from inkwash.adapt.learn import Standing
from inkwash.adapt.pages import MOST_PAGES, Page, read_pages
from inkwash.adapt.palettes import page_palettes
from inkwash.adapt.run import Adapted, adapt, learn_pages

__all__ = [
    "MOST_PAGES",
    "AdaptConfig",
    "Adapted",
    "Page",
    "Standing",
    "adapt",
    "learn_pages",
    "page_palettes",
    "read_pages",
]
