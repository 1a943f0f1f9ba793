"""From files in a watched folder to the right alert: several registers, each as far as it is trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.gp_csv.folder import Folder
from connectors.gp_csv.settings import RegisterSettings
from connectors.gp_csv.watching import FolderWatch, Log
from deploy.layouts import layout_named
from hub.records import Confidence, EvidenceKind, InvolvementAlert
from hub.testing.memory_hub import MemoryHub
from hub.testing.memory_registers import MemoryRegisters
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy, Trust
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement

ADMISSION = encounter("A01", "2026-11-22 09:30", Visit(admitted="2026-11-22 09:20"))
TRUSTS = (
    Trust("council", EvidenceKind.REGISTER, Confidence.PROBABLE),
    Trust("charity", EvidenceKind.REGISTER, Confidence.CHECK),
    Trust("passport", EvidenceKind.PASSPORT, Confidence.CONFIRMED),
)
CARED_FOR = "Cared For NHS Number,Cared For Forename,Cared For Surname,Cared For DOB"
HEADINGS = {
    "practice": "NHS Number,Surname,Given Name,Date of Birth,Date," + CARED_FOR,
    "council": "Carer ID,Carer NHS Number,Surname,Forename,DOB," + CARED_FOR,
    "charity": "Client Ref,NHS Number,Surname,First Name,DOB," + CARED_FOR,
    "passport": "Card Number,NHS Number,Surname,First Name,DOB,Patient NHS Number,Patient First Name,Patient Surname,"
    "Patient Date of Birth,Expiry Date",
}
LAYOUTS = {"practice": "emis"}
BEN = "9990000026,Marsh,Ben,21/07/1969"
ADA = "9990000018,Ada,Marsh,02/03/1941"
NOBODY = ",,,"
ROWS = {
    "practice": f"{BEN},03/11/2026,{ADA}",
    "council": f"C-7,{BEN},{ADA}",
    "charity": f"7,{BEN},{ADA}",
    "passport": f"P-7,{BEN},{ADA},30/11/2026",
}
SOMEBODY_ELSE = {
    source: row.replace("9990000026", "9990000050")
    .replace("-7", "-8")
    .replace("7,999", "8,999")
    .replace(ADA, NOBODY)
    for source, row in ROWS.items()
}


class Area:
    """A hub, and the folder of each register."""

    def __init__(self, tmp_path):
        matching = MatchingPolicy(
            test_numbers="accept",
            carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
            trusts=TRUSTS,
        )
        self.hub = MemoryHub((carer_matching(matching), discharge_involvement(AlertPolicy())))
        self.now = datetime(2026, 11, 22, 10, tzinfo=UTC)
        self.watches = {source: self.watch_of(tmp_path, source) for source in HEADINGS}

    def watch_of(self, tmp_path, source):
        folder = tmp_path / source
        folder.mkdir()
        settings = RegisterSettings(
            name=source, ods_code="C82904", regions=(0,), test_numbers="accept"
        )
        behind = Log(self, MemoryRegisters(), self, lambda: self.now)
        layout = layout_named(LAYOUTS.get(source, source))
        return FolderWatch(settings, layout, Folder(folder, timedelta(0)), behind)

    async def publish(self, event, key):
        self.hub.hear(event)

    async def publish_all(self, said):
        for event, key in said:
            await self.publish(event, key)

    def keep_refused(self, refused):
        raise AssertionError(refused)

    async def hears(self, source, *rows):
        watch = self.watches[source]
        self.now += timedelta(hours=1)
        file = watch.folder.path / "register.csv"
        file.write_text("\n".join([HEADINGS[source], *rows, f"Total,{len(rows)}", ""]))
        await watch.look()

    @property
    def actions(self):
        return [alert.action.value for alert in self.hub.said(InvolvementAlert)]

    @property
    def carer(self):
        (found,) = self.hub.said(InvolvementAlert)[-1].carers
        return found.carer


@pytest.fixture
def area(tmp_path):
    return Area(tmp_path)


@pytest.mark.parametrize(
    ("source", "kind", "confidence"),
    [
        ("practice", "gp_flag", "confirmed"),
        ("council", "register", "probable"),
        ("passport", "passport", "confirmed"),
    ],
)
async def test_a_carer_is_as_sure_as_the_register_that_tells_of_them(
    area, source, kind, confidence
):
    area.hub.hear(ADMISSION)
    await area.hears(source, ROWS[source])
    assert area.actions == ["raised"]
    assert [each.kind.value for each in area.carer.evidence] == [kind]
    assert area.carer.confidence.value == confidence


async def test_a_register_that_is_only_to_be_checked_raises_nothing_and_adds_to_what_others_say(
    area,
):
    area.hub.hear(ADMISSION)
    await area.hears("charity", ROWS["charity"])
    assert area.actions == []
    await area.hears("practice", ROWS["practice"])
    assert area.actions == ["raised"]
    assert {each.kind.value for each in area.carer.evidence} == {"gp_flag", "register"}
    assert area.carer.confidence.value == "confirmed"


async def test_who_disappears_from_the_only_register_that_told_of_them_is_withdrawn(area):
    area.hub.hear(ADMISSION)
    await area.hears("council", ROWS["council"], SOMEBODY_ELSE["council"])
    await area.hears("council", SOMEBODY_ELSE["council"])
    assert area.actions == ["raised", "withdrawn"]
    await area.hears("council", ROWS["council"], SOMEBODY_ELSE["council"])
    assert len(area.hub.said(InvolvementAlert)[-1].carers) == 1


@pytest.mark.parametrize("source", ["council", "charity", "practice"])
async def test_who_disappears_from_one_register_stays_a_carer_by_the_others(area, source):
    area.hub.hear(ADMISSION)
    await area.hears("passport", ROWS["passport"])
    unlinked = ROWS[source].replace(ADA, NOBODY)
    await area.hears(source, unlinked, SOMEBODY_ELSE[source])
    await area.hears(source, SOMEBODY_ELSE[source])
    assert "withdrawn" not in area.actions
    assert area.carer.confidence.value == "confirmed"


async def test_a_passport_that_has_run_out_no_longer_tells_of_a_carer(area):
    area.hub.hear(ADMISSION)
    valid = ROWS["passport"].replace("30/11/2026", "30/11/2027").replace("P-7", "P-8")
    valid = valid.replace("9990000026", "9990000050").replace(ADA, NOBODY)
    await area.hears("passport", ROWS["passport"], valid)
    area.now = datetime(2026, 12, 1, 6, tzinfo=UTC)
    await area.hears("passport", ROWS["passport"], valid + " ")
    assert area.actions == ["raised", "withdrawn"]


def last_day(row, day):
    return row.replace("30/11/2026", day)


async def test_a_passport_runs_out_on_its_day_without_another_file_and_is_renewed_by_one(area):
    area.hub.hear(ADMISSION)
    await area.hears("passport", last_day(ROWS["passport"], "24/11/2026"))
    area.hub.advance(datetime(2026, 11, 25, tzinfo=UTC))
    assert "withdrawn" not in area.actions
    area.hub.advance(datetime(2026, 11, 25, 0, 1, tzinfo=UTC))
    assert area.actions[-1] == "withdrawn"
    area.now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    await area.hears("passport", last_day(ROWS["passport"], "24/11/2027"))
    assert len(area.hub.said(InvolvementAlert)[-1].carers) == 1


async def test_a_passport_that_is_renewed_before_it_runs_out_goes_on(area):
    area.hub.hear(ADMISSION)
    await area.hears("passport", last_day(ROWS["passport"], "24/11/2026"))
    await area.hears("passport", last_day(ROWS["passport"], "24/11/2027"))
    area.hub.advance(datetime(2026, 12, 24, tzinfo=UTC))
    assert "withdrawn" not in area.actions


async def test_a_passport_of_somebody_without_a_link_runs_out_as_well(area):
    alone = last_day(ROWS["passport"], "24/11/2026").replace(ADA, NOBODY)
    await area.hears("passport", alone)
    for moment, is_carer in (
        (datetime(2026, 11, 25, tzinfo=UTC), True),
        (datetime(2026, 11, 26, tzinfo=UTC), False),
    ):
        area.hub.advance(moment)
        (status,) = [
            each.carer_status for each in area.hub.memory.records.values() if each.carer_status
        ]
        assert status.is_carer is is_carer
