"""Kafka and PostgreSQL for a hub on one machine, as far as the configuration does not name yours."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.configuration.connections import needs_local_database, needs_local_kafka
from deploy.configuration.model import Configuration
from deploy.here import folders_of
from deploy.local.parts import LocalParts
from deploy.local.progress import Progress
from deploy.settings import Settings


@contextmanager
def parts_up(configuration: Configuration, here: Settings, tell: Progress) -> Iterator[None]:
    """Start what is not yours, and stop what was started.

    Raises:
        CannotStart: A part does not run here.
    """
    local = (
        LocalParts(folders_of(here), tell=tell)
        if needs_local_kafka(configuration) or needs_local_database(configuration)
        else None
    )
    if local is not None:
        local.start()
    try:
        yield
    finally:
        if local is not None:
            local.stop()
