"""A stay is a fold of field registers: each field takes the latest word on it, whatever order messages arrive in."""

from dataclasses import replace
from typing import Final, Literal
from uuid import UUID

from hub.decisions import Event
from hub.fhir.encounter import discharge_stop
from hub.fhir.news import EncounterFacts, EncounterNews
from hub.fhir.record import hospital_number_of, record_of_stay
from hub.fhir.systems import visit_authority_in
from hub.identity import stay_id
from hub.matching.national import BEFORE_ALL
from hub.matching.whose import PATIENT, SUPERSEDED
from hub.matching.words import by_register, folded, heard, later, together, word_of, word_on
from hub.records import (
    AdmissionState,
    EncounterEvent,
    Identifier,
    SourceRecord,
    StayFacts,
    StayStatus,
)
from processors.carer_matching.namings import with_naming
from processors.carer_matching.triggers import (
    IN_HOSPITAL,
    SAYS_ONLY_ITS_FIELDS,
    TRIGGERS,
    Trigger,
)

REGISTERS: Final[dict[str, tuple[str, ...]]] = {
    PATIENT: ("patient_record", "hospital_number"),
    "admission": ("admission",),
    "plan": ("plan",),
    "class": ("patient_class",),
    "admitted": ("admitted_at",),
    "location": ("site_ods", "ward", "bed"),
    "expected": ("expected_discharge",),
    "ready": ("ready_on",),
    "pending": ("pending_since",),
    "leave": ("on_leave_since",),
    "discharge": ("discharged_at", "discharge_method", "destination"),
}
"""Register -> the fields that it sets together."""

READ_FROM_FIELDS: Final = frozenset({"class", "admitted", "location", "expected", "ready"})
"""Registers that any event may speak of by its fields alone; the others need the trigger."""

IN_PATIENT_CLASSES: Final = frozenset({"IMP", "ACUTE", "NONAC", "I"})
CLASSES: Final = {"in-patient": "IMP", "out-patient": "AMB"}
"""v3-ActCode of the kind of patient that an event makes."""


def told_of(
    kept: StayFacts | None,
    stay: UUID,
    patient: SourceRecord,
    news: EncounterNews,
    event: EncounterEvent,
) -> StayFacts:
    """The stay after what an event says of it."""
    trigger = TRIGGERS.get(event.event, SAYS_ONLY_ITS_FIELDS)
    standing = with_plan_apart(kept) if kept else unknown(stay, patient, event)
    said, spoken = said_by(patient, news, event, trigger)
    says_who = patient.record_id != record_of_stay(event.source, stay)
    about = " ".join(sorted(spoken if says_who else spoken - {PATIENT}))
    word = word_of(event, about, un_event=trigger.un_event, sequence=event.sequence)
    now, words = folded(standing, standing.words, said.__getitem__, REGISTERS, word)
    naming = word if says_who else replace(word, about=PATIENT, recorded_at=BEFORE_ALL)
    if not says_who:  # no word that says who it is gives way to one that does not
        now, words = folded(now, words, said.__getitem__, REGISTERS, naming)
    if trigger.discharge == IN_HOSPITAL and news.facts.discharged_at is None:
        before_any = replace(word, about="discharge", event_id=NOTHING)
        now, words = folded(now, words, NOT_DISCHARGED.__getitem__, REGISTERS, before_any)
    now = replace(
        now,
        words=words,
        as_of=max(standing.as_of, event.recorded_at),
        other_patients=others_than(now.patient_record, patients_of(standing) | {patient.record_id}),
    )
    moves = trigger.moves and says_who
    return with_naming(standing, now, patient.record_id, naming, moves=moves)


MOST_PATIENTS: Final = 8
"""Records that are kept as a stay's other patients: an honest stay has one, or two after a merge."""


def patients_of(stay: StayFacts) -> set[UUID]:
    """Every record that was said to be the patient of a stay."""
    named = {stay.patient_record} if word_on(stay.words, PATIENT) is not None else set()
    return {*named, *stay.other_patients}


def others_than(patient: UUID, named: set[UUID]) -> tuple[UUID, ...]:
    """The others of these, in an order of their own."""
    return tuple(sorted(named - {patient})[:MOST_PATIENTS]) if len(named) > 1 else ()


def with_plan_apart(stay: StayFacts) -> StayFacts:
    """The stay with its plan in the register of plans: a row of an older form kept it as the admission."""
    if stay.admission is not AdmissionState.PLANNED:
        return stay
    standing = by_register(stay.words)
    planned, plan = standing.pop("admission", None), standing.get("plan")
    now = replace(stay, admission=AdmissionState.UNKNOWN)
    if plan is None or (planned is not None and later(planned, plan)):
        now = replace(now, plan=AdmissionState.PLANNED)
        standing |= {} if planned is None else {"plan": planned}
    return replace(now, words=together(standing))


Said = dict[str, object]
"""Fields of `StayFacts` as one event has them; all those of each register that it speaks of."""


def said_by(
    patient: SourceRecord, news: EncounterNews, event: EncounterEvent, trigger: Trigger
) -> tuple[Said, set[str]]:
    """The fields as this event has them, and the registers that it speaks of."""
    facts: EncounterFacts = news.facts
    spoken = {PATIENT, *(news.spoken & READ_FROM_FIELDS)}
    said: Said = {
        "patient_record": patient.record_id,
        "hospital_number": hospital_number_of(patient.facts),
        "patient_class": facts.patient_class,
        "admitted_at": facts.admitted_at,
        "site_ods": facts.site_ods,
        "ward": facts.ward,
        "bed": facts.bed,
        "expected_discharge": facts.expected_discharge,
        "ready_on": facts.ready_on,
    }
    by_itself = said_by_itself(trigger, event, news)
    for fields in by_itself.values():
        said |= fields
    return said, spoken | by_itself.keys()


