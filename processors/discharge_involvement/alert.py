"""The alert that should stand for a stay: a function of the picture, the outcomes and the deadlines passed.

Deciders do not keep a list of special cases for each cancel or merge. They ask here what should stand now and
say what differs, so the same events end the same in any order.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from hub.ages import age_band, age_on
from hub.decisions import Frame
from hub.identity import alert_id
from hub.records import (
    AgeBand,
    AlertAction,
    AlertStatus,
    AlertTold,
    CarerOfStay,
    CarerToInvolve,
    Confidence,
    Evidence,
    EvidenceKind,
    InvolvementAlert,
    OutcomeKept,
    OutcomeKind,
    StayPicture,
    StayStatus,
)
from processors.discharge_involvement.deadlines import LONDON, due_at
from processors.discharge_involvement.offers import offer_to
from processors.discharge_involvement.policy import AlertPolicy

CONTACTED: Final = frozenset(
    {OutcomeKind.CONTACTED_ABLE, OutcomeKind.CONTACTED_PARTLY_ABLE, OutcomeKind.CONTACTED_NOT_ABLE}
)
"""Somebody spoke with the carer."""
SETTLED: Final = CONTACTED | {
    OutcomeKind.YOUNG_CARER_LEAD_TOLD,
    OutcomeKind.NOT_A_CARER,
    OutcomeKind.WRONG_PERSON,
    OutcomeKind.PATIENT_OBJECTS,
}
IN_HOSPITAL: Final = frozenset({StayStatus.IN_PATIENT, StayStatus.ON_LEAVE})
AT_LEAST_PROBABLE: Final = frozenset({Confidence.PROBABLE, Confidence.CONFIRMED})


def alert_from(told: AlertTold, frame: Frame, policy: AlertPolicy) -> InvolvementAlert | None:
    """The alert that should stand, version and action not yet counted; None when there never was a reason for one."""
    picture = told.picture
    if picture is None:
        return None
    carers = carers_to_involve(picture, told.outcomes, policy)
    reason = bool(carers) and involves(picture, policy)
    if not reason and told.alert is None:
        return None
    status = status_of(picture, carers, told) if reason else AlertStatus.CANCELLED
    open_now = status not in (AlertStatus.COMPLETED, AlertStatus.CANCELLED)
    return InvolvementAlert(
        **frame,
        alert_id=told.alert_id,
        version=0,
        action=AlertAction.CORRECTED,
        status=status,
        stay_id=picture.stay_id,
        picture_version=picture.version,
        superseded_by=alert_id(picture.trust_ods, picture.superseded_by)
        if picture.superseded_by
        else None,
        trust_ods=picture.trust_ods,
        site_ods=picture.site_ods,
        ward=picture.ward,
        bed=picture.bed,
        patient=picture.patient,
        admitted_at=picture.admitted_at,
        expected_discharge=picture.expected_discharge,
        ready_on=picture.ready_on,
        discharged_at=picture.discharged_at,
        carers=carers if reason else (),
        due_at=due_at(picture, waiting_since(carers, contacts_in(told)), policy)
        if open_now
        else None,
        level=level_of(told, carers, policy) if open_now else 0,
        went_home_without_contact=open_now and picture.status is StayStatus.DISCHARGED,
        behind=False,
        policy=policy.digest,
    )


def involves(picture: StayPicture, policy: AlertPolicy) -> bool:
    """Whether this stay is one that carers must be involved in: an adult in-patient, now or until they went home."""
    if picture.superseded_by is not None or picture.patient.deceased:
        return False
    if picture.status not in IN_HOSPITAL and picture.status is not StayStatus.DISCHARGED:
        return False
    return is_adult(picture, policy)


def is_adult(picture: StayPicture, policy: AlertPolicy) -> bool:
    """Whether the patient was an adult on admission. An unknown date of birth is taken as an adult: care fails loud."""
    born = picture.patient.birth_on
    return born is None or age_on(born, day_of(picture)) >= policy.adult_age


def carers_to_involve(
    picture: StayPicture, outcomes: Iterable[OutcomeKept], policy: AlertPolicy
) -> tuple[CarerToInvolve, ...]:
    """Everybody at least probably a carer, known before the patient went home, with the last outcome of each."""
    kept = tuple(outcomes)
    return tuple(
        carer_to_involve(carer, kept, day_of(picture), policy)
        for carer in picture.carers
        if carer.confidence in AT_LEAST_PROBABLE
        and carer.ended_at is None
        and known_in_time(carer, picture)
    )


def known_in_time(carer: CarerOfStay, picture: StayPicture) -> bool:
    """A carer first heard of after the patient went home does not open this stay's alert again.

    The status says whether they did: a discharge that is not finished has a time as well.
    """
    home = picture.discharged_at if picture.status is StayStatus.DISCHARGED else None
    return home is None or first_word(carer) <= home


def carer_to_involve(
    carer: CarerOfStay, outcomes: tuple[OutcomeKept, ...], day: date, policy: AlertPolicy
) -> CarerToInvolve:
    """A carer with the latest outcome that names any of their evidence, and the service that they could be offered."""
    named = {evidence.evidence_id for evidence in carer.evidence}
    own = [
        each
        for each in outcomes
        if each.evidence_id in named and each.kind in SETTLED | {OutcomeKind.NOT_REACHED}
    ]
    last = max(own, key=lambda each: (each.at, each.event_id.int), default=None)
    band = band_on(day, carer, policy)
    return CarerToInvolve(
        carer=carer,
        age_band=band,
        outcome=last.kind.value if last else None,
        outcome_at=last.at if last else None,
        offer=offer_to(carer, band, last.kind if last else None, policy.services),
    )


def status_of(
    picture: StayPicture, carers: tuple[CarerToInvolve, ...], told: AlertTold
) -> AlertStatus:
    """Where the alert stands: an outcome for every carer ends it, and so does going home after a contact."""
    settled = [carer for carer in carers if carer.outcome in SETTLED]
    contacted = [carer for carer in carers if carer.outcome in CONTACTED]
    if len(settled) == len(carers) or (picture.status is StayStatus.DISCHARGED and contacted):
        return AlertStatus.COMPLETED
    if settled or any(carer.outcome for carer in carers):
        return AlertStatus.IN_PROGRESS
    steps = {outcome.kind for outcome in told.outcomes if outcome.evidence_id is None}
    if OutcomeKind.ACCEPTED in steps:
        return AlertStatus.ACCEPTED
    return AlertStatus.RECEIVED if OutcomeKind.SEEN in steps else AlertStatus.REQUESTED


def level_of(told: AlertTold, carers: tuple[CarerToInvolve, ...], policy: AlertPolicy) -> int:
    """How many deadlines passed in vain for those who still wait, whatever passed for those who do not (ADR-0012)."""
    contacts = contacts_in(told)
    missed = [deadline for deadline in told.fired if is_missed(deadline, carers, contacts)]
    return min(len(missed), policy.most_escalations)


def contacts_in(told: AlertTold) -> tuple[datetime, ...]:
    """When people spoke with a carer of this stay, whichever."""
    return tuple(outcome.at for outcome in told.outcomes if outcome.kind in CONTACTED)


def is_missed(
    deadline: datetime, carers: Iterable[CarerToInvolve], contacts: Iterable[datetime]
) -> bool:
    """Whether a deadline is in vain: somebody still waits who was known by then (ADR-0012).

    A contact counts for every carer who was known when it was made, and whenever it is read.
    """
    made = tuple(contacts)
    return any(waits(each, made) and first_word(each.carer) <= deadline for each in carers)


def waits(each: CarerToInvolve, contacts: Iterable[datetime]) -> bool:
    """Whether a carer has no outcome yet, and was first heard of after the last contact with anybody."""
    known = first_word(each.carer)
    return each.outcome not in SETTLED and all(at < known for at in contacts)


def waiting_since(carers: tuple[CarerToInvolve, ...], contacts: tuple[datetime, ...]) -> datetime:
    """The first word on those who wait; on any carer when nobody does any more."""
    waiting = [first_word(each.carer) for each in carers if waits(each, contacts)]
    return min(waiting or [first_word(each.carer) for each in carers])


def first_word(carer: CarerOfStay) -> datetime:
    """The first word that makes them at least probably a carer.

    That somebody may act for the patient is none, nor is what a register says that is only to be checked.
    """
    caring = [each.at for each in carer.evidence if calls_them_a_carer(each)]
    return min(caring or [each.at for each in carer.evidence])


def calls_them_a_carer(evidence: Evidence) -> bool:
    """Whether evidence alone would involve them; a proxy role of an older row does not say how sure it is."""
    is_role = evidence.kind is EvidenceKind.PROXY_ROLE
    return not is_role and evidence.confidence in AT_LEAST_PROBABLE


def band_on(day: date, carer: CarerOfStay, policy: AlertPolicy) -> AgeBand:
    """The carer's age band on a day."""
    below, up_to = policy.young_carer_below, policy.young_adult_up_to
    return AgeBand(age_band(carer.birth_on, day, young_below=below, young_up_to=up_to))


def day_of(picture: StayPicture) -> date:
    """The day of admission in London; of the latest word when it is not known."""
    return (picture.admitted_at or picture.as_of).astimezone(LONDON).date()
