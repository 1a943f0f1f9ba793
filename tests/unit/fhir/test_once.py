"""What was read before is not read again, and reads the same."""

import pytest

from hub.errors import InvalidResource
from hub.fhir.once import LARGEST, UNREAD, once, without
from hub.fhir.patient import patient_news_from


def test_the_same_element_is_read_once_and_no_more_than_the_last_are_kept():
    read = []

    @once(2)
    def news(element, path):
        read.append((element["id"], path))
        return element["id"], path

    for name in "aab":
        assert news({"id": name}, "Patient") == (name, "Patient")
    assert news({"id": "a"}, "Bundle.entry[1].resource") == ("a", "Bundle.entry[1].resource")
    assert news({"id": "a"}, "Patient") == ("a", "Patient")
    assert [name for name, _ in read] == ["a", "b", "a", "a"]


def test_a_refusal_is_not_remembered_and_names_its_own_place():
    patient = {"resourceType": "Patient", "birthDate": "1950-13-01"}
    for path in ("Patient", "Bundle.entry[3].resource", "Patient"):
        with pytest.raises(InvalidResource) as refused:
            patient_news_from(patient, path, "accept")
        assert refused.value.expression == f"{path}.birthDate"


def test_what_differs_anywhere_is_read_anew():
    def family(name):
        patient = {"resourceType": "Patient", "name": [{"family": name}]}
        return patient_news_from(patient, "Patient", "accept").facts.names[0].family

    assert [family(name) for name in ("Marsh", "Marsh", "Field")] == ["Marsh", "Marsh", "Field"]


def test_the_range_of_test_numbers_is_part_of_the_question():
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    patient = {"resourceType": "Patient", "identifier": [number]}
    read = [
        patient_news_from(patient, "Patient", range_).facts.nhs_number
        for range_ in ("accept", "refuse", "accept")
    ]
    assert read == ["9990000018", None, "9990000018"]


def test_what_is_no_json_is_read_all_the_same():
    @once(2)
    def shown(element, path):
        return f"{path} {element['number']:x}"

    assert shown({"number": 2**70}, "here") == f"here {2**70:x}"


def test_names_can_be_left_out():
    assert without({"a": 1, "b": 2, "c": 3}, "a", "c") == {"b": 2}


def test_a_large_element_is_read_each_time_and_displaces_nothing():
    read = []

    @once(1)
    def news(element, path):
        read.append(element["id"])
        return element["id"]

    large = {"id": "large", "note": "x" * LARGEST}
    for element in ({"id": "a"}, large, large, {"id": "a"}):
        assert news(element, "Patient") == element["id"]
    assert read == ["a", "large", "large"]


@pytest.mark.parametrize("name", UNREAD)
def test_narrative_portrait_and_contained_resources_are_not_remembered(name):
    patient = {"resourceType": "Patient", "name": [{"family": "Marsh"}]}
    first, second = (
        patient_news_from({**patient, name: [{"div": text}]}, "Patient", "accept")
        for text in ("one", "two")
    )
    assert first is second
