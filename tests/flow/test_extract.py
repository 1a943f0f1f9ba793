"""From a practice's extract to the right alert."""

import hashlib
from datetime import UTC, datetime

import pytest

from connectors.gp_csv.extract import COLUMNS
from connectors.gp_csv.mapping.events import rows_from
from connectors.gp_csv.settings import CsvSettings
from hub.records import InvolvementAlert
from hub.testing.memory_hub import MemoryHub
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement

SENDER = CsvSettings(name="c82904-csv", ods_code="C82904", regions=(0,), test_numbers="accept")
BEN = {
    "source_record_id": "E-1",
    "carer_nhs_number": "9990000026",
    "carer_given": "Ben",
    "carer_family": "Marsh",
    "carer_birth_date": "1969-07-21",
    "carer_phone": "0116 496 0001",
    "code_system": "http://snomed.info/sct",
    "code": "224484003",
    "recorded_on": "2026-11-03",
    "status": "active",
    "cared_for_nhs_number": "9990000018",
    "cared_for_given": "Ada",
    "cared_for_family": "Marsh",
    "cared_for_birth_date": "1941-03-02",
    "relationship": "son",
}
ADMISSION = encounter("A01", "2026-11-22 09:30", Visit(admitted="2026-11-22 09:20"))


@pytest.fixture
def hub() -> MemoryHub:
    matching = MatchingPolicy(
        test_numbers="accept",
        carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
        not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
    )
    return MemoryHub((carer_matching(matching), discharge_involvement(AlertPolicy())))


def events(*rows):
    lines = [COLUMNS, *([row.get(each, "") for each in COLUMNS] for row in rows)]
    content = "\n".join([*map(",".join, lines), f"#END,{len(rows)}"]).encode()
    received = datetime(2026, 11, 23, 6, tzinfo=UTC)
    digest = hashlib.sha256(content).hexdigest()
    return [each.event for each in rows_from(content, SENDER, received, digest)]


def actions(hub):
    return [alert.action.value for alert in hub.said(InvolvementAlert)]


def test_a_row_that_names_the_person_cared_for_raises_the_alert_when_they_come_into_hospital(hub):
    hub.hear(*events(BEN), ADMISSION)
    assert actions(hub) == ["raised"]
    (carer,) = hub.said(InvolvementAlert)[0].carers
    assert carer.carer.names[0].given == ("Ben",)
    assert [each.code for each in carer.carer.relationships] == ["SONC"]
    assert [each.value for each in carer.carer.contacts] == ["0116 496 0001"]
    assert (carer.carer.confidence.value, carer.carer.evidence[0].kind.value) == (
        "confirmed",
        "gp_flag",
    )


def test_a_row_that_comes_after_the_admission_raises_it_too(hub):
    hub.hear(ADMISSION, *events(BEN))
    assert actions(hub) == ["raised"]


def test_the_same_file_again_changes_nothing(hub):
    hub.hear(*events(BEN), ADMISSION, *events(BEN))
    hub.redeliver()
    assert actions(hub) == ["raised"]


def test_a_row_that_ends_withdraws_the_alert(hub):
    hub.hear(*events(BEN), ADMISSION)
    hub.hear(*events(BEN | {"status": "ended", "recorded_on": "2026-11-20"}))
    assert actions(hub) == ["raised", "withdrawn"]


def test_a_code_that_says_no_longer_a_carer_withdraws_the_alert(hub):
    hub.hear(*events(BEN), ADMISSION)
    hub.hear(*events(BEN | {"code": "199361000000101", "recorded_on": "2026-11-20"}))
    assert actions(hub) == ["raised", "withdrawn"]


@pytest.mark.parametrize(
    "change",
    [
        {
            "cared_for_nhs_number": "",
            "cared_for_family": "",
            "cared_for_given": "",
            "cared_for_birth_date": "",
        },
        {"cared_for_nhs_number": "9990000019"},
        {"code": "229774002"},
    ],
    ids=["nobody named", "a number that cannot be right", "a code for paid carers"],
)
def test_a_row_that_does_not_say_of_whom_raises_nothing(hub, change):
    hub.hear(*events(BEN | change), ADMISSION)
    assert actions(hub) == []
    assert hub.refusals == []
