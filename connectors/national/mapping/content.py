"""What a national notice says beyond its subject: a status of version 1, or the resource that its `dataref` names.

Version 2 sends a pointer and no content. Whoever hands the events on may read the resource and put it into `data`:
the Patient of the Personal Demographics Service (PDS), or the Consent of the Validated Relationships Service (VRS).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.national.mapping.signal import Signal
from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, bundle_entries, single_entry
from hub.fhir.codings import codings_at
from hub.fhir.consent import ConsentNews, consent_news_from
from hub.fhir.news import PersonNews
from hub.fhir.nhs_number import TestNumbers, Unusable, nhs_number_from
from hub.fhir.patient import patient_news_from
from hub.fhir.reading import Element, elements_at, extensions_at, text_at
from hub.fhir.reference import Reference
from hub.fhir.related_person import related_person_news_from
from hub.fhir.systems import DEATH_STATUS_EXTENSIONS, NHS_NUMBER
from hub.records import Coding, PersonFacts

TAKEN_BACK: Final = "U"
NOTIFIED: Final = frozenset({"1", "2"})
"""PDS, death notification status: informal, formal. `U` removes one that was an error."""
DEATH_STATUSES: Final = NOTIFIED | {TAKEN_BACK}
ACTIVE: Final = "active"
WHY_NOT: Final = {
    Unusable.LENGTH: "An NHS number has ten digits.",
    Unusable.PLACEHOLDER: "This number stands for nobody.",
    Unusable.CHECK_DIGIT: "The check digit of the NHS number is wrong.",
    Unusable.TEST_RANGE: "Numbers of the test range are not taken here.",
    Unusable.SEVERAL: "More than one NHS number was sent.",
}
"""Why a number cannot be used, in words."""


@dataclass(frozen=True, slots=True)
class Role:
    """A proxy role as the Validated Relationships Service has it.

    Attributes:
        id: What names it.
        patient: NHS number of the person for whom somebody may act.
        proxy: NHS number of who may act.
        is_active: Whether it stands.
        ends_at: Until when it was given, UTC.
        relationships: What the proxy is to the person.
    """

    id: str | None
    patient: str
    proxy: str
    is_active: bool
    ends_at: datetime | None
    relationships: tuple[Coding, ...]


def usable_number(text: str | None, place: str, test_numbers: TestNumbers) -> str:
    """An NHS number that tells who somebody is.

    Raises:
        InvalidResource: There is none, or it is not usable; the code says why.
    """
    if text is None:
        raise InvalidResource("Say whose NHS number it is.", expression=place, code="required")
    read = nhs_number_from(text, test_numbers)
    if isinstance(read, Unusable):
        raise InvalidResource(WHY_NOT[read], expression=place, code=read.value)
    return read


def resources_in(signal: Signal) -> Entries | None:
    """The FHIR resources that came along; None when none did."""
    data = signal.data
    if data is None or "resourceType" not in data:
        return None
    if data["resourceType"] == "Bundle":
        return bundle_entries(data, signal.data_place)
    return single_entry(data, signal.data_place)


def patient_in(signal: Signal, test_numbers: TestNumbers) -> tuple[PersonNews, Element, str] | None:
    """The Patient that came along, with its resource and place.

    Raises:
        InvalidResource: It breaks a rule.
    """
    entries = resources_in(signal)
    found = entries.of_type("Patient") if entries is not None else ()
    if not found:
        return None
    entry = found[0]
    return patient_news_from(entry.resource, entry.path, test_numbers), entry.resource, entry.path


def death_status(signal: Signal, patient: Element | None, place: str) -> str | None:
    """The status of a death notification, if it was said.

    Raises:
        InvalidResource: It is none of `1`, `2` and `U`.
    """
    said, where = None, f"{place}.extension"
    if patient is not None:
        said = status_in(patient, place)
    elif signal.data is not None:
        where = "data.deathNotificationStatus"
        said = text_at(signal.data, "deathNotificationStatus", "data")
    if said is not None and said not in DEATH_STATUSES:
        raise InvalidResource("Expected one of 1, 2, U.", expression=where, code="value")
    return said


def status_in(patient: Element, place: str) -> str | None:
    """The code in the UK Core extension of a Patient."""
    for within, extension in extensions_at(patient, DEATH_STATUS_EXTENSIONS, place):
        for at, part in elements_at(extension, "extension", within):
            for coding in codings_at(part, "valueCodeableConcept", at):
                return coding.code
    return None


def died_in(facts: PersonFacts, status: str | None) -> bool | None:
    """Whether they died, by status or by what the Patient says; None when neither says it."""
    if status is not None:
        return status != TAKEN_BACK
    return facts.deceased


def role_in(signal: Signal, test_numbers: TestNumbers) -> Role | None:
    """The proxy role that came along; None when nothing did.

    Raises:
        InvalidResource: It breaks a rule, or names nobody.
    """
    entries = resources_in(signal)
    found = entries.of_type("Consent") if entries is not None else ()
    if entries is None or not found:
        return None
    entry = found[0]
    news = consent_news_from(entry.resource, entry.path)
    proxy_place = f"{entry.path}.performer"
    performer = news.performers[0] if news.performers else None
    proxy = usable_number(number_in(performer), proxy_place, test_numbers)
    return Role(
        id=text_at(entry.resource, "id", entry.path),
        patient=usable_number(number_in(news.patient), f"{entry.path}.patient", test_numbers),
        proxy=proxy,
        is_active=stands(news),
        ends_at=news.ends_at,
        relationships=relationships_in(entries, proxy, test_numbers),
    )


def stands(consent: ConsentNews) -> bool:
    """Whether a Consent lets somebody act."""
    return consent.status == ACTIVE and consent.provision != "deny"


def number_in(reference: Reference | None) -> str | None:
    """The NHS number of a logical reference."""
    identifier = reference.identifier if reference is not None else None
    if identifier is None or identifier.system != NHS_NUMBER:
        return None
    return identifier.value


def relationships_in(entries: Entries, proxy: str, test_numbers: TestNumbers) -> tuple[Coding, ...]:
    """What the proxy is to the person, where the RelatedPerson came along."""
    for entry in entries.of_type("RelatedPerson"):
        news = related_person_news_from(entry.resource, entry.path, test_numbers)
        if news.person.facts.nhs_number == proxy:
            return news.relationships
    return ()
