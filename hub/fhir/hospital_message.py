"""What a hospital's message says: the patient, the contacts and the stay, read once for as often as it is sent.

A hospital tells of the same patient many times a day, and nearly always the same: but for its number, its time and
the addresses of its entries the message is the one before. So what thousands of messages were read as is remembered
by the rest of their text. As in `hub.fhir.once` that changes no answer, and refusals are never remembered.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hub.fhir.body import json_from
from hub.fhir.bundle import Entries, bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.message_header import REPLACE, header_news_from
from hub.fhir.news import EncounterNews, PersonNews
from hub.fhir.nhs_number import TestNumbers
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.patient_groups import groups_of, the_patient
from hub.fhir.related_person import RelatedPersonNews, related_person_news_from
from hub.records import Identifier

MESSAGES: Final = 4_096
"""That are remembered: the last of each patient in the beds of two million people."""
LARGEST: Final = 16_384
"""Bytes of a message that is remembered; one with a contact has 5,000, and each further contact 1,500."""

_HEAD: Final = re.compile(
    rb'\{"resourceType":"Bundle","identifier":\{"system":"[^"\\]*","value":"[^"\\]*"\},'
    rb'"type":"message","timestamp":"\d{4}-\d\d-\d\dT[0-9:.]+[+-]\d\d:\d\d","entry":\['
)
"""What begins each Bundle that `ward_mllp` makes; nothing of it is news. Any other Bundle is read as it is."""
_FULL_URL: Final = re.compile(rb'"fullUrl":("urn:uuid:[0-9a-f-]{36}")')
_SAME_HEAD: Final = b'{"resourceType":"Bundle","type":"message","entry":['


@dataclass(frozen=True, slots=True)
class Contact:
    """A RelatedPerson of the message, and its place."""

    path: str
    news: RelatedPersonNews


@dataclass(frozen=True, slots=True)
class HospitalNews:
    """What a message says of one patient.

    Attributes:
        path: The place of the Patient.
        patient: Who it is about.
        replaced: What the records were called that the patient's takes the place of (A40).
        contacts: Next of kin and others, in the order in which they were sent.
        lists_contacts: Whether they are all that the sender knows of; the header says so.
        visit: What is said of a stay, if anything is.
    """

    path: str
    patient: PersonNews
    replaced: tuple[Identifier, ...]
    contacts: tuple[Contact, ...]
    lists_contacts: bool
    visit: EncounterNews | None


def hospital_news_from(resource: bytes, test_numbers: TestNumbers) -> tuple[HospitalNews, ...]:
    """Read the Bundle of a hospital's event: one group for each Patient in it.

    Raises:
        Undecodable: It is no JSON.
        InvalidResource: It holds no Patient, or breaks another rule; the place is a FHIRPath.
    """
    head = _HEAD.match(resource)
    if head is None or len(resource) > LARGEST:
        return _news_from(resource, test_numbers)
    said = resource[head.end() :]
    for position, address in enumerate(_FULL_URL.findall(said)):
        said = said.replace(address, b'"urn:entry:%d"' % position)
    return _known(said, test_numbers)


@lru_cache(maxsize=MESSAGES)
def _known(said: bytes, test_numbers: TestNumbers) -> tuple[HospitalNews, ...]:
    return _news_from(_SAME_HEAD + said, test_numbers)


def _news_from(resource: bytes, test_numbers: TestNumbers) -> tuple[HospitalNews, ...]:
    groups = groups_of(bundle_entries(json_from(resource)))
    return tuple([_group_news(entries, test_numbers) for entries in groups])


def _group_news(entries: Entries, test_numbers: TestNumbers) -> HospitalNews:
    encounters = entries.of_type("Encounter")
    visit = (
        encounter_news_from(encounters[0].resource, encounters[0].path, entries)
        if encounters
        else None
    )
    patient = the_patient(entries)
    related = entries.of_type("RelatedPerson")
    return HospitalNews(
        path=patient.path,
        patient=patient_news_from(patient.resource, patient.path, test_numbers),
        replaced=replaced_by_this(patient.resource, patient.path),
        contacts=tuple(
            [
                Contact(each.path, related_person_news_from(each.resource, each.path, test_numbers))
                for each in related
            ]
        ),
        lists_contacts=bool(related) and _lists_contacts(entries),
        visit=visit,
    )


def _lists_contacts(entries: Entries) -> bool:
    return any(
        header_news_from(each.resource, each.path).contacts == REPLACE
        for each in entries.of_type("MessageHeader")
    )
