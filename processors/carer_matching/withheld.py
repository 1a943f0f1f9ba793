"""Links of which nobody is told, because one of the two does not want to be linked, or may be somebody who does not.

Evidence is kept as it was said, so nothing that is said again brings a link back, and a later permit brings back all.
A contact whom this patient's pictures take for the same carer as somebody unlinked is withheld with them. ADR-0030.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias
from uuid import UUID

from hub.matching.region import RegionView
from hub.records import LinkEvidence
from processors.carer_matching.contacts import same_carers

StillSaid: TypeAlias = Callable[[RegionView, LinkEvidence], bool]
"""Whether a link stands by what was said of it."""


def is_withheld(view: RegionView, link: LinkEvidence, still_said: StillSaid) -> bool:
    """Whether nobody may be told of a link that stands by what was said of it."""
    if not view.is_any_unlinked():  # nearly always
        return False
    patient, carer = view.person(link.patient_record), view.person(link.carer_record)
    if view.is_unlinked(patient) or view.is_unlinked(carer):
        return True
    return is_one_with_somebody_unlinked(view, patient, carer, still_said)


def is_one_with_somebody_unlinked(
    view: RegionView, patient: UUID, carer: UUID, still_said: StillSaid
) -> bool:
    """Whether a carer of a patient is one with somebody unlinked whom anybody ever named as theirs."""
    unlinked = view.unlinked_carers_of(patient)
    if not unlinked:  # nearly always
        return False
    found: dict[UUID, list[LinkEvidence]] = {}
    for each in view.links_of(patient):
        other = view.person(each.carer_record)
        if view.person(each.patient_record) != patient or not view.members(other):
            continue
        if other in unlinked or other == carer or still_said(view, each):
            found.setdefault(other, []).append(each)
    return any(carer in one and unlinked.intersection(one) for one in same_carers(view, found))


def beside_unlinked(before: RegionView, after: RegionView, people: Iterable[UUID]) -> set[UUID]:
    """Whoever is named as a carer beside one of these who is unlinked, or was: they may be taken for the same carer."""
    unlinked = [
        (view, each) for view in (before, after) for each in people if view.is_unlinked(each)
    ]
    return {other for view, each in unlinked for other in carers_beside(view, (each,))}


def perhaps_unlinked(before: RegionView, after: RegionView, people: Iterable[UUID]) -> set[UUID]:
    """Whoever by an NHS number may be one of these, who objects or did, and is withheld with them."""
    if not after.is_any_unlinked():  # nearly always
        return set()
    return {
        view.person(other)
        for view in (before, after)
        for each in people
        for other in view.perhaps_by_number(view.ids_of(each))
    }


def read_otherwise(before: RegionView, after: RegionView, people: Iterable[UUID]) -> set[UUID]:
    """The records of those of these who are unlinked now and were not, or no longer, and of whoever is named beside.

    A question about them says whether they leave somebody alone, and with the link that is told to nobody either.
    """
    if not after.is_any_unlinked():  # nearly always
        return set()
    records = {each for view in (before, after) for one in people for each in view.ids_of(one)}
    anew = [
        each
        for each in records
        if before.is_unlinked(before.person(each)) != after.is_unlinked(after.person(each))
    ]
    return {
        *anew,
        *(
            each
            for view in (before, after)
            for other in carers_beside(view, {view.person(each) for each in anew})
            for each in view.ids_of(other)
        ),
    }


def carers_beside(view: RegionView, people: Iterable[UUID]) -> set[UUID]:
    """Everybody who is named as a carer of some people, or of somebody whose carers these are."""
    patients = {view.person(link.patient_record) for each in people for link in view.links_of(each)}
    return {
        view.person(link.carer_record) for patient in patients for link in view.links_of(patient)
    }
