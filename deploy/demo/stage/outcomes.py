"""What wards and services do: each reads its Task over FHIR, changes what is an answer, and puts it back.

An organisation's own client, which knows the interface and nothing of the hub's code, so that each checks the other.
"""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final, Self, TypeAlias
from uuid import UUID

import httpx

from deploy.demo.script import Answer, Contact
from deploy.sending.fhir import client_for, issue_in
from deploy.standing.hub import StandingHub
from hub.fhir.reading import Element

STAFF: Final = "staff-4417"
RECORDED_BY: Final = "urn:carers-hub:extension:recorded-by"
OUTCOME: Final = "urn:carers-hub:code:alert-outcome"
STEP: Final = "urn:carers-hub:code:referral-outcome"
REASON: Final = "urn:carers-hub:code:referral-reason"

OF_THE_ALERT: Final = {"seen": "received", "accepted": "accepted"}
"""An outcome of the whole alert -> Task.status."""
OF_A_REFERRAL: Final = {
    "received": "received",
    "accepted": "accepted",
    "declined": "rejected",
    "closed": "completed",
}
"""What a service says -> Task.status; anything else is a step on the way."""

SAME_AGAIN: Final = frozenset({404, 412, 429, 502, 503, 504})
"""Not told yet, changed meanwhile, or away: read again."""
WAIT_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.05

Task: TypeAlias = dict[str, object]
Change: TypeAlias = Callable[[Element], Task | None]


class Outcomes:
    """The clients of all organisations of a hub. Use in a `with` block."""

    def __init__(self, hub: StandingHub) -> None:
        self._hub = hub
        self._clients: dict[str, httpx.Client] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Nothing is open yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up everywhere."""
        self._stack.close()

    def contacted(self, step: Contact, alert_id: UUID) -> str:
        """Somebody of the ward says what came of it; why it was not taken, or nothing."""
        return self._put(step.alert.trust_ods, alert_id, lambda task: contact_on(task, step))

    def answered(self, step: Answer, referral_id: UUID) -> str:
        """A service answers; why it was not taken, or nothing."""
        return self._put(step.referral.service_ods, referral_id, lambda _: answer_on(step))

    def _put(self, ods_code: str, key: UUID, change: Change) -> str:
        """Read, change and put, once more when it was not there yet or changed meanwhile."""
        client, place = self._client(ods_code), f"{self._hub.gateways[0].fhir_url}/Task/{key}"
        until, said = time.monotonic() + WAIT_SECONDS, "it was not there in time"
        while time.monotonic() < until:
            read = client.get(place)
            task = change(read.json()) if read.is_success else None
            if task is not None:
                headers = {"If-Match": read.headers["ETag"]}
                answer = client.put(
                    place, content=json.dumps({**task, "id": str(key)}), headers=headers
                )
                if answer.is_success:
                    return ""
                said = refusal_in(answer)
                if answer.status_code not in SAME_AGAIN:
                    return said
            elif read.is_error and read.status_code not in SAME_AGAIN:
                return refusal_in(read)
            time.sleep(LOOK_SECONDS)  # between tries; given up at `until`
        return said

    def _client(self, ods_code: str) -> httpx.Client:
        if ods_code not in self._clients:
            client = client_for(self._hub.keys.organisations[ods_code])
            self._clients[ods_code] = self._stack.enter_context(client)
        return self._clients[ods_code]


def refusal_in(answer: httpx.Response) -> str:
    """Status, place and words of a refusal; it holds nothing of a person."""
    place, reason = issue_in(answer.content)
    return " ".join(part for part in (str(answer.status_code), place, reason) if part)


def contact_on(told: Element, step: Contact) -> Task | None:
    """The Task with this contact; None while it does not name the carer."""
    if not step.carer:
        return {**answering(step.at.isoformat()), "status": OF_THE_ALERT[step.outcome]}
    carer = next((each for each in told["contained"] if called(each) == step.carer), None)
    if carer is None:
        return None
    output = {
        "type": coded(OUTCOME, step.outcome),
        "valueReference": {"reference": f"#{carer['id']}"},
    }
    return {
        **answering(step.at.isoformat()),
        "status": told["status"],
        "output": [*told.get("output", []), output],
    }


def answer_on(step: Answer) -> Task:
    """The Task with this answer."""
    task = answering(step.at.isoformat())
    if step.reason:
        task["statusReason"] = coded(REASON, step.reason)
    if step.outcome in OF_A_REFERRAL:
        return {**task, "status": OF_A_REFERRAL[step.outcome]}
    return {**task, "status": "in-progress", "businessStatus": coded(STEP, step.outcome)}


def answering(at: str) -> Task:
    """What every answer holds: who and when."""
    return {
        "resourceType": "Task",
        "extension": [{"url": RECORDED_BY, "valueIdentifier": {"value": STAFF}}],
        "intent": "order",
        "lastModified": at,
    }


def coded(system: str, symbol: str) -> Task:
    """A code, written as FHIR writes codes."""
    return {"coding": [{"system": system, "code": symbol.replace("_", "-")}]}


def called(person: Element) -> str:
    """Given and family name of somebody that a Task contains; the patient is no carer."""
    if person["resourceType"] != "RelatedPerson":
        return ""
    name: Element = next(iter(person.get("name", [])), {})
    return " ".join(part for part in (*name.get("given", [])[:1], name.get("family")) if part)
