"""When the last download ended: who installs and goes on at once has waited since then, not since the next command."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deploy.local.jars import kafka_jars
from deploy.local.progress import Progress
from hub.runtime import clock

MARK: Final = "fetched"
"""An empty file in the cache folder; its time says when."""

AT_ONCE_SECONDS: Final = 600.0
"""`make demo` installs first. A download longer ago was for something else."""


def fetched(cache: Path, tell: Progress) -> Path:
    """Fetch Kafka's jars, those that are missing, and note when that was done; their folder.

    Raises:
        CannotStart: One of them is not as listed.
        hub.errors.Unavailable: They cannot be fetched now.
    """
    said: list[str] = []

    def noted(text: str) -> None:
        said.append(text)
        tell(text)

    jars = kafka_jars(cache, noted)
    if said:
        (cache / MARK).touch()
    return jars


def since_the_download(cache: Path) -> float | None:
    """Seconds since a download just now; None when there was none."""
    try:
        at = datetime.fromtimestamp((cache / MARK).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    since = (clock.now() - at).total_seconds()
    return since if 0 <= since < AT_ONCE_SECONDS else None
