"""Which rows stand for an alert and a referral, and what they ask people to do."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.portal import referral_inbox, worklist
from connectors.portal.people import called, family_name
from connectors.portal.projection import PORTAL, REFERRAL_INBOX, WORKLIST
from deploy.generating.examples import record_from_example
from hub.records import (
    AgeBand,
    AlertStatus,
    CarerReferral,
    Confidence,
    HumanName,
    InvolvementAlert,
    ReferralAction,
    ServiceOffer,
)

EXAMPLES = Path(__file__).parents[3] / "schemas/examples"


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


ALERT = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRAL = example(CarerReferral, "referral.support.v1/raised.json")


def with_carers(*changes, **of_alert):
    """The alert with carers that differ from the example's in these things."""
    (first,) = ALERT.carers
    own = {"outcome", "age_band", "offer"}
    return replace(
        ALERT,
        carers=tuple(
            replace(
                first,
                carer=replace(first.carer, **{k: v for k, v in each.items() if k not in own}),
                **{k: v for k, v in each.items() if k in own},
            )
            for each in changes
        ),
        **of_alert,
    )


CARERS_LEEDS = ServiceOffer(service_ods="8J094", service_name="Carers Leeds")
YOUNG_ADULTS = ServiceOffer(service_ods="8J095")
NONE = ServiceOffer(service_ods="")
BEN = {"names": (HumanName(given=("Ben",), family="Marsh"),)}


def test_an_alert_is_one_row_of_what_its_trust_may_see():
    (row,) = WORKLIST.rows_of(replace(ALERT, region=3))
    assert (row["alert_id"], row["version"], row["region"]) == (ALERT.alert_id, 1, 3)
    assert (row["trust_ods"], row["ward"], row["bed"]) == ("RWE", "30", "B3-2")
    assert (row["family_name"], row["given_names"]) == ("Whitlock", "Doris May")
    assert row["due_at"] == datetime(2026, 11, 3, 10, tzinfo=UTC)
    (carer,) = row["carers"]
    assert carer["contacts"][0]["note"] == "After 4 pm; a message may be left."
    assert carer["evidence"][0] == {"kind": "gp_flag", "at": "2026-11-01T09:42:18Z"}
    assert "gp-c82009" not in str(row)


def test_a_place_longer_than_a_screen_is_cut_so_that_the_table_can_be_sorted_by_it():
    (row,) = worklist.rows_from(replace(ALERT, ward="病" * 900, bed="B" * 120))
    assert (row["ward"], row["bed"]) == ("病" * 120, "B" * 120)


def test_a_referral_is_one_row_of_what_its_service_may_see():
    (row,) = REFERRAL_INBOX.rows_of(REFERRAL)
    assert (row["referral_id"], row["service_ods"]) == (REFERRAL.referral_id, "8J094")
    assert (row["family_name"], row["cared_for_given_name"]) == ("Hale", "Doris")
    assert str(REFERRAL.carer_id) not in str(row)


