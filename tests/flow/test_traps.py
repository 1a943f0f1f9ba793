"""Twenty-eight traps met in real files of English hospitals and national services, each through `hub try`."""

import json
import re
from functools import cache

import pytest

from connectors.fhir_api.structures import R4Structures
from deploy.configuration.load import load
from deploy.fhir_schema import LAID
from deploy.generate import ROOT
from deploy.trying.composition import trial_for
from deploy.trying.files import pieces_of
from deploy.trying.lines import ConsequenceLine, MessageLine
from deploy.trying.trial import Trial
from hub.records import AlertAction, AlertStatus, InvolvementAlert, StayPicture, StayStatus
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN
from hub.testing.visits import Visit, encounter
from tests.unit.fhir_api.test_xml import document
from tests.unit.national.notices import version_1

ADA_PID = "PID|1||H100^^^PAS^MR~9990000018^^^NHS^NH||MARSH^ADA||19410302|2"
BEN_NK1 = "NK1|1|MARSH^BEN|20|||||||||||||19690721"
FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
FLAG_AS_XML = document(json.loads(FLAG))
EXTRACT_HEADER = (
    "source_record_id,carer_nhs_number,carer_given,carer_family,carer_birth_date,carer_sex,"
    "carer_address,carer_postcode,carer_phone,code_system,code,code_term,recorded_on,status,"
    "cared_for_nhs_number,cared_for_given,cared_for_family,cared_for_birth_date,relationship"
)


@cache
def the_first() -> Trial:
    """Configuration and published shapes take a second to read."""
    return trial_for(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))


class Tried:
    """A dry run that is fed file by file, as `hub try` is."""

    def __init__(self, folder):
        first = the_first()
        hub = MemoryHub(first.hub.chain)
        self.trial = Trial(
            hub=hub,
            wards=first.wards,
            practice=first.practice,
            extracts=first.extracts,
            national=first.national,
            shapes=first.shapes,
        )
        self.folder, self.files = folder, 0

    def say(self, content, suffix=".hl7"):
        """What is said of each message of one file, without its consequences."""
        self.files += 1
        file = self.folder / f"{self.files}{suffix}"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = list(self.trial.lines(pieces_of(file)))
        self.consequences = [each for each in said if isinstance(each, ConsequenceLine)]
        return [each for each in said if isinstance(each, MessageLine)]

    def adt(self, trigger, at, *segments, **header):
        """One ADT message that is accepted."""
        (line,) = self.say(adt(trigger, at, *segments, **header))
        assert (line.outcome, line.reason) == ("accepted", "")

    @property
    def stays(self):
        return list(self.trial.hub.last(StayPicture).values())

    @property
    def stay(self):
        (only,) = [each for each in self.stays if each.superseded_by is None]
        return only

    @property
    def alerts(self):
        return list(self.trial.hub.last(InvolvementAlert).values())

    @property
    def actions(self):
        return [each.action for each in self.trial.hub.said(InvolvementAlert)]


@pytest.fixture
def tried(tmp_path):
    return Tried(tmp_path)


def adt(trigger, at, *segments, occurred="", control=""):
    control = control or f"{trigger}-{at}"
    return "\r".join(
        [
            rf"MSH|^~\&|PAS|TRUST|HUB|HUB|{at}||ADT^{trigger}|{control}|P|2.4",
            f"EVN||{at}||||{occurred or at}",
            *segments,
        ]
    )


def pv1(visit="V1", ward="WARD 23", kind="I", admitted="202611220920", **fields):
    """PV1; more fields as `f36="19"`."""
    written = {2: kind, 3: f"^{ward}", 19: visit, 44: admitted}
    written |= {int(name[1:]): value for name, value in fields.items()}
    return "|".join(["PV1", *(written.get(number, "") for number in range(1, max(written) + 1))])


def admitted(tried, **visit):
    tried.adt("A01", "202611220930", ADA_PID, BEN_NK1, pv1(**visit))


@pytest.mark.parametrize(
    ("pv1_36", "pv1_37", "method"), [("19", "", None), ("19", "1", "1"), ("3", "19", "3")]
)
def test_trap_01_the_destination_stands_where_the_method_should(tried, pv1_36, pv1_37, method):
    admitted(tried)
    home = pv1(f36=pv1_36, f37=pv1_37, f45="202611251100")
    tried.adt("A03", "202611251105", ADA_PID, home)
    assert tried.stay.status is StayStatus.DISCHARGED
    assert tried.stay.destination.code == "19"
    said = tried.stay.discharge_method
    assert (said.code if said else None) == method


