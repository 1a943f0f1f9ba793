"""Nobody sees of a record what is not named for them: a canary in every place, looked for in the bytes that leave."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import codec
from hub.disclosure import (
    AS_RECORDED,
    NOBODY,
    Receiver,
    ReceiverKind,
    SharingNow,
    disclosed,
    first_name,
)
from hub.records import (
    AlertStatus,
    CarerReferral,
    InvolvementAlert,
    ReferralAction,
    ServiceOffer,
    StayPicture,
)

SPACE = UUID("9d6b0b9e-4f5a-5f7e-9c3a-3f0a5b1c2d3e")
TRUST = Receiver("RWE", ReceiverKind.TRUST)
SERVICE = Receiver("8J094", ReceiverKind.SERVICE)

THE_TRUST_SEES = {
    "alert_id",
    "stay_id",
    "superseded_by",
    "site_ods",
    "ward",
    "bed",
    "patient.names",
    "patient.birth_precision",
    "patient.nhs_number",
    "patient.hospital_number",
    "expected_discharge.precision",
    "carers.carer.link_id",
    "carers.carer.names",
    "carers.carer.relationships",
    "carers.carer.contacts",
    "carers.carer.needs",
    "carers.carer.by_evidence.ends",
    "carers.carer.by_evidence.agreed",
    "carers.carer.by_evidence.grade",
    "carers.outcome",
    "carers.offer",
}
WHEREABOUTS = {"carers.carer.contacts", "carers.offer", "carers.carer.by_evidence.agreed"}
"""How a carer is found: a service takes the carers of an area. Whether
records agree in an address is not told of them either."""
THE_SERVICE_SEES = {
    "referral_id",
    "names",
    "age_band",
    "postcode",
    "contacts",
    "needs",
    "relationships.system",
    "relationships.code",
    "cared_for_given_name",
    "expected_discharge.precision",
    "reason",
    "last_answer",
}


def canary(path: str) -> str:
    return f"«{path}»"


def uuid_canary(path: str) -> UUID:
    return uuid5(SPACE, path)


PLAIN = {
    str: lambda path, draw: canary(path),
    UUID: lambda path, draw: uuid_canary(path),
    bool: lambda path, draw: draw(st.booleans()),
    int: lambda path, draw: draw(st.integers(1, 9)),
    datetime: lambda path, draw: datetime(2026, 11, draw(st.integers(1, 28)), tzinfo=UTC),
    date: lambda path, draw: date(1941, 5, draw(st.integers(1, 28))),
}


def marked(kind, path, draw):
    """A value of a type with a canary in each text and each id, other values drawn."""
    if kind in PLAIN:
        return PLAIN[kind](path, draw)
    if get_origin(kind) is UnionType:
        return marked(next(each for each in get_args(kind) if each is not NoneType), path, draw)
    if get_origin(kind) is tuple:
        return tuple(marked(get_args(kind)[0], path, draw) for _ in range(draw(st.integers(1, 2))))
    if issubclass(kind, Enum):
        return draw(st.sampled_from(list(kind)))
    hints = get_type_hints(kind)
    return kind(
        **{
            each.name: marked(hints[each.name], f"{path}.{each.name}".strip("."), draw)
            for each in fields(kind)
        }
    )


def paths_of(kind, path=""):
    """Every place of a type that holds a text or an id."""
    if get_origin(kind) is UnionType:
        return paths_of(next(each for each in get_args(kind) if each is not NoneType), path)
    if get_origin(kind) is tuple:
        return paths_of(get_args(kind)[0], path)
    if kind in (str, UUID):
        return [path]
    if not hasattr(kind, "__dataclass_fields__"):
        return []
    hints = get_type_hints(kind)
    return [
        found
        for each in fields(kind)
        for found in paths_of(hints[each.name], f"{path}.{each.name}".strip("."))
    ]


@st.composite
def alerts(draw):
    return replace(marked(InvolvementAlert, "", draw), trust_ods="RWE")


@st.composite
def referrals(draw):
    return replace(marked(CarerReferral, "", draw), service_ods="8J094")


def leaks(record, seen_by_them, kind):
    """Places whose canary left although the receiver may not see them."""
    data = codec.encode(record)
    text = data.decode("utf-8", "replace")
    return {
        path
        for path in paths_of(kind)
        if not any(path == each or path.startswith(f"{each}.") for each in seen_by_them)
        and (canary(path) in text or str(uuid_canary(path)) in text)
    }


def test_the_places_are_found():
    assert {"carers.carer.evidence.source", "patient.person_id", "policy"} <= set(
        paths_of(InvolvementAlert)
    )
    assert "caused_by" in paths_of(CarerReferral)
    for kind, seen in ((InvolvementAlert, THE_TRUST_SEES), (CarerReferral, THE_SERVICE_SEES)):
        assert all(any(path.startswith(each) for path in paths_of(kind)) for each in seen)


@given(alerts())
def test_a_trust_sees_nothing_but_what_is_named_for_it(alert):
    assert leaks(alert, THE_TRUST_SEES, InvolvementAlert)
    assert leaks(disclosed(alert, TRUST, AS_RECORDED), THE_TRUST_SEES, InvolvementAlert) == set()


@given(referrals())
def test_a_service_sees_nothing_but_what_is_named_for_it(referral):
    assert leaks(referral, THE_SERVICE_SEES, CarerReferral)
    cut = disclosed(referral, SERVICE, AS_RECORDED)
    assert leaks(cut, THE_SERVICE_SEES, CarerReferral) == set()


@given(alerts())
def test_a_trust_sees_all_that_it_needs(alert):
    alert = replace(alert, status=AlertStatus.REQUESTED)
    cut = disclosed(alert, TRUST, AS_RECORDED)
    assert (cut.alert_id, cut.version, cut.ward, cut.due_at) == (
        alert.alert_id,
        alert.version,
        alert.ward,
        alert.due_at,
    )
    assert cut.patient.names == alert.patient.names
    assert [each.carer.names for each in cut.carers] == [each.carer.names for each in alert.carers]
    if not alert.patient.shielded:
        assert [each.carer.contacts for each in cut.carers] == [
            each.carer.contacts for each in alert.carers
        ]


ORGANISATIONS = st.builds(
    Receiver,
    st.sampled_from(["RWE", "rwe", "8J094", "RRK", "C82009", ""]) | st.text(max_size=6),
    st.sampled_from(ReceiverKind),
)
SHARING = st.builds(
    SharingNow,
    st.frozensets(
        st.sampled_from(
            [
                uuid_canary(each)
                for each in ("patient.person_id", "carer_id", "carers.carer.link_id")
            ]
        )
    ),
    st.frozensets(st.just(uuid_canary("agreement_id"))),
)


@given(alerts(), ORGANISATIONS, SHARING)
def test_an_alert_is_for_its_trust_and_nobody_else(alert, receiver, sharing):
    assert (disclosed(alert, receiver, sharing) is not None) == (receiver == TRUST)


@given(referrals(), ORGANISATIONS, SHARING)
def test_a_referral_is_for_its_service_and_nobody_else(referral, receiver, sharing):
    own = receiver in (SERVICE, Receiver("8J094", ReceiverKind.COUNCIL))
    assert (disclosed(referral, receiver, sharing) is not None) == own


@given(st.data(), ORGANISATIONS)
def test_no_other_record_leaves_at_all(data, receiver):
    picture = marked(StayPicture, "", data.draw)
    assert disclosed(replace(picture, trust_ods=receiver.ods_code), receiver, AS_RECORDED) is None


@given(alerts(), st.booleans())
def test_nobody_around_a_shielded_patient_can_be_reached(alert, later):
    patient = replace(alert.patient, shielded=not later)
    now = SharingNow(shielded=frozenset({patient.person_id})) if later else AS_RECORDED
    cut = disclosed(replace(alert, patient=patient), TRUST, now)
    assert leaks(cut, THE_TRUST_SEES - WHEREABOUTS, InvolvementAlert) == set()


@given(alerts(), st.sampled_from(["carer_id", "link_id"]))
def test_a_shielded_carer_cannot_be_reached(alert, named_by):
    shielded = frozenset({getattr(alert.carers[0].carer, named_by)})
    cut = disclosed(alert, TRUST, SharingNow(shielded=shielded))
    assert leaks(cut, THE_TRUST_SEES - WHEREABOUTS, InvolvementAlert) == set()


@given(referrals())
def test_a_shielded_carer_is_referred_without_whereabouts(referral):
    cut = disclosed(referral, SERVICE, SharingNow(shielded=frozenset({referral.carer_id})))
    hidden = {"postcode", "contacts"}
    assert leaks(cut, THE_SERVICE_SEES - hidden, CarerReferral) == set()


@given(alerts())
def test_that_a_record_is_shielded_cannot_be_seen(alert):
    def seen(*, shielded):
        carers = tuple(
            replace(each, carer=without_whereabouts(each.carer), offer=None)
            for each in alert.carers
        )
        patient = replace(alert.patient, shielded=shielded)
        return disclosed(replace(alert, patient=patient, carers=carers), TRUST, AS_RECORDED)

    assert codec.encode(seen(shielded=True)) == codec.encode(seen(shielded=False))


def without_whereabouts(carer):
    found = replace(carer.by_evidence, agreed=("name", "born"))
    return replace(carer, contacts=(), by_evidence=found)


@given(alerts())
def test_why_a_carer_is_offered_nothing_cannot_be_seen(alert):
    def seen(offer):
        carers = tuple(replace(each, offer=offer) for each in alert.carers)
        return disclosed(replace(alert, carers=carers), TRUST, AS_RECORDED)

    assert seen(ServiceOffer(service_ods="")) == seen(None)


@given(alerts())
def test_a_withdrawn_alert_names_nobody(alert):
    cut = disclosed(replace(alert, status=AlertStatus.CANCELLED), TRUST, AS_RECORDED)
    assert cut.alert_id == alert.alert_id
    people = {each for each in THE_TRUST_SEES if each.startswith(("patient", "carers"))}
    assert leaks(cut, THE_TRUST_SEES - people, InvolvementAlert) == set()


@given(referrals(), st.booleans())
def test_a_referral_without_agreement_names_nobody(referral, later):
    action = ReferralAction.RAISED if later else ReferralAction.WITHDRAWN
    now = SharingNow(withdrawn=frozenset({referral.agreement_id})) if later else AS_RECORDED
    cut = disclosed(replace(referral, action=action), SERVICE, now)
    assert cut.action is ReferralAction.WITHDRAWN
    assert leaks(cut, {"referral_id", "reason"}, CarerReferral) == set()


@given(referrals(), st.sampled_from([ReferralAction.DECLINED, ReferralAction.CLOSED]))
def test_a_service_that_said_no_or_is_done_sees_only_what_it_said_itself(referral, action):
    ended = replace(referral, action=action)
    cut = disclosed(ended, SERVICE, AS_RECORDED)
    assert (cut.action, cut.reason) == (action, referral.reason)
    assert (cut.last_answer, cut.last_answer_at) == (referral.last_answer, referral.last_answer_at)
    assert leaks(cut, {"referral_id", "reason", "last_answer"}, CarerReferral) == set()
    assert (cut.birth_on, cut.expected_discharge, cut.age_band) == (None, None, "unknown")


@given(alerts(), referrals())
def test_what_was_cut_is_not_cut_further(alert, referral):
    once = disclosed(alert, TRUST, AS_RECORDED)
    assert disclosed(once, TRUST, AS_RECORDED) == once
    once = disclosed(referral, SERVICE, AS_RECORDED)
    assert disclosed(once, SERVICE, AS_RECORDED) == once
    assert once.carer_id == NOBODY


@pytest.mark.parametrize(
    ("given_name", "first"),
    [
        ("Doris", "Doris"),
        ("Doris May", "Doris"),
        (" Mary-Ann\tX ", "Mary-Ann"),
        ("", None),
        (None, None),
    ],
)
def test_of_the_person_cared_for_the_first_name_only(given_name, first):
    assert first_name(given_name) == first


def test_a_canary_is_one_word():
    assert not re.search(r"\s", canary("a.b"))
