"""Kafka and PostgreSQL for a hub on one machine, as far as the configuration does not name yours."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.composition import Places, places_from
from deploy.configuration.connections import (
    configured_topics,
    copies,
    needs_local_database,
    needs_local_kafka,
    region_names,
)
from deploy.configuration.model import Configuration
from deploy.here import folders_of
from deploy.local.parts import LocalParts
from deploy.local.progress import Progress
from deploy.log_memory import remember, remembered
from deploy.settings import Settings
from hub.processor import IN_TOPICS
from hub.runtime.topics.admin import TopicAdmin
from hub.runtime.topics.plan import plan
from hub.store.engine import engine_for
from hub.store.setup import prepare


@contextmanager
def parts_up(configuration: Configuration, here: Settings, tell: Progress) -> Iterator[Places]:
    """Start what is not yours, make topics and tables, and stop what was started.

    Raises:
        CannotStart: A part does not run here.
        Unavailable: Yours cannot be reached.
        TopicsRefused: The topics differ in a way that is not mended by itself.
        OtherDatabase: The database belongs to another version or to other regions.
    """
    local = (
        LocalParts(folders_of(here), tell=tell)
        if needs_local_kafka(configuration) or needs_local_database(configuration)
        else None
    )
    if local is not None:
        local.start()
    try:
        places = places_from(configuration, here)
        make_ready(configuration, places)
        yield places
    finally:
        if local is not None:
            local.stop()


def make_ready(configuration: Configuration, places: Places) -> None:
    """Tables and topics as this program needs them, on the log that the database belongs to."""
    regions, wanted = region_names(configuration), configured_topics(configuration)
    engine = engine_for(places.database_url, connections=1)
    try:
        prepare(engine, len(regions), IN_TOPICS)
        known = remembered(engine)
        with TopicAdmin(places.kafka) as admin:
            admin.apply(
                plan(
                    admin.cluster(),
                    wanted,
                    regions=regions,
                    copies=copies(configuration),
                    known=known,
                )
            )
            remember(engine, admin.cluster(), wanted, regions)
    finally:
        engine.dispose()
