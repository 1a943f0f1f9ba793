"""Laws of the mapping: messages whose every field is present, absent, null, repeated or strange."""

import json
from datetime import UTC, datetime

from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.message_header import header_news_from
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.fhir.related_person import related_person_news_from
from hub.hl7v2 import message_from, place_from

RECEIVED = datetime(2026, 3, 1, 10, 15, 2, tzinfo=UTC)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\x0b\x1c"), max_size=12)
USUAL = {
    "PID": {
        3: ["S1^^^PAS^MR", "9990000018^^^NHS^NH", "9999999999^^^NHS", "S1", "^^^PAS"],
        5: ["GREEN^ANN^MAY^^MRS^^L", "GREEN", "^ANN"],
        7: ["19410712", "1941", "196513121515", "194107120000+0100"],
        8: ["1", "F", "9", "ff"],
        9: ["GREEN^PEGGY"],
        11: ["1 HILL ROAD^^LEEDS^^LS1 1AA^GBR^H", "^^BERLIN^^^^N"],
        13: ["0116^PRN^PH", "^NET^Internet^a@example.org"],
        14: ["0116"],
        15: ["EN", "Q4^BSL"],
        29: ["202603010900", "20260301"],
        30: ["Y", "N"],
        32: ["NSTS01", "ED", "UD"],
    },
    "PD1": {3: ["WIGSTON SURGERY^^C82120", "C82120"], 4: ["G1234567^PATEL"]},
    "NK1": {
        2: ["GREEN^PETER"],
        3: ["20", "4^Next of kin", "CGV", "^Daughter"],
        4: ["1 HILL ROAD^^LEEDS"],
        5: ["07700900123^PRS^CP"],
        7: ["16", "20"],
        8: ["20240101"],
        9: ["20261231", "202401"],
        15: ["1"],
        16: ["19680314", "99999999"],
        20: ["EN"],
        33: ["9990000026^^^NHS"],
    },
    "PV1": {
        2: ["I", "E", "W", "DAY CASE"],
        3: ["RWE^WARD 1^BED 2^RWEAA", "WARD 1"],
        4: ["21", "ff"],
        14: ["19", "GP"],
        19: ["V1^^^PASV", "V1"],
        36: ["1", "4", "19", "Feeling great"],
        37: ["19", "79", "98", "home"],
        44: ["202603011010", "20260301", "202613011010"],
        45: ["202603051500", "20260301"],
        50: ["E7"],
    },
    "PV2": {9: ["20260305", "202603051400", "2026"]},
    "ZU1": {24: ["20260304", "Y"]},
    "ZU8": {4: ["0", "1", "2"]},
    "MRG": {1: ["S2^^^PAS", "22789^^^LOCALID"], 5: ["V0^^^PASV"]},
}
TRIGGERS = st.sampled_from(
    ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13", "A16", "A21",
     "A22", "A25", "A28", "A31", "A38", "A40", "A45", "A47", "A52", "A53", "A29"]
)  # fmt: skip
SENDERS = st.builds(
    SenderSettings,
    name=st.just("pas"),
    region=st.just(0),
    trust_ods=st.just("RWE"),
    visit_number_rule=st.sampled_from(["visit", "admission"]),
    nk1_rule=st.sampled_from(["replace-by-event", "always-add"]),
    test_numbers=st.sampled_from(["accept", "refuse"]),
    disposition=st.sampled_from(["unsure", "discharge-method", "itk-0112"]),
)


def fields_of(usual):
    usually = st.sampled_from(usual)
    value = st.one_of(
        usually,
        usually,
        st.just(""),
        st.just('""'),
        st.lists(usually, min_size=2, max_size=3).map("~".join),
        TEXT,
        TEXT.map(lambda text: r"\T\ " + text + r"\X41\ \E"),
    )
    return value.map(lambda text: text.replace("|", "/"))


def segments_of(name):
    return st.fixed_dictionaries(
        {}, optional={number: fields_of(usual) for number, usual in USUAL[name].items()}
    ).map(
        lambda fields: "|".join(
            [name, *(fields.get(number, "") for number in range(1, max(fields, default=1) + 1))]
        )
    )


@st.composite
def frames(draw):
    trigger = draw(TRIGGERS)
    lines = [
        rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M1|P|2.4|||||||UNICODE UTF-8",
        "EVN||202603011015||||202603011010",
        draw(segments_of("PID")),
    ]
    for name in ("PD1", "PV1", "PV2", "ZU1", "ZU8", "MRG"):
        lines += draw(st.lists(segments_of(name), min_size=name == "PV1", max_size=1))
    lines += draw(st.lists(segments_of("NK1"), max_size=2))
    return "\r".join(lines).encode()


def outcome_of(frame, sender):
    try:
        return encounter_event_from(frame, message_from(frame), sender, RECEIVED), None
    except (Ignored, InvalidResource) as refusal:
        return None, refusal


@given(frames(), SENDERS)
def test_a_message_becomes_a_bundle_that_everybody_can_read_or_is_refused_with_its_place(
    frame, sender
):
    keyed, refusal = outcome_of(frame, sender)
    if keyed is None:
        assert refusal.reason
        assert isinstance(refusal, Ignored) or place_from(refusal.expression)
        return
    body = json.loads(keyed.event.resource)
    Bundle.model_validate(body)
    entries = bundle_entries(body)
    person = stay = None
    for entry in entries:
        match entry.type:
            case "MessageHeader":
                assert header_news_from(entry.resource, entry.path).event is not None
            case "Patient":
                person = patient_news_from(entry.resource, entry.path, sender.test_numbers).facts
                replaced_by_this(entry.resource, entry.path)
            case "Encounter":
                stay = encounter_news_from(entry.resource, entry.path, entries).facts
            case "RelatedPerson":
                news = related_person_news_from(entry.resource, entry.path, sender.test_numbers)
                assert entries.resolved(news.patient, entry).type == "Patient"
    if stay is None:
        assert keyed.key == person_record_id("pas", person, "PID-3")
    else:
        assert keyed.key == stay_ids("RWE", stay, hospital_number_of(person))[0]
        assert person_record_id("pas", person, "PID-3", keyed.key)


@given(frames(), SENDERS)
def test_the_same_bytes_become_the_same_event(frame, sender):
    first, refusal = outcome_of(frame, sender)
    again, refused = outcome_of(frame, sender)
    assert first == again
    assert repr(refusal) == repr(refused)
