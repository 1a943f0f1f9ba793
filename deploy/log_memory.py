"""What the database remembers of the topics that it belongs to, as the plan of topics takes it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from hub.runtime.topics.plan import Cluster, Known, KnownTopic, known_after
from hub.runtime.topics.wanted import WantedTopic
from hub.store.engine import Engine, engine_for
from hub.store.log_memory import known_log, remember_log


def remembered(engine: Engine) -> Known | None:
    """What was remembered; None before the first start.

    Raises:
        Unavailable: The database is away.
    """
    found = known_log(engine)
    if found is None:
        return None
    topics = {name: KnownTopic(**topic) for name, topic in found["topics"].items()}
    return Known(found["cluster_id"], tuple(found["regions"]), topics)


def remembered_at(database_url: str) -> Known | None:
    """The same, of the database at an address."""
    engine = engine_for(database_url, connections=1)
    try:
        return remembered(engine)
    finally:
        engine.dispose()


def remember(
    engine: Engine, cluster: Cluster, wanted: Sequence[WantedTopic], regions: Sequence[str]
) -> None:
    """Remember the topics as they are now; a database without tables remembers nothing yet."""
    remember_log(engine, json.dumps(asdict(known_after(cluster, wanted, regions))))
