"""From a resource that its owner put to events: what people did about an alert or a referral.

The same resource, put again on the same version, comes to the same events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from connectors.fhir_api.alert_answers import OfAlert, links_in, of_alert, outcomes_in
from connectors.fhir_api.put import Put, done_at, recorded_by
from connectors.fhir_api.referral_answers import of_referral
from connectors.fhir_api.told import TASK, Known, Told, is_withdrawn, resource_of
from hub.errors import Rejected
from hub.fhir.referral_task import output_of
from hub.identity import derived, message_event_id
from hub.outcomes import AlertKnown, Answer, alert_outcome, referral_outcome
from hub.records import AlertOutcome, ReferralOutcome

SOURCE: Final = "fhir_api"
"""The door, as the source of what comes through it; the organisation stands beside it in every event."""

Outcome: TypeAlias = AlertOutcome | ReferralOutcome


class TakenBack(Rejected):
    """The alert or referral was withdrawn: nobody is named in it any more."""

    issue_code = "conflict"
    http_status = 409


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all events of one put have in common."""

    base: UUID
    told: Told
    put: Put

    def answer(self, *said: object) -> Answer:
        """Who, when and which version, under the id of one thing said."""
        return Answer(
            event_id=derived("event", self.base, *said),
            correlation_id=self.put.correlation_id or self.base,
            source=SOURCE,
            source_event_id="",
            at=done_at(self.put, self.told.kind),
            received_at=self.put.received_at,
            by=recorded_by(self.put.resource, self.told.kind),
            seen_version=self.told.version,
        )


def answered_from(known: Known, told: Told, put: Put) -> tuple[Outcome, ...]:
    """What an organisation says by putting a resource of its own; nothing when it says nothing new.

    Raises:
        TakenBack: It was withdrawn.
        InvalidResource: Something in it is no answer; the place is a FHIRPath.
    """
    if is_withdrawn(known):
        raise TakenBack(
            "It was withdrawn and asks for nothing any more: record nothing on it. "
            "Search again; what still needs an answer stands there.",
            expression=f"{told.kind}.status",
            code="withdrawn",
        )
    base = message_event_id(SOURCE, f"{told.kind}/{told.id}/{told.version}", put.canonical)
    sheet = Sheet(base, told, put)
    if isinstance(known, AlertKnown):
        return tuple(of_one(known, sheet, said) for said in of_alert(put.resource, told))
    return tuple(
        referral_outcome(known, sheet.answer(kind.value, reason or ""), kind, reason)
        for kind, reason in of_referral(put.resource, told)
    )


def of_one(known: AlertKnown, sheet: Sheet, said: OfAlert) -> AlertOutcome:
    """The event of one thing said of an alert."""
    kind, link_id = said
    return alert_outcome(known, sheet.answer(kind.value, link_id or ""), kind, link_id)


def is_shown(said: Sequence[Outcome], before: Told, now: Known) -> bool:
    """Whether what was said stands in the version that is told by now, rather than what somebody else said."""
    if now.version <= before.version:
        return False
    task = resource_of(now, TASK)
    if not isinstance(now, AlertKnown):
        return all(
            output_of(each.kind.value, each.occurred_at) == task.get("output") for each in said
        )
    shown = {
        (kind, now.evidence.get(link)) for _, (kind, link) in outcomes_in(task, links_in(task))
    }
    return all(
        (each.kind, each.evidence_id) in shown
        for each in said
        if isinstance(each, AlertOutcome) and each.evidence_id is not None
    )
