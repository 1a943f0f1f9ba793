"""Code systems and extensions old and new say the same: official examples use them side by side."""

import pytest

from hub.fhir.encounter import discharge_stop, encounter_news_from
from hub.fhir.systems import (
    ADMISSION_METHOD_EXTENSIONS,
    ADMISSION_METHODS,
    DISCHARGE_DESTINATIONS,
    DISCHARGE_METHOD_EXTENSIONS,
    DISCHARGE_METHODS,
)

OTHER = {"system": "urn:elsewhere", "code": "x"}


def concept(system, code):
    return {"coding": [OTHER, {"system": system, "code": code}]}


def read(**elements):
    resource = {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"}}
    return encounter_news_from(resource | elements, "Encounter").facts


def swapped(url):
    """The same URI by the other scheme, as many write it."""
    return url.replace("https:", "http:") if url.startswith("https:") else url


@pytest.mark.parametrize("written", [str, swapped])
@pytest.mark.parametrize("system", sorted(DISCHARGE_DESTINATIONS))
def test_a_destination(system, written):
    facts = read(hospitalization={"dischargeDisposition": concept(written(system), "79")})
    assert (facts.destination.system, facts.destination.code) == (system, "79")
    assert discharge_stop(facts) == "died"


@pytest.mark.parametrize("url", sorted(DISCHARGE_METHOD_EXTENSIONS))
@pytest.mark.parametrize("system", sorted(DISCHARGE_METHODS))
def test_a_discharge_method(url, system):
    extension = [{"url": url, "valueCodeableConcept": concept(system, "4")}]
    for facts in (read(extension=extension), read(hospitalization={"extension": extension})):
        assert (facts.discharge_method.system, facts.discharge_method.code) == (system, "4")
        assert discharge_stop(facts) == "died"


@pytest.mark.parametrize("url", sorted(ADMISSION_METHOD_EXTENSIONS))
@pytest.mark.parametrize("system", sorted(ADMISSION_METHODS))
def test_an_admission_method(url, system):
    extension = [{"url": swapped(url), "valueCodeableConcept": concept(swapped(system), "2A")}]
    facts = read(hospitalization={"extension": extension})
    assert (facts.admission_method.system, facts.admission_method.code) == (system, "2A")
