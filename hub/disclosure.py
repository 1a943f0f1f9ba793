"""What one organisation may see of one record: the only way out, for pages, FHIR, Kafka, e-mail and files alike.

Allow-lists: the cut record is built from what its receiver needs, so a new field of a record stays inside until it
is named here. Nothing of causes, senders, regions or policy leaves, and of the hub's ids only those that name the
receiver's own record and that it answers with. A place that was cut looks like a place that was never filled: no
receiver can tell that something is withheld. What must not leave is `NOBODY` or empty, because records have no gaps.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, overload
from uuid import UUID

from hub.decisions import Frame
from hub.records import (
    AlertStatus,
    ByEvidence,
    CarerOfStay,
    CarerReferral,
    CarerToInvolve,
    Coding,
    Evidence,
    InvolvementAlert,
    PatientOfStay,
    ReferralAction,
    ServiceOffer,
    Sharing,
)
from hub.records.registry import Record

NOBODY: Final = UUID(int=0)
"""Stands where a record needs an id and the receiver none."""


class ReceiverKind(StrEnum):
    """What an organisation is; the kinds of the configuration."""

    TRUST = "trust"
    PRACTICE = "practice"
    SERVICE = "service"
    COUNCIL = "council"


WHO_SOMEBODY_IS: Final = frozenset({"name", "middle", "born", "sex"})
"""Of the fields that are compared those that say nothing of where somebody lives or how to reach them."""

HELPERS: Final = frozenset({ReceiverKind.SERVICE, ReceiverKind.COUNCIL})
"""Kinds that carers may be handed to."""

ENDED: Final = frozenset({ReferralAction.DECLINED, ReferralAction.CLOSED})
"""Steps of a referral after which its service needs nothing any more."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """One organisation that asks or is told."""

    ods_code: str
    kind: ReceiverKind


@dataclass(frozen=True, slots=True)
class SharingNow:
    """What holds at the moment of telling, which may be later than the record.

    Attributes:
        shielded: People of the hub, patients or carers, whose whereabouts go to nobody.
        withdrawn: Agreements of carers that stand no longer.
    """

    shielded: frozenset[UUID] = frozenset()
    withdrawn: frozenset[UUID] = frozenset()


AS_RECORDED: Final = SharingNow()
"""Nothing is known beyond what the record says."""


@overload
def disclosed(
    record: InvolvementAlert, receiver: Receiver, sharing: SharingNow
) -> InvolvementAlert | None: ...
@overload
def disclosed(
    record: CarerReferral, receiver: Receiver, sharing: SharingNow
) -> CarerReferral | None: ...
@overload
def disclosed(record: Record, receiver: Receiver, sharing: SharingNow) -> Record | None: ...
def disclosed(record: Record, receiver: Receiver, sharing: SharingNow) -> Record | None:
    """The record as this receiver may see it; None when it may not even know that there is one."""
    match record:
        case InvolvementAlert() if receiver == Receiver(record.trust_ods, ReceiverKind.TRUST):
            return alert_for_its_trust(record, sharing)
        case CarerReferral() if receiver.ods_code == record.service_ods:
            return referral_for_its_service(record, sharing) if receiver.kind in HELPERS else None
        case _:
            return None


def alert_for_its_trust(alert: InvolvementAlert, sharing: SharingNow) -> InvolvementAlert:
    """An alert for the trust where the patient lies. A withdrawn one names nobody any more."""
    withdrawn = alert.status is AlertStatus.CANCELLED
    hidden = alert.patient.shielded or alert.patient.person_id in sharing.shielded
    return InvolvementAlert(
        **frame_outside(alert.recorded_at),
        alert_id=alert.alert_id,
        version=alert.version,
        action=alert.action,
        status=alert.status,
        stay_id=alert.stay_id,
        picture_version=0,
        superseded_by=alert.superseded_by,
        trust_ods=alert.trust_ods,
        site_ods=alert.site_ods,
        ward=alert.ward,
        bed=alert.bed,
        patient=PatientOfStay(person_id=NOBODY) if withdrawn else patient_outside(alert.patient),
        admitted_at=alert.admitted_at,
        expected_discharge=alert.expected_discharge,
        ready_on=alert.ready_on,
        discharged_at=alert.discharged_at,
        carers=()
        if withdrawn
        else tuple(carer_outside(each, sharing, hidden=hidden) for each in alert.carers),
        due_at=alert.due_at,
        level=alert.level,
        went_home_without_contact=alert.went_home_without_contact,
        behind=alert.behind,
        policy="",
    )


def patient_outside(patient: PatientOfStay) -> PatientOfStay:
    """The patient as their ward knows them. That a record is sensitive is itself not told."""
    return PatientOfStay(
        person_id=NOBODY,
        names=patient.names,
        birth_on=patient.birth_on,
        birth_precision=patient.birth_precision,
        nhs_number=patient.nhs_number,
        hospital_number=patient.hospital_number,
    )


def carer_outside(each: CarerToInvolve, sharing: SharingNow, *, hidden: bool) -> CarerToInvolve:
    """A carer for the team that shall involve them.

    Around a shielded patient nobody can be reached, nor is a service named: it would say in which area they live.
    """
    carer = each.carer
    hidden = hidden or bool({carer.carer_id, carer.link_id} & sharing.shielded)
    return CarerToInvolve(
        carer=CarerOfStay(
            link_id=carer.link_id,
            names=carer.names,
            relationships=carer.relationships,
            contacts=() if hidden else carer.contacts,
            needs=carer.needs,
            confidence=carer.confidence,
            evidence=tuple(evidence_outside(reason) for reason in carer.evidence),
            sharing=Sharing(position=carer.sharing.position, at=carer.sharing.at),
            ended_at=carer.ended_at,
            by_evidence=by_evidence_outside(carer.by_evidence, hidden=hidden),
        ),
        age_band=each.age_band,
        outcome=each.outcome,
        outcome_at=each.outcome_at,
        offer=None if hidden else offer_outside(each.offer),
    )


def offer_outside(offer: ServiceOffer | None) -> ServiceOffer | None:
    """The service to ask a carer about. Why there is none is not told: whether they agreed is theirs to say."""
    if offer is None or not offer.service_ods:
        return None
    return ServiceOffer(service_ods=offer.service_ods, service_name=offer.service_name)


def by_evidence_outside(found: ByEvidence | None, *, hidden: bool) -> ByEvidence | None:
    """That somebody was matched, and by what; which model did it helps nobody outside."""
    if found is None:
        return None
    agreed = told_of_shielded(found.agreed) if hidden else found.agreed
    return ByEvidence(ends=found.ends, agreed=agreed, grade=found.grade, model="")


def told_of_shielded(agreed: Iterable[str]) -> tuple[str, ...]:
    """In what records agree, around somebody shielded; never so little that it could be told that more is withheld."""
    return tuple(each for each in agreed if each in WHO_SOMEBODY_IS)


def evidence_outside(evidence: Evidence) -> Evidence:
    """Where it was said and when, not by whom and in which message."""
    return Evidence(
        evidence_id=NOBODY,
        kind=evidence.kind,
        source="",
        event_id=NOBODY,
        at=evidence.at,
        confidence=evidence.confidence,
    )


def referral_for_its_service(referral: CarerReferral, sharing: SharingNow) -> CarerReferral:
    """A referral for the service that is asked.

    Without a standing agreement it names nobody any more; nor once the service has said no, or is done: then only what
    it said itself is left.
    """
    bare = CarerReferral(
        **frame_outside(referral.recorded_at),
        referral_id=referral.referral_id,
        version=referral.version,
        action=ReferralAction.WITHDRAWN,
        service_ods=referral.service_ods,
        agreement_id=NOBODY,
        carer_id=NOBODY,
        reason=referral.reason,
        policy="",
    )
    if referral.action is ReferralAction.WITHDRAWN or referral.agreement_id in sharing.withdrawn:
        return bare
    bare = replace(
        bare,
        action=referral.action,
        last_answer=referral.last_answer,
        last_answer_at=referral.last_answer_at,
    )
    if referral.action in ENDED:
        return bare
    hidden = referral.carer_id in sharing.shielded
    return replace(
        bare,
        names=referral.names,
        birth_on=referral.birth_on,
        age_band=referral.age_band,
        postcode=None if hidden else referral.postcode,
        contacts=() if hidden else referral.contacts,
        needs=referral.needs,
        relationships=tuple(
            Coding(system=each.system, code=each.code) for each in referral.relationships
        ),
        cared_for_given_name=first_name(referral.cared_for_given_name),
        expected_discharge=referral.expected_discharge,
    )


def first_name(given: str | None) -> str | None:
    """The first of what may be several names."""
    return next(iter((given or "").split()), None)


def frame_outside(recorded_at: datetime) -> Frame:
    """A frame that says when and nothing else."""
    return Frame(
        event_id=NOBODY,
        caused_by=None,
        correlation_id=NOBODY,
        source="",
        source_event_id="",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        received_at=recorded_at,
        region=0,
    )
