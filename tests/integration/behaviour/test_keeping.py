"""What is let go and when; and a record that is too large for the log. Only on the real parts."""

from dataclasses import replace

import psycopg
import pytest

from hub.errors import Rejected
from hub.ports.door import Ignored, Refused
from hub.records import DeadLetter
from hub.runtime.publisher import MOST_BYTES
from hub.store.door import PostgresDoor
from hub.store.setup import IGNORED_DAYS, SETTLED_DAYS
from tests.integration.behaviour.hubs import hear
from tests.integration.behaviour.scenes import ADMISSION, CHAIN, FLAG, redrive, with_defect

pytestmark = pytest.mark.real

KEPT = "SELECT value FROM {} ORDER BY value"
AGED = "UPDATE {} SET first_at = first_at - %(by)s * interval '1 day', last_at = last_at - %(by)s * interval '1 day'"


def values(place, table: str) -> list[bytes]:
    with psycopg.connect(place.database_url) as connection:
        return [bytes(row[0]) for row in connection.execute(KEPT.format(table))]


def run(place, statement: str, **given) -> None:
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        connection.execute(statement, given)


@pytest.fixture
def door(place) -> PostgresDoor:
    run(place, "DELETE FROM dead_letters; DELETE FROM ignored")
    return PostgresDoor(place.store.engine)


def refused(value: bytes) -> Refused:
    return Refused("rwe-adt", None, "no-identifier", "PID-3", "No identifier.", False, value)


def test_what_was_ignored_goes_when_its_days_are_over(place, door):
    door.keep_ignored(Ignored("rwe-adt", "ADT^A20", "No meaning.", b"old"))
    run(place, AGED.format("ignored"), by=IGNORED_DAYS + 1)
    door.keep_ignored(Ignored("rwe-adt", "ADT^A20", "No meaning.", b"new"))
    place.store.make_room()
    assert values(place, "ignored") == [b"new"]


def test_a_dead_letter_stays_until_it_is_settled_however_old_it_is(place, door):
    door.keep_refused(refused(b"old"))
    run(place, AGED.format("dead_letters"), by=1000)
    place.store.make_room()
    assert values(place, "dead_letters") == [b"old"]


@pytest.mark.parametrize(("days", "left"), [(SETTLED_DAYS - 1, [b"old"]), (SETTLED_DAYS + 1, [])])
def test_a_settled_one_goes_after_its_days(place, door, days, left):
    door.keep_refused(refused(b"old"))
    run(place, "UPDATE dead_letters SET settled_at = now() - %(by)s * interval '1 day'", by=days)
    place.store.make_room()
    assert values(place, "dead_letters") == left


def test_the_same_bytes_refused_again_open_a_settled_letter(place, door):
    door.keep_refused(refused(b"again"))
    run(place, "UPDATE dead_letters SET settled_at = now() - interval '99 days'")
    door.keep_refused(refused(b"again"))
    place.store.make_room()
    assert values(place, "dead_letters") == [b"again"]


async def test_the_topic_ends_with_a_version_that_says_settled(a_real_hub):
    async with a_real_hub(with_defect(CHAIN, "discharge_involvement", lambda _: True)) as hub:
        await hear(hub, FLAG)
        await hear(hub, ADMISSION)
        (letter,) = await hub.letters()
        await hub.kill()
        hub.chain = CHAIN
        await hub.start()
        await hear(hub, redrive(letter.dead_letter_id, "2099-11-23 09:50"))
        told = await hub.said(DeadLetter)
        assert [(each.dead_letter_id, each.settled) for each in told] == [
            (letter.dead_letter_id, False),
            (letter.dead_letter_id, True),
        ]


async def test_a_record_too_large_for_the_log_leaves_the_producer_as_it_was(a_real_hub):
    async with a_real_hub() as hub:
        producer = await hub.publisher._open()
        mine = replace(ADMISSION, region=hub.region)
        room = MOST_BYTES - 64 * 1024  # for everything of the event but its bytes as received
        with pytest.raises(Rejected, match="larger than the log takes"):
            await hub.publisher.publish(replace(mine, original=b"x" * MOST_BYTES), mine.event_id)
        await hub.publisher.publish(replace(mine, original=b"x" * room), mine.event_id)
        await hub.quiet()
        assert await hub.publisher._open() is producer
        assert mine.event_id in (await hub.rows()).inbox
