"""Answers as OperationOutcome: what, where, what to do. Never the text of a defect, never a value of the message."""

from typing import Any
from uuid import UUID

from hub.errors import HubError, Rejected


def refusal(error: HubError) -> dict[str, Any]:
    """An error in FHIR's own words."""
    issue: dict[str, Any] = {
        "severity": "error",
        "code": error.issue_code,
        "diagnostics": str(error),
    }
    if isinstance(error, Rejected) and error.expression:
        issue["expression"] = [error.expression]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def fault(correlation_id: UUID) -> dict[str, Any]:
    """A fault of ours: fixed words, and the id to ask about."""
    text = f"A fault of the hub. Nothing was kept; send it again later. Reference {correlation_id}."
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "fatal", "code": "exception", "diagnostics": text}],
    }


def taken(events: tuple[UUID, ...]) -> dict[str, Any]:
    """Kept: the ids of the events to ask about."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "information",
                "code": "informational",
                "diagnostics": f"Kept as event {event}.",
            }
            for event in events
        ],
    }


def responses(body: dict[str, Any], events: tuple[UUID, ...]) -> dict[str, Any]:
    """The answer to a transaction or a batch: one entry for each of its entries."""
    entry = {"response": {"status": "202 Accepted", "outcome": taken(events)}}
    return {
        "resourceType": "Bundle",
        "type": f"{body.get('type')}-response",
        "entry": [entry for _ in body.get("entry", ())],
    }
