"""PID, PD1, ZU8, NK1 and MRG: what a message says of people, read back from its Bundle."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle

from connectors.ward_mllp.mapping import bundle_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.message_header import header_news_from
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.related_person import related_person_news_from
from hub.hl7v2 import message_from
from hub.records import (
    Address,
    HumanName,
    Identifier,
    Needs,
    PersonFacts,
    Precision,
    Telecom,
)

SENDER = SenderSettings(name="pas", region=0, trust_ods="RWE", test_numbers="accept")
EVENT = UUID(int=1)
HOSPITAL_NUMBER = {3: "S1^^^PAS^MR"}


def segment(name, fields):
    return "|".join([name, *(fields.get(number, "") for number in range(1, max(fields) + 1))])


def adt(trigger, *segments):
    header = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M1|P|2.4"
    return "\r".join([header, "EVN||20260301101500", *segments]).encode()


def bundle_of(*segments, trigger="A31", sender=SENDER):
    bundle = bundle_from(message_from(adt(trigger, *segments)), sender, EVENT)
    Bundle.model_validate(bundle)
    return bundle_entries(bundle)


def patient_of(pid=None, *segments):
    entry = bundle_of(segment("PID", HOSPITAL_NUMBER | (pid or {})), *segments).of_type("Patient")[
        0
    ]
    return patient_news_from(entry.resource, entry.path, "accept")


def contacts_of(*fields, **settings):
    segments = [segment("PID", HOSPITAL_NUMBER), *(segment("NK1", each) for each in fields)]
    return [
        related_person_news_from(entry.resource, entry.path, "accept")
        for entry in bundle_of(*segments, **settings).of_type("RelatedPerson")
    ]


def refusal_of(*segments, trigger="A31"):
    with pytest.raises(InvalidResource) as refusal:
        bundle_of(*segments, trigger=trigger)
    return refusal.value.expression


def test_a_patient_reads_back_as_the_message_said():
    news = patient_of(
        {
            3: "S1^^^PAS^MR~9990000018^^^NHS^NH",
            5: "GREEN^MARGARET^ANNE MAY^^MRS^^L~MOSS^MARGARET^^^^^M",
            7: "19410712",
            8: "2",
            9: "GREEN^PEGGY",
            11: "14 STATION ROAD^WIGSTON MAGNA^LEICESTER^LEICESTERSHIRE^LE18 2DH^GBR^H",
            13: "01162880000^PRN^PH",
            14: "01162880001^WPN^PH",
            15: "EN",
            30: "N",
            32: "NSTS01",
        },
        segment("PD1", {3: "WIGSTON SURGERY^^C82120", 4: "G1234567^PATEL^R^^^DR"}),
        segment("ZU8", {4: "0"}),
    )
    assert news.facts == PersonFacts(
        names=(
            HumanName(
                family="GREEN",
                given=("MARGARET", "ANNE", "MAY"),
                prefix=("MRS",),
                use="official",
            ),
            HumanName(family="GREEN", given=("PEGGY",), use="nickname"),
            HumanName(family="MOSS", given=("MARGARET",), use="maiden"),
        ),
        nhs_number="9990000018",
        nhs_number_status="01",
        identifiers=(Identifier(system="urn:carers-hub:authority:RWE:PAS", value="S1", type="MR"),),
        birth_on=date(1941, 7, 12),
        birth_precision=Precision.DAY,
        gender="female",
        addresses=(
            Address(
                lines=("14 STATION ROAD", "WIGSTON MAGNA"),
                city="LEICESTER",
                postcode="LE18 2DH",
                use="home",
            ),
        ),
        telecoms=(
            Telecom(system="phone", value="01162880000", use="home"),
            Telecom(system="phone", value="01162880001", use="work"),
        ),
        deceased=False,
        practice_ods="C82120",
        needs=Needs(language="en"),
        shielded=False,
    )


def test_a_patient_of_whom_nothing_is_said_has_only_a_number():
    assert patient_of().spoken == {"identifiers"}


@pytest.mark.parametrize(
    ("register", "pid", "segments"),
    [
        ("names", {5: '""'}, ()),
        ("nhs_number", {3: 'S1^^^PAS~""^^^NHS'}, ()),
        ("birth", {7: '""'}, ()),
        ("gender", {8: '""'}, ()),
        ("addresses", {11: '""'}, ()),
        ("telecoms", {13: '""'}, ()),
        ("needs", {15: '""'}, ()),
        ("death", {30: '""'}, ()),
        ("practice", {}, ('PD1|||""',)),
        ("shielded", {}, ('ZU8||||""',)),
    ],
)
def test_two_double_quotes_clear_what_was_known(register, pid, segments):
    news = patient_of(pid, *segments)
    assert news.spoken == {register, "identifiers"}
    assert news.facts == patient_of().facts


def test_a_null_part_is_not_a_null_field():
    assert patient_of({5: '""^ANN'}).facts.names == (HumanName(given=("ANN",)),)
    assert patient_of({13: '""', 14: "0116"}).facts.telecoms == (
        Telecom(system="phone", value="0116", use="work"),
    )


@pytest.mark.parametrize(
    ("identifiers", "nhs_number", "hospital_number"),
    [
        ("9990000018^^^NHS", "9990000018", None),
        ("9990000018^^^NHS^NH", "9990000018", None),
        ("999 000 0018^^^^NH", "9990000018", None),
        ("9990000018^^^^HN", "9990000018", None),
        ("9990000018^^^NHS^HN~S1^^^UCLH^MRN", "9990000018", "S1"),
        ("S1^^^PAS^HN", None, "S1"),
        ("9990000018^^^PAS^HN", None, "9990000018"),
        ("S1^^^PAS^PI~9990000018^^^NHS&2.16.840.1.113883.2.1.4.1&ISO^NH", "9990000018", "S1"),
        ("S1^^^PAS~9990000018^^^&2.16.840.1.113883.2.1.4.1&ISO", "9990000018", "S1"),
        ("S1", None, "S1"),
        ("9990000018", None, "9990000018"),  # of no authority and no type: the hospital's own
        ("E7^^^ED^AN~S1^^^PAS^MR", None, "S1"),
        ("^^^PAS~S1^^^PAS", None, "S1"),
    ],
)
def test_trap_4_the_nhs_number_is_known_by_authority_or_type_wherever_it_stands(
    identifiers, nhs_number, hospital_number
):
    facts = patient_of({3: identifiers}).facts
    assert facts.nhs_number == nhs_number
    assert (facts.identifiers[0].value if facts.identifiers else None) == hospital_number


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("9999999999", "placeholder"),
        ("3333333333", "placeholder"),
        ("91000000009", "length"),
        ("9990000019", "check-digit"),
    ],
)
def test_traps_5_and_12_a_number_that_cannot_be_used_is_kept_out_with_its_reason(number, word):
    facts = patient_of({3: f"S1^^^PAS~{number}^^^NHS^NH"}).facts
    assert (facts.nhs_number, facts.unusable_nhs_number) == (None, word)
    assert facts.identifiers[0].value == "S1"


def test_an_authority_with_blanks_is_still_the_authority():
    system = patient_of({3: "S1^^^LEEDS PAS"}).facts.identifiers[0].system
    assert system == "urn:carers-hub:authority:RWE:LEEDS%20PAS"


def test_trap_6_a_month_13_costs_the_birth_date_and_not_the_message():
    entries = bundle_of(segment("PID", HOSPITAL_NUMBER | {7: "196513121515"}))
    patient = entries.of_type("Patient")[0].resource
    assert patient["_birthDate"]["extension"][0]["valueCode"] == "error"
    assert "birthDate" not in patient
    assert "birth" not in patient_of({7: "196513121515"}).spoken


@pytest.mark.parametrize(
    "written",
    ["19650601", "196506010000", "19650601000000+0100", "19650601000000+0000", "196506012359-0500"],
)
def test_trap_7_a_birth_date_never_moves_over_midnight(written):
    assert patient_of({7: written}).facts.birth_on == date(1965, 6, 1)


@pytest.mark.parametrize(
    ("written", "reliability", "on", "precision"),
    [
        ("1965", "", date(1965, 1, 1), Precision.YEAR),
        ("196506", "", date(1965, 6, 1), Precision.MONTH),
        ("19650101", "", date(1965, 1, 1), Precision.DAY),
        ("19650601", "NSTS02~ED", date(1965, 1, 1), Precision.YEAR),
        ("19650601", "UD", None, Precision.UNKNOWN),
        ("18490601", "", None, Precision.UNKNOWN),
        ("99999999", "", None, Precision.UNKNOWN),
        ("20250229", "", None, Precision.UNKNOWN),
    ],
)
def test_a_birth_date_says_how_much_of_it_is_known(written, reliability, on, precision):
    facts = patient_of({7: written, 32: reliability}).facts
    assert (facts.birth_on, facts.birth_precision) == (on, precision)


@pytest.mark.parametrize(
    ("sent", "gender"),
    [("1", "male"), ("M", "male"), ("2", "female"), ("f", "female"), ("9", "unknown"),
     ("0", "unknown"), ("U", "unknown"), ("O", "other"), ("ff", None)],
)  # fmt: skip
def test_a_sex_is_read_in_both_code_lists(sent, gender):
    assert patient_of({8: sent}).facts.gender == gender


def test_escapes_and_blanks_are_read_away():
    name = patient_of({5: r" O'BRIEN \T\ SONS ^  ANN ^^^ "}).facts.names[0]
    assert name == HumanName(family="O'BRIEN & SONS", given=("ANN",))


@pytest.mark.parametrize(
    ("sent", "telecoms"),
    [
        ("0116", [("phone", "0116", "home")]),
        ("07700900123^PRS^CP", [("phone", "07700900123", "mobile")]),
        ("07700900123^^CP", [("phone", "07700900123", "mobile")]),
        ("0116^WPN", [("phone", "0116", "work")]),
        ("^NET^Internet^a@example.org", [("email", "a@example.org", "home")]),
        ("a@example.org", [("email", "a@example.org", "home")]),
        ("a@example.org^NET^Internet", [("email", "a@example.org", "home")]),
        (
            "0116^PRN^PH^a@example.org",
            [("phone", "0116", "home"), ("email", "a@example.org", "home")],
        ),
        ("^PRN^PH^^44^116^2880000", [("phone", "44 116 2880000", "home")]),
        ("^PRN^PH^^^^^^^^^01162880000", [("phone", "01162880000", "home")]),
        ("0116^PRN^FX", [("other", "0116", "home")]),
        ("^PRN~0116", [("phone", "0116", "home")]),
    ],
)
def test_a_telephone_is_read_in_every_shape_it_is_sent_in(sent, telecoms):
    read = patient_of({13: sent}).facts.telecoms
    assert [(telecom.system, telecom.value, telecom.use) for telecom in read] == telecoms


def test_a_note_on_a_telephone_stays_with_it():
    telecom = patient_of({13: "0116^^^^^^^^not after seven"}).facts.telecoms[0]
    assert telecom.note == "not after seven"


def test_the_place_of_birth_is_no_address():
    assert patient_of({11: "^^BERLIN^^^^N"}).spoken == {"identifiers"}
    assert patient_of({11: "^^^^^^H"}).spoken == {"identifiers"}


@pytest.mark.parametrize(
    ("at", "indicator", "deceased", "died_at"),
    [
        ("202603010900", "Y", True, datetime(2026, 3, 1, 9, 0, tzinfo=UTC)),
        ("202607010900", "", True, datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        ("20260301", "", True, datetime(2026, 3, 1, tzinfo=UTC)),
        ("", "Y", True, None),
        ("", "N", False, None),
        ("202603010900", "N", False, None),
        ("", "", None, None),
        ("", "?", None, None),
        ("202611", "Y", True, None),
        ("2026", "", True, None),
        ("99999999", "Y", True, None),
        ("unknown", "N", False, None),
        ("99999999", "", None, None),
        ("unknown", "?", None, None),
    ],
)
def test_death_is_an_indicator_or_a_date_or_as_much_of_it_as_can_be_read(
    at, indicator, deceased, died_at
):
    facts = patient_of({29: at, 30: indicator}).facts
    assert (facts.deceased, facts.died_at) == (deceased, died_at)


@pytest.mark.parametrize(
    ("pd1", "practice"),
    [
        ("PD1|||WIGSTON SURGERY^^C82120", "C82120"),
        ("PD1|||^^c82120", "C82120"),
        ("PD1|||C82120", "C82120"),
        ("PD1|||WIGSTON SURGERY^^^^^^^^^C82120", "C82120"),
        ("PD1|||WIGSTON SURGERY", None),
        ("PD1||||G1234567^PATEL", None),
        ("PD1", None),
    ],
)
def test_trap_23_the_practice_is_an_ods_code_wherever_it_stands(pd1, practice):
    assert patient_of({}, pd1).facts.practice_ods == practice


@pytest.mark.parametrize(
    ("sent", "shielded"), [("0", False), ("N", False), ("1", True), ("2", True), ("S", True)]
)
def test_location_hiding_shields_whatever_word_it_uses(sent, shielded):
    assert patient_of({}, f"ZU8||||{sent}").facts.shielded is shielded
    assert patient_of({}, "ZU8|Z|1|No").facts.shielded is None


def test_what_is_too_much_is_refused_with_its_place():
    pid = segment("PID", HOSPITAL_NUMBER)
    assert refusal_of() == "PID"
    assert refusal_of(pid, pid) == "PID[2]"
    assert refusal_of(segment("PID", HOSPITAL_NUMBER | {5: "A^" + "B" * 2001})) == "PID-5.2"
    assert refusal_of(segment("PID", {3: "~".join(["S1"] * 201)})) == "PID-3"
    assert refusal_of(pid, *["NK1|1|A"] * 101) == "NK1[101]"
    assert refusal_of(pid, "NK1|1|A", "NK1|2|B|||" + "~".join(["1"] * 201)) == "NK1[2]-5"


def test_a_contact_reads_back_as_the_message_said():
    contact = contacts_of(
        {
            2: "GREEN^PETER^^^MR^^L",
            3: "13",
            4: "14 STATION ROAD^^LEICESTER^^LE18 2DH",
            5: "07700900123^PRS^CP",
            6: "01162880001",
            7: "20",
            8: "20240101",
            9: "20261231",
            15: "1",
            16: "19680314",
            20: "PL",
            33: "9990000026^^^NHS^NH~C7^^^PAS",
        }
    )[0]
    assert contact.person.facts == PersonFacts(
        names=(HumanName(family="GREEN", given=("PETER",), prefix=("MR",), use="official"),),
        nhs_number="9990000026",
        identifiers=(Identifier(system="urn:carers-hub:authority:RWE:PAS", value="C7", type="MR"),),
        birth_on=date(1968, 3, 14),
        birth_precision=Precision.DAY,
        gender="male",
        addresses=(Address(lines=("14 STATION ROAD",), city="LEICESTER", postcode="LE18 2DH"),),
        telecoms=(
            Telecom(system="phone", value="07700900123", use="mobile"),
            Telecom(system="phone", value="01162880001", use="work"),
        ),
        needs=Needs(language="pl"),
    )
    assert [coding.code for coding in contact.relationships] == ["13", "FTH", "20", "Carer"]
    assert contact.is_carer
    assert contact.starts_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert contact.ends_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert contact.identifier.value == "C7"


@pytest.mark.parametrize(
    ("sent", "codes", "is_carer"),
    [
        ("1", ["1", "SPS"], False),
        ("04", ["4", "N"], False),
        ("4^Next of kin", ["4", "N"], False),
        ("20", ["20", "Carer"], True),
        ("16", ["16", "FAMMEMB"], False),
        ("61", ["61", "STPPRN"], False),
        ("7", ["07", "STPPRN"], False),
        ("42", ["42", "SON"], False),
        ("99", ["99", "NotSpecified"], False),
        ("CGV", ["CGV", "Carer"], True),
        ("fnd", ["FND", "FRND"], False),
        ("GRD", ["GRD"], False),
        ("C", ["C"], False),
        ("77", ["77"], False),
        ("DAUGHTER", ["DAUGHTER"], False),
        ("^Daughter", [""], False),
        ("Carer", ["Carer", "Carer"], True),
        ("X1^Carer", ["X1", "Carer"], True),
        ("X1^Carer assessment declined", ["X1"], False),
    ],
)
def test_a_role_keeps_its_code_and_gets_the_one_that_others_understand(sent, codes, is_carer):
    contact = contacts_of({2: "GREEN", 3: sent})[0]
    assert [coding.code for coding in contact.relationships] == codes
    assert contact.is_carer is is_carer


def test_one_role_named_twice_is_one_role():
    contact = contacts_of({2: "GREEN", 3: "20", 7: "20"})[0]
    assert [coding.code for coding in contact.relationships] == ["20", "Carer"]


def test_one_person_in_two_segments_stays_in_both():
    contacts = contacts_of({2: "GREEN^PETER", 3: "4"}, {2: "GREEN^PETER", 3: "20"})
    assert [contact.is_carer for contact in contacts] == [False, True]


def test_a_segment_that_says_nothing_is_nobody():
    assert contacts_of({1: "1"}, {1: "2", 2: "^^^", 5: "^PRN"}) == []


def test_a_null_name_is_a_contact_who_is_no_more():
    contact = contacts_of({1: "1", 2: '""'})[0]
    assert contact.person.spoken == {"names"}
    assert contact.person.facts == PersonFacts()


def test_a_relationship_that_ends_before_it_starts_is_refused_with_its_place():
    pid = segment("PID", HOSPITAL_NUMBER)
    backwards = segment("NK1", {2: "A", 8: "20260301", 9: "20260228"})
    assert refusal_of(pid, "NK1|1|B", backwards) == "NK1[2]-9"
    within = contacts_of({2: "A", 8: "20260315", 9: "202603"})[0]
    assert within.ends_at == datetime(2026, 3, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trigger", "rule", "contacts"),
    [
        ("A28", "replace-by-event", "replace"),
        ("A31", "replace-by-event", "replace"),
        ("A31", "always-add", "add"),
        ("A40", "replace-by-event", "add"),
    ],
)
def test_whether_contacts_replace_is_said_by_event_and_sender(trigger, rule, contacts):
    sender = SenderSettings(
        name="pas", region=0, trust_ods="RWE", nk1_rule=rule, test_numbers="accept"
    )
    segments = [segment("PID", HOSPITAL_NUMBER), "NK1|1|GREEN", "MRG|S2"]
    entries = bundle_of(*segments, trigger=trigger, sender=sender)
    header = entries.of_type("MessageHeader")[0]
    assert header_news_from(header.resource, header.path).contacts == contacts


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("O^Other^^20^Carer", ["O", "20", "Carer"]),
        ("16^Relative^ITK^CARER^Unpaid carer^LOCAL", ["16", "FAMMEMB", "CARER", "Carer"]),
        ("^^^^carer", ["Carer"]),
        ("4^Next of kin^^4", ["4", "N"]),
    ],
)
def test_a_role_that_is_told_in_a_second_list_counts_as_well(role, codes):
    entries = bundle_of(segment("PID", HOSPITAL_NUMBER), f"NK1|1|GREEN|{role}")
    (contact,) = entries.of_type("RelatedPerson")
    (relationship,) = contact.resource["relationship"]
    assert [each["code"] for each in relationship["coding"]] == codes


def test_trap_10_a_merge_with_only_a_local_number_names_the_record_that_is_replaced():
    pid = segment("PID", {3: "S1^^^PAS~9990000018^^^NHS"})
    entry = bundle_of(pid, "MRG|22789^^^LOCALID||||44455^^^VISITID", trigger="A40").of_type(
        "Patient"
    )[0]
    assert replaced_by_this(entry.resource, entry.path) == (
        Identifier(system="urn:carers-hub:authority:RWE:LOCALID", value="22789", type="MR"),
    )


def test_a_record_does_not_replace_itself():
    pid = segment("PID", {3: "S1^^^PAS~9990000018^^^NHS"})
    mrg = "MRG|S2^^^PAS~9990000018^^^NHS"
    entry = bundle_of(pid, mrg, trigger="A40").of_type("Patient")[0]
    replaced = replaced_by_this(entry.resource, entry.path)
    assert [identifier.value for identifier in replaced] == ["S2"]
    assert refusal_of(pid, "MRG|S1^^^PAS", trigger="A40") == "MRG-1"


def test_a_merge_that_does_not_say_what_is_refused_with_its_place():
    pid = segment("PID", HOSPITAL_NUMBER)
    assert refusal_of(pid, trigger="A40") == "MRG"
    assert refusal_of(pid, "MRG|", trigger="A40") == "MRG-1"
    assert refusal_of(pid, 'MRG|""', trigger="A40") == "MRG-1"
    assert refusal_of(pid, "MRG|S2", pid, "MRG|", trigger="A40") == "MRG[2]-1"
    pv1 = segment("PV1", {19: "V1"})
    assert refusal_of(pid, "MRG|S2", "MRG|S3", pv1, trigger="A06") == "MRG[2]"
