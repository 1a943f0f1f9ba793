# Generated from schemas/avro/ReferralTold.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.carer_picture import CarerPicture
from hub.records.carer_referral import CarerReferral
from hub.records.referral_outcome import ReferralOutcomeKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKept:
    """One answer of a service.

    Attributes:
        event_id: The event.
        referral_id: The referral.
        kind: What was answered.
        reason: Why, as a code.
        at: When it was answered.
    """

    event_id: UUID
    referral_id: UUID
    kind: ReferralOutcomeKind
    reason: str | None = None
    at: datetime

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "event_id": str(self.event_id),
            "referral_id": str(self.referral_id),
            "kind": self.kind,
            "reason": self.reason,
            "at": (self.at - _EPOCH) // _MS,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            event_id=UUID(datum["event_id"]),
            referral_id=UUID(datum["referral_id"]),
            kind=ReferralOutcomeKind(datum["kind"]),
            reason=datum["reason"],
            at=_EPOCH + datum["at"] * _MS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTold:
    """State of support_referral: what was last said of one agreement, and what services answered.

    Attributes:
        agreement_id: The agreement.
        picture: The last picture of its carer.
        referrals: The last version of each referral.
        answers: What services answered.
    """

    agreement_id: UUID
    picture: CarerPicture | None = None
    referrals: tuple[CarerReferral, ...] = ()
    answers: tuple[AnswerKept, ...] = ()

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "agreement_id": str(self.agreement_id),
            "picture": None if self.picture is None else ("hub.CarerPicture", self.picture.datum()),
            "referrals": [each.datum() for each in self.referrals],
            "answers": [each.datum() for each in self.answers],
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            agreement_id=UUID(datum["agreement_id"]),
            picture=None if datum["picture"] is None else CarerPicture.from_datum(datum["picture"]),
            referrals=tuple([CarerReferral.from_datum(each) for each in datum["referrals"]]),
            answers=tuple([AnswerKept.from_datum(each) for each in datum["answers"]]),
        )
