"""What a Patient says, says nothing of, or clears."""

from datetime import UTC, date, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.record import person_record_id
from hub.fhir.systems import NHS_NUMBER, VERIFICATION_STATUS_EXTENSION, patient_authority
from hub.identity import source_record_id
from hub.records import (
    Address,
    HumanName,
    Identifier,
    Needs,
    PersonFacts,
    Precision,
    Telecom,
)

CLEARED = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "not-applicable",
        }
    ]
}
UNKNOWN = {"extension": [CLEARED["extension"][0] | {"valueCode": "unknown"}]}


def news_of(test_numbers="accept", **elements):
    return patient_news_from({"resourceType": "Patient"} | elements, "Patient", test_numbers)


def nhs_number(value, status=None, **elements):
    identifier = {"system": NHS_NUMBER, "value": value} | elements
    if status is not None:
        coding = {
            "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus",
            "code": status,
        }
        identifier["extension"] = [
            {
                "url": VERIFICATION_STATUS_EXTENSION,
                "valueCodeableConcept": {"coding": [coding]},
            }
        ]
    return identifier


def test_a_whole_patient_is_read_whole():
    news = news_of(
        identifier=[
            nhs_number("999 000 0018", "01"),
            {"system": "urn:carers-hub:authority:RWE:PAS", "value": "S1", "type": mr()},
        ],
        name=[{"use": "official", "family": "Green", "given": ["Ann", "May"], "prefix": ["Mrs"]}],
        gender="female",
        birthDate="1941-07-12",
        address=[
            {"use": "home", "line": ["1 Hill Road"], "city": "Leeds", "postalCode": "LS1 1AA"}
        ],
        telecom=[{"system": "phone", "value": "0113 496 0000", "use": "home"}],
        deceasedBoolean=False,
        generalPractitioner=[
            {"identifier": {"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "G1"}},
            {
                "identifier": {
                    "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                    "value": "b86001",
                }
            },
        ],
        communication=[{"language": {"coding": [{"code": "pl"}]}}],
        meta={"security": [confidentiality("U")]},
    )
    assert news.facts == PersonFacts(
        names=(HumanName(family="Green", given=("Ann", "May"), prefix=("Mrs",), use="official"),),
        nhs_number="9990000018",
        nhs_number_status="01",
        identifiers=(Identifier(system="urn:carers-hub:authority:RWE:PAS", value="S1", type="MR"),),
        birth_on=date(1941, 7, 12),
        birth_precision=Precision.DAY,
        gender="female",
        addresses=(Address(lines=("1 Hill Road",), city="Leeds", postcode="LS1 1AA", use="home"),),
        telecoms=(Telecom(system="phone", value="0113 496 0000", use="home"),),
        deceased=False,
        practice_ods="B86001",
        needs=Needs(language="pl"),
        shielded=False,
    )
    assert news.spoken == {
        "names", "nhs_number", "identifiers", "birth", "gender", "addresses", "telecoms", "death",
        "practice", "needs", "shielded",
    }  # fmt: skip


def test_a_patient_that_says_nothing_has_no_news():
    assert news_of() == news_of(name=[], identifier=[], telecom=None, birthDate="")
    assert news_of().facts == PersonFacts()
    assert news_of().spoken == frozenset()


@pytest.mark.parametrize(
    ("register", "elements"),
    [
        ("names", {"name": [CLEARED]}),
        ("nhs_number", {"identifier": [{"system": NHS_NUMBER, "_value": CLEARED}]}),
        ("identifiers", {"identifier": [CLEARED]}),
        ("birth", {"_birthDate": CLEARED}),
        ("gender", {"_gender": CLEARED}),
        ("addresses", {"address": [CLEARED]}),
        ("telecoms", {"telecom": [CLEARED]}),
        ("death", {"_deceasedBoolean": CLEARED}),
        ("death", {"_deceasedDateTime": CLEARED}),
        ("practice", {"generalPractitioner": [CLEARED]}),
        ("needs", {"communication": [{"language": CLEARED}]}),
        ("shielded", {"meta": {"security": [CLEARED]}}),
    ],
)
def test_a_cleared_element_is_spoken_and_empty(register, elements):
    news = news_of(**elements)
    assert news.spoken == {register}
    assert news.facts == PersonFacts()


@pytest.mark.parametrize(
    "elements",
    [
        {"name": [UNKNOWN]},
        {"_birthDate": UNKNOWN},
        {"address": [UNKNOWN]},
        {"communication": [{"language": UNKNOWN}]},
        {"meta": {"security": [UNKNOWN]}},
    ],
)
def test_an_element_that_is_unknown_or_withheld_is_no_news(elements):
    assert news_of(**elements).spoken == frozenset()


def test_a_cleared_element_beside_a_real_one_clears_nothing():
    news = news_of(name=[CLEARED, {"family": "Green"}])
    assert news.facts.names == (HumanName(family="Green"),)


@pytest.mark.parametrize(
    ("text", "on", "precision"),
    [
        ("1950", date(1950, 1, 1), Precision.YEAR),
        ("1950-03", date(1950, 3, 1), Precision.MONTH),
        ("1950-03-09", date(1950, 3, 9), Precision.DAY),
        ("1950-01-01", date(1950, 1, 1), Precision.DAY),
    ],
)
def test_a_birth_date_keeps_how_much_of_it_is_known(text, on, precision):
    facts = news_of(birthDate=text).facts
    assert (facts.birth_on, facts.birth_precision) == (on, precision)


@pytest.mark.parametrize(
    "text",
    ["1950-13-09", "1950-02-30", "19500309", "1950-W10-4", "09/03/1950", "1950-3-9", "0000",
     "1950-03-09T00:00:00Z", "1950-03-09 ", "٢٠٢٠"],
)  # fmt: skip
def test_a_date_that_no_calendar_has_is_refused_with_its_place(text):
    if text.endswith(" "):
        assert news_of(birthDate=text).facts.birth_on == date(1950, 3, 9)
        return
    with pytest.raises(InvalidResource) as refusal:
        news_of(birthDate=text)
    assert refusal.value.expression == "Patient.birthDate"
    assert text not in refusal.value.reason


def test_death_is_a_time_a_day_or_only_a_fact():
    at = news_of(deceasedDateTime="2026-02-03T04:05:06+00:00").facts
    assert (at.deceased, at.died_at) == (True, datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
    on = news_of(deceasedDateTime="2026-07-03").facts
    assert (on.deceased, on.died_at) == (True, datetime(2026, 7, 2, 23, 0, tzinfo=UTC))
    for part in ("2026", "2026-07"):
        partly = news_of(deceasedDateTime=part).facts
        assert (partly.deceased, partly.died_at) == (True, None)
    assert news_of(deceasedBoolean=True).facts.deceased is True


@pytest.mark.parametrize(
    ("code", "shielded"), [("R", True), ("V", True), ("U", False), ("N", False)]
)
def test_a_restricted_record_is_shielded(code, shielded):
    assert news_of(meta={"security": [confidentiality(code)]}).facts.shielded is shielded


def test_the_current_name_and_address_stand_first():
    names = [
        {"use": "old", "family": "Hall"},
        {"use": "maiden", "family": "Moss"},
        {"use": "official", "family": "Green"},
    ]
    assert [name.family for name in news_of(name=names).facts.names] == ["Green", "Moss", "Hall"]
    homes = [{"use": "old", "city": "York"}, {"use": "temp", "city": "Hull"}, {"city": "Leeds"}]
    assert [home.city for home in news_of(address=homes).facts.addresses] == [
        "Leeds",
        "Hull",
        "York",
    ]


def test_the_verified_one_of_two_numbers_counts_and_without_it_neither():
    verified = news_of(identifier=[nhs_number("9990000018", "02"), nhs_number("9990000026", "01")])
    assert verified.facts.nhs_number == "9990000026"
    unclear = news_of(identifier=[nhs_number("9990000018"), nhs_number("9990000026")])
    assert unclear.facts.nhs_number is None
    assert unclear.facts.unusable_nhs_number == "several"
    again = news_of(identifier=[nhs_number("9990000018"), nhs_number("999 000 0018", "01")])
    assert again.facts.nhs_number == "9990000018"


def test_a_superseded_number_names_nobody():
    news = news_of(
        identifier=[
            nhs_number("9990000018", use="old"),
            {"system": "urn:x", "value": "S1", "use": "old"},
        ]
    )
    assert news.spoken == frozenset()


def test_trap_5_a_number_shared_by_all_is_not_used_and_says_why():
    news = news_of(identifier=[nhs_number("9999999999")])
    assert news.facts == PersonFacts(unusable_nhs_number="placeholder")
    assert news.spoken == {"nhs_number"}


def test_trap_12_a_number_of_eleven_digits_is_kept_out_with_its_reason():
    assert news_of(identifier=[nhs_number("91000000009")]).facts.unusable_nhs_number == "length"


def test_the_test_range_is_a_matter_of_policy():
    assert news_of("refuse", identifier=[nhs_number("9990000018")]).facts == PersonFacts(
        unusable_nhs_number="test-range"
    )


@pytest.mark.parametrize(
    ("url", "system"),
    [
        (
            "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
            "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
        ),
        (
            "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
            "https://fhir.nhs.uk/R4/CodeSystem/UKCore-NHSNumberVerificationStatus",
        ),
        (
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/"
            "Extension-CareConnect-NHSNumberVerificationStatus-1",
            "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
        ),
    ],
)
def test_trap_14_the_verification_status_is_read_in_its_current_and_older_systems(url, system):
    concept = {"coding": [{"system": system, "code": "01"}]}
    extension = {"url": url, "valueCodeableConcept": concept}
    number = nhs_number("9990000018") | {"extension": [extension]}
    assert news_of(identifier=[number]).facts.nhs_number_status == "01"


def test_an_http_twin_of_the_nhs_number_system_is_the_same_system():
    number = {"system": "http://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    assert news_of(identifier=[number]).facts.nhs_number == "9990000018"


def test_needs_come_from_the_uk_extensions_too():
    facts = news_of(
        extension=[
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSCommunication",
                "extension": [
                    {"url": "language", "valueCodeableConcept": {"coding": [{"code": "fr"}]}},
                    {"url": "interpreterRequired", "valueBoolean": True},
                ],
            },
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference",
                "extension": [
                    {
                        "url": "PreferredWrittenCommunicationFormat",
                        "valueCodeableConcept": {
                            "coding": [
                                {
                                    "system": "https://fhir.hl7.org.uk/CodeSystem/"
                                    "UKCore-PreferredWrittenCommunicationFormat",
                                    "code": "11",
                                }
                            ]
                        },
                    },
                    {"url": "PreferredContactTimes", "valueTiming": {"repeat": {}}},
                    {"url": "PreferredContactTimes", "valueString": "Not after 7pm"},
                ],
            },
        ]
    ).facts
    assert facts.needs == Needs(language="fr", interpreter=True, formats=("large print",))


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"resourceType": "Person"}, "Patient"),
        ({"implicitRules": "https://example.org/rules"}, "Patient.implicitRules"),
        ({"modifierExtension": [{"url": "urn:not"}]}, "Patient.modifierExtension"),
        ({"gender": "xx"}, "Patient.gender"),
        ({"gender": 1}, "Patient.gender"),
        ({"name": {"family": "Green"}}, "Patient.name"),
        ({"name": ["Green"]}, "Patient.name[0]"),
        ({"name": [{"given": "Ann"}]}, "Patient.name[0].given"),
        ({"name": [{"family": "a\0b"}]}, "Patient.name[0].family"),
        ({"name": [{"family": "\ud800"}]}, "Patient.name[0].family"),
        ({"name": [{"family": "x" * 2001}]}, "Patient.name[0].family"),
        ({"name": [{"family": "x"}] * 201}, "Patient.name"),
        ({"deceasedBoolean": "no"}, "Patient.deceasedBoolean"),
        ({"deceasedDateTime": "2026-02-03T04:05:06"}, "Patient.deceasedDateTime"),
        ({"telecom": [{"value": "1", "use": "best"}]}, "Patient.telecom[0].use"),
    ],
)
def test_what_is_against_the_standard_is_refused_with_its_place(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        news_of(**elements)
    assert refusal.value.expression == place


def test_a_merge_names_the_records_that_are_replaced():
    links = [
        {"type": "replaces", "other": {"identifier": {"system": "urn:x", "value": "S2"}}},
        {"type": "seealso", "other": {"identifier": {"system": "urn:x", "value": "S3"}}},
        {"type": "replaces", "other": {"reference": "Patient/4"}},
    ]
    patient = {"resourceType": "Patient", "link": links}
    assert replaced_by_this(patient, "Patient") == (Identifier(system="urn:x", value="S2"),)


def test_a_record_is_named_by_its_hospital_number_then_by_its_nhs_number_then_by_its_stay():
    hospital = {"system": patient_authority("RWE", "PAS A"), "value": "S1", "type": mr()}
    facts = news_of(identifier=[nhs_number("9990000018"), hospital]).facts
    assert person_record_id("pas", facts, "PID-3") == source_record_id("pas", "PAS A", "S1")
    numbered = news_of(identifier=[nhs_number("9990000018")]).facts
    assert person_record_id("pas", numbered, "PID-3") == source_record_id(
        "pas", NHS_NUMBER, "9990000018"
    )
    stay, other_stay = source_record_id("a", "b", "c"), source_record_id("a", "b", "d")
    shared = news_of(identifier=[nhs_number("9999999999")]).facts
    assert person_record_id("pas", shared, "PID-3", stay) != person_record_id(
        "pas", shared, "PID-3", other_stay
    )
    with pytest.raises(InvalidResource, match="No identifier") as refusal:
        person_record_id("pas", shared, "PID-3")
    assert refusal.value.expression == "PID-3"


def mr():
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}
    return {"coding": [coding]}


def confidentiality(code):
    return {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}
