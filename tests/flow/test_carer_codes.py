"""Who is a carer by code: the latest of what was said, by date, under lists that may change."""

from dataclasses import replace
from itertools import permutations

import orjson
import pytest

from deploy.code_lists import carer_codes
from hub.fhir.systems import NHS_NUMBER, NO_LONGER_LISTED, SNOMED_CT
from hub.identity import derived, source_record_id
from hub.records import (
    CarerFlagEvent,
    Confidence,
    DecisionKind,
    EvidenceKind,
    HubCommand,
    PersonDecision,
)
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN
from hub.testing.resources import patient_resource, related
from hub.testing.senders import PRACTICE, frame_of
from processors.carer_matching.codes import READ_V2
from processors.carer_matching.policy import FeedCodes, MatchingPolicy, Trust
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.flow.scenes import ADMISSION, CHILD, picture

LISTS = carer_codes()
POLICY = MatchingPolicy(
    test_numbers="accept",
    carer_codes=LISTS.carer,
    not_carer_codes=LISTS.not_carer,
    left_out_codes=LISTS.left_out,
    codes_version="1",
)
IS, OF_FRIEND, IS_NOT, NO_LONGER = "224484003", "224485002", "506401000000109", "199361000000101"
PAID = "229774002"


def hub_with(policy=POLICY, over: MemoryHub | None = None) -> MemoryHub:
    chain = (carer_matching(policy), discharge_involvement(AlertPolicy()))
    return (
        MemoryHub(chain) if over is None else MemoryHub(chain, topics=over.topics, store=over.store)
    )


def flag(code, start=None, status="active", system=SNOMED_CT, **more):
    return {
        "resourceType": "Flag",
        "status": status,
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"identifier": {"system": NHS_NUMBER, "value": BEN.nhs_number}},
        **({"period": start} if isinstance(start, dict) else {"period": {"start": start}} if start else {}),
        **more,
    }  # fmt: skip


def said(recorded, *flags):
    """What a practice says of Ben at one time."""
    resources = [patient_resource(BEN), *flags]
    body = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in resources],
    }
    return CarerFlagEvent(
        **frame_of(PRACTICE, f"{recorded} {flags}", recorded),
        source_record=source_record_id(PRACTICE, NHS_NUMBER, BEN.nhs_number),
        resource=orjson.dumps(body),
    )


def linked(recorded, *flags):
    """What a practice says of Ben beside that he is Ada's son, which is no word on caring."""
    event = said(recorded, *flags, related(BEN, CHILD, patient="urn:uuid:ada"))
    body = orjson.loads(event.resource)
    ada = {"fullUrl": "urn:uuid:ada", "resource": patient_resource(ADA)}
    return replace(event, resource=orjson.dumps({**body, "entry": [ada, *body["entry"]]}))


def status_after(*events, policy=POLICY):
    hub = hub_with(policy)
    hub.hear(*events)
    return status_in(hub)


def status_in(hub):
    found = [each.carer_status for each in hub.memory.records.values() if each.carer_status]
    return found[0].is_carer if found else None


def apply_codes(recorded="2026-12-01 09:00"):
    return PersonDecision(
        **frame_of("operator", recorded, recorded),
        decision_key=derived("command", "codes", recorded),
        kind=DecisionKind.COMMAND,
        by="operator-1",
        organisation_ods="",
        command=HubCommand(name="codes", argument="2"),
    )


DAY = "2026-11-20 09:00"
LATER = "2026-11-21 09:00"