@pytest.mark.parametrize(
    ("pv1_36", "pv1_37", "died"), [("4", "19", False), ("4", "79", True), ("10", "19", False)]
)
def test_trap_02_a_4_is_died_in_one_table_and_referred_to_a_clinic_in_another(
    tried, pv1_36, pv1_37, died
):
    admitted(tried)
    tried.adt("A03", "202611251105", ADA_PID, pv1(f36=pv1_36, f37=pv1_37))
    assert tried.stay.patient.deceased is died
    (alert,) = tried.alerts
    assert (alert.status is AlertStatus.CANCELLED) is died


@pytest.mark.parametrize("words", ["Feeling great", "Dead", "home"])
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("I", StayStatus.DISCHARGED),
        ("ff", StayStatus.ATTENDING),
        ("DAY CASE", StayStatus.ATTENDING),
        ("99", StayStatus.ATTENDING),
    ],
)
def test_trap_03_free_text_in_coded_fields_is_kept_and_decides_nothing(tried, words, kind, status):
    tried.adt("A03", "202611251105", ADA_PID, BEN_NK1, pv1(kind=kind, f36=words, f37=words))
    assert tried.stay.status is status
    assert not tried.stay.patient.deceased
    assert (tried.stay.destination.code, tried.stay.destination.display) == ("", words)


@pytest.mark.parametrize(
    ("numbers", "nhs_number", "hospital_number"),
    [
        ("9990000018^^^NHS^NH~H100^^^PAS^MR", "9990000018", "H100"),
        ("H100^^^PAS^MR~9990000018^^^^HN", "9990000018", "H100"),
        ("H100~9990000018^^^NHS", "9990000018", "H100"),
        ("H100", None, "H100"),
        ("9990000018^^^NHS", "9990000018", "9990000018"),
    ],
)
def test_trap_04_the_nhs_number_is_typed_in_many_ways_or_missing(
    tried, numbers, nhs_number, hospital_number
):
    tried.adt("A01", "202611220930", f"PID|||{numbers}||MARSH^ADA", pv1())
    patient = tried.stay.patient
    assert (patient.nhs_number, patient.hospital_number) == (nhs_number, hospital_number)


@pytest.mark.parametrize("shared", ["9999999999", "3333333333"])
def test_trap_05_a_number_that_all_patients_share_makes_nobody_one_person(tried, shared):
    tried.adt("A01", "202611220930", f"PID|||{shared}^^^NHS||MARSH^ADA", pv1("V1"))
    tried.adt("A01", "202611220940", f"PID|||{shared}^^^NHS||HILL^TOM", pv1("V2"))
    assert [each.patient.nhs_number for each in tried.stays] == [None, None]
    assert len({each.patient.person_id for each in tried.stays}) == 2


@pytest.mark.parametrize("nameless_at", ["202611220915", "202611221015"])
def test_trap_05_a_message_that_says_no_more_than_the_visit_takes_nobodys_stay(tried, nameless_at):
    admitted(tried)
    before = tried.stay.patient.person_id
    tried.adt("A02", nameless_at, "PID|||9999999999^^^NHS||MARSH^ADA", pv1("V1", ward="WARD9"))
    assert tried.stay.patient.person_id == before
    assert [each.status for each in tried.alerts if each.status is AlertStatus.CANCELLED] == []


@pytest.mark.parametrize("late", [False, True])
def test_trap_05_whoever_is_named_later_has_the_stay_of_which_only_the_visit_was_known(tried, late):
    def nameless():
        tried.adt("A02", "202611221015", "PID|||9999999999^^^NHS||MARSH^ADA", pv1(ward="WARD9"))

    if not late:
        nameless()
    admitted(tried)
    if late:
        nameless()
    assert tried.stay.patient.nhs_number == "9990000018"
    assert tried.stay.ward == "WARD9"
    assert [each.status for each in tried.alerts] == [AlertStatus.REQUESTED]


