"""Answers as OperationOutcome: what, where, what to do. Never the text of a defect, never a value of the message."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from connectors.fhir_api.preference import Return
from hub.errors import HubError, Rejected
from hub.fhir.reading import Element

NO_SUCH_ADDRESS: Final = (
    "There is nothing at this address: GET /fhir/R4/metadata says what there is."
)
DEFECT: Final = "A fault of the hub. The body is kept; it need not be sent again."
READ_AGAIN: Final = (
    "Read it again in a moment. An answer that changes nothing in it makes no new version."
)
NO_SUCH_METHOD: Final = "This is not done here: GET /fhir/R4/metadata says what is."


def refusal(error: HubError) -> Element:
    """An error in FHIR's own words."""
    place = error.expression if isinstance(error, Rejected) else ""
    return outcome_of([issue("error", error.issue_code, str(error), place)])


def fault(correlation_id: UUID) -> Element:
    """A fault of ours: fixed words, and the id to ask about."""
    text = f"A fault of the hub. Nothing was kept; send it again later. Reference {correlation_id}."
    return outcome_of([issue("fatal", "exception", text)])


def kept_fault(letter: UUID) -> Element:
    """A fault of ours after which the bytes are safe: fixed words, and the id to ask about."""
    text = f"A fault of the hub. What was sent is kept as dead letter {letter}; it need not be sent again."
    return outcome_of([issue("fatal", "exception", text)])


def no_such_thing(status: int) -> Element:
    """An address or a method that this server does not have."""
    if status == 404:
        return outcome_of([issue("error", "not-found", NO_SUCH_ADDRESS)])
    return outcome_of([issue("error", "not-supported", NO_SUCH_METHOD)])


def taken(events: Iterable[UUID]) -> Element:
    """Kept: the ids of the events to ask about."""
    return outcome_of(
        [issue("information", "informational", f"Kept as event {event}.") for event in events]
    )


def passed_on(events: Sequence[UUID]) -> Element:
    """Kept, but what is told does not show it yet: the ids of the events to ask about."""
    kept = [
        issue("information", "informational", f"Kept as event {event}, and being passed on.")
        for event in events
    ]
    return outcome_of([*kept, issue("information", "informational", READ_AGAIN)])


def responses(body: Element, events: Sequence[UUID], back: Return) -> Element:
    """The answer to a transaction or a batch: one entry for each of its entries, with what is wanted back."""
    response: Element = {"status": "202 Accepted"}
    if back == "OperationOutcome":
        response = {**response, "outcome": taken(events)}
    return {
        "resourceType": "Bundle",
        "type": f"{body.get('type')}-response",
        "entry": [
            {"response": response, **(resource_in(entry) if back == "representation" else {})}
            for entry in body.get("entry") or ()
        ],
    }


def resource_in(entry: Element) -> Element:
    """The resource of an entry, as it was taken."""
    return {"resource": entry["resource"]} if "resource" in entry else {}


def issue(severity: str, code: str, text: str, place: str = "") -> Element:
    """One issue; `place` is a FHIRPath."""
    said = {"severity": severity, "code": code, "diagnostics": text}
    return {**said, "expression": [place]} if place else said


def outcome_of(issues: Sequence[Element]) -> Element:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": issues}
