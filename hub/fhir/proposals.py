"""What is put before a person to decide: a referral to offer, two records to compare. As FHIR R4 Tasks."""

from typing import Any, Final

from hub.fhir.task import LINK
from hub.records import CarerOfStay, ReviewItem

PROPOSAL: Final = "urn:carers-hub:code:proposal"
ITEM: Final = "urn:carers-hub:review-item"
RECORD: Final = "urn:carers-hub:record"

PAIR: Final = ("same-person", "Are these two records the same person?")
CROWD: Final = ("cares-for-many", "Does this one person look after all who are named, unpaid?")


def offer_resource(carer: CarerOfStay) -> dict[str, Any]:
    """Ask this carer whether they want to be handed to a support service."""
    return {
        "resourceType": "Task",
        "identifier": [{"system": LINK, "value": str(carer.link_id)}],
        "status": "requested",
        "intent": "proposal",
        "code": {"coding": [{"system": PROPOSAL, "code": "offer-referral"}]},
        "description": "Ask whether they would like help from a carers' service, and record what they say.",
    }


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
            {
                "type": {"coding": [{"system": PROPOSAL, "code": "record"}]},
                "valueIdentifier": {"system": RECORD, "value": str(record)},
            }
            for record in dict.fromkeys((item.left, item.right))
        ],
    }
