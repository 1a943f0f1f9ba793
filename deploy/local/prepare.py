"""Fetch Kafka and start it once, in a folder that is thrown away, so that later starts are quick."""

import tempfile
from pathlib import Path

from deploy import output
from deploy.local.errors import CannotStart
from deploy.local.fetching import fetched
from deploy.local.folders import folders
from deploy.local.jars import only_one
from deploy.local.kafka import LocalKafka
from deploy.local.progress import Progress
from deploy.local.start_cache import start_cache
from hub.errors import Unavailable


def prepare(place: Path, tell: Progress) -> None:
    """Lay `start_cache` into the cache folder `place`, unless it is there; those of other versions go.

    Raises:
        CannotStart: Kafka does not run here.
        hub.errors.Unavailable: Its jars cannot be fetched now.
    """
    jars = fetched(place, tell)
    with only_one(place / "preparing"):
        kept = start_cache(jars)
        if kept.is_file():
            return
        tell("Kafka is started once, so that later starts are quick.")
        for old in place.glob("kafka-*.aot"):
            old.unlink()
        with tempfile.TemporaryDirectory(prefix="learning-", dir=place) as folder:
            learned = Path(folder) / "learned.aot"
            kafka = LocalKafka(Path(folder) / "kafka", lambda: jars, learn=learned)
            try:
                kafka.start()
            finally:
                kafka.stop()
            learned.rename(kept)


def main() -> None:
    """Prepare; whoever installs goes on when that cannot be done now."""
    try:
        prepare(folders().cache, output.aside)
    except (CannotStart, Unavailable, OSError) as error:
        output.aside(f"Kafka will be slower to start: {error}")


if __name__ == "__main__":
    main()
