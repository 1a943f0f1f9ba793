"""Which row of the ledger stands for an alert and a referral: who owns it, where it lives, and what may be seen."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from deploy.generating.examples import record_from_example
from hub.ledger import (
    ALERT_LEDGER,
    LEDGER,
    REFERRAL_LEDGER,
    alert_rows,
    evidence_of,
    ids_from,
    links_from,
    referral_rows,
)
from hub.projection import Column, TableSpec
from hub.records import AgeBand, AlertStatus, CarerReferral, InvolvementAlert, ReferralAction

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


ALERT = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRAL = example(CarerReferral, "referral.support.v1/raised.json")


def test_an_alert_is_one_row_that_its_trust_owns():
    (row,) = ALERT_LEDGER.rows_of(replace(ALERT, region=3))
    assert (row["alert_id"], row["version"], row["region"]) == (ALERT.alert_id, 1, 3)
    assert (row["owner_ods"], row["status"]) == ("RWE", "requested")
    assert row["resource"]["id"] == str(ALERT.alert_id)


def test_each_carer_is_named_by_one_piece_of_evidence_whatever_their_order():
    (each,) = ALERT.carers
    turned = replace(
        ALERT,
        carers=(replace(each, carer=replace(each.carer, evidence=each.carer.evidence[::-1])),),
    )
    assert len(each.carer.evidence) > 1
    assert evidence_of(ALERT) == evidence_of(turned)
    ((link, reason),) = ids_from(evidence_of(ALERT)).items()
    assert link == each.carer.link_id
    assert reason in {every.evidence_id for every in each.carer.evidence}


def test_who_is_a_child_stands_beside_the_resource():
    (each,) = ALERT.carers
    young = replace(ALERT, carers=(replace(each, age_band=AgeBand.YOUNG_CARER),))
    ((row,), (other,)) = alert_rows(young), alert_rows(ALERT)
    assert links_from(row["young"]) == {each.carer.link_id}
    assert links_from(other["young"]) == frozenset()


@pytest.mark.parametrize("action", [ReferralAction.DECLINED, ReferralAction.CLOSED])
def test_a_referral_that_ended_stays_with_its_owner_and_names_nobody(action):
    (row,) = referral_rows(replace(REFERRAL, action=action))
    assert (row["owner_ods"], row["status"]) == ("8J094", action.value)
    assert "Hale" not in json.dumps(row["resource"])


def test_evidence_is_beside_the_resource_and_never_in_it():
    (each,) = ALERT.carers
    link = UUID(int=7)
    (row,) = alert_rows(
        replace(ALERT, carers=(replace(each, carer=replace(each.carer, link_id=link)),))
    )
    ((named, reason),) = row["evidence"].items()
    assert named == str(link)
    assert named in json.dumps(row["resource"])
    assert reason not in json.dumps(row["resource"])


def test_a_withdrawn_alert_stays_with_its_owner_and_names_nobody():
    (row,) = alert_rows(replace(ALERT, status=AlertStatus.CANCELLED))
    assert (row["owner_ods"], row["status"]) == ("RWE", "cancelled")
    assert "Whitlock" not in json.dumps(row["resource"])


def test_a_referral_is_one_row_with_the_agreement_that_its_service_never_sees():
    (row,) = REFERRAL_LEDGER.rows_of(replace(REFERRAL, region=1))
    assert (row["referral_id"], row["version"], row["region"]) == (REFERRAL.referral_id, 1, 1)
    assert (row["owner_ods"], row["status"]) == ("8J094", "raised")
    assert row["agreement_id"] == REFERRAL.agreement_id
    assert str(REFERRAL.agreement_id) not in json.dumps(row["resource"])


def test_a_withdrawn_referral_stays_with_its_owner_and_names_nobody():
    (row,) = referral_rows(replace(REFERRAL, action=ReferralAction.WITHDRAWN))
    assert (row["owner_ods"], row["status"]) == ("8J094", "withdrawn")
    assert "Hale" not in json.dumps(row["resource"])


@pytest.mark.parametrize("model", LEDGER, ids=lambda model: model.name)
def test_the_time_of_a_change_is_the_databases_own(model):
    stamped = {each.name for each in model.table.columns if each.stamped}
    assert stamped == {"changed_at"}
    for row in (*alert_rows(ALERT), *referral_rows(REFERRAL)):
        assert "changed_at" not in row


def test_only_a_time_can_be_stamped():
    columns = (Column("id", "uuid"), Column("version", "int"), Column("at", "text", stamped=True))
    with pytest.raises(ValueError, match="stamped"):
        TableSpec("a_table", columns, "id")


def test_a_carer_without_evidence_cannot_be_answered_for():
    (each,) = ALERT.carers
    bare = replace(ALERT, carers=(replace(each, carer=replace(each.carer, evidence=())),))
    assert ids_from(evidence_of(bare)) == {}
    assert ids_from({str(UUID(int=1)): str(UUID(int=2))}) == {UUID(int=1): UUID(int=2)}