@pytest.mark.parametrize(
    ("events", "is_carer"),
    [
        ((said(DAY, flag(IS)),), True),
        ((said(DAY, flag(NO_LONGER)),), False),
        # the date counts, not what was sent last
        ((said(DAY, flag(IS, "2019-05-01")), said(LATER, flag(NO_LONGER, "2024-02-01"))), False),
        ((said(DAY, flag(NO_LONGER, "2024-02-01")), said(LATER, flag(IS, "2019-05-01"))), False),
        ((said(DAY, flag(NO_LONGER, "2019-05-01"), flag(IS, "2024-02-01")),), True),
        ((said(DAY, flag(IS, "2024-02-01")), said(LATER, flag(NO_LONGER, "2019-05-01"))), True),
        # a tie: written down later; at one instant "is none"
        ((said(DAY, flag(IS, "2024-02-01")), said(LATER, flag(IS_NOT, "2024-02-01"))), False),
        ((said(DAY, flag(IS_NOT, "2024-02-01")), said(LATER, flag(IS, "2024-02-01"))), True),
        ((said(DAY, flag(IS, "2024-02-01"), flag(IS_NOT, "2024-02-01")),), False),
        # a date after it was written down is taken as that
        ((said(DAY, flag(IS, "2030-01-01")), said(LATER, flag(NO_LONGER))), False),
        # taken away: no carer, unless another code stands
        ((said(DAY, flag(IS)), said(LATER, flag(IS, status="inactive"))), False),
        ((said(DAY, flag(IS), flag(OF_FRIEND)), said(LATER, flag(IS, status="inactive"))), True),
        ((said(DAY, flag(IS), flag(IS, status="inactive")),), True),
        # not-carer codes that were taken away say nothing
        ((said(DAY, flag(IS, "2019-05-01"), flag(NO_LONGER, "2024-02-01", "inactive")),), True),
        # what is left out, and what is about something else, says nothing
        ((said(DAY, flag(PAID)),), None),
        ((said(DAY, flag("38341003")),), None),
        # Read v2: the case counts, a term's number does not, no end follows
        ((said(DAY, flag("918G.", system=READ_V2)),), True),
        ((said(DAY, flag("918G.00", system=READ_V2)),), True),
        ((said(DAY, flag("918a.", system=READ_V2)),), True),
        ((said(DAY, flag("918g.", system=READ_V2)),), None),
        ((said(DAY, flag("918f.", system=READ_V2)),), None),
        ((said(DAY, flag("918F.", system=READ_V2)),), None),
        ((said(DAY, flag("918A")),), None),
    ],
)
def test_the_latest_word_by_date_decides(events, is_carer):
    assert status_after(*events) is is_carer


def test_the_order_of_arrival_decides_nothing():
    events = (
        said("2026-11-03 09:00", flag(IS, "2026-11-01")),
        said("2026-11-05 09:00", flag(IS, "2026-11-01", "inactive")),
        said("2026-11-07 09:00", flag(IS, "2026-11-01")),
        said("2026-11-04 09:00", flag(NO_LONGER, "2026-11-02")),
    )
    found = set()
    for order in permutations(events):
        hub = hub_with()
        hub.hear(*order)
        (record,) = hub.memory.records.values()
        found.add(record)
    (record,) = found
    assert record.carer_status.is_carer is False
    assert record.carer_status.codes_version == "1"


UNLISTED = {"url": NO_LONGER_LISTED, "valueBoolean": True}


def named(name, code, **more):
    return flag(code, identifier=[{"system": "urn:register", "value": name}], **more)


def unlisted(name, code):
    return named(name, code, status="inactive", extension=[UNLISTED])


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        # what no longer listing it says of a code that stood, and how long
        ((named("1", IS), unlisted("1", IS)), (False, True)),
        ((unlisted("1", IS), named("1", IS)), (True, False)),
        # it takes back no word that ended it
        ((named("1", IS), named("1", IS, status="inactive"), unlisted("1", IS)), (False, False)),
        ((named("1", IS), named("1", NO_LONGER), unlisted("1", NO_LONGER)), (False, False)),
        ((named("1", IS), named("1", NO_LONGER), unlisted("1", IS)), (False, False)),
        # nor that of another entry
        ((named("1", IS, status="inactive"), named("2", IS), unlisted("2", IS)), (False, False)),
        ((named("1", IS), named("2", IS), unlisted("2", IS)), (True, False)),
    ],
)
def test_what_is_no_longer_listed_takes_back_only_what_stood(entries, status):
    events = [said(f"2026-11-0{day} 09:00", each) for day, each in enumerate(entries, start=1)]
    found = set()
    for arrived in permutations(events):
        hub = hub_with()
        hub.hear(*arrived)
        (record,) = hub.memory.records.values()
        found.add(record)
    (record,) = found
    assert (record.carer_status.is_carer, record.carer_status.withdrawn) == status


