# Generated from schemas/avro/ReferralTold.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from hub.records.carer_picture import CarerPicture
from hub.records.carer_referral import CarerReferral


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTold:
    """State of support_referral: what was last said of one carer's agreements.

    Attributes:
        carer_id: The carer.
        picture: The last picture.
        referrals: The last version of each referral.
    """

    carer_id: UUID
    picture: CarerPicture | None = None
    referrals: tuple[CarerReferral, ...] = ()

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "carer_id": str(self.carer_id),
            "picture": None if self.picture is None else ("hub.CarerPicture", self.picture.datum()),
            "referrals": [each.datum() for each in self.referrals],
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            carer_id=UUID(datum["carer_id"]),
            picture=None if datum["picture"] is None else CarerPicture.from_datum(datum["picture"]),
            referrals=tuple([CarerReferral.from_datum(each) for each in datum["referrals"]]),
        )
