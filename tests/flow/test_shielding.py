"""Who is shielded, or looks after somebody who is, is referred by their practice, and nobody learns where they are."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub import codec
from hub.records import CarerPicture, CarerReferral
from hub.services import Area, Service
from hub.testing.flags import agreement, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, Person
from hub.testing.visits import Visit, encounter
from processors.carer_matching.processor import carer_matching
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.processor import support_referral
from tests.flow.scenes import MATCHING

LEICESTER = "E06000016"
RUTLAND = "E06000017"
POLICY = ReferralPolicy(
    services=(
        Service("NEAR", frozenset({LEICESTER}), frozenset({"adult"})),
        Service("FAR", frozenset({RUTLAND}), frozenset({"adult"})),
    ),
    areas=(Area(LEICESTER, ("LE1",), ("C82001",)), Area(RUTLAND, ("LE15",), ("C82002",))),
)
BEN_AT_HOME = replace(BEN, postcode="LE15 1AA", practice="C82001")
WHEREABOUTS = (b"LE15", b"496")
"""Of the postcode and of the phone."""

SHIELDED = {
    "the carer": (replace(BEN_AT_HOME, shielded=True), ADA),
    "the person cared for": (BEN_AT_HOME, replace(ADA, shielded=True)),
}


def hub_with(*events) -> MemoryHub:
    hub = MemoryHub((carer_matching(MATCHING), support_referral(POLICY)))
    hub.hear(*events)
    return hub


def flagged(carer: Person, of: Person, recorded: str):
    return carer_flag(carer, recorded, of=of)


def holds_whereabouts(record) -> bool:
    return any(each in codec.encode(record) for each in WHEREABOUTS)


def standing(hub: MemoryHub) -> list[tuple[str, str]]:
    """Action and service of each referral that was not withdrawn."""
    return [
        (each.action.value, each.service_ods)
        for each in hub.last(CarerReferral).values()
        if each.action.value != "withdrawn"
    ]


def test_whoever_hides_from_nobody_is_referred_by_postcode_and_can_be_reached():
    hub = hub_with(
        flagged(BEN_AT_HOME, ADA, "2026-11-03 12:00"), agreement(BEN_AT_HOME, "2026-11-04 09:00")
    )
    assert standing(hub) == [("raised", "FAR")]
    (referral,) = hub.said(CarerReferral)
    assert all(each in codec.encode(referral) for each in WHEREABOUTS)


@pytest.mark.parametrize("who", SHIELDED)
def test_a_referral_around_somebody_shielded_goes_by_practice_without_whereabouts(who):
    carer, patient = SHIELDED[who]
    hub = hub_with(
        flagged(carer, patient, "2026-11-03 12:00"), agreement(carer, "2026-11-04 09:00")
    )
    assert standing(hub) == [("raised", "NEAR")]
    said = [*hub.said(CarerReferral), *hub.said(CarerPicture)]
    assert not any(holds_whereabouts(each) for each in said)
    assert hub.said(CarerReferral)[-1].names


@pytest.mark.parametrize("who", SHIELDED)
def test_from_when_it_is_learnt_no_version_says_where_anybody_is(who):
    carer, patient = SHIELDED[who]
    hub = hub_with(
        flagged(BEN_AT_HOME, ADA, "2026-11-03 12:00"), agreement(BEN_AT_HOME, "2026-11-04 09:00")
    )
    before = len(hub.said(CarerReferral))
    hub.hear(flagged(carer, patient, "2026-11-05 12:00"))
    later = hub.said(CarerReferral)[before:]
    assert [(each.action.value, each.service_ods) for each in later] == [
        ("withdrawn", "FAR"),
        ("raised", "NEAR"),
    ]
    assert not any(holds_whereabouts(each) for each in later)


def test_a_hospital_that_shields_its_patient_shields_who_looks_after_them():
    hub = hub_with(
        flagged(BEN_AT_HOME, ADA, "2026-11-03 12:00"), agreement(BEN_AT_HOME, "2026-11-04 09:00")
    )
    known = Visit(admitted="2026-11-22 09:20", expected="2026-11-26T12:00:00Z")
    hub.hear(encounter("A01", "2026-11-22 09:25", known))
    assert hub.said(CarerReferral)[-1].expected_discharge is not None
    visit = replace(known, patient=replace(ADA, shielded=True))
    hub.hear(encounter("A08", "2026-11-22 09:30", visit))
    assert hub.said(CarerReferral)[-1].expected_discharge is None
    (picture,) = hub.last(CarerPicture).values()
    assert [(each.stay_id, each.stay_status) for each in picture.cares_for] == [(None, None)]
    assert standing(hub) == [("raised", "NEAR")]
    assert not holds_whereabouts(hub.said(CarerReferral)[-1])
    assert not any(holds_whereabouts(each) for each in list(hub.last(CarerPicture).values()))


@pytest.mark.parametrize("who", SHIELDED)
def test_in_whatever_order_it_is_heard_it_ends_the_same(who):
    carer, patient = SHIELDED[who]
    events = (
        flagged(BEN_AT_HOME, ADA, "2026-11-03 12:00"),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
        flagged(carer, patient, "2026-11-05 12:00"),
    )
    for order in permutations(events):
        hub = hub_with(*order)
        assert standing(hub) == [("raised", "NEAR")]
        assert not any(holds_whereabouts(each) for each in hub.last(CarerReferral).values())
