"""What wards and services put: their Task with one answer more, as the interface has it."""

from dataclasses import replace

import pytest

from deploy.demo.stage.outcomes import answer_on, contact_on
from hub.fhir.task import task_from
from tests.unit.demo_stage.records import alert, carer
from tests.unit.demo_stage.test_player import ANSWER, CONTACT

TOLD = task_from(alert(carer("Ben Marsh", "not_reached"), carer("Nina Marsh")))


def test_a_contact_is_one_more_output_that_names_the_carer_by_its_place():
    put = contact_on(TOLD, CONTACT)
    before, added = put["output"]
    assert before == TOLD["output"][0]
    assert added == {
        "type": {
            "coding": [{"system": "urn:carers-hub:code:alert-outcome", "code": "contacted-able"}]
        },
        "valueReference": {"reference": "#carer-2"},
    }
    assert (put["status"], put["lastModified"]) == (TOLD["status"], "2026-11-24T11:00:00+00:00")


def test_a_task_that_does_not_name_the_carer_yet_is_read_again():
    assert contact_on(TOLD, replace(CONTACT, carer="Nora Marsh")) is None
    assert contact_on(TOLD, replace(CONTACT, carer="Ada Marsh")) is None  # the patient


@pytest.mark.parametrize(("outcome", "status"), [("seen", "received"), ("accepted", "accepted")])
def test_an_outcome_without_a_carer_is_the_status_of_the_whole_task(outcome, status):
    put = contact_on(TOLD, replace(CONTACT, carer="", outcome=outcome))
    assert put["status"] == status
    assert "output" not in put


def test_a_declined_referral_says_why():
    put = answer_on(ANSWER)
    assert put["status"] == "rejected"
    assert put["statusReason"] == {
        "coding": [{"system": "urn:carers-hub:code:referral-reason", "code": "out-of-area"}]
    }


def test_a_step_on_the_way_is_a_business_status():
    put = answer_on(replace(ANSWER, outcome="contact_attempted", reason=""))
    assert put["status"] == "in-progress"
    assert put["businessStatus"]["coding"][0]["code"] == "contact-attempted"
    assert "statusReason" not in put
