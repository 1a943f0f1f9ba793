"""What a Patient resource says."""

from typing import Final

from hub.fhir.news import PersonNews
from hub.fhir.nhs_number import TestNumbers
from hub.fhir.once import UNREAD, without
from hub.fhir.person import person_news
from hub.fhir.reading import code_at, elements_at, resource_from, unmodified
from hub.fhir.reference import reference_at
from hub.records import Identifier

_LINKS: Final = frozenset({"replaced-by", "replaces", "refer", "seealso"})


def patient_news_from(resource: object, path: str, test_numbers: TestNumbers) -> PersonNews:
    """Read a Patient: what it says of whom, and what it says nothing of.

    Raises:
        InvalidResource: With the FHIRPath of what is against the standard.
    """
    patient = resource_from(resource, "Patient", path)
    return person_news(without(patient, "link", *UNREAD), path, test_numbers)


def replaced_by_this(resource: object, path: str) -> tuple[Identifier, ...]:
    """The identifiers of the records that this Patient takes the place of (A40).

    Raises:
        InvalidResource: A link is of no known type.
    """
    patient = resource_from(resource, "Patient", path)
    found: list[Identifier] = []
    for place, link in elements_at(patient, "link", path):
        if code_at(unmodified(link, place), "type", place, _LINKS) != "replaces":
            continue
        other = reference_at(link, "other", place)
        if other is not None and other.identifier is not None:
            found.append(other.identifier)
    return tuple(found)
