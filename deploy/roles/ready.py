"""Topics and tables as this program needs them."""

from deploy.composition import Places
from deploy.configuration.connections import configured_topics, copies, region_names
from deploy.configuration.model import Configuration
from deploy.log_memory import remember, remembered
from hub.processor import IN_TOPICS
from hub.runtime.topics.admin import TopicAdmin
from hub.runtime.topics.plan import plan
from hub.store.engine import engine_for
from hub.store.setup import prepare


def make_ready(configuration: Configuration, places: Places) -> None:
    """Tables and topics as this program needs them, on the log that the database belongs to.

    Raises:
        Unavailable: Kafka or PostgreSQL cannot be reached.
        TopicsRefused: The topics differ in a way that is not mended by itself.
        OtherDatabase: The database belongs to another version or to other regions.
    """
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
