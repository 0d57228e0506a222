"""Files by URL, fetched once to the user's cache."""

from __future__ import annotations

import errno
import hashlib
import logging
import shutil
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

from inkwash.errors import BadData
from inkwash.writing import replacing

log = logging.getLogger(__name__)

TIMEOUT = 60.0  # seconds without a byte


def cache_folder() -> Path:
    """Where fetched files are kept."""
    from platformdirs import user_cache_path

    return user_cache_path("inkwash")


def download(url: str, folder: Path, sha256: str = "") -> Path:
    """The file of a URL in `folder`, fetched if it is not there yet.

    `sha256` may be the first digits of the file's digest. Raises BadData when the server refuses or
    the file is another one, OutputFailed when the disk does.
    """
    mark = hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()[:8]
    path = folder / f"{mark}-{unquote(urlsplit(url).path).rpartition('/')[2]}"
    if path.is_file():
        return path
    log.info("fetching %s", url)
    with replacing(path, force=True) as file:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as reply:
                shutil.copyfileobj(reply, file, 1 << 20)
                expected = reply.headers.get("Content-Length")
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise  # ours, not the server's: `replacing` tells it
            raise BadData(f"{url}: cannot be fetched ({error}); fetch it by hand") from error
        file.flush()
        _check(Path(file.name), url, sha256, expected)
    return path


def _check(path: Path, url: str, sha256: str, length: str | None) -> None:
    size = path.stat().st_size
    if length is not None and size != int(length):
        raise BadData(f"{url}: {size} of {length} bytes came; try again")
    if sha256:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not digest.startswith(sha256):
            raise BadData(f"{url}: its sha256 {digest[:16]}… does not begin with {sha256}")
