"""What is put before a person to decide: a referral to offer, two records to compare. As FHIR R4 Tasks."""

from typing import Any, Final, TypeAlias
from uuid import UUID

from hub.fhir.offers import PROPOSAL, offer_from
from hub.fhir.task import LINK
from hub.records import ReviewItem, ServiceOffer

ITEM: Final = "urn:carers-hub:review-item"
RECORD: Final = "urn:carers-hub:record"

MATCH_GRADE: Final = "http://terminology.hl7.org/CodeSystem/match-grade"

Input: TypeAlias = dict[str, object]

PAIR: Final = ("same-person", "Are these two records the same person?")
CROWD: Final = ("cares-for-many", "Does this one person look after all who are named, unpaid?")


def offer_resource(link_id: UUID, offer: ServiceOffer) -> dict[str, Any]:
    """The offer that an alert holds for the carer of a link, as a Task of its own."""
    return {**offer_from(offer), "identifier": [{"system": LINK, "value": str(link_id)}]}


def record_input(record_id: UUID) -> Input:
    """One of the records."""
    return {
        "type": {"coding": [{"system": PROPOSAL, "code": "record"}]},
        "valueIdentifier": {"system": RECORD, "value": str(record_id)},
    }


def grade_of(item: ReviewItem) -> list[Input]:
    """How sure a model is, in the codes of FHIR's match-grade; nothing where none weighed the two.

    The standard's extension of that name belongs to the entries of a search, so here it is an input.
    """
    if item.grade is None:
        return []
    grade = {"system": MATCH_GRADE, "code": item.grade}
    return [
        {
            "type": {"coding": [{"system": PROPOSAL, "code": "match-grade"}]},
            "valueCodeableConcept": {"coding": [grade]},
        }
    ]


def review_resource(item: ReviewItem) -> dict[str, Any]:
    """Say whether two records are one person, or one carer's many people are theirs. It names records, never people."""
    code, question = PAIR if item.left != item.right else CROWD
    return {
        "resourceType": "Task",
        "identifier": [{"system": ITEM, "value": str(item.item_id)}],
        "status": "completed" if item.settled else "requested",
        "intent": "proposal",
        "priority": "urgent" if item.in_hospital else "routine",
        "code": {"coding": [{"system": PROPOSAL, "code": code}]},
        "description": question,
        "input": [
            *(record_input(each) for each in dict.fromkeys((item.left, item.right))),
            *grade_of(item),
        ],
    }
