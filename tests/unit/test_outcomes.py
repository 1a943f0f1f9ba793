"""An answer becomes an event: of which carer, by whom, when, on which version; and what can be none is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from hub.errors import Rejected
from hub.outcomes import (
    ABLE,
    MOST_BY,
    REASONS,
    STEPS,
    AlertKnown,
    Answer,
    ReferralKnown,
    alert_outcome,
    referral_outcome,
)
from hub.records import AlertOutcome, OutcomeKind, ReferralOutcome, ReferralOutcomeKind

SPACE = UUID("5e8bd0f6-4c2e-5f0c-9a5e-0c9f6c0a7c11")
LINK, OTHER_LINK, EVIDENCE, OTHER_EVIDENCE, EVENT = (uuid5(SPACE, each) for each in "abcde")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ALERT = AlertKnown(
    alert_id=uuid5(SPACE, "alert"),
    version=3,
    region=1,
    owner_ods="RWE",
    status="requested",
    changed_at=NOW,
    evidence={LINK: EVIDENCE, OTHER_LINK: OTHER_EVIDENCE},
    young=frozenset(),
    resource={"contained": ["Zaphrodite"]},
)
REFERRAL = ReferralKnown(
    referral_id=uuid5(SPACE, "referral"),
    version=2,
    region=0,
    owner_ods="8J094",
    status="raised",
    changed_at=NOW,
    agreement_id=uuid5(SPACE, "agreement"),
    resource={"contained": ["Zaphrodite"]},
)
ANSWER = Answer(
    event_id=EVENT,
    correlation_id=EVENT,
    source="fhir_api",
    source_event_id="",
    at=NOW - timedelta(minutes=5),
    received_at=NOW,
    by="staff-4417",
    seen_version=3,
)
SEEN_TWO = replace(ANSWER, seen_version=2)


def test_a_contact_names_the_carer_by_the_evidence_that_never_moves():
    assert alert_outcome(ALERT, ANSWER, OutcomeKind.CONTACTED_ABLE, OTHER_LINK) == AlertOutcome(
        event_id=EVENT,
        correlation_id=EVENT,
        source="fhir_api",
        source_event_id="",
        occurred_at=NOW - timedelta(minutes=5),
        recorded_at=NOW - timedelta(minutes=5),
        received_at=NOW,
        region=1,
        alert_id=ALERT.alert_id,
        alert_version=3,
        evidence_id=OTHER_EVIDENCE,
        kind=OutcomeKind.CONTACTED_ABLE,
        by="staff-4417",
        organisation_ods="RWE",
    )


def test_a_declined_referral_carries_the_agreement_that_nobody_outside_knows():
    said = referral_outcome(REFERRAL, SEEN_TWO, ReferralOutcomeKind.DECLINED, "full")
    assert said == ReferralOutcome(
        event_id=EVENT,
        correlation_id=EVENT,
        source="fhir_api",
        source_event_id="",
        occurred_at=NOW - timedelta(minutes=5),
        recorded_at=NOW - timedelta(minutes=5),
        received_at=NOW,
        region=0,
        referral_id=REFERRAL.referral_id,
        agreement_id=REFERRAL.agreement_id,
        referral_version=2,
        kind=ReferralOutcomeKind.DECLINED,
        reason="full",
        by="staff-4417",
        organisation_ods="8J094",
    )


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_a_step_is_of_the_whole_alert(kind):
    assert alert_outcome(ALERT, ANSWER, kind, None).evidence_id is None


def test_nothing_was_done_after_it_was_received():
    ahead = replace(ANSWER, at=NOW + timedelta(days=1))
    said = alert_outcome(ALERT, ahead, OutcomeKind.SEEN, None)
    assert (said.occurred_at, said.recorded_at) == (NOW, NOW)


def test_an_answer_to_an_older_version_says_so():
    older = replace(ANSWER, seen_version=1)
    assert alert_outcome(ALERT, older, OutcomeKind.SEEN, None).alert_version == 1


@pytest.mark.parametrize("by", ["", "7", "40123456", "staff-4417", "RWE/a.b_c-1", "1" * MOST_BY])
def test_who_answers_is_a_staff_id_or_the_organisation(by):
    answer = replace(ANSWER, by=by, seen_version=2)
    assert alert_outcome(ALERT, answer, OutcomeKind.SEEN, None).by == by
    assert referral_outcome(REFERRAL, answer, ReferralOutcomeKind.ACCEPTED, None).by == by


@pytest.mark.parametrize(
    "by",
    [
        "Zaphrodite",
        "Zaphrodite Hale 1",
        "zaphrodite1@example.org",
        " 40123456",
        "4012\n",
        "٤٠١٢",
        "1" * (MOST_BY + 1),
    ],
)
def test_a_name_or_an_address_is_no_staff_id_and_is_refused_whole(by):
    answer = replace(ANSWER, by=by, seen_version=2)
    with pytest.raises(Rejected) as refused:
        alert_outcome(ALERT, answer, OutcomeKind.SEEN, None)
    assert (refused.value.code, refused.value.expression) == ("staff-id", "by")
    assert by.strip() not in str(refused.value)
    with pytest.raises(Rejected) as refused:
        referral_outcome(REFERRAL, answer, ReferralOutcomeKind.ACCEPTED, None)
    assert refused.value.code == "staff-id"


YOUNG = replace(ALERT, young=frozenset({LINK}))


@pytest.mark.parametrize("kind", sorted(ABLE))
def test_no_child_is_asked_whether_they_can_care(kind):
    with pytest.raises(Rejected, match="young-carer-lead-told") as refused:
        alert_outcome(YOUNG, ANSWER, kind, LINK)
    assert refused.value.code == "young-carer"
    assert alert_outcome(YOUNG, ANSWER, kind, OTHER_LINK).evidence_id == OTHER_EVIDENCE


@pytest.mark.parametrize("kind", sorted({*OutcomeKind} - ABLE - STEPS - {OutcomeKind.UNKNOWN}))
def test_everything_else_may_be_said_of_a_child(kind):
    assert alert_outcome(YOUNG, ANSWER, kind, LINK).kind is kind


@pytest.mark.parametrize("kind", [OutcomeKind.SEEN, OutcomeKind.CONTACTED_ABLE])
def test_nothing_is_answered_to_a_withdrawn_alert(kind):
    link = None if kind in STEPS else LINK
    with pytest.raises(Rejected, match="nothing more is needed") as refused:
        alert_outcome(replace(ALERT, status="cancelled"), ANSWER, kind, link)
    assert refused.value.code == "withdrawn"
    assert alert_outcome(replace(ALERT, status="completed"), ANSWER, kind, link).kind is kind


def test_nothing_is_answered_to_a_withdrawn_referral():
    withdrawn = replace(REFERRAL, status="withdrawn")
    with pytest.raises(Rejected, match="nothing more is needed") as refused:
        referral_outcome(withdrawn, SEEN_TWO, ReferralOutcomeKind.ACCEPTED, None)
    assert refused.value.code == "withdrawn"
    closed = replace(REFERRAL, status="closed")
    assert referral_outcome(closed, SEEN_TWO, ReferralOutcomeKind.ENGAGED, None).reason is None


@pytest.mark.parametrize(
    ("kind", "link", "code"),
    [
        (OutcomeKind.UNKNOWN, None, "unknown-outcome"),
        (OutcomeKind.UNKNOWN, LINK, "unknown-outcome"),
        (OutcomeKind.SEEN, LINK, "which-carer"),
        (OutcomeKind.CONTACTED_ABLE, None, "which-carer"),
        (OutcomeKind.NOT_REACHED, EVIDENCE, "no-such-carer"),
    ],
)
def test_what_names_the_wrong_one_is_refused(kind, link, code):
    with pytest.raises(Rejected) as refused:
        alert_outcome(ALERT, ANSWER, kind, link)
    assert refused.value.code == code


@pytest.mark.parametrize("version", [-1, 0, 4])
def test_only_a_version_that_was_told_can_be_answered(version):
    ahead = replace(ANSWER, seen_version=version)
    with pytest.raises(Rejected) as refused:
        alert_outcome(ALERT, ahead, OutcomeKind.SEEN, None)
    assert refused.value.code == "no-such-version"
    with pytest.raises(Rejected):
        referral_outcome(REFERRAL, ahead, ReferralOutcomeKind.ACCEPTED, None)


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        (ReferralOutcomeKind.UNKNOWN, None, "unknown-outcome"),
        (ReferralOutcomeKind.DECLINED, None, "no-reason"),
        (ReferralOutcomeKind.DECLINED, "Mrs Hale did not want to", "unknown-reason"),
        (ReferralOutcomeKind.CLOSED, "Out-Of-Area", "unknown-reason"),
    ],
)
def test_a_reason_is_a_code_of_the_list(kind, reason, code):
    with pytest.raises(Rejected) as refused:
        referral_outcome(REFERRAL, SEEN_TWO, kind, reason)
    assert refused.value.code == code
    assert "Hale" not in str(refused.value)


@pytest.mark.parametrize("reason", [None, *REASONS])
def test_a_closed_referral_may_say_why(reason):
    assert referral_outcome(REFERRAL, SEEN_TWO, ReferralOutcomeKind.CLOSED, reason).reason == reason


def test_what_is_known_shows_no_person_by_accident():
    assert "Zaphrodite" not in f"{ALERT!r} {REFERRAL!r}"
