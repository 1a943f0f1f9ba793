"""Rows of state: the one that another replaces, its key, and whom it speaks of."""

from uuid import UUID

from hub.matching.region import Kept, RegionView
from hub.records import (
    AgreementKept,
    LinkEvidence,
    PictureTold,
    ReviewKept,
    SourceRecord,
    StayFacts,
)


def standing(view: RegionView, row: Kept) -> Kept | None:
    """The row that this one would replace."""
    match row:
        case SourceRecord():
            return view.records.get(row.record_id)
        case LinkEvidence():
            return view.evidence.get(row.evidence_id)
        case StayFacts():
            return view.stays.get(row.stay_id)
        case AgreementKept():
            return view.agreements.get(row.agreement_id)
        case PictureTold():
            return view.told.get(row.subject)
        case ReviewKept():
            return view.reviews.get(row.item_id)


def key_of(row: Kept) -> UUID:
    """The key of a row of state."""
    match row:
        case SourceRecord():
            return row.record_id
        case LinkEvidence():
            return row.evidence_id
        case StayFacts():
            return row.stay_id
        case AgreementKept():
            return row.agreement_id
        case PictureTold():
            return row.subject
        case ReviewKept():
            return row.item_id


def records_of(row: Kept) -> tuple[UUID, ...]:
    """The records of people that a row speaks of."""
    match row:
        case SourceRecord():
            return (row.record_id,)
        case LinkEvidence():
            return (row.patient_record, row.carer_record)
        case StayFacts():
            return (row.patient_record, *row.other_patients)
        case AgreementKept():
            return (row.carer_record,)
        case PictureTold():
            return ()
        case ReviewKept():
            return (row.left, row.right)


def records_before(before: RegionView, row: Kept) -> tuple[UUID, ...]:
    """The records of people that the row spoke of until now; a stay or an agreement may have moved."""
    stood = standing(before, row)
    return () if stood is None else records_of(stood)
