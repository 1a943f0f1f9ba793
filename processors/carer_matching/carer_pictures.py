"""The picture of a carer: the whole of it as now understood, made anew from the region every time."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from hub.decisions import Frame
from hub.matching.region import RegionView
from hub.records import (
    Agreement,
    CaredForStay,
    CarerPicture,
    LinkEvidence,
    StayFacts,
    StayStatus,
)
from processors.carer_matching import people
from processors.carer_matching.agreements import agreements_of
from processors.carer_matching.by_evidence import by_evidence, matched, reached
from processors.carer_matching.homes import postcode_of
from processors.carer_matching.notices import practice_of
from processors.carer_matching.pictures import (
    contacts_of,
    last_word_on_death,
    names_of,
    needs_of,
    standing_evidence,
)
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.standing import still_said
from processors.carer_matching.stays import status_of
from processors.carer_matching.visits import known_as

NOW = (StayStatus.IN_PATIENT, StayStatus.ON_LEAVE, StayStatus.EXPECTED)
"""Stays worth telling a carers' service of, the most pressing first."""


def carer_picture_from(
    view: RegionView, carer: UUID, frame: Frame, policy: MatchingPolicy
) -> CarerPicture | None:
    """The carer, what they agreed to, and whom they look after; None for somebody who never was one.

    Where the carer or anybody whom they look after is shielded, it says neither where they live nor how to reach them:
    who finds the one finds the other. So also where a link is not told because one of the two does not want it.
    """
    members = view.members(carer)
    agreements = agreements_of(view, carer)
    looked_after = cared_for_by(view, carer)
    cares_for = cared_for_stays(view, carer, looked_after, policy)
    if not members or not (agreements or cares_for or view.told.get(carer)):
        return None
    record = people.first_of(members)
    born = next((each.facts for each in (record, *members) if each.facts.birth_on), record.facts)
    death = last_word_on_death(members)
    own = current_stay(view, carer)
    near = said_to_be_looked_after(view, carer) if view.is_any_unlinked() else looked_after
    hidden = any(is_shielded(view, each) for each in (carer, *near))
    return CarerPicture(
        **frame,
        carer_id=carer,
        version=0,
        names=names_of(record, members),
        birth_on=born.birth_on,
        birth_precision=born.birth_precision.value,
        postcode=None if hidden else postcode_of(record, members),
        practice_ods=practice_of(record, members),
        contacts=() if hidden else contacts_of(members),
        needs=needs_of(members),
        agreements=tuple(
            Agreement(
                agreement_id=each.agreement_id,
                scope=each.scope,
                asked_by=each.asked_by,
                given_at=each.given_at,
                withdrawn_at=each.withdrawn_at,
            )
            for each in agreements
        ),
        cares_for=cares_for,
        own_stay_id=own.stay_id if own else None,
        deceased=bool(death and death.facts.deceased),
        as_of=max(member.as_of for member in members),
    )


def heir_of(view: RegionView, carer: UUID, frame: Frame) -> CarerPicture:
    """The last picture of a person who goes on under another id."""
    return CarerPicture(
        **frame,
        carer_id=carer,
        version=0,
        superseded_by=view.person(carer),
        as_of=frame["recorded_at"],
    )


def is_shielded(view: RegionView, person: UUID) -> bool:
    """Whether any record says that nobody may learn where this person is."""
    return view.is_shielded(person)


LookedAfter: TypeAlias = Mapping[UUID, list[LinkEvidence]]
"""Person -> the evidence that stands that this carer looks after them."""


def cared_for_by(view: RegionView, carer: UUID) -> LookedAfter:
    """Everybody this carer looks after."""
    return by_person_of(view, carer, standing_evidence(view, carer))


def said_to_be_looked_after(view: RegionView, carer: UUID) -> LookedAfter:
    """The same with those of whom it is told to nobody, because one of the two does not want to be linked."""
    return by_person_of(
        view, carer, (each for each in view.links_of(carer) if still_said(view, each))
    )


def by_person_of(view: RegionView, carer: UUID, links: Iterable[LinkEvidence]) -> LookedAfter:
    """Those whom a carer looks after by some links."""
    by_person: dict[UUID, list[LinkEvidence]] = {}
    for evidence in links:
        other = view.person(evidence.patient_record)
        if view.person(evidence.carer_record) == carer and other != carer:
            by_person.setdefault(other, []).append(evidence)
    return by_person


def cared_for_stays(
    view: RegionView, carer: UUID, looked_after: LookedAfter, policy: MatchingPolicy
) -> tuple[CaredForStay, ...]:
    """Everybody whom a carer looks after, with the stay that matters now."""
    found = [
        cared_for(view, carer, person, evidence)
        for person, evidence in sorted(looked_after.items())
    ]
    return tuple(found[: policy.most_cared_for])


def cared_for(
    view: RegionView, carer: UUID, person: UUID, evidence: list[LinkEvidence]
) -> CaredForStay:
    """One person looked after; of somebody who is shielded, not that they are in hospital nor until when."""
    members = view.members(person)
    names = names_of(people.first_of(members), members) if members else ()
    hidden = is_shielded(view, person)
    stay = None if hidden else current_stay(view, person)
    return CaredForStay(
        link_id=min(each.evidence_id for each in evidence),
        relationships=tuple(
            dict.fromkeys(role for each in evidence for role in each.relationships)
        ),
        given_name=next((name.given[0] for name in names if name.given), None),
        stay_id=stay.stay_id if stay else None,
        stay_status=status_of(stay).value if stay else None,
        expected_discharge=stay.expected_discharge if stay else None,
        by_evidence=by_evidence(
            view,
            reached(view, view.patient_of(stay), (each.patient_record for each in evidence))
            if stay
            else [],
            matched(view, [carer]),
            hidden=hidden or is_shielded(view, carer),
        ),
    )


def current_stay(view: RegionView, person: UUID) -> StayFacts | None:
    """The stay that a person is in, or is expected for; the latest admission where there are several."""
    stays = [
        stay
        for each in view.stays_of(person)
        if (stay := known_as(view, each)).superseded_by is None and status_of(stay) in NOW
    ]
    return min(
        stays,
        key=lambda stay: (NOW.index(status_of(stay)), -admitted(stay), stay.stay_id.int),
        default=None,
    )


def admitted(stay: StayFacts) -> float:
    """The admission as seconds, 0 when it is not known."""
    return stay.admitted_at.timestamp() if stay.admitted_at else 0.0
