"""The ledger on the real PostgreSQL: the current version of what was told, in pages that leave nothing out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from uuid import UUID, uuid5

import psycopg
import pytest
from sqlalchemy.engine import make_url

from deploy.generating.examples import record_from_example
from hub.errors import Unavailable
from hub.ledger import ALERT_LEDGER, LEDGER, REFERRAL_LEDGER, evidence_of, ids_from
from hub.ports.ledger import Page
from hub.ports.read_models import Projected
from hub.records import AlertStatus, CarerReferral, InvolvementAlert, ReferralAction
from hub.store.engine import engine_for
from hub.store.ledger import PostgresLedger
from hub.store.read_models import PostgresReadModels

pytestmark = pytest.mark.real

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"
SPACE = UUID("7d0c0b52-34c1-5f0e-8a57-0e9c5a1c7d01")
NUMBERS = count()


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


RAISED = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRED = example(CarerReferral, "referral.support.v1/raised.json")


def alert(number: int, version: int = 1, **changes) -> InvolvementAlert:
    return replace(RAISED, alert_id=uuid5(SPACE, str(number)), version=version, **changes)


class Case:
    """The ledger's tables, and who reads them."""

    def __init__(self, engine):
        self.engine = engine
        self.store = PostgresReadModels(engine, LEDGER)
        self.ledger = PostgresLedger(engine)

    def say(self, *records) -> None:
        for record in records:
            model = ALERT_LEDGER if isinstance(record, InvolvementAlert) else REFERRAL_LEDGER
            self.store.write([Projected(model, model.rows_from(record), (), (), {0: 1})])

    def alerts(self, page: Page | None = None, owner: str = "RWE") -> list[UUID]:
        return [each.alert_id for each in self.ledger.alerts_of(owner, page or Page())]


@pytest.fixture
def empty(real_parts) -> Iterator[Case]:
    database = f"ledger_{next(NUMBERS)}"
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    url = make_url(real_parts.database_url).set(database=database)
    engine = engine_for(url.render_as_string(hide_password=False), connections=2)
    try:
        yield Case(engine)
    finally:
        engine.dispose()


@pytest.fixture
def case(empty) -> Case:
    empty.store.prepare()
    return empty


def test_the_current_version_is_what_was_told_last(case):
    case.say(alert(1), alert(1, version=3, region=1), alert(1, version=2))
    known = case.ledger.alert(alert(1).alert_id)
    assert (known.version, known.region, known.owner_ods, known.status) == (
        3,
        1,
        "RWE",
        "requested",
    )
    assert known.evidence == ids_from(evidence_of(RAISED))
    assert known.resource["meta"]["versionId"] == "3"
    assert case.ledger.alert(UUID(int=1)) is None


def test_a_referral_is_known_with_its_agreement(case):
    case.say(REFERRED, replace(REFERRED, version=2, action=ReferralAction.ACCEPTED))
    known = case.ledger.referral(REFERRED.referral_id)
    assert (known.version, known.owner_ods, known.status) == (2, "8J094", "accepted")
    assert known.agreement_id == REFERRED.agreement_id
    assert [each["resource"]["resourceType"] for each in known.resource["entry"]] == [
        "ServiceRequest",
        "Task",
    ]
    assert case.ledger.referrals_of("8J094", Page()) == [known]
    assert case.ledger.referrals_of("RWE", Page()) == []


def test_nobody_is_shown_what_another_was_told(case):
    case.say(alert(1), alert(2, trust_ods="RR8"))
    assert case.alerts() == [alert(1).alert_id]
    assert case.alerts(owner="RR8") == [alert(2).alert_id]
    assert case.alerts(owner="rwe") == []


def test_the_time_of_a_change_is_the_databases_whatever_the_senders_clock_says(case):
    late = datetime(2031, 1, 1, tzinfo=UTC)
    case.say(alert(1, recorded_at=late), alert(2, recorded_at=late - timedelta(days=9000)))
    assert case.alerts() == [alert(1).alert_id, alert(2).alert_id]
    case.say(alert(1, version=2))
    assert case.alerts() == [alert(2).alert_id, alert(1).alert_id]
    with case.engine.begin() as connection:
        now = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    for known in case.ledger.alerts_of("RWE", Page()):
        assert now - timedelta(minutes=5) < known.changed_at <= now


def test_an_old_version_that_comes_again_changes_no_time(case):
    case.say(alert(1, version=2))
    before = case.ledger.alert(alert(1).alert_id)
    case.say(alert(1, version=2), alert(1, version=1))
    assert case.ledger.alert(alert(1).alert_id) == before


def test_rows_of_one_batch_have_times_in_their_order(case):
    rows = [row for number in range(20) for row in ALERT_LEDGER.rows_from(alert(number))]
    case.store.write([Projected(ALERT_LEDGER, rows, (), (), {0: 1})])
    told = case.ledger.alerts_of("RWE", Page())
    assert [each.alert_id for each in told] == [alert(number).alert_id for number in range(20)]
    assert all(one.changed_at <= other.changed_at for one, other in pairwise(told))


def test_pages_follow_one_another_and_hold_each_once(case):
    case.say(*(alert(number) for number in range(7)))
    seen, page = [], Page(most=3)
    while found := case.ledger.alerts_of("RWE", page):
        seen += [each.alert_id for each in found]
        page = Page(most=3, after=found[-1].changed_at, after_id=found[-1].alert_id)
    assert seen == case.alerts()
    assert len(seen) == 7


def test_changes_of_the_same_instant_are_told_apart_by_their_ids(case):
    case.say(*(alert(number) for number in range(5)))
    with case.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alert_ledger SET changed_at = '2026-11-25T10:00:00Z'")
    whole = case.ledger.alerts_of("RWE", Page())
    second = Page(after=whole[1].changed_at, after_id=whole[1].alert_id)
    assert case.ledger.alerts_of("RWE", second) == whole[2:]
    assert case.ledger.alerts_of("RWE", Page(after=whole[1].changed_at)) == whole


def test_a_page_holds_the_statuses_that_were_asked_for(case):
    case.say(
        alert(1), alert(2, status=AlertStatus.COMPLETED), alert(3, status=AlertStatus.CANCELLED)
    )
    both = Page(statuses=frozenset({"completed", "cancelled"}))
    assert case.alerts(both) == [alert(2).alert_id, alert(3).alert_id]
    assert case.alerts(Page(statuses=frozenset({"accepted"}))) == []


def test_what_was_erased_is_not_known(case):
    case.say(alert(1))
    case.store.write([Projected(ALERT_LEDGER, (), (alert(1).alert_id,), (), {0: 2})])
    assert case.ledger.alert(alert(1).alert_id) is None


def test_before_the_ledger_is_made_it_is_away_and_not_empty(empty):
    with pytest.raises(Unavailable):
        empty.ledger.alert(RAISED.alert_id)
    with pytest.raises(Unavailable):
        empty.ledger.referrals_of("8J094", Page())
