"""The pages on a real PostgreSQL: sessions that every gateway knows, and lists as the projections left them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.engine import make_url

from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.desk import Desk
from connectors.portal.keys import digest_of
from connectors.portal.known_pairs import KnownPairs
from connectors.portal.pages import pages_of
from connectors.portal.projection import REFERRAL_INBOX, REVIEW_QUEUE, WORKLIST
from connectors.portal.seeded_queue import SeededQueue
from deploy.roles.projections import MODELS
from hub.errors import Unavailable
from hub.ledger import ALERT_LEDGER, REFERRAL_LEDGER
from hub.ports.pages import OpenOnWard
from hub.ports.read_models import Projected
from hub.processor import IN_TOPICS
from hub.records import AlertStatus, ReviewOpinion, ReviewVerdict
from hub.reviewing import Agreed, KnownAnswer, QueueSize, Seen
from hub.store.engine import Engine, engine_for
from hub.store.known_answers import PostgresKnownAnswers
from hub.store.ledger import PostgresLedger
from hub.store.pages import PostgresReferralInbox, PostgresWorklist
from hub.store.read_models import PostgresReadModels
from hub.store.review_queue import PostgresReviewQueue
from hub.store.sessions import PostgresSessions
from hub.store.setup import prepare
from tests.unit.portal.desk_kit import ALERT, REFERRAL, Browser, Kit, Page, alert
from tests.unit.portal.review_kit import HELD, ITEM, row_from
from tests.unit.portal.session_laws import AT, IDLE, LAWS, opening

pytestmark = pytest.mark.real

NAME = "pages"
PATH = f"/alert/{ALERT.alert_id}"


@pytest.fixture(scope="module")
def engine(real_parts) -> Iterator[Engine]:
    """A database of this file's own."""
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    url = make_url(real_parts.database_url).set(database=NAME)
    found = engine_for(url.render_as_string(hide_password=False), connections=8)
    prepare(found, 1, IN_TOPICS)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def models(engine) -> PostgresReadModels:
    found = PostgresReadModels(engine, MODELS)
    found.prepare()
    return found


def write(models: PostgresReadModels, *records) -> None:
    """As the projections do."""
    for record in records:
        pair = (WORKLIST, ALERT_LEDGER) if hasattr(record, "alert_id") else None
        models.write(
            [
                Projected(model, model.rows_from(record), (), (), {})
                for model in pair or (REFERRAL_INBOX, REFERRAL_LEDGER)
            ]
        )


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_sessions_in_postgresql(engine, law):
    law(PostgresSessions(engine))


def test_what_is_over_is_forgotten_and_nothing_but_digests_is_kept(engine):
    sessions = PostgresSessions(engine)
    sessions.offer("old link", "RWE", AT)
    sessions.open("RWE", opening("old session", AT - timedelta(days=2)))
    sessions.open("RWE", opening("new session"))
    with engine.begin() as connection:
        links = connection.exec_driver_sql("SELECT secret_sha256 FROM page_links").scalars().all()
        kept = connection.exec_driver_sql("SELECT secret_sha256 FROM page_sessions").scalars().all()
    assert "old link" not in links
    assert "old session" not in kept
    assert "new session" in kept


