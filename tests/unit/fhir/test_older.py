"""STU3 and DSTU2 are refused by name, from the place that tells them."""

import pytest

from hub.fhir.older import OlderVersion, refuse_older, version_named

CODED = {"coding": [{"code": "x"}]}


@pytest.mark.parametrize(
    ("resource", "place", "version"),
    [
        ({"resourceType": "Encounter", "reason": [CODED]}, "Encounter.reason", "DSTU2 or STU3"),
        ({"resourceType": "Encounter", "class": "inpatient", "reason": [CODED]}, "Encounter.class", "DSTU2"),
        ({"resourceType": "Flag", "category": CODED}, "Flag.category", "DSTU2 or STU3"),
        ({"resourceType": "RelatedPerson", "relationship": CODED}, "RelatedPerson.relationship", "DSTU2 or STU3"),
        ({"resourceType": "Condition", "clinicalStatus": "active"}, "Condition.clinicalStatus", "DSTU2 or STU3"),
        ({"resourceType": "Condition", "patient": {}}, "Condition.patient", "DSTU2"),
        ({"resourceType": "Condition", "assertedDate": "2020"}, "Condition.assertedDate", "STU3"),
        ({"resourceType": "Consent", "except": []}, "Consent.except", "STU3"),
        ({"resourceType": "Observation", "context": {}}, "Observation.context", "STU3"),
        ({"resourceType": "MessageHeader", "data": []}, "MessageHeader.data", "DSTU2"),
        ({"resourceType": "Patient", "careProvider": []}, "Patient.careProvider", "DSTU2"),
        ({"resourceType": "ReferralRequest"}, "ReferralRequest.resourceType", "DSTU2 or STU3"),
        (
            {"resourceType": "Flag", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/X"]}},
            "Flag.meta.profile",
            "STU3",
        ),
        (
            {"resourceType": "Bundle", "entry": [{}, {"resource": {"resourceType": "Order"}}]},
            "Bundle.entry[1].resource.resourceType",
            "DSTU2",
        ),
    ],
)  # fmt: skip
def test_a_sign_of_an_older_version_is_named_with_its_place(resource, place, version):
    with pytest.raises(OlderVersion) as refused:
        refuse_older(resource)
    assert refused.value.expression == place
    assert refused.value.reason == f"This is FHIR {version}: send R4 (4.0)."


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Flag", "category": [CODED]},
        {"resourceType": "Consent", "policyRule": CODED},
        {"resourceType": "Encounter", "class": {"code": "IMP"}, "reasonCode": [CODED]},
        {"resourceType": "Bundle", "entry": "x"},
        {"resourceType": ["Flag"]},
        {"resourceType": "Someone", "meta": {"profile": "STU3"}},
        [],
        None,
    ],
)
def test_nothing_else_is_taken_for_one(body):
    refuse_older(body)


def test_versions_are_called_as_people_call_them():
    assert [version_named(each) for each in ("1.0", "3.0.2", "5.0", "9")] == [
        *("DSTU2", "STU3", "R5", "another version")
    ]
