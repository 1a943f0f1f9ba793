"""What `hub convert --explain` says of a message: found by leaving places out, so it is true of the mapping."""

import pytest

from deploy.configuration.load import load
from deploy.generate import ROOT
from deploy.trying import explaining
from deploy.trying.composition import wards_for
from deploy.trying.conversion import converted
from deploy.trying.explaining import places_of
from deploy.trying.files import Piece
from deploy.trying.table import table_of

WARDS = wards_for(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))
ADMISSION = "\r".join(
    [
        r"MSH|^~\&|PAS|TRUST|HUB|HUB|20260301101500||ADT^A01|M1|P|2.4|7",
        "EVN|A01|202603011015||||202603011010",
        "PID|1||S1^^^PAS^MR~9990000018^^^NHS^NH||GREEN^ANN||19410712|2|||||0116",
        "ZXX|secret",
        "NK1|1|GREEN^JO|4",
        "NK1|2|GREEN^PETER|20||||20",
        "PV1||I|^WARD 1||||||||7||||||||V1|||||||||||||||||||||||||202603011010",
    ]
)
CONTACT = "Bundle.entry[5].resource"


def explained(message):
    piece = Piece("a.hl7", 0, "hl7v2", message.encode())
    return converted(piece, WARDS, explain=True)["explained"]


def test_each_place_is_told_with_what_it_became():
    told = explained(ADMISSION)
    became = told["became"]
    assert became["PID-5.1"] == ["Bundle.entry[1].resource.name[0].family"]
    assert became["PID-7"] == ["Bundle.entry[1].resource.birthDate"]
    assert became["NK1[2]-2.2"] == [f"{CONTACT}.name[0].given[0]"]
    assert became["PV1-44"] == ["Bundle.entry[2].resource.period.start"]
    assert became["EVN-6"] == ["EncounterEvent.occurred_at"]
    assert became["MSH-13"] == ["EncounterEvent.sequence"]
    assert "Bundle.entry[1].resource.identifier[1].value" in became["PID-3[2].1"]
    assert not any("identifier[0]" in path for path in became["PID-3[2].1"])


def test_a_place_whose_entry_is_gone_without_it_moves_no_other():
    became = explained(ADMISSION.replace("^WARD 1", "X^WARD 1^BED 3^RWEAA"))["became"]
    stay = "Bundle.entry[2].resource.location"
    assert became["PV1-3.3"] == [f"{stay}[2]", "Bundle.entry[5]"]
    assert became["PV1-3.4"] == [
        f"{stay}[0]", "Bundle.entry[3]", "Bundle.entry[4].resource.partOf.reference"
    ]  # fmt: skip


def test_of_two_patients_each_keeps_their_own_places():
    swap = ADMISSION.replace("A01", "A17").replace("^WARD 1", "^WARD 1^BED 3")
    second = swap[swap.index("PID|") :].replace("S1", "S2").replace("9990000018", "9990000026")
    became = explained(f"{swap}\r{second.replace('|V1|', '|V2|')}")["became"]
    assert became["PV1-3.3"] == ["Bundle.entry[2].resource.location[1]", "Bundle.entry[4]"]
    assert became["PV1[2]-3.3"] == ["Bundle.entry[8].resource.location[1]", "Bundle.entry[10]"]


def test_for_people_it_is_a_table_in_the_order_of_the_message():
    piece = Piece("a.hl7", 0, "hl7v2", ADMISSION.encode())
    line = converted(piece, WARDS, explain=True)
    first, read_as, *rows = table_of(line, places_of(piece))
    assert first == "a.hl7 [0] A01 accepted"
    assert read_as == "    read as: sender try-ward, ward_component 2, ward WARD 1"
    said = dict(row.split(maxsplit=1) for row in rows)
    assert list(said) == list(places_of(piece))
    assert {place: said[place] for place in ("MSH-10", "EVN-2", "MSH-12", "PID-1")} == {
        "MSH-10": "needed (required)", "EVN-2": "said again", "MSH-12": "answer", "PID-1": "not used"
    }  # fmt: skip
    assert said["PID-5.1"] == "Patient.name[0].family"
    assert said["PID-3[2].1"] == "Patient.identifier[1] (system, value)"
    assert said["NK1[2]-2.2"] == "RelatedPerson 2.name[0].given[0]"
    assert said["EVN-6"] == "EncounterEvent.occurred_at"


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        ("PID-7", "|19410712|", "|19411312|"),
        ("PID-29", "|0116", "|0116" + "|" * 16 + "99999999"),
        ("PV2-9", "ZXX|secret", "PV2" + "|" * 9 + "TBC"),
        ("ZU1-24", "ZXX|secret", "ZU1" + "|" * 24 + "unknown"),
    ],
)
def test_for_people_it_says_which_date_could_not_be_read(place, old, new):
    piece = Piece("a.hl7", 0, "hl7v2", ADMISSION.replace(old, new).encode())
    rows = table_of(converted(piece, WARDS, explain=True), places_of(piece))
    said = dict(row.split(maxsplit=1) for row in rows if row.startswith("    "))
    assert [each for each, words in said.items() if words == "could not be read"] == [place]