def test_a_database_that_was_made_before_there_were_pages_gets_their_tables(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE page_links, page_sessions")
    prepare(engine, 1, IN_TOPICS)
    sessions = PostgresSessions(engine)
    sessions.open("RWE", opening("afterwards"))
    prepare(engine, 1, IN_TOPICS)
    assert sessions.resume("afterwards", AT, IDLE) is not None


def test_an_alert_or_referral_is_given_to_its_owner_alone_open_or_closed(engine, models):
    worklist, inbox = PostgresWorklist(engine), PostgresReferralInbox(engine)
    write(models, alert(50), alert(51, status=AlertStatus.COMPLETED), REFERRAL)
    assert worklist.one("RWE", alert(50).alert_id).bed == "B3-2"
    assert worklist.one("RWE", alert(51).alert_id).status == "completed"
    assert alert(51).alert_id not in {each.alert_id for each in worklist.open_for("RWE")}
    assert worklist.one("RR8", alert(50).alert_id) is None
    assert worklist.one("RWE", alert(52).alert_id) is None
    assert inbox.one("DEMO1", REFERRAL.referral_id).family_name == "Hale"
    assert inbox.one("DEMO2", REFERRAL.referral_id) is None


def test_a_ward_is_found_as_it_was_sent_and_so_is_the_lack_of_one(engine, models):
    owner = {"trust_ods": "RTX"}
    write(
        models,
        alert(60, **owner, ward="30", bed="B2"),
        alert(61, **owner, ward="30", bed="B1", site_ods="RTX02"),
        alert(62, **owner, ward=None),
        alert(63, **owner, ward=""),
        alert(64, **owner, ward="a\x00b"),
        alert(65, **owner, ward="30", status=AlertStatus.CANCELLED),
    )
    worklist = PostgresWorklist(engine)

    def on(ward):
        return {each.alert_id.int - ALERT.alert_id.int for each in worklist.open_for("RTX", ward)}

    assert [row.bed for row in worklist.open_for("RTX", "30")] == ["B1", "B2"]
    assert (on("30"), on("31"), on("")) == ({60, 61}, set(), {62, 63})
    assert (on("a\x00b"), on("' OR true")) == ({64}, set())
    site = alert().site_ods
    assert worklist.wards("RTX") == [
        OpenOnWard("", site, 1),
        OpenOnWard("30", "RTX02", 1),
        OpenOnWard("30", site, 1),
        OpenOnWard("a\ufffdb", site, 1),
        OpenOnWard(None, site, 1),
    ]
    assert worklist.wards("RTY") == []


def test_tables_that_are_not_made_yet_are_waited_for(engine, models):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE worklist RENAME TO elsewhere")
    try:
        with pytest.raises(Unavailable):
            PostgresWorklist(engine).open_for("RWE")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO worklist")


@pytest.fixture
def gateways(engine, models) -> tuple[Browser, Browser, Kit]:
    """Two gateways on one database, and a log that both write; the projections follow it at once."""
    kit = Kit()

    def heard(event) -> None:
        write(models, alert(version=event.alert_version + 1, status=AlertStatus.COMPLETED))

    kit.heard = heard
    desks = [
        Desk(
            settings=kit.desk().settings,
            sessions=PostgresSessions(engine),
            worklist=PostgresWorklist(engine),
            inbox=PostgresReferralInbox(engine),
            queue=SeededQueue(
                PostgresReviewQueue(engine),
                PostgresKnownAnswers(engine),
                KnownPairs((), 0, AT),
                AskedOfTwo(0, frozenset()),
            ),
            ledger=PostgresLedger(engine),
            publisher=kit.log,
            clock=lambda: kit.now,
        )
        for _ in range(2)
    ]
    first, second = (Browser(pages_of(desk), "http://testserver") for desk in desks)
    return first, second, kit


def test_a_contact_is_recorded_at_whichever_gateway_answers(gateways, engine, models):
    write(models, alert())
    first, second, kit = gateways
    PostgresSessions(engine).offer(digest_of("a-secret"), "RWE", kit.now + IDLE)
    assert first.post("/login/link", data={"secret": "a-secret"}).status_code == 303
    second.cookies = first.cookies
    assert second.post("/login/link", data={"secret": "a-secret"}).status_code == 403
    page = Page(second.get(PATH).text)
    form = page.forms[page.actions.index(PATH)]
    typed = {**form, "outcome": "contacted_able", "staff_id": "40123456"}
    for gateway in (first, second):
        gateway.post(PATH, data=typed)
    assert len({event.event_id for event, _ in kit.log.said}) == 1
    assert "This alert is closed" in second.get(PATH).text


# The review queue


def test_the_queue_in_postgresql_is_in_order_and_shows_nobody_what_is_not_theirs(engine, models):
    calm = {"in_hospital": False, "alone": False, "matchability": None}
    items = [
        replace(ITEM, item_id=UUID(int=1), **calm),
        replace(ITEM, item_id=UUID(int=2), **calm, asked_at=ITEM.asked_at - timedelta(days=1)),
        replace(ITEM, item_id=UUID(int=3), **{**calm, "matchability": 0.4, "perplexity": 2.0}),
        replace(ITEM, item_id=UUID(int=4), in_hospital=True),
        replace(HELD, item_id=UUID(int=5)),
        replace(ITEM, item_id=UUID(int=6), region=1),
        replace(ITEM, item_id=UUID(int=7), settled=True, answer="same", asked_at=None),
    ]
    for each in items:
        models.write([Projected(REVIEW_QUEUE, REVIEW_QUEUE.rows_from(each), (), (), {})])
    queue = PostgresReviewQueue(engine)
    known, cleared = Seen(frozenset({0}), cleared=False), Seen(frozenset({0}), cleared=True)
    assert [row.item_id.int for row in queue.waiting(known, 50)] == [4, 3, 2, 1]
    assert [row.item_id.int for row in queue.waiting(cleared, 2)] == [5, 4]
    assert queue.size(known) == QueueSize(4, items[1].asked_at)
    assert queue.size(cleared).number == 5
    assert {region: each.number for region, each in queue.sizes().items()} == {0: 5, 1: 1}
    assert [bool(queue.one(known, UUID(int=each))) for each in (5, 6, 7)] == [False, False, True]
    kept = queue.one(cleared, ITEM.item_id) or queue.one(cleared, UUID(int=4))
    assert kept == replace(row_from(items[3]), item_id=UUID(int=4))


def test_who_has_answered_is_not_asked_again_and_the_first_two_are_compared(engine, models):
    def said(*opinions: tuple[str, ReviewVerdict, str]) -> tuple[ReviewOpinion, ...]:
        return tuple(ReviewOpinion(by=by, answer=told, evidence=on) for by, told, on in opinions)

    same, different, unknown = (
        ReviewVerdict.SAME,
        ReviewVerdict.DIFFERENT,
        ReviewVerdict.CANNOT_TELL,
    )
    now, two = ITEM.evidence, {"asked_of_two": True, "region": 2}
    items = [
        replace(ITEM, item_id=UUID(int=11), **two, opinions=said(("RWE/1", same, "old"))),
        replace(ITEM, item_id=UUID(int=12), **two, opinions=said(("RWE/1", unknown, now))),
        replace(ITEM, item_id=UUID(int=13), **two, opinions=said(("RWE/1", unknown, "old"))),
        replace(
            ITEM,
            item_id=UUID(int=14),
            **two,
            opinions=said(("RWE/1", same, now), ("RWE/2", same, now)),
            settled=True,
        ),
        replace(
            ITEM,
            item_id=UUID(int=15),
            **two,
            opinions=said(
                ("RWE/1", same, now), ("RR8/2", different, now), ("RWE/3", different, now)
            ),
            settled=True,
        ),
        replace(
            ITEM,
            item_id=UUID(int=16),
            region=2,
            opinions=said(("RWE/1", same, now), ("RWE/2", different, now)),
            settled=True,
        ),
    ]
    for each in items:
        models.write([Projected(REVIEW_QUEUE, REVIEW_QUEUE.rows_from(each), (), (), {})])
    queue = PostgresReviewQueue(engine)
    one, other = (Seen(frozenset({2}), cleared=False, by=by) for by in ("RWE/1", "RWE/2"))
    assert [row.item_id.int for row in queue.waiting(one, 50)] == [13]
    assert queue.size(one).number == 1
    assert [row.item_id.int for row in queue.with_others(one, 50)] == [11, 12]
    assert [row.item_id.int for row in queue.waiting(other, 50)] == [11, 12, 13]
    assert list(queue.with_others(other, 50)) == []
    assert queue.agreement("RWE") == [Agreed("1", 2, 1), Agreed("2", 1, 1)]


def test_known_answers_in_postgresql_count_the_first_of_each_reviewer(engine):
    kept = PostgresKnownAnswers(engine)
    first = KnownAnswer(UUID(int=1), "same", agreed=True, at=AT)
    kept.keep("RWE/1", UUID(int=9), first)
    kept.keep("RWE/1", UUID(int=9), replace(first, told="different", agreed=False))
    kept.keep("RWE/2", UUID(int=9), replace(first, told="different", agreed=False))
    kept.keep("RWEX/3", UUID(int=9), first)
    assert kept.of("RWE/1") == {UUID(int=9): first}
    assert kept.counts("RWE") == [Agreed("1", 1, 1), Agreed("2", 1, 0)]
