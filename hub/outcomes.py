"""What people did, as events: the one place where an answer becomes an outcome, for page, FHIR and Kafka alike.

Whoever answers names the alert or referral, the carer by the link that they were shown, and the version they saw.
Everything else comes from the hub's own ledger: the region, the evidence by which a carer is named for good, the
agreement. A door that calls these has checked already that the organisation owns what it answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hub.decisions import Frame
from hub.errors import Rejected
from hub.projection import Json
from hub.records import (
    AlertOutcome,
    AlertStatus,
    OutcomeKind,
    ReferralAction,
    ReferralOutcome,
    ReferralOutcomeKind,
)

STEPS: Final = frozenset({OutcomeKind.SEEN, OutcomeKind.ACCEPTED})
"""Said of a whole alert; every other outcome is of one carer."""

NEED_A_REASON: Final = frozenset({ReferralOutcomeKind.DECLINED})
REASONS: Final = (
    "out-of-area",
    "full",
    "not-suitable",
    "already-supported",
    "carer-declined",
    "not-reached",
    "other",
)
"""Why a service says no, or ends. Codes only: words of people may name people."""

KEPT: Final = timedelta(days=28)
"""What was done longer ago is not taken: that is how long topics keep answers."""

MOST_BY: Final = 64
"""Characters of a staff id."""

STAFF_ID: Final = re.compile(rf"(?=[^0-9]*[0-9])[A-Za-z0-9._/-]{{1,{MOST_BY}}}", re.ASCII)
"""An identifier of the organisation's own: neither a name, which has no digit, nor an address, which has an `@`."""

ABLE: Final = frozenset(
    {
        OutcomeKind.CONTACTED_ABLE,
        OutcomeKind.CONTACTED_PARTLY_ABLE,
        OutcomeKind.CONTACTED_NOT_ABLE,
    }
)
"""Whether a carer is willing and able; nobody asks a child."""


@dataclass(frozen=True, slots=True)
class AlertKnown:
    """An alert as the ledger has it.

    Attributes:
        changed_at: When the ledger had this version, by the database's clock; aware.
        evidence: Link of each carer named -> the evidence that names them for good.
        young: Links of the carers who are under 18.
        resource: The FHIR Task as its owner may see it.
    """

    alert_id: UUID
    version: int
    region: int
    owner_ods: str
    status: str
    changed_at: datetime
    evidence: Mapping[UUID, UUID]
    young: frozenset[UUID]
    resource: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReferralKnown:
    """A referral as the ledger has it.

    Attributes:
        changed_at: When the ledger had this version, by the database's clock; aware.
        resource: The Bundle of ServiceRequest and Task as its owner may see them.
    """

    referral_id: UUID
    version: int
    region: int
    owner_ods: str
    status: str
    changed_at: datetime
    agreement_id: UUID
    resource: Json = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answered, when, and which version they had seen.

    Attributes:
        event_id: Derived from what was sent, so that the same twice is one event.
        source: The door, or the sender by its name in the configuration.
        source_event_id: The sender's own id, or empty.
        at: When it was done; aware, not after `received_at`.
        received_at: When the hub had it in hand; aware.
        by: A staff id of the organisation, never a name; empty for the organisation itself.
        seen_version: The version that they saw.
    """

    event_id: UUID
    correlation_id: UUID
    source: str
    source_event_id: str
    at: datetime
    received_at: datetime
    by: str
    seen_version: int


def alert_outcome(
    known: AlertKnown, answer: Answer, kind: OutcomeKind, link_id: UUID | None
) -> AlertOutcome:
    """The event of one answer.

    Raises:
        Rejected: The alert was withdrawn, the carer is not one of it, is a child who is not to be asked, or none is
            named where one must be; a version is answered that does not exist; or who answers is no staff id.
    """
    checked(answer, known.version, withdrawn=known.status == AlertStatus.CANCELLED)
    if kind is OutcomeKind.UNKNOWN:
        raise Rejected("Say one of the outcomes that the hub knows.", code="unknown-outcome")
    if (link_id is None) is not (kind in STEPS):
        raise Rejected(
            "Seen and accepted are said of the whole alert; every other outcome names one carer.",
            code="which-carer",
        )
    if link_id is not None and link_id not in known.evidence:
        raise Rejected(
            "This carer is not one of this alert. Read it again and answer what it says now.",
            code="no-such-carer",
        )
    if kind in ABLE and link_id in known.young:
        raise Rejected(
            "This carer is under 18. Do not ask a child to care: tell the young-carer lead, "
            "and answer young-carer-lead-told.",
            code="young-carer",
        )
    return AlertOutcome(
        **frame_of(answer, known.region),
        alert_id=known.alert_id,
        alert_version=answer.seen_version,
        evidence_id=None if link_id is None else known.evidence[link_id],
        kind=kind,
        by=answer.by,
        organisation_ods=known.owner_ods,
    )


def referral_outcome(
    known: ReferralKnown, answer: Answer, kind: ReferralOutcomeKind, reason: str | None
) -> ReferralOutcome:
    """The event of one answer.

    Raises:
        Rejected: The referral was withdrawn; a reason is missing or not of the list; a version is answered that does
            not exist; or who answers is no staff id.
    """
    checked(answer, known.version, withdrawn=known.status == ReferralAction.WITHDRAWN)
    if kind is ReferralOutcomeKind.UNKNOWN:
        raise Rejected("Say one of the answers that the hub knows.", code="unknown-outcome")
    if reason is not None and reason not in REASONS:
        raise Rejected(f"Say one of {', '.join(REASONS)} as the reason.", code="unknown-reason")
    if reason is None and kind in NEED_A_REASON:
        raise Rejected("Say why: a declined referral needs a reason.", code="no-reason")
    return ReferralOutcome(
        **frame_of(answer, known.region),
        referral_id=known.referral_id,
        agreement_id=known.agreement_id,
        referral_version=answer.seen_version,
        kind=kind,
        reason=reason,
        by=answer.by,
        organisation_ods=known.owner_ods,
    )


def checked(answer: Answer, current: int, *, withdrawn: bool) -> None:
    """Only a version that was told can be answered, of what still stands, and by somebody whom no name gives away."""
    if answer.by and STAFF_ID.fullmatch(answer.by) is None:
        raise Rejected(
            f"Say who answers by a staff id: letters, digits and `._/-`, {MOST_BY} at most, with a digit; "
            "never a name or an address. Leave it out for the organisation.",
            expression="by",
            code="staff-id",
        )
    if not 1 <= answer.seen_version <= current:
        raise Rejected("Answer a version that the hub has told.", code="no-such-version")
    if withdrawn:
        raise Rejected("This was withdrawn: nothing more is needed.", code="withdrawn")


def frame_of(answer: Answer, region: int) -> Frame:
    """The frame of an answer: it was recorded when it was done, and never later than it was received."""
    at = min(answer.at, answer.received_at)
    return Frame(
        event_id=answer.event_id,
        caused_by=None,
        correlation_id=answer.correlation_id,
        source=answer.source,
        source_event_id=answer.source_event_id,
        occurred_at=at,
        recorded_at=at,
        received_at=answer.received_at,
        region=region,
    )
