"""How many questions wait and since when, as metrics of each region; nothing is made up while the database is away."""

import asyncio
from datetime import timedelta

from deploy.roles.review_numbers import ReviewNumbers
from hub.errors import Unavailable
from hub.reviewing import QueueSize
from hub.runtime import clock

HOUR = 3600


class Queue:
    """See `hub.store.review_queue.PostgresReviewQueue.sizes`."""

    def __init__(self):
        self.away = False

    def sizes(self):
        if self.away:
            raise Unavailable("The database is away.")
        return {1: QueueSize(7, clock.now() - timedelta(hours=3))}


def test_each_region_shows_how_many_wait_and_how_long_the_oldest_has():
    queue = Queue()
    numbers = ReviewNumbers(queue, ("llr", "leeds"))
    assert list(numbers.samples()) == [], "not looked yet"
    asyncio.run(numbers.look())
    found = {(each.name, each.labels[0][1]): each.value for each in numbers.samples()}
    assert 3 * HOUR <= found.pop(("hub_review_oldest_seconds", "leeds")) < 3 * HOUR + 60
    assert found == {
        ("hub_review_open", "leeds"): 7,
        ("hub_review_open", "llr"): 0,
        ("hub_review_oldest_seconds", "llr"): 0,
    }
    queue.away = True
    asyncio.run(numbers.look())
    assert list(numbers.samples()) == []
