"""Which ends of a link are known by evidence alone, as a picture says it.

A link stands where both its ends are one person with somebody: for certain, or because AUTO joined them. What is only
asked about (REVIEW) joins nobody, so it makes no link. How sure a link is, its evidence says; that an end was matched,
stands beside it (ADR-0025).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.disclosure import told_of_shielded
from hub.matching.region import RegionView
from hub.matching.scoring.decision import Grade
from hub.records import ByEvidence, CarerPicture, ReviewItem, StayPicture

PATIENT: Final = "patient"
CARER: Final = "carer"


def by_evidence(
    view: RegionView, patients: Sequence[UUID], carers: Sequence[UUID], *, hidden: bool
) -> ByEvidence | None:
    """What is said of a link; None where neither end is known by evidence.

    Args:
        view: The region.
        patients: The people whose end at the patient is known by evidence.
        carers: The same of the carer.
        hidden: Whether somebody is shielded: then it is not told whether homes or telephones agree.
    """
    agreed = [view.agreed(each) or () for each in (*patients, *carers)]
    if not agreed or view.matcher is None:
        return None
    in_all = frozenset(agreed[0]).intersection(*agreed)
    fields = tuple(field for field in agreed[0] if field in in_all)
    return ByEvidence(
        ends=(*([PATIENT] if patients else []), *([CARER] if carers else [])),
        agreed=told_of_shielded(fields) if hidden else fields,
        grade=Grade.CERTAIN.value,
        model=view.matcher.digest,
    )


def matched(view: RegionView, people: Iterable[UUID]) -> list[UUID]:
    """Those of whom a picture says things that stand in records which only evidence joins."""
    return [each for each in people if view.agreed(each) is not None]


def reached(view: RegionView, own: UUID, named: Iterable[UUID]) -> list[UUID]:
    """The person of a record, where every record that a link names them by is theirs by evidence alone."""
    side = view.certain(own)
    by_name = [view.certain(each) for each in named]
    return [] if side in by_name else matched(view, [view.person(own)])


def whatever_model(
    said: StayPicture | CarerPicture | ReviewItem,
) -> StayPicture | CarerPicture | ReviewItem:
    """What was said without which model weighed it: another hash alone is no news for anybody."""
    match said:
        case StayPicture(carers=carers, cares_for=cares_for):
            if not any(each.by_evidence for each in carers) and not any(
                each.by_evidence for each in cares_for
            ):  # nearly always
                return said
            return replace(
                said,
                carers=tuple(replace(each, by_evidence=bare(each.by_evidence)) for each in carers),
                cares_for=tuple(
                    replace(each, by_evidence=bare(each.by_evidence)) for each in cares_for
                ),
            )
        case CarerPicture(cares_for=stays):
            return replace(
                said,
                cares_for=tuple(
                    replace(each, by_evidence=bare(each.by_evidence)) for each in stays
                ),
            )
        case ReviewItem():
            return replace(said, model=None)


def bare(found: ByEvidence | None) -> ByEvidence | None:
    """The same without the model."""
    return None if found is None else replace(found, model="")
