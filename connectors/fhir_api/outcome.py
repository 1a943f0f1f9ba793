"""Answers as OperationOutcome: what, where, what to do. Never the text of a defect, never a value of the message."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from connectors.fhir_api.mapping.taken import Taken
from connectors.fhir_api.minimising import NOTHING, LeftOut
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

NO_CARER_CODE: Final = "Not kept: no code of this is in the carer lists."
NOT_READ: Final = "Not kept: nothing here reads this."


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


def taken(events: Iterable[UUID], left_out: LeftOut = NOTHING) -> Element:
    """Kept: the ids of the events to ask about; and what was left out."""
    kept = [issue("information", "informational", f"Kept as event {event}.") for event in events]
    return outcome_of([*kept, *not_kept(left_out)])


def not_kept(left_out: LeftOut) -> Iterator[Element]:
    """What was taken out of a body, by its places."""
    for text, places in (NO_CARER_CODE, left_out.unknown), (NOT_READ, left_out.unread):
        if places:
            yield {**issue("information", "informational", text), "expression": [*places]}


def passed_on(events: Sequence[UUID]) -> Element:
    """Kept, but what is told does not show it yet: the ids of the events to ask about."""
    kept = [
        issue("information", "informational", f"Kept as event {event}, and being passed on.")
        for event in events
    ]
    return outcome_of([*kept, issue("information", "informational", READ_AGAIN)])


def responses(taken_in: Taken, back: Return) -> Element:
    """The answer to a transaction or a batch: one entry for each of its entries, with what is wanted back."""
    events = [keyed.event.event_id for keyed in taken_in.all]
    staying = iter(taken_in.body.get("entry") or ())
    answers: list[Element] = []
    for number, _ in enumerate(taken_in.sent.get("entry") or ()):
        place = f"Bundle.entry[{number}].resource"
        left_out = taken_in.left_out.of(place)
        is_gone = place in (*left_out.unknown, *left_out.unread)
        response: Element = {"status": "200 OK" if is_gone else "202 Accepted"}
        if back == "OperationOutcome":
            response = {**response, "outcome": taken(() if is_gone else events, left_out)}
        entry: Element = {} if is_gone else next(staying)
        answers.append(
            {"response": response, **(resource_in(entry) if back == "representation" else {})}
        )
    kind = f"{taken_in.sent.get('type')}-response"
    return {"resourceType": "Bundle", "type": kind, "entry": answers}


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
