# Generated from schemas/avro/ReferralNotice.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralNotice:
    """What one service may see of one referral.

    Attributes:
        notice_id: The receiver's own id of what it is told about; not the hub's.
        version: The receiver's own count.
        changed_at: When this version was made.
        withdrawn: True when the receiver shall forget it.
        resource: FHIR R4 ServiceRequest and Task in a Bundle, as JSON.
    """

    notice_id: UUID
    version: int
    changed_at: datetime
    withdrawn: bool = False
    resource: bytes

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "notice_id": str(self.notice_id),
            "version": self.version,
            "changed_at": (self.changed_at - _EPOCH) // _MS,
            "withdrawn": self.withdrawn,
            "resource": self.resource,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            notice_id=UUID(datum["notice_id"]),
            version=datum["version"],
            changed_at=_EPOCH + datum["changed_at"] * _MS,
            withdrawn=datum["withdrawn"],
            resource=datum["resource"],
        )
