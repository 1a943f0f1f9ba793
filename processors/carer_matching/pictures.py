"""The picture of a stay: the whole of it as now understood, made anew from the region every time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from hub.decisions import Frame
from hub.fhir.record import hospital_number_of
from hub.matching.region import RegionView
from hub.matching.words import order, word_on
from hub.records import (
    CaredFor,
    CarerOfStay,
    Confidence,
    Evidence,
    EvidenceKind,
    HumanName,
    LinkEvidence,
    Needs,
    PatientOfStay,
    Sharing,
    SharingPosition,
    SourceRecord,
    StayFacts,
    StayPicture,
    Telecom,
)
from processors.carer_matching import people
from processors.carer_matching.agreements import agreements_of
from processors.carer_matching.by_evidence import by_evidence, matched, reached
from processors.carer_matching.contacts import same_carers
from processors.carer_matching.homes import local_authority_of
from processors.carer_matching.links import first_word_of_a_carer
from processors.carer_matching.notices import roles_of, with_current_number
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.standing import stands
from processors.carer_matching.stays import status_of, stopped
from processors.carer_matching.succession import survivor

FROM_THE_HOSPITAL: Final = frozenset({EvidenceKind.NK1})
"""Evidence that a person named by name only, without an identity: probable, hospital record."""


def stay_picture_from(
    view: RegionView, stay: StayFacts, frame: Frame, policy: MatchingPolicy
) -> StayPicture:
    """The stay, the patient, every carer known and whom the patient looks after. Version is not yet counted."""
    patient = view.patient_of(stay)
    person = view.person(patient)
    members = view.members(person)
    sent = view.records.get(patient) or people.first_of(members)
    shielded = view.is_shielded(person)
    carers = carers_of(view, patient, policy, shielded=shielded)
    return StayPicture(
        **frame,
        stay_id=stay.stay_id,
        version=0,
        superseded_by=stay.superseded_by,
        status=status_of(stay),
        trust_ods=stay.trust_ods,
        site_ods=stay.site_ods,
        ward=stay.ward,
        bed=stay.bed,
        patient=with_current_number(
            view, patient_from(person, survivor(view, sent), members, stay, shielded=shielded)
        ),
        admitted_at=stay.admitted_at,
        expected_discharge=stay.expected_discharge,
        ready_on=stay.ready_on,
        pending_since=stay.pending_since,
        discharged_at=stay.discharged_at,
        discharge_method=stay.discharge_method,
        destination=stay.destination,
        carers=carers,
        cares_for=cared_for_by(view, patient, policy, shielded=shielded),
        as_of=max([stay.as_of, *(member.as_of for member in members)]),
    )


def patient_from(
    person: UUID,
    own: SourceRecord,
    members: tuple[SourceRecord, ...],
    stay: StayFacts,
    *,
    shielded: bool,
) -> PatientOfStay:
    """The patient by the trust's own record; the NHS number and a death may come from another.

    After a merge its own record, and the hospital number, are those that go on. A discharge whose codes say "died" is
    a word on a death as well.
    """
    merged = own.record_id != stay.patient_record and own.facts.identifiers
    numbers = [own.facts.nhs_number, *(member.facts.nhs_number for member in members)]
    death = last_word_on_death(members)
    return PatientOfStay(
        person_id=person,
        names=names_of(own, members),
        birth_on=own.facts.birth_on,
        birth_precision=own.facts.birth_precision.value,
        nhs_number=next((number for number in numbers if number), None),
        hospital_number=hospital_number_of(own.facts) if merged else stay.hospital_number,
        deceased=bool(death and death.facts.deceased) or stopped(stay) == "died",
        died_at=death.facts.died_at if death else None,
        shielded=shielded,
    )


def last_word_on_death(members: tuple[SourceRecord, ...]) -> SourceRecord | None:
    """The record with the latest word on whether this person has died."""
    said = [(order(word), member) for member in members if (word := word_on(member.words, "death"))]
    return max(said, key=lambda pair: pair[0])[1] if said else None


def carers_of(
    view: RegionView, patient: UUID, policy: MatchingPolicy, *, shielded: bool
) -> tuple[CarerOfStay, ...]:
    """Everybody who looks after the person of a record, the surest first."""
    person = view.person(patient)
    by_carer: dict[UUID, list[LinkEvidence]] = {}
    for evidence in (*standing_evidence(view, person), *roles_of(view, person)):
        if view.person(evidence.patient_record) == person:
            by_carer.setdefault(view.person(evidence.carer_record), []).append(evidence)
    by_carer.pop(person, None)
    carers = [
        carer
        for people_of_carer in same_carers(view, by_carer)
        if (
            carer := carer_from(
                view, people_of_carer, by_carer, policy, patient=patient, shielded=shielded
            )
        )
        is not None
    ]
    ranked = sorted(
        carers,
        key=lambda carer: (SURENESS[carer.confidence], carer.evidence[0].at, carer.link_id.int),
    )
    return tuple(ranked[: policy.most_carers])


SURENESS: Final = {Confidence.CONFIRMED: 0, Confidence.PROBABLE: 1, Confidence.CHECK: 2}


def standing_evidence(view: RegionView, person: UUID) -> list[LinkEvidence]:
    """Evidence with this person at either end that counts now."""
    return [evidence for evidence in view.links_of(person) if stands(view, evidence)]


def carer_from(
    view: RegionView,
    carer: tuple[UUID, ...],
    found: Mapping[UUID, Sequence[LinkEvidence]],
    policy: MatchingPolicy,
    *,
    patient: UUID,
    shielded: bool,
) -> CarerOfStay | None:
    """One carer from all that was said of the link; None when the carer is known to have died.

    `carer` has more than one id where several contacts are one carer of this patient; the first speaks before the next.
    """
    known = [members for each in carer if (members := view.members(each))]
    if not known or any(has_died(members) for members in known):
        return None
    first = sorted(
        (each for person in carer for each in found[person]),
        key=lambda each: (
            not each.is_carer,
            order(first_word_of_a_carer(each) or each.first_said),
        ),
    )
    members = tuple(each for one in known for each in spoken_for_by(one))
    hidden = shielded or any(view.is_shielded(each) for each in carer)
    born = next((each.facts for each in members if each.facts.birth_on), members[0].facts)
    return CarerOfStay(
        link_id=min(each.evidence_id for each in first if each.is_carer == first[0].is_carer),
        carer_id=carer[0],
        names=names_of(members[0], members),
        birth_on=born.birth_on,
        birth_precision=born.birth_precision.value,
        relationships=tuple(dict.fromkeys(role for each in first for role in each.relationships)),
        contacts=()
        if hidden
        else without_repeats(contact for one in known for contact in contacts_of(one)),
        needs=next((needs for one in known if (needs := needs_of(one)) is not None), None),
        confidence=confidence_of(first, policy),
        evidence=tuple(evidence_in_words(each, policy) for each in first),
        sharing=Sharing(position=SharingPosition.UNKNOWN),
        agreement_id=standing_agreement(view, carer),
        ended_at=None,
        area="" if hidden else local_authority_of(members, policy.areas),
        by_evidence=by_evidence(
            view,
            reached(view, patient, (each.patient_record for each in first)),
            matched(view, carer),
            hidden=hidden,
        ),
    )


def has_died(members: tuple[SourceRecord, ...]) -> bool:
    """Whether the latest word on it says that this person has died."""
    death = last_word_on_death(members)
    return bool(death and death.facts.deceased)


def spoken_for_by(members: tuple[SourceRecord, ...]) -> Iterator[SourceRecord]:
    """The records of a person, the one that speaks for them first."""
    first = people.first_of(members)
    yield first
    yield from (each for each in members if each is not first)


def without_repeats(contacts: Iterable[Telecom]) -> tuple[Telecom, ...]:
    """Each way to reach somebody once, however its number is spaced; the first of them stays."""
    once: dict[tuple[str, str], Telecom] = {}
    for contact in contacts:
        once.setdefault((contact.system, "".join(contact.value.split())), contact)
    return tuple(once.values())


def standing_agreement(view: RegionView, carer: tuple[UUID, ...]) -> UUID | None:
    """The carer's agreement to be referred, the oldest that stands."""
    standing = [
        each
        for person in carer
        for each in agreements_of(view, person)
        if each.withdrawn_at is None
    ]
    first = min(standing, key=lambda each: (each.given_at, each.agreement_id.int), default=None)
    return first.agreement_id if first else None


