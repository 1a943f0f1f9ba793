"""How much memory this process uses."""

import os
from pathlib import Path
from typing import Final

STATM: Final = Path("/proc/self/statm")


def bytes_in_use() -> int:
    """Resident memory; 0 on systems that do not say."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
