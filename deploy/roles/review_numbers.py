"""How many questions wait for a person, and how long: looked up now and then, shown as metrics."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import structlog

from hub.errors import Unavailable
from hub.reviewing import QueueSize
from hub.runtime import clock
from hub.runtime.health import Sample
from hub.store.review_queue import PostgresReviewQueue
from hub.waiting import happens

log = structlog.get_logger("projections")

LOOK_SECONDS: Final = 15.0
"""A question waits for hours; nobody scrapes more often than this."""


class ReviewNumbers:
    """The size of the review queue of each region, as last looked up; nothing before the first look."""

    def __init__(self, queue: PostgresReviewQueue, regions: Sequence[str]) -> None:
        self._queue = queue
        self._regions = tuple(regions)
        self._sizes: Mapping[int, QueueSize] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look until asked to stop. A database that is away leaves nothing to show."""
        while not stop.is_set():
            await self.look()
            await happens(stop, LOOK_SECONDS)

    async def look(self) -> None:
        """Look once."""
        try:
            self._sizes = await asyncio.to_thread(self._queue.sizes)
        except Unavailable as error:
            log.warning("review-queue-away", why=error.reason)
            self._sizes = None

    def samples(self) -> Iterator[Sample]:
        """Number and age by region."""
        if self._sizes is None:
            return
        now = clock.now()
        for partition, name in enumerate(self._regions):
            size = self._sizes.get(partition, QueueSize(0, None))
            where = (("region", name),)
            oldest = size.oldest_at
            waited = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
            yield Sample("hub_review_open", size.number, where)
            yield Sample("hub_review_oldest_seconds", waited, where)