@pytest.mark.parametrize(
    ("date", "words"), [("99999999", "not used"), ("202611", "Patient.deceasedDateTime")]
)
def test_beside_the_word_that_somebody_died_a_bad_date_is_not_used_and_a_month_is(date, words):
    died = ADMISSION.replace("|0116", "|0116" + "|" * 16 + f"{date}|Y")
    piece = Piece("a.hl7", 0, "hl7v2", died.encode())
    rows = table_of(converted(piece, WARDS, explain=True), places_of(piece))
    (row,) = [row for row in rows if row.split()[0] == "PID-29"]
    assert words in row


def test_what_is_no_message_has_a_line_of_its_own():
    piece = Piece("a.json", 0, "fhir", b"{}")
    (told,) = table_of(converted(piece, WARDS, explain=True), places_of(piece))
    assert told == "a.json [0] ignored: This is JSON, and only HL7 v2 is converted."


def test_what_is_needed_said_again_or_not_used_is_told_apart():
    told = explained(ADMISSION)
    assert told["needed"] == {"MSH-9.1": "required", "MSH-9.2": "required", "MSH-10": "required"}
    assert {"EVN-2", "NK1[2]-3", "NK1[2]-7"} <= set(told["said_again"])
    assert {"EVN-1", "PID-1", "ZXX-1", "PV1-11"} <= set(told["not_used"])
    assert {"MSH-11", "MSH-12"} <= set(told["answer"])
    places = [place for kind, of_it in told.items() if kind != "read_as" for place in of_it]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("asked", "places"),
    [("AL|NE", {"MSH-15"}), ("|AL", {"MSH-16"}), ("NE|AL", {"MSH-15", "MSH-16"})],
)
def test_what_decides_the_answer_is_not_called_unused(asked, places):
    told = explained(ADMISSION.replace("|2.4|7", f"|2.4|7||{asked}"))
    assert places <= set(told["answer"])


def test_the_ward_that_was_read_is_shown_beside_the_setting_it_was_read_by():
    told = explained(ADMISSION.replace("^WARD 1", "WARD7^BAY2^BED3"))
    assert told["read_as"] == {
        "sender": "try-ward", "ward_component": 2, "ward": "BAY2", "bed": "BED3"
    }  # fmt: skip


def test_other_delimiters_and_line_ends_are_explained_alike():
    other = ADMISSION.translate(str.maketrans({"|": "!", "^": "$", "~": "@", "&": "%"}))
    assert explained(other.replace("\r", "\r\n")) == explained(ADMISSION)


def test_only_places_are_told():
    assert "secret" not in str(explained(ADMISSION))
    assert "GREEN" not in str(explained(ADMISSION))


def test_a_message_with_too_many_places_is_not_explained(monkeypatch):
    monkeypatch.setattr(explaining, "MOST_PLACES", 30)
    assert explained(ADMISSION) == {"too_many": len(list(explaining.parts_of(ADMISSION.encode())))}


@pytest.mark.parametrize("message", [ADMISSION.replace("PV1|", "PVX|"), "MSH|^~\\&|A"])
def test_what_is_not_accepted_has_its_reason_and_nothing_else(message):
    line = converted(Piece("a.hl7", 0, "hl7v2", message.encode()), WARDS, explain=True)
    assert "explained" not in line
    assert line["reason"]