def said_by_itself(trigger: Trigger, event: EncounterEvent, news: EncounterNews) -> dict[str, Said]:
    """Register -> fields, of what the event says by being that event."""
    said: dict[str, Said] = {}
    if trigger.admission is AdmissionState.CANCELLED:
        said["pending"] = {"pending_since": None}
        said["leave"] = {"on_leave_since": None}
        said["discharge"] = NOT_DISCHARGED
    if trigger.admission is not None:
        said["admission"] = {"admission": trigger.admission}
    if trigger.plan is not None:
        said["plan"] = {"plan": trigger.plan}
    if trigger.admission is AdmissionState.ADMITTED and "admitted" not in news.spoken:
        said["admitted"] = {"admitted_at": event.occurred_at}
    return said | class_by_itself(trigger, news) | what_starts_or_ends(trigger, event, news)


def what_starts_or_ends(
    trigger: Trigger, event: EncounterEvent, news: EncounterNews
) -> dict[str, Said]:
    """Leave, the planning of the discharge, and the discharge."""
    said: dict[str, Said] = {}
    if trigger.pending is not None:
        said["pending"] = {
            "pending_since": event.occurred_at if trigger.pending == "starts" else None
        }
    if trigger.leave is not None:
        said["leave"] = {"on_leave_since": event.occurred_at if trigger.leave == "starts" else None}
    if trigger.discharge in ("starts", "ends"):
        is_over = trigger.discharge == "starts"
        said["discharge"] = discharged(news.facts, event) if is_over else NOT_DISCHARGED
    return said


def class_by_itself(trigger: Trigger, news: EncounterNews) -> dict[str, Said]:
    """The class where the event itself says it: A06 and A07 against PV1-2, A01 only without one."""
    made = trigger.makes or (None if "class" in news.spoken else trigger.else_makes)
    if made is None:
        return {}
    sent = news.facts.patient_class
    fits = sent is not None and (sent in IN_PATIENT_CLASSES) == (made == "in-patient")
    return {"class": {"patient_class": sent if fits else CLASSES[made]}}


def discharged(facts: EncounterFacts, event: EncounterEvent) -> Said:
    """Home at PV1-45, else when the event occurred."""
    return {
        "discharged_at": facts.discharged_at or event.occurred_at,
        "discharge_method": facts.discharge_method,
        "destination": facts.destination,
    }


NOT_DISCHARGED: Final[Said] = dict.fromkeys(REGISTERS["discharge"])
"""Still in hospital after all."""

NOTHING: Final = UUID(int=0)
"""In the place of an event's id: of an admission and a discharge recorded in the same instant, the discharge counts."""


def numbered(trust_ods: str, visit: Identifier) -> UUID:
    """The stay of a visit number."""
    return stay_id(trust_ods, visit_authority_in(visit.system), visit.value)


def unknown(stay: UUID, patient: SourceRecord, event: EncounterEvent) -> StayFacts:
    """A stay of which nothing is known yet."""
    return StayFacts(
        stay_id=stay,
        trust_ods=event.trust_ods,
        source=event.source,
        patient_record=patient.record_id,
        admission=AdmissionState.UNKNOWN,
        as_of=event.recorded_at,
    )


def superseded(
    stay: StayFacts, heir: UUID | None, patient: SourceRecord, event: Event
) -> StayFacts:
    """A visit that goes on under another number (A45, A47). None: it is the one that goes on.

    Of a visit that nobody else has told of, the patient is whoever is named here; of several the smallest.
    """
    words = heard(stay.words, word_of(event, SUPERSEDED))
    now = stay if words is None else replace(stay, superseded_by=heir, words=words)
    if word_on(now.words, PATIENT) is None:
        now = replace(now, patient_record=min(now.patient_record, patient.record_id))
    return replace(now, as_of=max(now.as_of, event.recorded_at))


def stopped(stay: StayFacts) -> Literal["died", "not-discharged"] | None:
    """What the codes of the discharge say against going home: the patient died, or is still there."""
    return discharge_stop(
        EncounterFacts(discharge_method=stay.discharge_method, destination=stay.destination)
    )


def admission_of(stay: StayFacts) -> AdmissionState:
    """What is known of the admission: itself; where there is none, the plan.

    A plan that is given up ends no admission. An admission that was cancelled is planned again by a later plan.
    """
    if stay.admission is AdmissionState.UNKNOWN:
        return stay.plan
    if stay.admission is AdmissionState.CANCELLED and stay.plan is AdmissionState.PLANNED:
        planned, cancelled = word_on(stay.words, "plan"), word_on(stay.words, "admission")
        if planned is not None and (cancelled is None or later(planned, cancelled)):
            return AdmissionState.PLANNED
    return stay.admission


def status_of(stay: StayFacts) -> StayStatus:
    """Where a stay is in its life. A stay known only by its admission time is taken as begun."""
    admission = admission_of(stay)
    if admission is AdmissionState.CANCELLED:
        return StayStatus.CANCELLED
    if stay.discharged_at is not None and stopped(stay) != "not-discharged":
        return (
            StayStatus.DISCHARGED
            if stay.patient_class in IN_PATIENT_CLASSES
            else StayStatus.ATTENDING
        )
    if admission is AdmissionState.PLANNED or (
        admission is AdmissionState.UNKNOWN and stay.admitted_at is None
    ):
        return StayStatus.EXPECTED
    if stay.patient_class not in IN_PATIENT_CLASSES:
        return StayStatus.ATTENDING
    return StayStatus.ON_LEAVE if stay.on_leave_since is not None else StayStatus.IN_PATIENT