def test_trap_06_a_birth_month_13_costs_the_date_and_of_three_dates_the_latest_counts(tried):
    def born(at, date):
        tried.adt("A08", at, f"PID|||H100||MARSH^ADA||{date}", pv1())
        return str(tried.stay.patient.birth_on)

    assert born("202611220930", "196513121515") == "None"
    assert born("202611220940", "19650312") == "1965-03-12"
    assert born("202611221000", "19560312") == "1956-03-12"
    assert born("202611220950", "19650321") == "1956-03-12"
    assert born("202611221010", "196513121515") == "1956-03-12"


def test_trap_06_dates_of_going_home_and_of_death_that_cannot_be_read_cost_only_themselves(tried):
    tried.adt("A01", "202611220930", ADA_PID, BEN_NK1, pv1(), "PV2" + "|" * 9 + "TBC")
    (alert,) = tried.alerts
    assert (alert.status, tried.stay.expected_discharge) == (AlertStatus.REQUESTED, None)
    for at, written, month in (
        ("202611221000", "20261126", "11"),
        ("202611221010", "TBC", "11"),
        ("202611221020", '""', None),
    ):
        tried.adt("A08", at, ADA_PID, pv1(), "PV2" + "|" * 9 + written)
        expected = tried.stay.expected_discharge
        assert (expected and f"{expected.at:%m}") == month
    died = ADA_PID + "|" * 21 + "{}|{}"
    tried.adt("A08", "202611230900", died.format("99999999", ""), pv1())
    assert not tried.stay.patient.deceased
    tried.adt("A08", "202611230910", died.format("99999999", "Y"), pv1())
    assert tried.stay.patient.deceased
    assert [each.status for each in tried.alerts] == [AlertStatus.CANCELLED]


@pytest.mark.parametrize(
    "written",
    ["195007010000", "19500701000000+0100", "19500701000000+0000", "195007012359", "195007010030"],
)
def test_trap_07_a_birth_at_midnight_stays_on_its_day(tried, written):
    tried.adt("A01", "202611220930", f"PID|||H100||MARSH^ADA||{written}", pv1())
    assert str(tried.stay.patient.birth_on) == "1950-07-01"


def test_trap_08_two_admissions_an_update_a_discharge_and_its_cancel_are_one_alert(tried):
    admitted(tried)
    tried.adt("A01", "202611220935", ADA_PID, BEN_NK1, pv1())
    tried.adt("A08", "202611231000", ADA_PID, pv1())
    tried.adt("A03", "202611251105", ADA_PID, pv1(f45="202611251100"))
    tried.adt("A13", "202611251130", ADA_PID, pv1())
    assert tried.stay.status is StayStatus.IN_PATIENT
    (alert,) = tried.alerts
    assert alert.status is AlertStatus.REQUESTED
    assert tried.actions.count(AlertAction.RAISED) == 1


def test_trap_09_a_transfer_twice_its_cancel_and_a_discharge_that_is_taken_back_and_repeated(tried):
    admitted(tried)
    for control in ("A02-1", "A02-1", "A02-2"):
        tried.adt("A02", "202611231000", ADA_PID, pv1(ward="WARD 4"), control=control)
    assert tried.stay.ward == "WARD 4"
    tried.adt("A12", "202611231030", ADA_PID, pv1(ward="WARD 23"))
    assert tried.stay.ward == "WARD 23"
    tried.adt("A03", "202611251105", ADA_PID, pv1())
    tried.adt("A13", "202611251110", ADA_PID, pv1())
    tried.adt("A03", "202611251120", ADA_PID, pv1(f45="202611251118"))
    assert tried.stay.status is StayStatus.DISCHARGED
    assert f"{tried.stay.discharged_at:%H:%M}" == "11:18"
    assert tried.actions.count(AlertAction.RAISED) == 1


def test_trap_10_a_merge_with_only_a_local_number_joins_the_records(tried):
    tried.adt("A01", "202611220930", "PID|||H900||UNKNOWN", BEN_NK1, pv1())
    tried.adt("A28", "202611220940", ADA_PID)
    tried.adt("A40", "202611221000", ADA_PID.replace("^^^PAS^MR", ""), "MRG|H900")
    patient = tried.stay.patient
    assert (patient.hospital_number, patient.nhs_number) == ("H100", "9990000018")
    assert len(tried.alerts) == 1