def names_of(record: SourceRecord, members: tuple[SourceRecord, ...]) -> tuple[HumanName, ...]:
    """The names of the latest record, or of any that has some."""
    return record.facts.names or next(
        (each.facts.names for each in members if each.facts.names), ()
    )


def contacts_of(members: tuple[SourceRecord, ...]) -> tuple[Telecom, ...]:
    """Every way to reach somebody, once: of records with an NHS number first, then of the latest."""
    by_time = sorted(members, key=people.precedence, reverse=True)
    return tuple(dict.fromkeys(telecom for each in by_time for telecom in each.facts.telecoms))


def needs_of(members: tuple[SourceRecord, ...]) -> Needs | None:
    """Language and formats, by the latest record that says them."""
    said = [each for each in members if each.facts.needs is not None]
    latest = max(said, key=lambda each: (each.as_of, each.record_id.int), default=None)
    return None if latest is None else latest.facts.needs


def confidence_of(found: Iterable[LinkEvidence], policy: MatchingPolicy) -> Confidence:
    """As sure as the surest who said it: a register or the carer as far as it is trusted, the hospital probably.

    Whoever may act for a patient need not look after them: a proxy role alone is to be checked, and beside anything
    else it says nothing.
    """
    said = (confidence_by(each, policy) for each in found)
    return min(said, key=SURENESS.__getitem__, default=Confidence.CHECK)


