"""Builders for tests of who is one person by evidence in a region: records of a few households, links, answers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from hub.identity import derived, evidence_id, review_item_id
from hub.matching.region import RegionView
from hub.records import (
    Address,
    EvidenceKind,
    HumanName,
    LinkEvidence,
    PersonFacts,
    Precision,
    ReviewerAnswer,
    ReviewKept,
    ReviewVerdict,
    SourceRecord,
    Telecom,
    Word,
)
from tests.unit.matching.evidence import matcher

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SAID = Word(about="", recorded_at=WHEN, un_event=False, sequence=0, event_id=UUID(int=1))


def record(name, given="Ada", born="1941-03-02", number=None, **more):
    """The record of this name; what is not said is as in every test."""
    day = date.fromisoformat(born) if born else None
    line, postcode = more.pop("line", "12 High Street"), more.pop("postcode", "LE2 7AB")
    mobile = more.pop("mobile", None)
    facts = PersonFacts(
        names=(HumanName(given=(given,), family=more.pop("family", "Marsh")),),
        nhs_number=number,
        birth_on=day,
        birth_precision=Precision.DAY if day else Precision.UNKNOWN,
        addresses=(Address(lines=(line,), postcode=postcode),) if line else (),
        telecoms=(Telecom(system="phone", value=mobile),) if mobile else (),
        **more,
    )
    return SourceRecord(record_id=derived("test", name), source="test", facts=facts, as_of=WHEN)


def link(patient, contact):
    """That one record is listed as a contact of the other."""
    ends = (patient.record_id, contact.record_id)
    return LinkEvidence(
        evidence_id=evidence_id(*ends, EvidenceKind.NK1.value, "test"),
        patient_record=ends[0],
        carer_record=ends[1],
        kind=EvidenceKind.NK1,
        source="test",
        is_carer=True,
        active=True,
        first_said=SAID,
        last_said=SAID,
    )


def said(one, other, verdict=ReviewVerdict.DIFFERENT):
    """What a reviewer said of two records."""
    left, right = sorted((one.record_id, other.record_id))
    answer = ReviewerAnswer(by="1", organisation_ods="RWE", answer=verdict, said=SAID)
    return ReviewKept(
        item_id=review_item_id(left, right), left=left, right=right, answers=(answer,)
    )


def merged(one, into):
    """The record, merged into another by its hospital."""
    return replace(one, merged_into=into.record_id)


def region(*rows, cold=False, by=None):
    """A region with these rows, as they came one by one; `cold`: out of the database; `by`: another matcher."""
    view = RegionView(matcher=by or matcher())
    if cold:
        view.load(rows)
        view.settle()
        return view
    for row in rows:
        overlay = view.overlay()
        overlay.put(row)
        overlay.join()
    return view


def same(view, *records):
    """Whether records are one person."""
    return len({view.person(each.record_id) for each in records}) == 1


def asked(view, *records):
    """The pairs of these records that are asked about, each as a set."""
    return {
        frozenset((each.record_id, other))
        for each in records
        for other, verdict in view.unsure(each.record_id)
        if "may-be-the-same" in verdict.reasons
    }


def pair(one, other):
    return frozenset((one.record_id, other.record_id))
