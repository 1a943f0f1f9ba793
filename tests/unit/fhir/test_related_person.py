"""What a RelatedPerson says."""

from datetime import UTC, date, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.related_person import related_person_news_from
from hub.records import Coding, Identifier

PATIENT = {"reference": "Patient/1"}


def news_of(**elements):
    resource = {"resourceType": "RelatedPerson", "patient": PATIENT} | elements
    return related_person_news_from(resource, "RelatedPerson", "accept")


def related_as(system, code):
    return news_of(relationship=[{"coding": [{"system": system, "code": code}]}])


@pytest.mark.parametrize(
    ("system", "code", "is_carer"),
    [
        (
            "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole",
            "Carer",
            True,
        ),
        (
            "http://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole",
            "Carer",
            True,
        ),
        ("https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole", "Carer", True),
        ("https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole", "Guardian", False),
        (
            "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-PersonRelationshipType-1",
            "20",
            True,
        ),
        (
            "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-PersonRelationshipType-1",
            "04",
            False,
        ),
        ("urn:carers-hub:codesystem:itk-0063", "20", True),
        ("http://terminology.hl7.org/CodeSystem/v2-0063", "CGV", True),
        ("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "WIFE", False),
        ("urn:other", "20", False),
    ],
)
def test_carer_is_read_in_every_system_that_says_it(system, code, is_carer):
    assert related_as(system, code).is_carer is is_carer


def test_all_roles_are_kept_and_one_of_them_may_be_carer():
    news = news_of(
        relationship=[
            {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "DAU"}
                ]
            },
            {
                "coding": [
                    {
                        "system": "https://fhir.hl7.org.uk/CodeSystem/"
                        "UKCore-AdditionalPersonRelationshipRole",
                        "code": "Carer",
                    }
                ]
            },
            {"text": "lives next door"},
        ]
    )
    assert [coding.code for coding in news.relationships] == ["DAU", "Carer", ""]
    assert news.relationships[2] == Coding(system="", code="", display="lives next door")
    assert news.is_carer


def test_trap_19_the_single_relationship_of_stu3_is_read():
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-PersonRelationshipType-1"
    assert news_of(relationship={"coding": [{"system": system, "code": "20"}]}).is_carer


def test_trap_13_a_https_twin_of_an_http_system_is_that_system():
    system = "https://terminology.hl7.org/CodeSystem/v2-0063"
    assert related_as(system, "CGV").is_carer


def test_trap_17_facts_that_point_in_opposite_directions_are_read_as_they_were_sent():
    news = news_of(
        birthDate="2017-05-01",
        identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
        relationship=[
            {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}
                ]
            }
        ],
    )
    assert news.person.facts.birth_on == date(2017, 5, 1)
    assert news.person.facts.nhs_number == "9990000018"
    assert [coding.code for coding in news.relationships] == ["MTH"]
    assert news.patient.reference == "Patient/1"


def test_a_relationship_holds_from_its_first_day_to_the_end_of_its_last():
    news = news_of(period={"start": "2026-06-01", "end": "2026-06-30"}, active=True)
    assert news.starts_at == datetime(2026, 5, 31, 23, 0, tzinfo=UTC)
    assert news.ends_at == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert news.active is True


def test_the_record_is_named_by_an_identifier_that_is_no_nhs_number():
    local = {"system": "urn:council", "value": "C7"}
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    assert news_of(identifier=[number, local]).identifier == Identifier(
        system="urn:council", value="C7"
    )
    assert news_of(identifier=[number]).identifier is None


def test_a_patient_known_only_by_number_is_a_reference_too():
    identifier = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    patient = news_of(patient={"identifier": identifier}).patient
    assert patient.reference is None
    assert patient.identifier.value == "9990000018"


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"patient": None}, "RelatedPerson.patient"),
        ({"patient": {}}, "RelatedPerson.patient"),
        ({"patient": {"reference": "file:///etc/passwd"}}, "RelatedPerson.patient.reference"),
        ({"patient": {"reference": "data:text/plain,x"}}, "RelatedPerson.patient.reference"),
        ({"active": "true"}, "RelatedPerson.active"),
        ({"period": {"start": "2026-02", "end": "2026-01"}}, "RelatedPerson.period.end"),
        ({"relationship": [{"coding": {"code": "N"}}]}, "RelatedPerson.relationship[0].coding"),
    ],
)
def test_what_is_against_the_standard_is_refused_with_its_place(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        news_of(**elements)
    assert refusal.value.expression == place
