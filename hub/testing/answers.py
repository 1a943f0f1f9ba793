"""What a national service and a discharge team say, for tests."""

from uuid import UUID

from hub.records import AlertOutcome, NoticeKind, OutcomeKind, PersonNotice
from hub.testing.people import Person
from hub.testing.senders import TRUST, frame_of


def notice(kind: NoticeKind, of: Person, recorded: str, message: str | None = None) -> PersonNotice:
    """A national service says that something about a person changed; what it says besides is put beside it."""
    return PersonNotice(
        **frame_of("mns", message or f"{kind}-{of.given}-{recorded}", recorded),
        kind=kind,
        nhs_number=of.nhs_number or "",
    )


def outcome(
    kind: OutcomeKind, recorded: str, alert: UUID, evidence: UUID | None = None, version: int = 1
) -> AlertOutcome:
    """A discharge team records what it did."""
    return AlertOutcome(
        **frame_of("portal", f"{kind}-{recorded}-{evidence}", recorded),
        alert_id=alert,
        alert_version=version,
        evidence_id=evidence,
        kind=kind,
        by="staff-7",
        organisation_ods=TRUST,
    )
