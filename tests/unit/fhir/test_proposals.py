"""A question about two records as a Task: which two, how urgent, how sure a model is; nothing of anybody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class

from deploy.generating.examples import record_from_example
from hub.fhir.proposals import review_resource
from hub.records import ReviewItem

EXAMPLES = Path(__file__).parents[3] / "schemas/examples/review.item.v1"
ITEM = record_from_example(ReviewItem, json.loads((EXAMPLES / "may-be-the-same.json").read_text()))


@pytest.mark.parametrize("grade", ["probable", "possible", None])
def test_a_question_says_how_sure_a_model_is_in_the_codes_of_fhir(grade):
    task = review_resource(replace(ITEM, grade=grade))
    get_fhir_model_class("Task").model_validate(task)
    said = [each["valueCodeableConcept"] for each in task["input"] if "valueIdentifier" not in each]
    system = "http://terminology.hl7.org/CodeSystem/match-grade"
    assert said == ([{"coding": [{"system": system, "code": grade}]}] if grade else [])
    assert [each for each in task["input"] if "valueIdentifier" in each] == task["input"][:2]
    assert not {each.left for each in ITEM.fields if each.left} & set(json.dumps(task).split('"'))
