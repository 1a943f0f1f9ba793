"""Records without an NHS number find the person whom a practice names, and a ward's contact the carer it flagged."""

from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from hub.identity import derived
from hub.records import (
    CarerPicture,
    Confidence,
    DecisionKind,
    PersonDecision,
    ReviewAnswer,
    ReviewItem,
    ReviewVerdict,
)
from hub.testing.flags import CARER_ROLE, agreement, carer_flag
from hub.testing.people import ADA, BEN
from hub.testing.resources import related
from hub.testing.senders import TRUST, frame_of
from hub.testing.visits import encounter
from processors.carer_matching.reviews import BY_ITSELF
from tests.flow.scenes import STAY, actions, evidence, last_words, new_hub, picture
from tests.flow.scenes import after as plainly_after

HOME = replace(ADA, postcode="LE2 7AB")
"""Ada as her practice has her."""
SON = replace(BEN, phone="07700 900001")
FLAG = carer_flag(SON, "2026-11-03 12:00", of=HOME)
UNNUMBERED = replace(HOME, nhs_number=None)


def admitted(patient, recorded="2026-11-22 09:30", event="A01", contacts=()):
    return encounter(event, recorded, replace(STAY, patient=patient, contacts=contacts))


ADMITTED = admitted(UNNUMBERED)
UNSURE = replace(UNNUMBERED, given="Adele")
"""As a ward may have her: another given name, everything else as the practice has it."""
CONTACT = related(replace(SON, nhs_number=None, born=""), CARER_ROLE)
del CONTACT["birthDate"]


def after(*events):
    return plainly_after(*events, matcher=evidence())


def carers(hub):
    """The given names of the carers in the only picture, each with how sure it is."""
    return [(each.names[0].given[0], each.confidence) for each in picture(hub).carers]


BEN_FOR_SURE = [("Ben", Confidence.CONFIRMED)]


def only_item(hub):
    (item,) = hub.last(ReviewItem).values()
    return item


def answer(item, verdict, recorded, by="1"):
    """One reviewer's word on the pair of an item."""
    return PersonDecision(
        **frame_of("portal", f"{verdict} {by} {recorded}", f"2026-11-{recorded}"),
        decision_key=derived("test-answer", item.item_id, by),
        kind=DecisionKind.REVIEW,
        by=by,
        organisation_ods=TRUST,
        review=ReviewAnswer(left=item.left, right=item.right, answer=verdict, evidence=""),
    )


@pytest.mark.parametrize("order", [(FLAG, ADMITTED), (ADMITTED, FLAG)])
def test_a_patient_without_a_number_has_the_carers_whom_a_practice_names_and_the_alert_comes_at_once(
    order,
):
    hub = after(*order)
    assert carers(hub) == BEN_FOR_SURE
    assert actions(hub) == ["raised"]
    assert hub.last(ReviewItem) == {}
    assert plainly_after(*order).last(ReviewItem) == {}
    assert picture(plainly_after(*order)).carers == ()


def test_a_correction_of_either_record_undoes_it_exactly_and_another_one_brings_it_back():
    somebody_else = replace(UNNUMBERED, given="Olivia", born="1987-06-05", postcode="LS6 3HN")
    hub = after(FLAG, ADMITTED, admitted(somebody_else, "2026-11-23 09:00", "A08"))
    assert (carers(hub), actions(hub)) == ([], ["raised", "withdrawn"])
    hub.hear(admitted(UNNUMBERED, "2026-11-23 10:00", "A08"))
    assert (carers(hub), actions(hub)[-1]) == (BEN_FOR_SURE, "reopened")
    other = replace(HOME, given="Olivia", born="1987-06-05", postcode="LS6 3HN")
    hub.hear(carer_flag(SON, "2026-11-24 12:00", of=other))
    assert (carers(hub), actions(hub)[-1]) == ([], "withdrawn")


def test_a_namesake_of_the_same_home_makes_a_question_of_what_was_joined_until_they_prove_another():
    namesake = replace(HOME, born="1941-03-12", nhs_number="9990000042", hospital_number="H900")
    hub = after(FLAG, ADMITTED, admitted(namesake, "2026-11-23 09:00", "A31"))
    assert (carers(hub), actions(hub)) == ([], ["raised", "withdrawn"])
    assert not only_item(hub).settled
    named_wrong = replace(namesake, given="Olivia", born="1987-06-05", postcode="LS6 3HN")
    hub.hear(admitted(named_wrong, "2026-11-24 09:00", "A31"))
    assert (carers(hub), actions(hub)[-1]) == (BEN_FOR_SURE, "reopened")
    assert only_item(hub).answer == BY_ITSELF


def test_what_is_likely_is_asked_and_answered_once_for_all():
    hub = after(FLAG, admitted(UNSURE))
    item = only_item(hub)
    assert (item.reasons, item.settled, item.in_hospital) == (("may-be-the-same",), False, True)
    assert carers(hub) == []
    hub.hear(answer(item, ReviewVerdict.SAME, "23 10:00"))
    assert (carers(hub), only_item(hub).answer) == (BEN_FOR_SURE, "same")
    hub.hear(answer(item, ReviewVerdict.REVOKED, "23 11:00"))
    assert (carers(hub), only_item(hub).settled) == ([], False)
    hub.hear(answer(item, ReviewVerdict.DIFFERENT, "23 12:00"))
    told = len(hub.said(ReviewItem))
    hub.hear(admitted(UNNUMBERED, "2026-11-24 09:00", "A08"), replace_message(FLAG))
    assert carers(hub) == []
    assert {each.settled for each in hub.said(ReviewItem)[told:]} <= {True}


