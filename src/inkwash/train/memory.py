"""Keep the memory of a step for the next one.

Every step asks for the same hundreds of megabytes and gives them back. glibc returns large blocks
to the system, which clears each page when it comes again; told to keep them, it does not.
"""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4  # mallopt(3)
NEVER = -1
AHEAD = 256 * 2**20  # bytes that are asked of the system at once


def keep_freed_memory() -> bool:
    """For this process from now on; False where the C library is not glibc, and nothing changes."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # TypeError: Windows has no library named None
        return False
    wanted = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, NEVER), (M_TOP_PAD, AHEAD))
    return all(mallopt(option, value) for option, value in wanted)