def test_only_statements_whose_codes_the_lists_know_are_kept():
    hub = hub_with()
    hub.hear(said(DAY, flag(IS), flag(PAID), flag("38341003")))
    (record,) = hub.memory.records.values()
    assert {each.codings[0].code for each in record.carer_statements} == {IS, PAID}


def test_a_statement_that_names_nobody_takes_no_other_with_it():
    nobody = flag(OF_FRIEND, subject={"reference": "Patient/gone"})
    hub = hub_with()
    hub.hear(said(DAY, nobody, flag(IS)))
    assert (hub.refusals, status_in(hub)) == ([], True)
    hub.hear(said(LATER, nobody, flag("38341003")))
    assert [each.code for each in hub.refusals] == ["not-found"]


def test_a_feed_may_say_otherwise_for_itself_alone():
    event = said(DAY, flag(PAID))
    own = FeedCodes(PRACTICE, include=(f"{SNOMED_CT}|{PAID}",))
    assert status_after(event, policy=replace(POLICY, feeds=(own,))) is True
    other = replace(own, source="another")
    assert status_after(event, policy=replace(POLICY, feeds=(other,))) is None
    left = FeedCodes(PRACTICE, exclude=(f"{SNOMED_CT}|{IS}",))
    assert status_after(said(DAY, flag(IS)), policy=replace(POLICY, feeds=(left,))) is None


def test_changed_lists_decide_anew_what_they_affect_once_an_operator_asks():
    hub = hub_with()
    hub.hear(carer_flag(BEN, "2026-11-03 12:00", of=ADA), said(DAY, flag(PAID)), ADMISSION)
    assert len(picture(hub).carers) == 1
    without = replace(POLICY, carer_codes=frozenset(), codes_version="2")
    after = hub_with(without, over=hub)
    after.hear(apply_codes())
    assert status_in(after) is None
    versions = {
        each.carer_status.codes_version
        for each in after.memory.records.values()
        if each.carer_status
    }
    assert versions == set()
    paid_counts = replace(
        POLICY, not_carer_codes=frozenset({f"{SNOMED_CT}|{PAID}"}), codes_version="3"
    )
    last = hub_with(paid_counts, over=after)
    last.hear(apply_codes("2026-12-02 09:00"))
    assert status_in(last) is False
    assert picture(last).carers == ()
    again = hub_with(POLICY, over=last)
    again.hear(apply_codes("2026-12-03 09:00"))
    assert status_in(again) is True
    assert len(picture(again).carers) == 1


@pytest.mark.parametrize("kind", [None, EvidenceKind.REGISTER, EvidenceKind.PASSPORT])
def test_a_link_that_only_a_flag_made_one_of_caring_follows_the_lists(kind):
    trusted = replace(POLICY, trusts=(Trust(PRACTICE, kind, Confidence.PROBABLE),))
    hub = hub_with(trusted)
    hub.hear(linked(DAY, flag(OF_FRIEND)), ADMISSION)
    assert len(picture(hub).carers) == 1
    fewer = POLICY.carer_codes - {f"{SNOMED_CT}|{OF_FRIEND}"}
    known = POLICY.left_out_codes | {f"{SNOMED_CT}|{OF_FRIEND}"}
    changed = replace(trusted, carer_codes=fewer, left_out_codes=known, codes_version="2")
    after = hub_with(changed, over=hub)
    after.hear(apply_codes())
    assert picture(after).carers == ()
    again = hub_with(trusted, over=after)
    again.hear(apply_codes("2026-12-02 09:00"))
    assert len(picture(again).carers) == 1


@pytest.mark.parametrize("applied", [(), (apply_codes("2026-11-24 09:00"),)], ids=["", "applied"])
def test_lists_that_are_applied_while_somebody_is_no_carer_are_nothing_to_their_link(applied):
    hub = hub_with()
    hub.hear(linked(DAY, flag(IS)), ADMISSION, said("2026-11-23 09:00", flag(NO_LONGER)), *applied)
    assert picture(hub).carers == ()
    hub.hear(said("2026-11-25 09:00", flag(OF_FRIEND)))
    assert len(picture(hub).carers) == 1