def replace_message(flag):
    """The same once more, at another time."""
    return carer_flag(SON, "2026-11-25 12:00", of=HOME)


def test_a_question_says_in_levels_and_bits_alone_why_it_is_likely_and_what_it_waits_for():
    namesake = replace(HOME, nhs_number="9990000042", born="1941-03-12", hospital_number="H900")
    item = only_item(after(FLAG, ADMITTED, admitted(namesake, "2026-11-23 09:00", "A31")))
    total = item.prior + sum(each.bits for each in item.weights)
    assert total == pytest.approx(item.total, abs=1e-9)
    assert {each.field: each.level for each in item.weights} == {
        "name": "exact/exact",
        "born": "exact",
        "home": "exact/missing",
    }
    assert set(item.rules) >= {"NAMESAKE_AT_ADDRESS"}
    assert item.rivals == pytest.approx([item.total - item.margin])
    assert (item.alternatives, item.model) == (1, evidence().digest)
    said = repr([item.weights, item.rules, item.rivals]).lower()
    assert not any(value in said for value in ("'ada", "marsh", "le2", "1941", "999"))


def test_a_question_settles_itself_when_the_records_come_to_agree_or_are_plainly_two():
    hub = after(FLAG, admitted(UNSURE), admitted(UNNUMBERED, "2026-11-23 09:00", "A08"))
    assert (only_item(hub).answer, carers(hub)) == (BY_ITSELF, BEN_FOR_SURE)
    other = replace(UNSURE, nhs_number="9990000042")
    hub = after(FLAG, admitted(UNSURE), admitted(other, "2026-11-23 09:00", "A08"))
    assert (only_item(hub).answer, carers(hub)) == (BY_ITSELF, [])


def test_a_wards_contact_is_the_carer_whom_the_practice_flagged_with_the_surest_evidence_and_one_id():
    agreed = agreement(SON, "2026-11-04 12:00")
    for order in ((FLAG, agreed), (agreed, FLAG)):
        hub = after(*order, admitted(HOME, contacts=(CONTACT,)))
        (carer,) = picture(hub).carers
        assert carer.confidence is Confidence.CONFIRMED
        assert {each.source for each in carer.evidence} == {"c82009-gp", "rwe-pas"}
        assert carer.agreement_id is not None
        told = hub.last(CarerPicture)[carer.carer_id]
        assert [each.stay_status for each in told.cares_for] == ["in_patient"]
    apart = plainly_after(FLAG, admitted(HOME, contacts=(CONTACT,)))
    assert len(picture(apart).carers) == 2


def test_a_contact_who_says_less_than_is_needed_is_a_second_carer_and_a_question():
    hub = after(FLAG, admitted(HOME, contacts=(related_without_phone(),)))
    assert len(picture(hub).carers) == 2
    assert not only_item(hub).settled


def related_without_phone():
    """The contact by name alone."""
    return {name: value for name, value in CONTACT.items() if name != "telecom"}


def test_somebody_shielded_is_never_joined_unasked_and_two_must_say_it():
    hub = after(FLAG, admitted(replace(UNNUMBERED, shielded=True)))
    item = only_item(hub)
    assert (item.restricted, item.settled, carers(hub)) == (True, False, [])
    hub.hear(answer(item, ReviewVerdict.SAME, "23 10:00", by="1"))
    assert carers(hub) == []
    hub.hear(answer(item, ReviewVerdict.SAME, "23 11:00", by="2"))
    assert carers(hub) == BEN_FOR_SURE


def end_of(events, batch_size=1, *, crashes=False):
    """What stands in the end: the last word on everything, who is one person, and what is in memory."""
    hub = new_hub(batch_size, evidence())
    for each in events:
        hub.publish(each)
        if crashes:
            hub.run()
            hub.crash()
    hub.run()
    hub.redeliver()
    assert hub.refusals == []
    said = {
        key: each
        for key, each in last_words(hub).items()
        if key not in hub.last(CarerPicture) or not hub.last(CarerPicture)[key].superseded_by
    }  # whether one was ever told that goes on as another's is its order's
    hub.memory.settle()
    held = {k: v for k, v in hub.memory._by_evidence.own.items() if v is not None}
    people = [hub.memory.person(UUID(int=each)) for each in sorted(hub.memory.records.own)]
    hub.crash()
    assert held == hub.memory._by_evidence.own
    return said, people


@pytest.mark.parametrize("seed", range(3))
def test_every_order_batch_and_crash_ends_with_the_same_persons_questions_and_pictures(seed):
    random = Random(seed)
    item = only_item(after(FLAG, admitted(UNSURE)))
    second = replace(UNNUMBERED, hospital_number="H300", phone="07700 900009")
    events = [
        FLAG,
        admitted(UNSURE),
        admitted(UNNUMBERED, "2026-11-22 15:00", "A08", (CONTACT,)),
        encounter("A01", "2026-11-22 12:00", replace(STAY, number="V2", patient=second)),
        carer_flag(replace(SON, phone=None), "2026-11-20 12:00", of=HOME),
    ]
    if seed:
        events.append(answer(item, ReviewVerdict.DIFFERENT, "23 10:00"))
    first = end_of(events)
    for batch_size, crashes in ((1, True), (3, False), (100, False)):
        random.shuffle(events)
        assert end_of(events, batch_size, crashes=crashes) == first, f"seed {seed}"