def test_trap_11_a_deleted_person_is_ignored_and_visits_and_numbers_move(tried):
    admitted(tried)
    before = tried.stay
    (line,) = tried.say(adt("A29", "202611221000", ADA_PID, "PV1||N"))
    assert (line.outcome, line.code) == ("ignored", "no-meaning")
    assert line.reason
    assert tried.stay == before
    moved = pv1("V2", kind="", admitted="")
    tried.adt("A45", "202611221100", ADA_PID, "MRG|H900||||V1", moved)
    assert tried.stay.stay_id != before.stay_id
    assert (tried.stay.status, tried.stay.ward) == (StayStatus.IN_PATIENT, "WARD 23")
    tried.adt("A47", "202611221200", "PID|||H200^^^PAS^MR||MARSH^ADA", "MRG|H100^^^PAS^MR")
    assert tried.stay.patient.hospital_number == "H200"


@pytest.mark.parametrize("number", ["99900000180", "9990000017", "1234567890", "999000001X"])
def test_trap_12_a_number_that_cannot_be_right_costs_only_itself(tried, number):
    tried.adt("A01", "202611220930", f"PID|||H100^^^PAS^MR~{number}^^^NHS^NH||MARSH^ADA", pv1())
    assert tried.stay.patient.nhs_number is None
    assert tried.stay.patient.hospital_number == "H100"


def flagged(tried, resource=FLAG):
    """A body is accepted; says what it links."""
    (line,) = tried.say(resource, ".json")
    assert line.outcome == "accepted", line.reason
    return [each.action for each in tried.consequences if each.kind == "link"]


def test_trap_13_https_twins_of_http_systems_are_those_systems(tried):
    twin = FLAG.replace(b"http://snomed", b"https://snomed")
    twin = twin.replace(b"http://terminology", b"https://terminology")
    assert twin != FLAG
    assert flagged(tried, twin) == ["linked"]


@pytest.mark.parametrize(
    "system",
    [
        "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland",
        "https://fhir.hl7.org.uk/CodeSystem/NHSDataModelAndDictionary-DischargeMethod",
    ],
)
def test_trap_14_retired_systems_say_what_current_ones_say(tried, system):
    visit = Visit(admitted="2026-11-22 09:20", discharge_method=(system, "4"))
    body = encounter("A03", "2026-11-25 11:00", visit).resource
    (line,) = tried.say(body.replace(b'"status":"unknown"', b'"status":"finished"'), ".json")
    assert line.outcome == "accepted"
    assert tried.stay.patient.deceased


@pytest.mark.parametrize("code", ["NRAF", "national-reasonable-adjustment-flag"])
def test_trap_15_a_national_flag_under_either_code_makes_nobody_a_carer(tried, code):
    national = {
        "system": "https://fhir.nhs.uk/England/CodeSystem/England-FlagCategoryPatient",
        "code": code,
    }
    body = carer_flag(BEN, "2026-11-03 12:00", code=national).resource
    assert flagged(tried, body) == []
    admitted(tried, visit="V9")
    assert [each.kind for each in tried.stay.carers[0].evidence] == ["nk1"]


@pytest.mark.parametrize("name", ["Extension-FlagNotes", "Extension-England-FlagNotes"])
def test_trap_16_notes_on_a_flag_under_either_name_do_no_harm(tried, name):
    body = json.loads(FLAG)
    note = {"url": f"https://fhir.nhs.uk/England/StructureDefinition/{name}"}
    body["entry"][-1]["resource"]["extension"] = [note | {"valueAnnotation": {"text": "a note"}}]
    assert flagged(tried, json.dumps(body)) == ["linked"]


def test_trap_17_facts_that_point_in_opposite_directions_are_told_as_sent(tried):
    mother = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}
    body = json.loads(FLAG)
    body["entry"][2]["resource"] |= {"birthDate": "2017-01-01"}
    body["entry"][2]["resource"]["relationship"].append({"coding": [mother]})
    body["entry"][1]["resource"]["birthDate"] = "2017-01-01"
    assert flagged(tried, json.dumps(body)) == ["linked"]
    admitted(tried)
    young = next(each for each in tried.stay.carers if str(each.birth_on) == "2017-01-01")
    assert [each.code for each in young.relationships] == ["Carer", "MTH"]