def test_an_old_code_that_is_sent_again_beside_a_link_makes_nobody_a_carer_and_a_new_one_does():
    old, over = linked(DAY, flag(IS, "2019-05-01")), said(LATER, flag(NO_LONGER, "2024-02-01"))
    again = linked("2026-11-23 09:00", flag(IS, "2019-05-01"))
    for arrived in permutations((old, over, again)):
        hub = hub_with()
        hub.hear(ADMISSION, *arrived)
        assert picture(hub).carers == ()
        hub.hear(linked("2026-11-24 09:00", flag(IS, "2025-01-01")))
        assert len(picture(hub).carers) == 1


def test_a_link_ends_with_the_entry_of_its_source_by_whatever_number_each_names_the_carer():
    local = {"identifier": [{"system": "urn:register:clients", "value": "C-7"}]}
    subject = {"subject": {"identifier": local["identifier"][0]}}

    def listed(recorded, entry, link):
        event = (linked if link else said)(recorded, {**entry, **subject})
        body = orjson.loads(event.resource)
        for each in body["entry"]:
            person = each["resource"]
            if person["resourceType"] == "Patient" and person["birthDate"] == BEN.born:
                person["identifier"] += local["identifier"]
                person["identifier"].reverse()
        return replace(event, resource=orjson.dumps(body))

    hub = hub_with()
    hub.hear(ADMISSION, listed(DAY, named("1", IS), link=True))
    assert len(picture(hub).carers) == 1
    hub.hear(listed("2026-11-23 09:00", unlisted("1", IS), link=False))
    assert picture(hub).carers == ()


def test_the_same_lists_change_nothing():
    hub = hub_with()
    hub.hear(carer_flag(BEN, "2026-11-03 12:00", of=ADA), ADMISSION)
    before = (picture(hub), tuple(hub.memory.records.values()))
    hub.hear(apply_codes())
    assert (picture(hub), tuple(hub.memory.records.values())) == before


def test_a_row_of_an_older_form_is_decided_like_any_other():
    hub = hub_with()
    hub.hear(said(DAY, flag(IS)))
    (record,) = hub.memory.records.values()
    hub.memory.put(replace(record, carer_statements=()))
    hub.hear(said(LATER, flag(NO_LONGER)))
    (record,) = hub.memory.records.values()
    assert record.carer_status.is_carer is False
    assert len(record.carer_statements) == 2


def older_form_of(hub):
    """The same hub, with its records as they were kept before statements were."""
    for record in tuple(hub.memory.records.values()):
        hub.memory.put(replace(record, carer_statements=()))
    return hub


@pytest.mark.parametrize("then", [apply_codes(), said("2026-12-01 09:00", flag(PAID))])
def test_a_not_carer_code_of_an_older_row_stays_one_whatever_is_heard_next(then):
    hub = hub_with()
    hub.hear(linked(DAY, flag(IS)), ADMISSION, said("2026-11-23 09:00", flag(NO_LONGER)))
    older_form_of(hub).hear(then)
    assert status_in(hub) is False
    assert picture(hub).carers == ()


@pytest.mark.parametrize("between", [(), (said(LATER, flag(PAID)),)], ids=["at once", "later"])
def test_the_code_of_an_older_row_is_the_statement_that_its_source_names(between):
    hub = hub_with()
    hub.hear(said(DAY, named("1", IS)))
    older_form_of(hub).hear(*between, said("2026-11-22 09:00", named("1", IS, status="inactive")))
    assert status_in(hub) is False


def test_no_code_stands_in_two_lists_and_each_of_snomed_ct_has_its_check_digit():
    assert not LISTS.carer & LISTS.not_carer
    assert not LISTS.left_out & (LISTS.carer | LISTS.not_carer)
    for each in LISTS.carer | LISTS.not_carer | LISTS.left_out:
        system, _, code = each.partition("|")
        assert system in (SNOMED_CT, READ_V2)
        assert len(code) == 5 if system == READ_V2 else verhoeff(code) == 0, code


PRODUCTS = (
    *("0123456789", "1234067895", "2340178956", "3401289567", "4012395678"),
    *("5987604321", "6598710432", "7659821043", "8765932104", "9876543210"),
)
TURN = "1576283094"


def verhoeff(digits: str) -> int:
    """Zero where the check digit is right. Source: SNOMED CT, component identifiers."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = int(TURN[turned])
        check = int(PRODUCTS[check][turned])
    return check
