"""Projects: a whole session in one `.inkwash` file. See docs/control.md."""

from inkwash.project.files import FORMAT, SUFFIX, VERSION, read, write

__all__ = ["FORMAT", "SUFFIX", "VERSION", "read", "write"]