@pytest.mark.parametrize("times", [{"valueTiming": {}}, {"valueString": "Not after 7pm"}])
def test_trap_18_contact_times_in_either_form_leave_the_needs_as_they_are(tried, times):
    url = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference"
    system = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat"
    written = {"coding": [{"system": system, "code": "11"}]}
    preference = [
        {
            "url": "PreferredWrittenCommunicationFormat",
            "valueCodeableConcept": written,
        },
        {"url": "PreferredContactTimes"} | times,
    ]
    if "valueTiming" in times:
        preference[1]["valueTiming"] = {"repeat": {"timeOfDay": ["09:00:00"]}}
    body = json.loads(FLAG)
    body["entry"][1]["resource"]["extension"] = [{"url": url, "extension": preference}]
    assert flagged(tried, json.dumps(body)) == ["linked"]
    tried.adt("A01", "202611220930", ADA_PID, pv1())
    assert tried.stay.carers[0].needs.formats == ("large print",)


def test_trap_19_a_bundle_of_another_version_is_refused_where_it_differs(tried):
    body = json.loads(FLAG)
    older = body["entry"][2]["resource"]
    older["relationship"] = older["relationship"][0]
    (line,) = tried.say(json.dumps(body), ".json")
    assert line.outcome == "rejected"
    assert line.expression == "Bundle.entry[2].resource.relationship"
    assert line.code == "fhir-version"
    assert line.reason.endswith(".")


@pytest.mark.parametrize("suffix", [".xml", ".json", ""])
def test_trap_20_xml_is_ignored_by_what_it_is(tried, suffix):
    (line,) = tried.say('<?xml version="1.0"?><Patient xmlns="http://hl7.org/other"/>', suffix)
    assert (line.outcome, line.reason) == ("ignored", "This is XML, which is not read.")
    (line,) = tried.say(FLAG_AS_XML, suffix)
    assert line.outcome == "ignored"
    assert "http.fhir_xml" in line.reason


def test_trap_20_xml_of_fhir_is_read_as_the_door_reads_it_where_that_is_switched_on(tried):
    tried.trial.xml = R4Structures(LAID.read_bytes())
    assert flagged(tried, FLAG_AS_XML) == ["linked"]
    assert flagged(tried, FLAG) == []
    (line,) = tried.say(FLAG_AS_XML.replace(b"<status", b"<state", 1), ".xml")
    assert (line.outcome, line.expression) == ("rejected", "Bundle.entry[3].resource")


def test_trap_21_malformed_json_is_refused_and_harms_nothing_else(tried):
    (line,) = tried.say(FLAG.replace(b",", b"", 1), ".json")
    assert (line.outcome, line.code, line.expression) == ("rejected", "not-json", "Resource")
    assert "Marsh" not in line.reason
    assert flagged(tried) == ["linked"]


def test_trap_22_delimiters_line_ends_and_batches_all_say_the_same(tmp_path):
    plain = adt("A01", "202611220930", ADA_PID, BEN_NK1, pv1())
    custom = plain.translate(str.maketrans({"|": "!", "^": "$", "~": "@", "&": "%"}))
    batch = f"FHS|^~\\&|PAS\rBHS|^~\\&|PAS\r{plain}\rBTS|1\rFTS|1"
    ways = (
        plain,
        f"{plain}\r",
        plain.replace("\r", "\r\n"),
        plain.replace("\r", "\n") + "\n\n",
        custom,
        batch,
        batch.replace("\r", "\n") + "\n",
        f"\x0b{plain}\r\x1c\r",
    )
    seen = set()
    for number, way in enumerate(ways):
        (tmp_path / str(number)).mkdir()
        tried = Tried(tmp_path / str(number))
        (line,) = tried.say(way)
        assert line.outcome == "accepted"
        (carer,) = tried.stay.carers
        seen.add((tried.stay.stay_id, tried.stay.ward, tried.stay.patient.names, carer.names))
    assert len(seen) == 1


def test_trap_23_z_segments_anywhere_and_an_empty_pd1_change_nothing(tmp_path):
    segments = (ADA_PID, "PD1|", BEN_NK1, pv1())
    usual = Tried(tmp_path)
    usual.adt("A01", "202611220930", *segments[:1], *segments[2:])
    z_segments = ["ZLW|1|WAITING", "ZPD||X", "ZUK|a^b~c", 'ZZZ|""']
    for place in range(len(segments) + 1):
        tried = Tried(tmp_path)
        spread = [*segments[:place], *z_segments, *segments[place:]]
        tried.adt("A01", "202611220930", *spread)
        for name in ("status", "ward", "patient", "admitted_at"):
            assert getattr(tried.stay, name) == getattr(usual.stay, name)
        assert [each.names for each in tried.stay.carers] == [
            each.names for each in usual.stay.carers
        ]


