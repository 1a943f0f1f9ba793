"""How much memory this process uses."""

import ctypes
import os
from pathlib import Path
from typing import Final

STATM: Final = Path("/proc/self/statm")


def bytes_in_use() -> int:
    """Resident memory, after what is free was given back; 0 on systems that do not say.

    The C library keeps pieces below 32 MB that were freed. Making an index frees many, and they are no part of it.
    """
    give_back()
    try:
        return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def give_back() -> None:
    """Give free memory back to the system, where the C library can (glibc)."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
