"""An alert as one row of the worklist of a trust: who, where, what to do, by when."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from connectors.portal.people import (
    called,
    contact_from,
    expected_at,
    family_name,
    given_names,
    needs_from,
    role_from,
)
from connectors.portal.words import in_london
from hub.disclosure import AS_RECORDED, Receiver, ReceiverKind, disclosed
from hub.fhir.offers import offer_of
from hub.projection import Column, Json, Row, TableSpec
from hub.records import (
    AgeBand,
    AlertStatus,
    ByEvidence,
    CarerToInvolve,
    Confidence,
    InvolvementAlert,
    OutcomeKind,
)

CLOSED: Final = frozenset({AlertStatus.COMPLETED, AlertStatus.CANCELLED})
STILL_TO_DO: Final = frozenset({None, OutcomeKind.NOT_REACHED.value})
"""Outcomes after which a carer is still to be involved."""
MOST_OF_A_PLACE: Final = 120
"""Characters of a ward or bed that are shown: the table is sorted by them, and PostgreSQL sorts by short texts only."""

TABLE: Final = TableSpec(
    name="worklist",
    columns=(
        Column("alert_id", "uuid", required=True),
        Column("version", "int", required=True),
        Column("region", "int", required=True),
        Column("trust_ods", "text", required=True),
        Column("site_ods", "text"),
        Column("ward", "text"),
        Column("bed", "text"),
        Column("family_name", "text", required=True),
        Column("given_names", "text", required=True),
        Column("birth_on", "date"),
        Column("nhs_number", "text"),
        Column("hospital_number", "text"),
        Column("carers", "jsonb", required=True),
        Column("what_to_do", "text", required=True),
        Column("due_at", "timestamptz"),
        Column("expected_discharge_at", "timestamptz"),
        Column("status", "text", required=True),
        Column("level", "int", required=True),
        Column("went_home", "boolean", required=True),
        Column("behind", "boolean", required=True),
        Column("changed_at", "timestamptz", required=True),
    ),
    key="alert_id",
    indexes=(("trust_ods", "ward", "bed", "due_at"),),
)


def rows_from(event: InvolvementAlert) -> tuple[Row, ...]:
    """One row for each alert, of what its trust may see. Closed alerts stay: they are the record of what was done."""
    alert = disclosed(event, Receiver(event.trust_ods, ReceiverKind.TRUST), AS_RECORDED)
    if alert is None:
        return ()
    patient = alert.patient
    return (
        {
            "alert_id": alert.alert_id,
            "version": alert.version,
            "region": event.region,
            "trust_ods": alert.trust_ods,
            "site_ods": alert.site_ods,
            "ward": short(alert.ward),
            "bed": short(alert.bed),
            "family_name": family_name(patient.names),
            "given_names": given_names(patient.names),
            "birth_on": patient.birth_on,
            "nhs_number": patient.nhs_number,
            "hospital_number": patient.hospital_number,
            "carers": [carer_from(each) for each in alert.carers],
            "what_to_do": what_to_do(alert),
            "due_at": alert.due_at,
            "expected_discharge_at": expected_at(alert.expected_discharge),
            "status": alert.status.value,
            "level": alert.level,
            "went_home": alert.went_home_without_contact,
            "behind": alert.behind,
            "changed_at": alert.recorded_at,
        },
    )


def short(place: str | None) -> str | None:
    """As much of a ward or bed as a screen has room for."""
    return place and place[:MOST_OF_A_PLACE]


def carer_from(each: CarerToInvolve) -> Json:
    """A carer with how to reach them, how sure the hub is, and what became of it."""
    carer = each.carer
    return {
        "link_id": str(carer.link_id),
        "name": called(carer.names),
        "relationships": [role_from(role) for role in carer.relationships],
        "age_band": each.age_band.value,
        "confidence": carer.confidence.value,
        "contacts": [contact_from(contact) for contact in carer.contacts],
        "needs": needs_from(carer.needs),
        "sharing": carer.sharing.position.value,
        "evidence": [
            {"kind": reason.kind.value, "at": instant(reason.at)} for reason in carer.evidence
        ],
        "outcome": each.outcome,
        "outcome_at": instant(each.outcome_at) if each.outcome_at else None,
        "offer": service_of(each),
        "matched": matched_from(carer.by_evidence),
    }


def matched_from(found: ByEvidence | None) -> Json | None:
    """Which ends are known by evidence, and in what the records agree; None where neither is."""
    return None if found is None else {"ends": list(found.ends), "agreed": list(found.agreed)}


def service_of(each: CarerToInvolve) -> str:
    """The name of the service that a carer could be asked about; its code where it has none; empty: there is none."""
    offer = offer_of(each)
    return "" if offer is None else offer.service_name or offer.service_ods


def what_to_do(alert: InvolvementAlert) -> str:
    """One sentence that begins with a verb, and one on the support that they could be offered; empty when all is done.

    A child is never asked whether they are willing: that goes to those who look after young carers, as the offer does.
    """
    waiting = [each for each in alert.carers if each.outcome in STILL_TO_DO]
    if alert.status in CLOSED or not waiting:
        return ""
    young = [each for each in waiting if each.age_band is AgeBand.YOUNG_CARER]
    if young:
        first = f"Tell the young-carer lead that {names_of(young)}, who looks after the patient, is under 18."
        return " ".join([first, *support_for_young(young)])
    unsure = all(each.carer.confidence is not Confidence.CONFIRMED for each in waiting)
    return " ".join([involve(alert, waiting, unsure=unsure), *support_for(waiting, unsure=unsure)])


def involve(alert: InvolvementAlert, waiting: list[CarerToInvolve], *, unsure: bool) -> str:
    """Whom to speak with about the discharge."""
    names = names_of(waiting)
    verb = "Phone" if can_be_phoned(waiting) else "Speak with"
    if alert.went_home_without_contact:
        asking = (
            f"Ask the patient whether {names} looks after them; if so, speak with them"
            if unsure
            else ""
        )
        return f"{asking or f'{verb} {names}'} today: the patient went home before anybody spoke with a carer."
    if unsure:
        return (
            f"Ask the patient whether {names} looks after them; if so, involve them {until(alert)}."
        )
    again = " again" if any(each.outcome for each in waiting) else ""
    return f"{verb} {names}{again} {until(alert)}; ask whether they are willing and able to care."


def support_for(waiting: list[CarerToInvolve], *, unsure: bool) -> Iterator[str]:
    """For each service, whom to ask whether they want support from it."""
    for service, carers in by_service(waiting).items():
        begins = "Then ask" if unsure else "Ask"
        yield f"{begins} {names_of(carers)} too whether they want support from {service}."


def support_for_young(young: list[CarerToInvolve]) -> Iterator[str]:
    """For each service, of whom the young-carer lead may be told that it has support for them."""
    for service, carers in by_service(young).items():
        yield f"Say that {names_of(carers)} could have support from {service}, if they want it."


def by_service(carers: list[CarerToInvolve]) -> dict[str, list[CarerToInvolve]]:
    """Name of a service -> the carers who could be asked about it."""
    asked: dict[str, list[CarerToInvolve]] = {}
    for each in carers:
        if service := service_of(each):
            asked.setdefault(service, []).append(each)
    return asked


def names_of(carers: list[CarerToInvolve]) -> str:
    """Names in a sentence."""
    names = [called(each.carer.names) for each in carers]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def can_be_phoned(carers: list[CarerToInvolve]) -> bool:
    """Whether there is a number for each of them."""
    return all(
        any(contact.system in ("phone", "sms") for contact in each.carer.contacts)
        for each in carers
    )


def until(alert: InvolvementAlert) -> str:
    """Before what, in London's days."""
    if alert.expected_discharge is None:
        return "before the discharge"
    day = in_london(alert.expected_discharge.at)
    return f"before the discharge on {day.day} {day:%B}"


def instant(moment: datetime) -> str:
    """An instant in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