@pytest.mark.parametrize("flagged_before", [True, False])
@pytest.mark.parametrize("code", ["918F.", "918f.", "918f", "918F"])
def test_trap_24_a_read_code_is_neither_folded_nor_an_end_of_caring(tried, code, flagged_before):
    """Of two codes that the world takes for one another neither makes a carer, and neither ends what another said."""

    def row(number, system, code, day):
        return (
            f"E-{number},9990000026,Ben,Marsh,1969-07-21,male,,,,{system},{code},,{day},active,"
            "9990000018,Ada,Marsh,1941-03-02,son"
        )

    rows = (
        row(1, "http://snomed.info/sct", "224484003", "2026-11-03"),
        row(2, "http://read.info/readv2", code, "2026-11-20"),
    )
    said = rows if flagged_before else rows[1:]
    extract = "\n".join([EXTRACT_HEADER, *said, f"#END,{len(said)}", ""])
    (line,) = tried.say(extract, ".csv")
    assert (line.outcome, line.reason) == ("accepted", "")
    tried.adt("A01", "202611220930", ADA_PID, pv1())
    found = [each.names[0].given for each in tried.stay.carers]
    assert found == ([("Ben",)] if flagged_before else [])


def test_trap_25_a_cloudevent_is_a_notice_and_the_version_before_says_what_it_is(tried):
    second = {
        "specversion": "1.0",
        "id": "1",
        "source": "uk.nhs",
        "type": "pds-death-notification-2",
        "time": "2026-11-23T10:00:00Z",
        "subject": "9990000018",
    }
    first = version_1("pds-death-notification-1", deathNotificationStatus="2")
    neither = {"id": "1", "type": "pds-death-notification-1", "subject": first["subject"]}
    told = (tried.say(json.dumps(each), ".json") for each in (second, first, neither))
    (notice,), (before,), (nothing,) = told
    assert (notice.outcome, notice.event) == ("accepted", "death")
    assert (before.outcome, before.event) == ("accepted", "death")
    assert (nothing.outcome, nothing.code) == ("ignored", "no-message")
    assert nothing.reason == "This is JSON that is no FHIR resource and no CloudEvent."


def test_trap_26_a13_takes_back_a_discharge_and_never_an_admission(tried):
    admitted(tried)
    tried.adt("A03", "202611251105", ADA_PID, pv1())
    tried.adt("A13", "202611251130", ADA_PID, pv1())
    assert tried.stay.status is StayStatus.IN_PATIENT
    tried.adt("A11", "202611251140", ADA_PID, pv1())
    assert tried.stay.status is StayStatus.CANCELLED


@pytest.mark.parametrize("first", ["A01", "A03"])
def test_trap_27_a_discharge_under_another_visit_number_ends_the_stay(tried, first):
    says = {
        "A01": ("A01", "202611220930", ADA_PID, BEN_NK1, pv1("2139^^^VISITID")),
        "A03": ("A03", "202611251105", ADA_PID, pv1("YOR123456^^^YR_VISIT", f45="202611251100")),
    }
    tried.adt(*says[first])
    tried.adt(*says["A03" if first == "A01" else "A01"])
    assert tried.stay.status is StayStatus.DISCHARGED
    assert tried.stay.carers
    open_alerts = [each for each in tried.alerts if each.superseded_by is None]
    assert [each.went_home_without_contact for each in open_alerts] == [True]


def test_trap_28_times_that_are_far_from_each_other_are_each_kept_as_what_they_are(tried):
    tried.adt("A01", "202611120930", ADA_PID, BEN_NK1, pv1(admitted="202611220920"))
    assert f"{tried.stay.admitted_at:%d %H:%M}" == "22 09:20"
    assert tried.stay.as_of.day == 12
    tried.adt("A02", "202611230800", ADA_PID, pv1(ward="W1"), occurred="202601230800")
    tried.adt("A02", "202611230700", ADA_PID, pv1(ward="W2"), occurred="202611230900")
    assert tried.stay.ward == "W1"


def test_each_of_the_twenty_eight_has_a_test():
    named = {
        int(found[1]) for name in globals() if (found := re.match("test_trap_([0-9]{2})_", name))
    }
    assert named == set(range(1, 29))