@pytest.mark.parametrize("model", PORTAL, ids=lambda model: model.name)
def test_a_row_fills_columns_of_its_table_and_all_that_must_be_filled(model):
    for path in (EXAMPLES / model.topic).glob("*.json"):
        for row in model.rows_from(example(model.reads, path)):
            columns = {each.name: each for each in model.table.columns}
            assert row.keys() <= columns.keys()
            assert {n for n, c in columns.items() if c.required} <= {
                name for name, value in row.items() if value is not None
            }


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        (
            ALERT,
            "Phone Susan Hale before the discharge on 9 November; ask whether they are willing and able to care.",
        ),
        (
            with_carers({}, BEN, expected_discharge=None),
            "Phone Susan Hale and Ben Marsh before the discharge; ask whether they are willing and able to care.",
        ),
        (
            with_carers({"contacts": ()}, {"outcome": "contacted_able"}, expected_discharge=None),
            "Speak with Susan Hale before the discharge; ask whether they are willing and able to care.",
        ),
        (
            with_carers({"outcome": "not_reached"}, expected_discharge=None),
            "Phone Susan Hale again before the discharge; ask whether they are willing and able to care.",
        ),
        (
            with_carers({"confidence": Confidence.PROBABLE}, expected_discharge=None),
            "Ask the patient whether Susan Hale looks after them; if so, involve them before the discharge.",
        ),
        (
            replace(ALERT, went_home_without_contact=True),
            "Phone Susan Hale today: the patient went home before anybody spoke with a carer.",
        ),
        (
            with_carers({"confidence": Confidence.PROBABLE}, went_home_without_contact=True),
            "Ask the patient whether Susan Hale looks after them; if so, speak with them today: "
            "the patient went home before anybody spoke with a carer.",
        ),
        (
            with_carers({}, {**BEN, "age_band": AgeBand.YOUNG_CARER}),
            "Tell the young-carer lead that Ben Marsh, who looks after the patient, is under 18.",
        ),
        (
            with_carers({"offer": CARERS_LEEDS}, expected_discharge=None),
            "Phone Susan Hale before the discharge; ask whether they are willing and able to care. "
            "Ask Susan Hale too whether they want support from Carers Leeds.",
        ),
        (
            with_carers(
                {"offer": CARERS_LEEDS}, {**BEN, "offer": YOUNG_ADULTS}, {**BEN, "offer": NONE}
            ),
            "Phone Susan Hale, Ben Marsh and Ben Marsh before the discharge on 9 November; ask whether they are "
            "willing and able to care. Ask Susan Hale too whether they want support from Carers Leeds. "
            "Ask Ben Marsh too whether they want support from 8J095.",
        ),
        (
            with_carers(
                {"offer": CARERS_LEEDS, "confidence": Confidence.PROBABLE}, expected_discharge=None
            ),
            "Ask the patient whether Susan Hale looks after them; if so, involve them before the discharge. "
            "Then ask Susan Hale too whether they want support from Carers Leeds.",
        ),
        (
            with_carers({**BEN, "offer": CARERS_LEEDS, "age_band": AgeBand.YOUNG_CARER}),
            "Tell the young-carer lead that Ben Marsh, who looks after the patient, is under 18. "
            "Say that Ben Marsh could have support from Carers Leeds, if they want it.",
        ),
        (with_carers({"offer": CARERS_LEEDS, "outcome": "contacted_able"}), ""),
        (replace(ALERT, status=AlertStatus.COMPLETED), ""),
        (with_carers({"outcome": "contacted_not_able"}), ""),
        (
            with_carers({"outcome": "young_carer_lead_told", "age_band": AgeBand.YOUNG_CARER}),
            "",
        ),
    ],
)
def test_a_row_says_what_to_do(alert, said):
    assert worklist.what_to_do(alert) == said


def test_a_child_is_never_asked_whether_they_are_willing():
    for confidence in Confidence:
        for went_home in (False, True):
            alert = with_carers(
                {"age_band": AgeBand.YOUNG_CARER, "confidence": confidence},
                went_home_without_contact=went_home,
            )
            assert "willing" not in worklist.what_to_do(alert)


@pytest.mark.parametrize("action", ReferralAction)
def test_a_referral_asks_for_something_as_long_as_it_is_open(action):
    said = referral_inbox.what_to_do(replace(REFERRAL, action=action))
    assert bool(said) == (action.value in ("raised", "corrected", "accepted"))


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        (None, "Contact Susan Hale and"),
        ("accepted", "Contact Susan Hale and"),
        ("contact_attempted", "Contact Susan Hale again"),
        ("engaged", "Support Susan Hale"),
        ("assessment_offered", "Assess what Susan Hale needs"),
        ("assessment_done", "Support Susan Hale"),
    ],
)
def test_what_a_service_is_to_do_follows_its_last_answer(answer, begins):
    accepted = replace(REFERRAL, action=ReferralAction.ACCEPTED, last_answer=answer)
    assert referral_inbox.what_to_do(accepted).startswith(begins)


@pytest.mark.parametrize(
    ("names", "family", "sentence"),
    [
        ((), "", "this carer"),
        ((HumanName(text="Ada Marsh"),), "Ada Marsh", "Ada Marsh"),
        ((HumanName(given=("Ada",)),), "", "Ada"),
        ((HumanName(given=("Ada", "M"), family="Marsh", text="x"),), "Marsh", "Ada Marsh"),
    ],
)
def test_people_are_called_by_what_is_known(names, family, sentence):
    assert (family_name(names), called(names)) == (family, sentence)
