"""The offer inside an alert: to which service a carer without an agreement could be referred, for a ward to ask."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub import codec
from hub.decisions import Publish, Remember
from hub.identity import alert_id
from hub.records import (
    AlertTold,
    CarerReferral,
    InvolvementAlert,
    OutcomeKind,
    ServiceOffer,
    StayPicture,
)
from hub.services import Area, Service
from hub.testing.answers import outcome
from hub.testing.flags import NO_LONGER, agreement, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, NINA
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.decide import decide
from processors.discharge_involvement.heirs import Told
from processors.discharge_involvement.offers import NOTHING
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.processor import support_referral
from tests.flow.scenes import ADMISSION, MATCHING, last

LEICESTER, RUTLAND = "E06000016", "E06000017"
SERVICES = (
    Service("ADULT", frozenset({LEICESTER}), frozenset({"adult"}), "Leicester Carers"),
    Service("YOUNG", frozenset({LEICESTER}), frozenset({"young_carer"}), "Young Carers"),
    Service("RURAL", frozenset({RUTLAND}), frozenset({"adult"}), "Rutland Carers"),
)
AREAS = (
    Area(LEICESTER, ("LE1", "LE2"), ("C82001",)),
    Area(RUTLAND, ("LE15",)),
    Area("E10000018", ("LE19",)),
)
POLICY = AlertPolicy(services=SERVICES)
ADULT = ServiceOffer(service_ods="ADULT", service_name="Leicester Carers")
RURAL = ServiceOffer(service_ods="RURAL", service_name="Rutland Carers")

BEN_AT_HOME = replace(BEN, postcode="LE2 1AA")
NINA_AT_HOME = replace(NINA, postcode="LE1 1AA")
FLAG = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)
AGREES = agreement(BEN_AT_HOME, "2026-11-23 09:00")
NO_MORE = agreement(BEN_AT_HOME, "2026-11-24 09:00", status="inactive")


def after(*events) -> MemoryHub:
    hub = MemoryHub(
        (
            carer_matching(replace(MATCHING, areas=AREAS)),
            discharge_involvement(POLICY),
            support_referral(ReferralPolicy(SERVICES, AREAS)),
        )
    )
    hub.hear(*events)
    return hub


def offers(hub: MemoryHub) -> list[ServiceOffer | None]:
    """What each version of the one alert says of its one carer."""
    return [each.carers[0].offer for each in hub.said(InvolvementAlert)]


def referred(hub: MemoryHub) -> list[tuple[str, str]]:
    return [(each.action.value, each.service_ods) for each in hub.last(CarerReferral).values()]


def test_a_carer_without_an_agreement_could_be_referred_and_is_not():
    hub = after(FLAG, ADMISSION)
    assert (offers(hub), referred(hub)) == ([ADULT], [])


@pytest.mark.parametrize(
    ("carer", "offer"),
    [
        (NINA_AT_HOME, ServiceOffer(service_ods="YOUNG", service_name="Young Carers")),
        (replace(NINA, postcode="LE15 1AA"), NOTHING),
        (replace(BEN, postcode="LE15 1AA"), RURAL),
        (replace(BEN, postcode="LE19 1AA"), NOTHING),
        (replace(BEN, postcode="LS1 1AA"), NOTHING),
        (replace(BEN, practice="C82001"), ADULT),
        (BEN, NOTHING),
        (replace(BEN_AT_HOME, shielded=True), NOTHING),
    ],
    ids=[
        "a child",
        "a child, and only adults are taken",
        "another area",
        "an area that no service takes",
        "outside all areas",
        "by the practice",
        "nobody knows where",
        "shielded",
    ],
)
def test_the_service_is_the_one_of_area_and_age_or_none(carer, offer):
    hub = after(carer_flag(carer, "2026-11-03 12:00", of=ADA), ADMISSION)
    assert offers(hub) == [offer]


@pytest.mark.parametrize("carer", [BEN_AT_HOME, NINA_AT_HOME], ids=lambda each: each.given)
def test_what_is_offered_is_what_an_agreement_then_brings(carer):
    hub = after(carer_flag(carer, "2026-11-03 12:00", of=ADA), ADMISSION)
    (offered,) = offers(hub)
    hub.hear(agreement(carer, "2026-11-23 09:00"))
    assert referred(hub) == [("raised", offered.service_ods)]


def test_around_somebody_shielded_no_service_is_named():
    hub = after(
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=replace(ADA, shielded=True)), ADMISSION
    )
    assert offers(hub) == [NOTHING]


def test_who_has_agreed_is_referred_and_not_asked():
    hub = after(FLAG, AGREES, ADMISSION)
    assert (offers(hub), referred(hub)) == ([NOTHING], [("raised", "ADULT")])


def test_an_agreement_takes_the_offer_back_with_one_version_and_its_end_brings_it_again():
    hub = after(FLAG, ADMISSION, AGREES)
    assert offers(hub) == [ADULT, NOTHING]
    assert [each.action.value for each in hub.said(InvolvementAlert)] == ["raised", "corrected"]
    hub.hear(NO_MORE)
    assert offers(hub) == [ADULT, NOTHING, ADULT]
    hub.crash()
    hub.redeliver()
    assert len(offers(hub)) == 3


def test_a_carer_who_moves_is_offered_the_service_of_where_they_live_now():
    hub = after(FLAG, ADMISSION)
    next_door = carer_flag(replace(BEN, postcode="LE1 9ZZ"), "2026-11-23 12:00", of=ADA)
    hub.hear(next_door)
    assert offers(hub) == [ADULT]
    hub.hear(carer_flag(replace(BEN, postcode="LE15 1AA"), "2026-11-24 12:00", of=ADA))
    assert offers(hub) == [ADULT, RURAL]


@pytest.mark.parametrize(
    ("kind", "offer"),
    [
        (OutcomeKind.NOT_A_CARER, NOTHING),
        (OutcomeKind.WRONG_PERSON, NOTHING),
        (OutcomeKind.PATIENT_OBJECTS, NOTHING),
        (OutcomeKind.NOT_REACHED, ADULT),
        (OutcomeKind.CONTACTED_NOT_ABLE, ADULT),
    ],
)
def test_who_is_no_carer_here_is_offered_nothing(kind, offer):
    hub = after(FLAG, ADMISSION)
    alert = last(hub)
    link = alert.carers[0].carer.link_id
    hub.hear(outcome(kind, "2026-11-22 15:00", alert.alert_id, link))
    assert offers(hub) == [ADULT, offer]


def test_whatever_the_order_the_alert_ends_with_the_same_offer():
    moved = carer_flag(replace(BEN, postcode="LE15 1AA"), "2026-11-23 12:00", of=ADA)
    for story, offer in (
        ((FLAG, ADMISSION, AGREES, moved), NOTHING),
        ((FLAG, ADMISSION, AGREES, NO_MORE), ADULT),
        ((FLAG, ADMISSION, moved), RURAL),
    ):
        for order in permutations(story):
            assert offers(after(*order))[-1] == offer
    over = carer_flag(BEN_AT_HOME, "2026-11-23 12:00", code=NO_LONGER)
    assert last(after(FLAG, ADMISSION, over)).carers == ()


# What an older version of the hub told


def by_older(record):
    """The record as it was said before areas and offers were worked out."""
    if isinstance(record, StayPicture):
        return replace(record, carers=tuple(replace(each, area=None) for each in record.carers))
    carers = tuple(
        replace(each, carer=replace(each.carer, area=None), offer=None) for each in record.carers
    )
    return replace(record, carers=carers)


def decided(row: AlertTold, event) -> tuple[AlertTold, list[InvolvementAlert]]:
    """The row after an event, and the versions that it brings."""
    decisions = decide(Told(row.alert_id, {row.alert_id: row}), event, POLICY)
    rows = [each.value for each in decisions if isinstance(each, Remember)]
    said = [each.record for each in decisions if isinstance(each, Publish)]
    return (rows[-1] if rows else row), said


def test_after_an_upgrade_no_alert_is_told_again_until_there_is_news():
    hub = after(FLAG, ADMISSION)
    (picture,), (alert,) = hub.said(StayPicture), hub.said(InvolvementAlert)
    seen = outcome(OutcomeKind.SEEN, "2026-11-22 12:00", alert.alert_id)
    row, (raised,) = decided(
        AlertTold(alert_id=alert_id(alert.trust_ods, alert.stay_id)), by_older(picture)
    )
    assert raised.carers[0].offer is None
    row = codec.decode_as(AlertTold, codec.encode(row))

    row, said = decided(row, replace(picture, version=2))
    assert said == []
    row, said = decided(row, replace(picture, version=3))
    assert said == []
    row, (received,) = decided(row, seen)
    assert (received.version, received.carers[0].offer) == (2, ADULT)
    assert decided(row, replace(picture, version=4))[1] == []


def test_an_older_picture_takes_back_no_offer():
    hub = after(FLAG, ADMISSION)
    (picture,), (alert,) = hub.said(StayPicture), hub.said(InvolvementAlert)
    row = AlertTold(alert_id=alert.alert_id, picture=picture, alert=alert)
    assert decided(row, by_older(replace(picture, version=2)))[1] == []


def test_another_name_of_the_same_service_is_no_news():
    hub = after(FLAG, ADMISSION)
    (picture,), (alert,) = hub.said(StayPicture), hub.said(InvolvementAlert)
    renamed = replace(POLICY, services=(replace(SERVICES[0], name="Carers of Leicester"),))
    row = AlertTold(alert_id=alert.alert_id, picture=picture, alert=alert)
    told = Told(row.alert_id, {row.alert_id: row})
    again = decide(told, replace(picture, version=2), renamed)
    assert [each for each in again if isinstance(each, Publish)] == []
    assert renamed.digest == POLICY.digest == AlertPolicy().digest
