"""What a RelatedPerson says: somebody close to a patient, perhaps their carer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.codings import codings_at, codings_in
from hub.fhir.news import PersonNews
from hub.fhir.nhs_number import TestNumbers
from hub.fhir.once import UNREAD, WORDS, once, without
from hub.fhir.person import person_news
from hub.fhir.reading import Element, boolean_at, resource_from
from hub.fhir.reference import Reference, reference_at
from hub.fhir.systems import (
    ITK_RELATIONSHIP,
    RELATIONSHIP_NUMBERS,
    RELATIONSHIP_ROLES,
    V2_RELATIONSHIP,
)
from hub.fhir.times import period_at
from hub.records import Coding, Identifier

CARER_NUMBER: Final = "20"


@dataclass(frozen=True, slots=True)
class RelatedPersonNews:
    """One person as one patient's contact.

    Attributes:
        person: What is said of them.
        patient: Whom they are related to; it reads "this person is the X of the patient".
        relationships: Every role that was sent, in every code system that it was sent in.
        identifier: What names this record at its source; None for most contacts of a hospital.
        active: False when the source says that the record is no longer in use.
        starts_at: From when the relationship holds, UTC.
        ends_at: Up to when, UTC; after a date it is the next midnight in Europe/London.
    """

    person: PersonNews
    patient: Reference
    relationships: tuple[Coding, ...]
    identifier: Identifier | None
    active: bool | None
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def is_carer(self) -> bool:
        """Whether one of the roles is carer, in a code system of relationships."""
        return any(means_carer(coding) for coding in self.relationships)


def related_person_news_from(
    resource: object, path: str, test_numbers: TestNumbers
) -> RelatedPersonNews:
    """Read a RelatedPerson. Nothing is turned round: a child of eight may well be called mother.

    Raises:
        InvalidResource: It names no patient, or something is against the standard.
    """
    related = resource_from(resource, "RelatedPerson", path)
    person = person_news(without(related, "patient", *UNREAD), path, test_numbers)
    patient = reference_at(related, "patient", path)
    if patient is None:
        raise InvalidResource(
            "A related person belongs to a patient.", expression=f"{path}.patient", code="required"
        )
    period = period_at(related, "period", path)
    return RelatedPersonNews(
        person=person,
        patient=patient,
        relationships=_relationships({"relationship": related.get("relationship")}, path),
        identifier=person.facts.identifiers[0] if person.facts.identifiers else None,
        active=boolean_at(related, "active", path),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )


def means_carer(coding: Coding) -> bool:
    """Whether a relationship code says carer; SNOMED CT codes of caring are configuration."""
    if coding.system in RELATIONSHIP_ROLES:
        return coding.code == "Carer"
    if coding.system in RELATIONSHIP_NUMBERS or coding.system == ITK_RELATIONSHIP:
        return coding.code == CARER_NUMBER
    return coding.system == V2_RELATIONSHIP and coding.code == "CGV"


@once(WORDS)
def _relationships(related: Element, path: str) -> tuple[Coding, ...]:
    """R4 sends a list; STU3, which is still about, sent one."""
    if isinstance(related.get("relationship"), dict):
        return codings_at(related, "relationship", path)
    return codings_in(related, "relationship", path)
