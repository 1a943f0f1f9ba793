"""Kafka's jars: named and hashed in `jars.sha256`, fetched once, checked before every start.

`python -m deploy.local.jars` resolves the coordinates below anew and rewrites the list. Read the
difference before committing it: that list is what every machine trusts afterwards.

What fetches them is imported when it is needed: every role looks for the local parts, and none of them fetches.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.errors import CannotStart
from deploy.local.folders import make_own
from deploy.local.progress import Progress, silent
from hub.errors import Unavailable

if TYPE_CHECKING:
    from jgo.maven import MavenContext

KAFKA_VERSION = "4.3.1"
# "!" keeps the version table of one from overruling the other's: without it, log4j's brings
# Kafka clients 3.9.
WANTED = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}!",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!",  # without a binding Kafka logs to nowhere
)
LIST = Path(__file__).with_name("jars.sha256")
AT_ONCE = 4
TRIES = 3


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar by its Maven coordinates, `group:artifact:version`, and the SHA-256 of its bytes."""

    coordinates: str
    sha256: str

    @property
    def file(self) -> str:
        """The name that the jar has on disk."""
        _, artifact, version = self.coordinates.split(":")
        return f"{artifact}-{version}.jar"


def listed_jars(text: str) -> tuple[Jar, ...]:
    """Read the list: one jar a line, hash first."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Jar(coordinates, sha256) for sha256, coordinates in rows)


def kafka_jars(cache: Path, tell: Progress = silent, trusted: Path = LIST) -> Path:
    """The folder with exactly the listed jars; only the first call needs the network.

    Raises:
        Unavailable: They are not here yet and cannot be fetched now.
        CannotStart: A jar is altered, missing or not on the list.
    """
    text = trusted.read_text(encoding="ascii")
    jars = listed_jars(text)
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    folder = make_own(cache) / f"kafka-{KAFKA_VERSION}-{mark}"
    if os.pathsep in str(folder):
        raise CannotStart(
            f"Java cannot use {cache}, which has a '{os.pathsep}' in it: choose another HUB_CACHE."
        )
    if not folder.is_dir():
        with only_one(cache / "fetching"):
            if not folder.is_dir():
                tell(f"Fetching Kafka {KAFKA_VERSION}: {len(jars)} jars, once.")
                fetch(jars, cache, folder)
    refuse_unless_exactly(jars, folder)
    return folder


def refuse_unless_exactly(jars: tuple[Jar, ...], folder: Path) -> None:
    """Compare the folder with the list, by name and by content."""
    wanted = {jar.file: jar.sha256 for jar in jars}
    found = {file.name for file in folder.iterdir()}
    faults = [(name, "is missing") for name in sorted(wanted.keys() - found)]
    faults += [(name, "is not on the list") for name in sorted(found - wanted.keys())]
    faults += [
        (name, "is altered")
        for name in sorted(wanted.keys() & found)
        if sha256_of(folder / name) != wanted[name]
    ]
    if faults:
        name, fault = faults[0]
        raise CannotStart(
            f"Kafka is not started: {name} {fault}. Delete {folder} and it is fetched anew."
        )


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in lower-case hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fetch(jars: tuple[Jar, ...], cache: Path, folder: Path) -> None:
    """Fetch every jar and lay them all in `folder`, which appears complete or not at all.

    What an interrupted call had fetched is used by the next one.
    """
    from jgo.maven import MavenContext

    repository = cache / "maven"
    context = MavenContext(repo_cache=repository)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = list(pool.map(lambda jar: fetched(jar, context), jars))
    fresh = Path(tempfile.mkdtemp(prefix="laying-", dir=cache))
    for file in files:
        file.rename(fresh / file.name)
    fresh.rename(folder)
    shutil.rmtree(repository, ignore_errors=True)


def fetched(jar: Jar, context: "MavenContext") -> Path:
    """Fetch one jar; what came broken is thrown away and asked for again."""
    from jgo.parse import Coordinate

    reason = ""
    artifact = context.create_dependency(Coordinate.parse(jar.coordinates)).artifact
    for _ in range(TRIES):
        try:
            file = Path(artifact.resolve())
        except (OSError, RuntimeError) as error:  # of requests, of jgo
            reason = type(error).__name__
            discard(artifact.cached_path)
            continue
        if sha256_of(file) == jar.sha256:
            return file
        reason = "not the bytes on the list"
        discard(file)
    raise Unavailable(
        f"The jar {jar.file} could not be fetched ({reason}); the first start needs the network."
    )


def discard(file: Path | None) -> None:
    """Remove what came broken, so that it is not taken for a jar."""
    if file is not None:
        file.unlink(missing_ok=True)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process after the other in."""
    with lock.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def resolved() -> tuple[Jar, ...]:
    """Resolve the wanted coordinates with all they need at run time, and hash what was fetched."""
    from jgo.maven import MavenContext
    from jgo.parse import Coordinate

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder))
        wanted = [context.create_dependency(Coordinate.parse(name)) for name in WANTED]
        given, needed = context.resolver.resolve(wanted)
        artifacts = [needs.artifact for needs in (*given, *needed)]
        return tuple(
            Jar(f"{one.groupId}:{one.artifactId}:{one.version}", sha256_of(Path(one.resolve())))
            for one in artifacts
        )


def rewrite_list() -> None:
    """Write `jars.sha256` anew."""
    lines = sorted(f"{jar.sha256}  {jar.coordinates}" for jar in resolved())
    head = (
        "# Kafka's jars: SHA-256 and Maven coordinates. Written by `python -m deploy.local.jars`.\n"
    )
    LIST.write_text(
        head + "\n".join(sorted(lines, key=lambda line: line.split()[1])) + "\n", encoding="ascii"
    )
    sys.stdout.write(f"{LIST}: {len(lines)} jars\n")


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    rewrite_list()