def confidence_by(evidence: LinkEvidence, policy: MatchingPolicy) -> Confidence:
    """How sure one piece of evidence makes the link."""
    if not evidence.is_carer:
        return Confidence.CHECK
    if evidence.kind in FROM_THE_HOSPITAL:
        return Confidence.PROBABLE
    return policy.trust_in(evidence.source).confidence


def evidence_in_words(evidence: LinkEvidence, policy: MatchingPolicy) -> Evidence:
    """A piece of evidence as a discharge team may read it: the first word that calls them a carer."""
    word = first_word_of_a_carer(evidence) or evidence.first_said
    return Evidence(
        evidence_id=evidence.evidence_id,
        kind=evidence.kind,
        source=evidence.source,
        event_id=word.event_id,
        at=word.recorded_at,
        confidence=confidence_by(evidence, policy),
    )


def cared_for_by(
    view: RegionView, patient: UUID, policy: MatchingPolicy, *, shielded: bool
) -> tuple[CaredFor, ...]:
    """Whom the person of a record looks after: they may be alone at home."""
    person = view.person(patient)
    found: dict[UUID, list[LinkEvidence]] = {}
    for evidence in standing_evidence(view, person):
        other = view.person(evidence.patient_record)
        if view.person(evidence.carer_record) == person and other != person:
            found.setdefault(other, []).append(evidence)
    looked_after = (
        cared_for_from(view, patient, other, found[other], shielded=shielded)
        for other in sorted(found)
        if view.members(other)
    )
    return tuple(looked_after)[: policy.most_cared_for]


def cared_for_from(
    view: RegionView, patient: UUID, other: UUID, said: Sequence[LinkEvidence], *, shielded: bool
) -> CaredFor:
    """One person whom a patient looks after, from all that was said of the link."""
    members = view.members(other)
    return CaredFor(
        person_id=other,
        names=names_of(people.first_of(members), members),
        link_id=said[0].evidence_id,
        by_evidence=by_evidence(
            view,
            matched(view, [other]),
            reached(view, patient, (each.carer_record for each in said)),
            hidden=shielded or view.is_shielded(other),
        ),
    )
