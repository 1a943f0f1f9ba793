"""Read extracts as the hub's own connector does: into the Kafka and PostgreSQL of the configuration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from connectors.gp_csv.inbound import ExtractDoor
from connectors.gp_csv.settings import CsvSettings, Encoding
from deploy.composition import Places
from deploy.configuration.area import CsvSender
from deploy.configuration.model import Configuration
from deploy.exit_codes import ExitCode, Stopped
from deploy.sending.lines import SentLine
from hub.errors import Rejected
from hub.runtime import clock
from hub.runtime.publisher import KafkaPublisher
from hub.store.door import PostgresDoor
from hub.store.engine import engine_for

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose files they are, and into which hub they go."""

    settings: CsvSettings
    places: Places


def csv_sender(configuration: Configuration, name: str) -> CsvSettings:
    """The sender of that name.

    Raises:
        Stopped: No sender of extracts goes by it.
    """
    senders = [each for each in configuration.senders if isinstance(each, CsvSender)]
    for sender in senders:
        if sender.name == name:
            return CsvSettings(
                name=sender.name,
                ods_code=sender.organisation,
                regions=tuple(configuration.partition_of(region) for region in sender.regions),
                charset=Encoding(sender.charset),
                test_numbers=configuration.test_numbers,
            )
    known = ", ".join(each.name for each in senders) or "none"
    raise Stopped(
        ExitCode.USAGE, f"The configuration has no sender of extracts {name!r}. It has: {known}."
    )


async def read_into(
    feed: Feed, files: Iterable[Path], say: Callable[[SentLine], None], told: Told
) -> None:
    """Read each file and say what became of it.

    Raises:
        Unavailable: Kafka or PostgreSQL is away; the same files again are safe.
    """
    engine = engine_for(feed.places.database_url, connections=1)
    publisher = KafkaPublisher(feed.places.kafka)
    door = ExtractDoor(feed.settings, publisher, PostgresDoor(engine), clock.now, told)
    try:
        for file in files:
            say(await became_of(door, file))
    finally:
        await publisher.stop()
        engine.dispose()


async def became_of(door: ExtractDoor, file: Path) -> SentLine:
    """What became of one file."""
    try:
        number = await door.read_file(file)
    except Rejected as error:
        return SentLine(
            file=str(file),
            index=0,
            event="carer-flags",
            answer="rejected",
            accepted=False,
            expression=error.expression,
            reason=error.reason,
        )
    return SentLine(
        file=str(file),
        index=0,
        event="carer-flags",
        answer="accepted",
        accepted=True,
        reason=f"{number} events",
    )
